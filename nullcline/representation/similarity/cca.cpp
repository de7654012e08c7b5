// SPDX-License-Identifier: Apache-2.0
// Canonical correlations of X and Y are the cosines rho of the principal angles between the spaces
// that the units span among the samples: the singular values of Q_X' Q_Y for orthonormal bases
// [Bjorck & Golub 1973], without a covariance to invert. SVCCA keeps the leading principal
// components of each side only [Raghu et al. 2017]; PWCCA weights them [Morcos et al. 2018].
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/detail/components.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

Features components(const Matrix& X, double variance, Index dim) {
  Features features;
  features.factor = sample_components(X, variance, dim);
  features.defined = features.factor.cols() > 0;
  return features;
}

Features all_components(Matrix X, const SimilarityOptions& options) {
  return components(X, options.variance > 0 ? options.variance : 1, options.dim);
}

Features leading_components(Matrix X, const SimilarityOptions& options) {
  return components(X, options.variance > 0 ? options.variance : 0.99, options.dim);
}

Features components_and_loadings(Matrix X, const SimilarityOptions& options) {
  Features features = all_components(X, options);
  features.loadings = multiply(features.factor, X, true, true);
  return features;
}

/// Of unit vectors A = Q_X / sqrt(k_X) and B, <A, B R> = sum rho / sqrt(k_X k_Y).
Features unit_components(Matrix X, const SimilarityOptions& options) {
  Features features = all_components(std::move(X), options);
  if (features.defined) features.factor /= std::sqrt(static_cast<double>(features.factor.cols()));
  return features;
}

Similarity summary(const Features& X, const Features& Y, double distance, double score,
                   Vector correlations) {
  return {distance, score, std::move(correlations), X.factor.cols(), Y.factor.cols(), {}, true};
}

double fewer(const Features& X, const Features& Y) {
  return static_cast<double>(std::min(X.factor.cols(), Y.factor.cols()));
}

double mean_distance(double nuclear_norm, const Features& X, const Features& Y) {
  return std::max(0.0, 1 - nuclear_norm / fewer(X, Y));
}

Similarity mean_correlation(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Vector rho = singular_values(multiply(X.factor, Y.factor, true)).cwiseMin(1);
  return summary(X, Y, 1 - rho.mean(), rho.mean(), rho);
}

/// Weights alpha_i = sum_j |<h_i, x_j>| of the canonical variates h_i = Q_X u_i, over units j of X.
Similarity projection_weighted(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Svd cross = svd(multiply(X.factor, Y.factor, true));
  const Vector rho = cross.values.cwiseMin(1);
  const Vector weights = multiply(cross.U, X.loadings, true).cwiseAbs().rowwise().sum();
  const double score = std::min(1.0, weights.dot(rho) / weights.sum());
  return summary(X, Y, 1 - score, score, rho);
}

double angular_distance(double nuclear_norm, const Features&, const Features&) {
  return std::acos(std::min(1.0, nuclear_norm));
}

Similarity angular(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Superposition best = superpose(X.factor, Y.factor);
  const double angle = angle_of_chord(best.distance);
  const double unit = std::sqrt(static_cast<double>(X.factor.cols() * Y.factor.cols()));
  return summary(X, Y, angle, std::cos(angle), (unit * best.singular_values).cwiseMin(1));
}

/// Each direction that the larger space has more counts as a right angle [Ye & Lim 2016].
Similarity subspace(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Vector angles = principal_angles(X.factor, Y.factor);
  const double right = std::numbers::pi / 2;
  const auto more = static_cast<double>(std::abs(X.factor.cols() - Y.factor.cols()));
  const Vector cosines = angles.array().cos();
  const double larger = static_cast<double>(std::max(X.factor.cols(), Y.factor.cols()));
  return summary(X, Y, std::sqrt(angles.squaredNorm() + more * right * right),
                 cosines.squaredNorm() / larger, cosines);
}

}  // namespace

std::vector<Metric> cca_metrics() {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string linear = "invertible linear maps";
  const std::string rigid = "orthogonal maps and scale";
  return {{{"cca", "canonical correlations", "1 - mean rho over the smaller dimension", "mean rho",
            linear, 1, false, "", true},
           all_components,
           mean_correlation,
           CrossProduct::nuclear_single,
           mean_distance,
           2,
           true},
          {{"svcca", "canonical correlations of the leading principal components",
            "1 - mean rho over the smaller dimension", "mean rho", rigid, 1, false, "", true},
           leading_components,
           mean_correlation,
           CrossProduct::nuclear_single,
           mean_distance,
           2,
           true},
          {{"pwcca", "canonical correlations weighted by how much of X's activity they carry",
            "1 - sum alpha rho / sum alpha", "sum alpha rho / sum alpha",
            "of X, permutations, signs and scale; of Y, " + linear, 1, false, "", false},
           components_and_loadings,
           projection_weighted},
          {{"cca_angular", "angle between the whitened representations",
            "arccos(sum rho / sqrt(k_X k_Y))", "sum rho / sqrt(k_X k_Y)", linear,
            std::numbers::pi / 2, true, "", true},
           unit_components,
           angular,
           CrossProduct::nuclear_double,
           angular_distance,
           2,
           true},
          {{"subspace", "geodesic distance of the spaces that the units span, by principal angles",
            "sqrt(sum theta^2 + |k_X - k_Y| (pi / 2)^2)", "sum rho^2 / max(k_X, k_Y)", linear,
            infinity, true, "", true},
           all_components,
           subspace}};
}

}  // namespace nullcline::representation::detail
