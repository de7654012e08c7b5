// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/modes.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

using Complex = std::complex<double>;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Backward error of an eigenvalue of J: what is nearer to another than this may be the same.
double backward_error(const Matrix& J) {
  return 10 * epsilon * static_cast<double>(J.rows()) * J.norm();
}

/// Modes b >= a, not yet `taken`, whose eigenvalues are within `distance` of the real part of a's.
std::vector<Index> cluster_of(Index a, const ComplexVector& values, double distance,
                              const std::vector<bool>& taken) {
  std::vector<Index> members;
  const Complex center = values(a).real();
  for (Index b = a; b < values.size(); ++b) {
    if (!taken[static_cast<std::size_t>(b)] && std::abs(values(b) - center) <= distance) {
      members.push_back(b);
    }
  }
  return members;
}

/// LAPACK's vectors of a repeated eigenvalue are those of the rounding errors, and as good as
/// parallel when it is repeated often. An orthonormal basis V of the null space of J - lambda I
/// replaces them if that has the dimension of the cluster, and U (V'U)'^-1 the left ones, with U
/// that of (J - lambda I)'.
void resolve_repeated(const Matrix& J, ComplexVector& values, ComplexMatrix& right,
                      ComplexMatrix& left) {
  const double distance = backward_error(J);
  std::vector<bool> taken(static_cast<std::size_t>(values.size()), false);
  for (Index a = 0; a < values.size(); ++a) {
    if (taken[static_cast<std::size_t>(a)] || std::abs(values(a).imag()) > distance) continue;
    const std::vector<Index> members = cluster_of(a, values, distance, taken);
    for (const Index b : members) taken[static_cast<std::size_t>(b)] = true;
    const auto size = static_cast<Index>(members.size());
    if (size < 2) continue;
    double mean = 0;
    for (const Index b : members) mean += values(b).real() / static_cast<double>(size);
    Matrix shifted = J;
    shifted.diagonal().array() -= mean;
    const auto decomposition = attempt(svd, shifted);
    if (!decomposition || (decomposition->values.array() <= distance).count() != size) continue;
    const Matrix V = decomposition->V.rightCols(size), U = decomposition->U.rightCols(size);
    const auto dual = solve(multiply(U, V, true), U.transpose());
    for (Index i = 0; i < size; ++i) {
      const Index b = members[static_cast<std::size_t>(i)];
      values(b) = mean;
      right.col(b) = V.col(i).cast<Complex>();
      left.col(b) = U.col(i).cast<Complex>();
      if (dual) left.col(b) = dual->row(i).transpose().cast<Complex>();
    }
  }
}

std::vector<Index> conjugate_partners(const ComplexVector& values) {
  std::vector<Index> partners(static_cast<std::size_t>(values.size()));
  for (Index a = 0; a < values.size(); ++a) {
    partners[static_cast<std::size_t>(a)] = a;
    if (values(a).imag() > 0) {
      partners[static_cast<std::size_t>(a)] = a + 1;
      partners[static_cast<std::size_t>(a + 1)] = a;
      ++a;
    }
  }
  return partners;
}

/// The factor of modulus 1 that makes r real and positive where the header says.
Complex orientation(const ComplexVector& r, const Vector& readout) {
  if (readout.size() > 0) {
    const Complex projection = readout.cast<Complex>().dot(r);
    if (std::abs(projection) > 1e-10 * readout.norm()) {
      return std::conj(projection) / std::abs(projection);
    }
  }
  const double largest = r.cwiseAbs().maxCoeff();
  Index i = 0;  // the first of entries equal to rounding
  while (std::abs(r(i)) < (1 - 1e-8) * largest) ++i;
  return std::conj(r(i)) / std::abs(r(i));
}

void orient(Modes& result, const Vector& readout) {
  for (Index a = 0; a < result.right.cols(); ++a) {
    const Index partner = result.partners[static_cast<std::size_t>(a)];
    if (partner < a) {
      result.right.col(a) = result.right.col(partner).conjugate();
      continue;
    }
    auto r = result.right.col(a);
    r.normalize();
    r *= orientation(r, readout);
    if (partner == a) r.imag().setZero();
  }
}

/// W with the columns sqrt(2) Re r, sqrt(2) Im r for a pair, r for a real mode: R = W T with a
/// unitary T, so that R has the singular values of W.
Matrix real_basis(const ComplexMatrix& right, const std::vector<Index>& partners) {
  Matrix W(right.rows(), right.cols());
  for (Index a = 0; a < right.cols(); ++a) {
    W.col(a) = right.col(a).real();
    if (partners[static_cast<std::size_t>(a)] > a) {
      W.col(a) *= std::numbers::sqrt2;
      W.col(a + 1) = std::numbers::sqrt2 * right.col(a).imag();
      ++a;
    }
  }
  return W;
}

/// L = R^-H from the rows p, q of the inverse of the real basis W: l = (p + i q) / sqrt(2) for a
/// pair.
std::optional<ComplexMatrix> dual_basis(const Matrix& W, const std::vector<Index>& partners) {
  const Index n = W.rows();
  const auto inverse = solve(W, Matrix::Identity(n, n));
  if (!inverse || !inverse->allFinite()) return std::nullopt;
  ComplexMatrix left(n, n);
  for (Index a = 0; a < n; ++a) {
    left.col(a) = inverse->row(a).transpose().cast<Complex>();
    if (partners[static_cast<std::size_t>(a)] > a) {
      left.col(a).imag() = inverse->row(a + 1).transpose();
      left.col(a) /= std::numbers::sqrt2;
      left.col(a + 1) = left.col(a).conjugate();
      ++a;
    }
  }
  return left;
}

/// Where the inverse is useless: each single left vector, scaled, if it can be.
void take_single_vectors(Modes& result, const ComplexMatrix& left, double limit) {
  result.status = ModesStatus::defective;
  result.left = left;
  for (Index a = 0; a < left.cols(); ++a) {
    const Complex overlap = left.col(a).dot(result.right.col(a));
    const double condition = left.col(a).norm() / std::abs(overlap);
    result.conditions(a) = std::isfinite(condition) ? condition : infinity;
    if (condition <= limit) {
      result.left.col(a) /= std::conj(overlap);
    } else {
      result.left.col(a).setZero();
    }
  }
}

double duality_error(const Modes& result) {
  ComplexMatrix product = result.left.adjoint() * result.right;
  std::vector<Index> whole;
  for (Index a = 0; a < product.cols(); ++a) {
    if (result.has_left(a)) whole.push_back(a);
    product(a, a) -= 1.0;
  }
  double error = 0;
  for (const Index a : whole) {
    for (const Index b : whole) error = std::max(error, std::abs(product(a, b)));
  }
  return error;
}

double condition_number(const Matrix& W) {
  const auto values = attempt(singular_values, W);
  if (!values) return infinity;
  const double smallest = (*values)(values->size() - 1);
  return smallest > 0 ? (*values)(0) / smallest : infinity;
}

Modes unknown_modes(const Linearization& at) {
  const Index n = at.jacobian.rows();
  Modes result;
  result.status = ModesStatus::unknown;
  result.eigenvalues = at.eigenvalues;
  result.right = at.eigenvectors;
  result.left = ComplexMatrix::Zero(n, n);
  result.conditions = Vector::Constant(n, infinity);
  result.partners.resize(static_cast<std::size_t>(n));
  std::iota(result.partners.begin(), result.partners.end(), Index{0});
  result.steps = result.seconds = result.frequencies = at.time_constants;
  result.eigenvector_condition = infinity;
  return result;
}

}  // namespace

const char* name_of(ModesStatus status) {
  static constexpr const char* names[] = {"complete", "defective", "unknown"};
  return names[static_cast<int>(status)];
}

Modes modes(const Linearization& at, double dt, const ModesOptions& options) {
  const Index n = at.jacobian.rows();
  require(n > 0 && at.eigenvectors.rows() == n && at.left_eigenvectors.rows() == n,
          "modes: the linearization needs its eigenvectors");
  require(dt > 0 && options.condition_limit > 1, "modes: need dt > 0 and condition_limit > 1");
  require(options.readout.size() == 0 || options.readout.size() == n,
          "modes: the readout must have the dimension of the state");
  if (at.status != SpectrumStatus::known) return unknown_modes(at);

  Modes result;
  result.eigenvalues = at.eigenvalues;
  result.right = at.eigenvectors;
  ComplexMatrix single_left = at.left_eigenvectors;
  resolve_repeated(at.jacobian, result.eigenvalues, result.right, single_left);
  result.partners = conjugate_partners(result.eigenvalues);
  orient(result, options.readout);
  const Matrix W = real_basis(result.right, result.partners);
  result.eigenvector_condition = condition_number(W);

  const auto left = dual_basis(W, result.partners);
  if (left) result.conditions = left->colwise().norm().transpose();
  if (left && result.conditions.maxCoeff() <= options.condition_limit) {
    result.left = *left;
  } else {
    result.conditions.resize(n);
    take_single_vectors(result, single_left, options.condition_limit);
  }
  result.duality_error = duality_error(result);
  result.seconds = time_constants(result.eigenvalues, dt).cwiseAbs();
  result.steps = result.seconds / dt;
  result.frequencies = frequencies(result.eigenvalues, dt);
  return result;
}

std::vector<Modes> modes_all(std::span<const Linearization> points, double dt,
                             const ModesOptions& options, Threads threads) {
  std::vector<Modes> result(points.size());
  parallel_for(static_cast<Index>(points.size()), threads, [&](Index p) {
    const auto slot = static_cast<std::size_t>(p);
    result[slot] = modes(points[slot], dt, options);
  });
  return result;
}

}  // namespace nullcline::dynamics
