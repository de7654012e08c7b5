// SPDX-License-Identifier: Apache-2.0
// Linear centered kernel alignment [Kornblith et al. 2019]: with K = X'X and L = Y'Y of centered
// data, HSIC ~ <K, L> = |X Y'|_F^2, and CKA = <K, L> / sqrt(<K, K> <L, L>). The unbiased one has
// the estimator of HSIC of Song et al. 2012 in all three places, which is <K~, L~> / (m (m - 3)) of
// U-centered kernels. No (m, m) matrix is needed:
//
//     <K~, L~> = |X Y'|_F^2 - sum k_ii l_ii + s_K s_L / ((m - 1)(m - 2)) - 2 r_K' r_L / (m - 2),
//
// r and s the row sums and the sum of a kernel without its diagonal.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

/// X' / sqrt(|X X'|_F): the kernel has <K, K> = 1.
Features unit_kernel(Matrix X, const SimilarityOptions&) {
  Features features;
  const double size = X.cwiseAbs().maxCoeff();
  features.defined = size > 0;
  features.factor = X.transpose();
  if (!features.defined) return features;
  features.factor /= size;
  const bool wide = features.factor.cols() > features.factor.rows();
  const double norm = multiply(features.factor, features.factor, !wide, wide).norm();
  features.factor /= std::sqrt(norm);
  return features;
}

Similarity summary(const Features& X, const Features& Y, double distance, double score) {
  return {distance, score, {}, X.factor.cols(), Y.factor.cols(), {}, true};
}

double squared_cross(const Features& X, const Features& Y) {
  return multiply(X.factor, Y.factor, true).squaredNorm();
}

double one_minus(double cross, const Features&, const Features&) {
  return std::max(0.0, 1 - cross);
}
double angle(double cross, const Features&, const Features&) {
  return std::acos(std::clamp(cross, -1.0, 1.0));
}

Similarity alignment(const Features& X, const Features& Y, const SimilarityOptions&) {
  const double cka = std::min(1.0, squared_cross(X, Y));
  return summary(X, Y, 1 - cka, cka);
}

Similarity alignment_angle(const Features& X, const Features& Y, const SimilarityOptions&) {
  const double cka = std::min(1.0, squared_cross(X, Y));
  return summary(X, Y, std::acos(cka), cka);
}

double unbiased_product(const Features& X, const Features& Y, double cross) {
  const auto m = static_cast<double>(X.row.size());
  return cross - X.diagonal.dot(Y.diagonal) + X.constant * Y.constant / ((m - 1) * (m - 2)) -
         2 / (m - 2) * X.row.dot(Y.row);
}

Features unbiased_kernel(Matrix X, const SimilarityOptions& options) {
  Features features = unit_kernel(std::move(X), options);
  if (!features.defined) return features;
  const Vector sum = features.factor.colwise().sum();
  features.diagonal = features.factor.rowwise().squaredNorm();
  features.row = features.factor * sum - features.diagonal;
  features.constant = features.row.sum();
  // Of kernels with <K, K> = 1, what is left below this is rounding.
  features.self = unbiased_product(features, features, 1);
  features.defined = features.self > 64 * std::numeric_limits<double>::epsilon();
  return features;
}

double unbiased_score(double cross, const Features& X, const Features& Y) {
  return std::clamp(unbiased_product(X, Y, cross) / std::sqrt(X.self * Y.self), -1.0, 1.0);
}
double unbiased_distance(double cross, const Features& X, const Features& Y) {
  return 1 - unbiased_score(cross, X, Y);
}

Similarity unbiased(const Features& X, const Features& Y, const SimilarityOptions&) {
  const double score = unbiased_score(squared_cross(X, Y), X, Y);
  return summary(X, Y, 1 - score, score);
}

}  // namespace

std::vector<Metric> cka_metrics() {
  const std::string invariance = "orthogonal maps and scale";
  return {{{"cka", "linear centered kernel alignment", "1 - CKA", "CKA", invariance, 1, false, "",
            true},
           unit_kernel,
           alignment,
           CrossProduct::squared,
           one_minus},
          {{"cka_angular", "angle between the centered linear kernels", "arccos(CKA)", "CKA",
            invariance, std::numbers::pi / 2, true, "", true},
           unit_kernel,
           alignment_angle,
           CrossProduct::squared,
           angle},
          {{"cka_unbiased", "linear CKA by the unbiased estimator of HSIC", "1 - CKA",
            "CKA, about 0 and as often below for independent data", invariance, 2, false, "", true},
           unbiased_kernel,
           unbiased,
           CrossProduct::squared,
           unbiased_distance,
           4}};
}

}  // namespace nullcline::representation::detail
