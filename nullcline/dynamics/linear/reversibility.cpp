// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/reversibility.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

Matrix symmetric_part(const Matrix& A) { return 0.5 * (A + A.transpose()); }

/// Fills in what follows from S; false if S or Qr is not positive definite.
bool reverse(In<Matrix> J, In<Matrix> Q, EntropyProduction& result) {
  const Matrix& S = result.stationary.covariance;
  const Matrix JS = multiply(J, S);
  const auto reversed_transposed = solve_positive_definite(S, JS);  // Jr' = S^-1 J S
  if (!reversed_transposed) return false;
  result.reversed_jacobian = reversed_transposed->transpose();
  result.reversed_noise = symmetric_part(S - multiply(JS, *reversed_transposed, true));
  const double size = JS.norm();
  if (size > 0) result.asymmetry = (JS - JS.transpose()).norm() / size;

  const Matrix D = J - result.reversed_jacobian;
  const Matrix spread = Q + multiply(multiply(D, S), D, false, true);
  const auto ratio = solve_positive_definite(result.reversed_noise, spread);
  const auto of_noise = log_determinant(Q);
  const auto of_reversed = log_determinant(result.reversed_noise);
  if (!ratio || !of_noise || !of_reversed) return false;
  result.rate = std::max(0.0, 0.5 * (ratio->trace() - static_cast<double>(J.rows())));
  result.log_determinant_error = std::abs(*of_reversed - *of_noise);
  return true;
}

}  // namespace

Contraction contraction_along(const Map& map, In<Matrix> states, double dt, Threads threads,
                              const Progress& progress) {
  require(states.rows() == map.dim(),
          "contraction_along: the states must have the dimension of the map");
  require(dt > 0, "contraction_along: need dt > 0");
  const Index P = states.cols();
  Contraction result;
  result.derivatives = map.derivatives();
  result.log_volumes = Vector::Zero(P);
  result.divergences = Vector::Zero(P);
  result.finite.assign(static_cast<std::size_t>(P), 0);
  result.cancelled = !detail::over_items(P, threads, progress, [&](Index p) {
    const Matrix J = map.jacobian(states.col(p));
    const auto values = attempt(singular_values, J);
    if (!values) return;
    result.finite[static_cast<std::size_t>(p)] = 1;
    result.log_volumes(p) = values->array().log().sum();
    result.divergences(p) = (J.trace() - static_cast<double>(map.dim())) / dt;
  });
  return result;
}

EntropyProduction entropy_production(In<Matrix> J, In<Matrix> Q) {
  EntropyProduction result;
  result.stationary = stationary_covariance(J, Q);
  result.status = result.stationary.status;
  if (result.status != GaussianStatus::converged) return result;
  if (!reverse(J, Q, result)) result.status = GaussianStatus::singular_noise;
  return result;
}

}  // namespace nullcline::dynamics
