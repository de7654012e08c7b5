// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/state_metric.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::geometry {
namespace {

/// L' of L L' = S.
Matrix root(In<Matrix> S, Index n) {
  if (S.rows() != n || S.cols() != n || !S.allFinite() || S != S.transpose()) {
    throw std::invalid_argument(
        fmt::format("in_state_metric: S is {} x {}; must be {} x {}, symmetric and finite",
                    S.rows(), S.cols(), n, n));
  }
  const SymmetricEigen e = symmetric_eigen(S);
  const double rounding = static_cast<double>(n) * std::numeric_limits<double>::epsilon() *
                          e.values.cwiseAbs().maxCoeff();
  if (e.values.minCoeff() < -rounding) {
    throw std::invalid_argument(
        fmt::format("in_state_metric: S has the eigenvalue {}", e.values.minCoeff()));
  }
  return e.values.cwiseMax(0).cwiseSqrt().asDiagonal() * e.vectors.transpose();
}

}  // namespace

Matrix in_state_metric(In<Matrix> tangents, In<Matrix> S) {
  return multiply(root(S, tangents.rows()), tangents);
}

Matrix in_weighted_states(In<Matrix> tangents, In<Vector> weights) {
  if (weights.size() != tangents.rows() || !(weights.array() >= 0).all() || !weights.allFinite()) {
    throw std::invalid_argument(
        fmt::format("in_weighted_states: {} weights for {} states; all must be finite and >= 0",
                    weights.size(), tangents.rows()));
  }
  return weights.cwiseSqrt().asDiagonal() * tangents;
}

Matrix in_state_metric(In<Matrix> tangents, In<Matrix> states, const StateMetric& S) {
  const Index C = states.cols(), m = C > 0 ? tangents.cols() / C : 0;
  if (states.rows() != tangents.rows() || tangents.cols() != C * m) {
    throw std::invalid_argument(fmt::format("in_state_metric: states {} x {}, tangents {} x {}",
                                            states.rows(), C, tangents.rows(), tangents.cols()));
  }
  Matrix result(tangents.rows(), tangents.cols());
  for (Index c = 0; c < C; ++c) {
    result.middleCols(c * m, m) =
        root(S(states.col(c)), tangents.rows()) * tangents.middleCols(c * m, m);
  }
  return result;
}

Vector visible_fraction(const PullbackMetric& states, const PullbackMetric& outputs,
                        In<Vector> norms) {
  const Index C = states.metric.cols();
  if (outputs.metric.cols() != C || outputs.dim != states.dim ||
      (norms.size() != C && norms.size() != 1)) {
    throw std::invalid_argument(fmt::format(
        "visible_fraction: {} metrics of states, {} of outputs, of {} and {} dimensions, {} norms",
        C, outputs.metric.cols(), states.dim, outputs.dim, norms.size()));
  }
  Vector result = Vector::Constant(C, std::numeric_limits<double>::quiet_NaN());
  for (Index c = 0; c < C; ++c) {
    const double norm = norms(norms.size() == 1 ? 0 : c);
    const double most = norm * norm * states.stretch.col(c).squaredNorm();
    if (most > 0) result(c) = outputs.stretch.col(c).squaredNorm() / most;
  }
  return result;
}

}  // namespace nullcline::geometry
