// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/readout.hpp"

#include <limits>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::training {

RidgeReadout::RidgeReadout(Index features, Index outputs)
    : A_(Matrix::Zero(features + 1, features + 1)), B_(Matrix::Zero(features + 1, outputs)) {}

void RidgeReadout::add(In<Matrix> features, In<Matrix> targets, In<Matrix> weights) {
  const Index n = features.rows(), samples = features.cols();
  require(n + 1 == A_.rows() && targets.rows() == B_.cols() && targets.cols() == samples &&
              weights.rows() == 1 && weights.cols() == samples,
          "RidgeReadout: the samples do not fit");
  Matrix X(n + 1, samples);
  X.topRows(n) = features;
  X.row(n).setOnes();
  const Matrix weighted = X * weights.row(0).transpose().asDiagonal();
  if (!weighted.allFinite() || !targets.allFinite()) {
    A_.setConstant(std::numeric_limits<double>::quiet_NaN());  // no solution, from here on
    return;
  }
  A_ += multiply(weighted, X, false, true);
  B_ += multiply(weighted, targets, false, true);
}

std::optional<Matrix> RidgeReadout::solve(double lambda, bool penalize_bias) const {
  require(lambda > 0, "RidgeReadout: lambda must be above 0");
  Matrix A = A_;
  A.diagonal().array() += lambda;
  if (!penalize_bias) A(A.rows() - 1, A.rows() - 1) -= lambda;
  if (!A.allFinite() || !B_.allFinite()) return std::nullopt;
  const auto solution = solve_positive_definite(A, B_);
  if (!solution || !solution->allFinite()) return std::nullopt;
  return Matrix(solution->transpose());
}

void RidgeReadout::restore(In<Matrix> A, In<Matrix> B) {
  require(A.rows() == A_.rows() && A.cols() == A_.cols() && B.rows() == B_.rows() &&
              B.cols() == B_.cols(),
          "RidgeReadout: another shape");
  A_ = A;
  B_ = B;
}

RecursiveReadout::RecursiveReadout(In<Matrix> start, double lambda)
    : V_(start), P_(Matrix::Identity(start.cols(), start.cols()) / lambda), x_(start.cols()) {
  require(lambda > 0, "RecursiveReadout: lambda must be above 0");
}

Vector RecursiveReadout::output(In<Vector> features) const {
  return V_.leftCols(V_.cols() - 1) * features + V_.col(V_.cols() - 1);
}

void RecursiveReadout::learn(In<Vector> features, In<Vector> target, double weight) {
  require(features.size() + 1 == V_.cols() && target.size() == V_.rows() && weight >= 0,
          "RecursiveReadout: the sample does not fit");
  if (weight == 0) return;
  x_.head(features.size()) = features;
  x_(features.size()) = 1;
  k_.noalias() = P_ * x_;
  const double scale = 1 / (1 / weight + x_.dot(k_));
  const Vector error = V_ * x_ - target;
  V_.noalias() -= scale * error * k_.transpose();
  P_.noalias() -= (scale * k_) * k_.transpose();
}

void RecursiveReadout::restore(In<Matrix> V, In<Matrix> P) {
  require(V.rows() == V_.rows() && V.cols() == V_.cols() && P.rows() == P_.rows() &&
              P.cols() == P_.cols(),
          "RecursiveReadout: another shape");
  V_ = V;
  P_ = P;
}

}  // namespace nullcline::training
