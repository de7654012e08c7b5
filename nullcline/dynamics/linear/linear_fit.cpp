// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/linear_fit.hpp"

#include <algorithm>

#include "nullcline/core/assignment.hpp"
#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

Index rank_of(const Vector& values, const LinearFitOptions& options) {
  const double largest = values.size() > 0 ? values(0) : 0;
  const Index present =
      largest > 0 ? (values.array() > options.tolerance * largest).count() : Index{0};
  return options.rank > 0 ? std::min(options.rank, present) : present;
}

/// a / b, 0 for 0 / 0.
double ratio(double a, double b) { return a == 0 ? 0 : a / b; }

}  // namespace

LinearFit fit_linear_model(In<Matrix> X, In<Matrix> Y, In<Vector> center,
                           const LinearFitOptions& options) {
  require(
      X.cols() >= 1 && X.rows() == Y.rows() && X.cols() == Y.cols() && X.rows() == center.size(),
      "fit_linear_model: need X and Y (n, K), K >= 1, and a center (n)");
  require(options.rank >= 0 && options.tolerance >= 0,
          "fit_linear_model: need rank >= 0 and tolerance >= 0");
  require(X.allFinite() && Y.allFinite() && center.allFinite(),
          "fit_linear_model: the states must be finite");
  const Vector mean_x = X.rowwise().mean(), mean_y = Y.rowwise().mean();
  const Matrix dx = X.colwise() - mean_x, dy = Y.colwise() - mean_y;
  LinearFit fit;
  const auto decomposed = attempt(svd, dx);
  if (!decomposed) {
    fit.status = SpectrumStatus::not_converged;
    return fit;
  }
  const Svd& data = *decomposed;
  fit.singular_values = data.values;
  const Index r = rank_of(data.values, options);
  fit.directions = data.U.leftCols(r);
  const Matrix images =
      multiply(dy, data.V.leftCols(r)) * data.values.head(r).cwiseInverse().asDiagonal();  // A U_r
  fit.jacobian = multiply(images, fit.directions, false, true);
  fit.value = mean_y - fit.jacobian * (mean_x - center);
  fit.residual = ratio((dy - multiply(fit.jacobian, dx)).norm(), dy.norm());
  auto values = attempt(eigenvalues, multiply(fit.directions, images, true));
  if (!values) {
    fit = {};
    fit.status = SpectrumStatus::not_converged;
    return fit;
  }
  fit.eigenvalues = std::move(*values);
  return fit;
}

FitComparison compare_fit(const LinearFit& fit, In<Matrix> J) {
  const Index n = fit.jacobian.rows(), r = fit.directions.cols();
  require(J.rows() == n && J.cols() == n && J.allFinite(),
          "compare_fit: need a finite Jacobian of the size of the fit");
  FitComparison result;
  const Matrix difference = fit.jacobian - J;
  result.relative_difference = ratio(difference.norm(), J.norm());
  result.within_data =
      ratio(multiply(difference, fit.directions).norm(), multiply(J, fit.directions).norm());
  const auto known = attempt(eigenvalues, J);
  if (!known) {
    result.status = SpectrumStatus::not_converged;
    return result;
  }
  const ComplexVector& lambda = *known;
  Matrix costs(r, n);
  for (Index i = 0; i < r; ++i) {
    costs.row(i) = (lambda.array() - fit.eigenvalues(i)).abs().transpose();
  }
  result.matches = minimum_assignment(costs);
  result.eigenvalue_errors.resize(r);
  for (Index i = 0; i < r; ++i) {
    result.eigenvalue_errors(i) = costs(i, result.matches[static_cast<std::size_t>(i)]);
  }
  return result;
}

}  // namespace nullcline::dynamics
