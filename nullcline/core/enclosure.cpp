// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/enclosure.hpp"

#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline {
namespace {

/// At least what a sum of non-negative products of `k` terms was rounded from, where every term saw
/// at most `more` roundings besides.
Matrix raised(const Matrix& sum, Index k, Index more) {
  return (sum.array() * (1 + gamma_bound(k + more + 4)) + static_cast<double>(k + 1) * underflow)
      .matrix();
}

}  // namespace

Vector upper_product(In<Matrix> A, In<Vector> v) { return raised(A * v, A.cols(), 0); }

Vector upper_row_sums(In<Matrix> A) { return raised(A.rowwise().sum(), A.cols(), 0); }

Box product(In<Matrix> A, const Box& x) {
  const MatrixBall v = ball_of(x);
  const Index k = A.cols();
  const Vector y = A * v.center;
  const Vector spread = v.radius.array() + gamma_bound(k) * v.center.array().abs() + underflow;
  const Vector radius = raised(A.cwiseAbs() * spread, k, 3);
  Box box(static_cast<std::size_t>(y.size()));
  for (Index i = 0; i < y.size(); ++i) {
    box[static_cast<std::size_t>(i)] = Interval::around(y(i), radius(i));
  }
  return box;
}

MatrixBall operator+(const MatrixBall& A, const MatrixBall& B) {
  Matrix center = A.center + B.center;
  Matrix radius = raised(A.radius + B.radius + unit_roundoff * center.cwiseAbs(), 0, 4);
  return {std::move(center), std::move(radius)};
}

MatrixBall multiply(const MatrixBall& A, const MatrixBall& B) {
  require(A.cols() == B.rows(), "multiply: balls of wrong shapes");
  if (!A.is_finite() || !B.is_finite()) {
    const Matrix unknown = Matrix::Constant(A.rows(), B.cols(), Interval::whole_line().hi);
    return {Matrix::Zero(A.rows(), B.cols()), unknown};
  }
  const Index k = A.cols();
  const Matrix size = B.center.cwiseAbs();
  const Matrix spread = (B.radius + gamma_bound(k) * size).array() + underflow;
  Matrix radius = multiply(A.center.cwiseAbs(), spread);
  if (!A.radius.isZero(0)) radius += multiply(A.radius, size + B.radius);
  return {multiply(A.center, B.center), raised(radius, 2 * k, 4)};
}

MatrixBall multiply(In<Matrix> A, const MatrixBall& B) { return multiply(MatrixBall(A), B); }

MatrixBall ball_of(const Box& box) {
  const auto n = static_cast<Index>(box.size());
  MatrixBall ball{Matrix(n, 1), Matrix(n, 1)};
  for (Index i = 0; i < n; ++i) {
    ball.center(i) = box[static_cast<std::size_t>(i)].center();
    ball.radius(i) = box[static_cast<std::size_t>(i)].radius();
  }
  return ball;
}

}  // namespace nullcline
