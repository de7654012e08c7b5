// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/curvature.hpp"

#include <fmt/core.h>

#include <Eigen/LU>
#include <Eigen/QR>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/detail/small_factor.hpp"

namespace nullcline::geometry {
namespace {

/// Where the pair i <= j stands in 11 12 .. 1m 22 ..
Index pair_index(Index i, Index j, Index m) {
  if (i > j) std::swap(i, j);
  return i * m - i * (i - 1) / 2 + (j - i);
}

/// Of one point: the inverse metric, and the products of the normal parts.
class Point {
 public:
  Point(In<Matrix> A, In<Matrix> second) : m_(A.cols()) {
    // A = Q R: the normal part leaves out what Q spans, and G^-1 = R^-1 R^-T.
    const Eigen::HouseholderQR<Matrix> qr(A);
    const Matrix Q = qr.householderQ() * Matrix::Identity(A.rows(), m_);
    const Matrix R = qr.matrixQR().topRows(m_).triangularView<Eigen::Upper>();
    const Matrix S = R.triangularView<Eigen::Upper>().solve(Matrix::Identity(m_, m_));
    inverse_ = S * S.transpose();
    // Twice is enough: what the first pass leaves within by rounding, the second takes away.
    normal_ = second - Q * (Q.transpose() * second);
    normal_ -= Q * (Q.transpose() * normal_);
    products_ = normal_.transpose() * normal_;
  }

  double g(Index i, Index j) const { return inverse_(i, j); }
  double riemann(Index i, Index j, Index k, Index l) const {
    return product(i, k, j, l) - product(i, l, j, k);
  }
  Vector mean() const {
    Vector sum = Vector::Zero(normal_.rows());
    for (Index i = 0; i < m_; ++i) {
      for (Index j = 0; j < m_; ++j) sum += g(i, j) * normal_.col(pair_index(i, j, m_));
    }
    return sum / static_cast<double>(m_);
  }

 private:
  double product(Index i, Index j, Index k, Index l) const {
    return products_(pair_index(i, j, m_), pair_index(k, l, m_));
  }
  Index m_;
  Matrix inverse_, normal_, products_;
};

/// As the metric has it.
bool is_immersed(In<Matrix> A) {
  if (A.rows() < A.cols()) return false;
  const Vector sigma = detail::factor_singular_values(detail::small_factor(A));
  const double rounding = static_cast<double>(A.rows()) * std::numeric_limits<double>::epsilon();
  return sigma(A.cols() - 1) > rounding * sigma(0);
}

}  // namespace

Curvature curvature(In<Matrix> tangents, In<Matrix> second, Index m) {
  const Index pairs = m * (m + 1) / 2;
  if (m < 1 || tangents.cols() % m != 0 || second.rows() != tangents.rows() ||
      second.cols() != tangents.cols() / m * pairs) {
    throw std::invalid_argument(
        fmt::format("curvature: tangents {} x {} and second derivatives {} x {} do not fit m = {}",
                    tangents.rows(), tangents.cols(), second.rows(), second.cols(), m));
  }
  const Index C = tangents.cols() / m;
  const double none = std::numeric_limits<double>::quiet_NaN();
  Curvature result;
  result.gaussian.setConstant(m == 2 ? C : 0, none);
  result.scalar.setConstant(C, none);
  result.sectional.setConstant(m * (m - 1) / 2, C, none);
  result.ricci.setConstant(m * m, C, none);
  result.mean_curvature.setConstant(tangents.rows(), C, none);
  for (Index c = 0; c < C; ++c) {
    const auto A = tangents.middleCols(c * m, m), B = second.middleCols(c * pairs, pairs);
    if (!A.allFinite() || !B.allFinite() || !is_immersed(A)) continue;
    const Point point(A, B);
    Matrix ricci = Matrix::Zero(m, m);
    for (Index j = 0; j < m; ++j) {
      for (Index l = 0; l < m; ++l) {
        for (Index i = 0; i < m; ++i) {
          for (Index k = 0; k < m; ++k) ricci(j, l) += point.g(i, k) * point.riemann(i, j, k, l);
        }
      }
    }
    double scalar = 0;
    for (Index j = 0; j < m; ++j) {
      for (Index l = 0; l < m; ++l) scalar += point.g(j, l) * ricci(j, l);
    }
    for (Index i = 0, plane = 0; i < m; ++i) {
      for (Index j = i + 1; j < m; ++j, ++plane) {
        const double dot = A.col(i).dot(A.col(j));
        const double area = A.col(i).squaredNorm() * A.col(j).squaredNorm() - dot * dot;
        result.sectional(plane, c) = point.riemann(i, j, i, j) / area;
      }
    }
    result.ricci.col(c) = ricci.reshaped();
    result.scalar(c) = scalar;
    if (m == 2) result.gaussian(c) = scalar / 2;
    result.mean_curvature.col(c) = point.mean();
  }
  return result;
}

double brioschi_curvature(const MetricDerivatives& d) {
  Eigen::Matrix3d M1, M2;
  M1 << -d.E_vv / 2 + d.F_uv - d.G_uu / 2, d.E_u / 2, d.F_u - d.E_v / 2,  //
      d.F_v - d.G_u / 2, d.E, d.F,                                        //
      d.G_v / 2, d.F, d.G;
  M2 << 0, d.E_v / 2, d.G_u / 2,  //
      d.E_v / 2, d.E, d.F,        //
      d.G_u / 2, d.F, d.G;
  const double area = d.E * d.G - d.F * d.F;
  return (M1.determinant() - M2.determinant()) / (area * area);
}

}  // namespace nullcline::geometry
