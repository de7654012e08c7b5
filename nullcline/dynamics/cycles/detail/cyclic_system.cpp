// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/detail/cyclic_system.hpp"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nullcline::dynamics::detail {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// What equation i has of the border w = (d_0, e): J_0 of the first, -I of the last, T_i of all.
Matrix border_of_row(const CyclicSystem& A, Index i) {
  Matrix B = Matrix::Zero(A.n(), A.n() + A.p());
  if (i == 0) B.leftCols(A.n()) += A.J[0];
  if (i == A.k() - 1) B.leftCols(A.n()).diagonal().array() -= 1.0;
  if (A.p() > 0) B.rightCols(A.p()) = A.T[at(i)];
  return B;
}

bool diagonal_is_regular(const Matrix& R) {
  return R.allFinite() && (R.diagonal().array() != 0).all();
}

/// A unit vector without a preferred direction, the same every time.
Vector probe(Index size) {
  Vector v(size);
  for (Index i = 0; i < size; ++i) v(i) = 1.5 + std::cos(static_cast<double>(i * i + 1));
  return v.normalized();
}

}  // namespace

bool CyclicSystem::all_finite() const {
  const auto finite = [](const Matrix& block) { return block.allFinite(); };
  return std::all_of(J.begin(), J.end(), finite) && std::all_of(T.begin(), T.end(), finite) &&
         P.allFinite();
}

double CyclicSystem::squared_norm() const {
  double sum = P.squaredNorm() + (k() > 1 ? static_cast<double>(n() * k()) : 0.0);
  for (const Matrix& block : J) {
    sum += k() > 1 ? block.squaredNorm() : (block - Matrix::Identity(n(), n())).squaredNorm();
  }
  for (const Matrix& block : T) sum += block.squaredNorm();
  return sum;
}

Vector CyclicSystem::times(In<Vector> z) const {
  const auto e = z.tail(p());
  Vector y(z.size());
  for (Index i = 0; i < k(); ++i) {
    auto row = y.segment(i * n(), n());
    row = J[at(i)] * z.segment(i * n(), n()) - z.segment(((i + 1) % k()) * n(), n());
    if (p() > 0) row += T[at(i)] * e;
  }
  if (p() > 0) y.tail(p()) = P.leftCols(n()) * z.head(n()) + P.rightCols(p()) * e;
  return y;
}

Vector CyclicSystem::transposed_times(In<Vector> y) const {
  Vector z = Vector::Zero(y.size());
  for (Index i = 0; i < k(); ++i) {
    const auto row = y.segment(i * n(), n());
    z.segment(i * n(), n()) += J[at(i)].transpose() * row;
    z.segment(((i + 1) % k()) * n(), n()) -= row;
    if (p() > 0) z.tail(p()) += T[at(i)].transpose() * row;
  }
  if (p() > 0) {
    z.head(n()) += P.leftCols(n()).transpose() * y.tail(p());
    z.tail(p()) += P.rightCols(p()).transpose() * y.tail(p());
  }
  return z;
}

CyclicFactor::CyclicFactor(Index n, Index p, Index k)
    : n_(n), p_(p), k_(k), R_(at(k)), E_(at(k)), G_(at(k)) {}

Vector CyclicFactor::border(const Vector& z) const {
  Vector w(n_ + p_);
  w << z.head(n_), z.tail(p_);
  return w;
}

void CyclicFactor::set_border(Vector& z, const Vector& w) const {
  z.head(n_) = w.head(n_);
  z.tail(p_) = w.tail(p_);
}

CyclicFactor CyclicFactor::qr(const CyclicSystem& A, Vector& b) {
  const Index n = A.n(), p = A.p(), k = A.k(), width = n + p;
  CyclicFactor factor(n, p, k);
  // `carried` is the one equation left of those before: its blocks at w, d_i and the right side.
  Matrix carried_border = border_of_row(A, 0), carried_next = -Matrix::Identity(n, n);
  Vector carried_right = b.head(n);
  for (Index i = 1; i < k; ++i) {
    Matrix column(2 * n, n), rest = Matrix::Zero(2 * n, width + n + 1);
    column << carried_next, A.J[at(i)];
    rest.topLeftCorner(n, width) = carried_border;
    rest.bottomLeftCorner(n, width) = border_of_row(A, i);
    if (i + 1 < k) rest.block(n, width, n, n).diagonal().setConstant(-1);
    rest.rightCols(1) << carried_right, b.segment(i * n, n);

    const Eigen::HouseholderQR<Matrix> qr(column);
    rest.applyOnTheLeft(qr.householderQ().adjoint());
    factor.R_[at(i)] = qr.matrixQR().topRows(n).triangularView<Eigen::Upper>();
    factor.G_[at(i)] = rest.topLeftCorner(n, width);
    factor.E_[at(i)] = rest.block(0, width, n, n);
    b.segment(i * n, n) = rest.topRightCorner(n, 1);
    carried_border = rest.bottomLeftCorner(n, width);
    carried_next = rest.block(n, width, n, n);
    carried_right = rest.bottomRightCorner(n, 1);
  }
  Matrix corner(width, width);
  Vector right(width);
  corner.topRows(n) = carried_border;
  if (p > 0) corner.bottomRows(p) = A.P;
  right << carried_right, b.tail(p);
  const Eigen::HouseholderQR<Matrix> qr(corner);
  right.applyOnTheLeft(qr.householderQ().adjoint());
  factor.corner_ = qr.matrixQR().triangularView<Eigen::Upper>();
  factor.set_border(b, right);
  return factor;
}

std::optional<CyclicFactor> CyclicFactor::cholesky(const CyclicSystem& A, double mu) {
  const Index n = A.n(), p = A.p(), k = A.k();
  CyclicFactor factor(n, p, k);
  Matrix before = border_of_row(A, 0);
  Matrix corner = before.transpose() * before;
  if (p > 0) corner += A.P.transpose() * A.P;
  corner.diagonal().array() += mu;
  for (Index i = 1; i < k; ++i) {
    const Matrix& J = A.J[at(i)];
    const Matrix here = border_of_row(A, i);
    corner += here.transpose() * here;
    // Row i of A'A: J'J + I at d_i, -J' at d_{i+1}, J'B_i - B_{i-1} at w.
    Matrix diagonal = J.transpose() * J, border = J.transpose() * here - before;
    diagonal.diagonal().array() += 1 + mu;
    if (i > 1) {
      const Matrix& E = factor.E_[at(i - 1)];
      diagonal -= E.transpose() * E;
      border -= E.transpose() * factor.G_[at(i - 1)];
    }
    const Eigen::LLT<Matrix> llt(diagonal);
    if (llt.info() != Eigen::Success) return std::nullopt;
    factor.R_[at(i)] = llt.matrixU();
    factor.G_[at(i)] = llt.matrixL().solve(border);
    factor.E_[at(i)] =
        i + 1 < k ? Matrix(llt.matrixL().solve(Matrix(-J.transpose()))) : Matrix::Zero(n, n);
    corner -= factor.G_[at(i)].transpose() * factor.G_[at(i)];
    before = here;
  }
  const Eigen::LLT<Matrix> llt(corner);
  if (llt.info() != Eigen::Success) return std::nullopt;
  factor.corner_ = llt.matrixU();
  return factor;
}

bool CyclicFactor::is_regular() const {
  return diagonal_is_regular(corner_) && std::all_of(R_.begin() + 1, R_.end(), diagonal_is_regular);
}

Vector CyclicFactor::solve_triangular(Vector z) const {
  const Vector w = corner_.triangularView<Eigen::Upper>().solve(border(z));
  set_border(z, w);
  for (Index i = k_ - 1; i >= 1; --i) {
    auto row = block(z, i);
    row -= G_[at(i)] * w;
    if (i + 1 < k_) row -= E_[at(i)] * block(z, i + 1);
    R_[at(i)].triangularView<Eigen::Upper>().solveInPlace(row);
  }
  return z;
}

Vector CyclicFactor::solve_transposed(Vector z) const {
  Vector w = border(z);
  for (Index i = 1; i < k_; ++i) {
    auto row = block(z, i);
    if (i > 1) row -= E_[at(i - 1)].transpose() * block(z, i - 1);
    R_[at(i)].transpose().triangularView<Eigen::Lower>().solveInPlace(row);
    w -= G_[at(i)].transpose() * row;
  }
  corner_.transpose().triangularView<Eigen::Lower>().solveInPlace(w);
  set_border(z, w);
  return z;
}

double CyclicFactor::inverse_norm() const {
  if (!is_regular()) return std::numeric_limits<double>::infinity();
  Vector v = probe(n_ * k_ + p_);
  double growth = 0;
  for (int round = 0; round < 12; ++round) {
    v = solve_normal(v);
    growth = v.norm();
    if (!std::isfinite(growth)) return std::numeric_limits<double>::infinity();
    if (growth == 0) return 0;
    v /= growth;
  }
  return std::sqrt(growth);
}

}  // namespace nullcline::dynamics::detail
