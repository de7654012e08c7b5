// SPDX-License-Identifier: Apache-2.0
// Procrustes distances [Schonemann 1966; Kendall 1984; Williams et al. 2021]: what is left between
// X and Y after the best orthogonal map of the units, with the scale (size-and-shape) or of
// |X|_F = |Y|_F = 1 (shape). Sides of unlike numbers of units are filled up with silent ones.
//
//     min_R |X - R Y|_F^2 = |X|_F^2 + |Y|_F^2 - 2 |X Y'|_*
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

Features with_size(Matrix X, const SimilarityOptions&) {
  Features features;
  features.factor = X.transpose();
  features.scale = X.stableNorm();
  return features;
}

Features of_unit_size(Matrix X, const SimilarityOptions& options) {
  Features features = with_size(std::move(X), options);
  features.defined = features.scale > 0;
  if (features.defined) features.factor /= features.scale;
  return features;
}

double size_distance(double nuclear_norm, const Features& X, const Features& Y) {
  return std::sqrt(std::max(0.0, X.scale * X.scale + Y.scale * Y.scale - 2 * nuclear_norm));
}
double shape_distance(double nuclear_norm, const Features&, const Features&) {
  return std::sqrt(std::max(0.0, 2 - 2 * nuclear_norm));
}
double angle(double nuclear_norm, const Features&, const Features&) {
  return std::acos(std::min(1.0, nuclear_norm));
}

Similarity summary(const Features& X, const Features& Y, double distance, const Superposition& best,
                   double unit) {
  // 1 where both are zero: they are equal.
  const double score = unit > 0 ? std::min(1.0, best.singular_values.sum() / unit)
                                : (X.scale == Y.scale ? 1.0 : 0.0);
  return {distance, score, best.singular_values, X.factor.cols(), Y.factor.cols(), {}, true};
}

Similarity size_and_shape(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Superposition best = superpose(X.factor, Y.factor);
  return summary(X, Y, best.distance, best, X.scale * Y.scale);
}
Similarity shape(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Superposition best = superpose(X.factor, Y.factor);
  return summary(X, Y, best.distance, best, 1);
}
Similarity angular(const Features& X, const Features& Y, const SimilarityOptions&) {
  const Superposition best = superpose(X.factor, Y.factor);
  return summary(X, Y, angle_of_chord(best.distance), best, 1);
}

}  // namespace

std::vector<Metric> procrustes_metrics() {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string score = "|X Y'|_* / (|X| |Y|)";
  return {{{"procrustes", "Procrustes, size and shape", "min |X - R Y|_F over orthogonal R", score,
            "orthogonal maps", infinity, true, "", true},
           with_size,
           size_and_shape,
           CrossProduct::nuclear_double,
           size_distance},
          {{"procrustes_shape", "Procrustes of unit size", "min |X / |X| - R Y / |Y||_F", score,
            "orthogonal maps and scale", std::numbers::sqrt2, true, "", true},
           of_unit_size,
           shape,
           CrossProduct::nuclear_double,
           shape_distance},
          {{"procrustes_angular", "Procrustes, the angle of the shapes", "arccos(score)", score,
            "orthogonal maps and scale", std::numbers::pi / 2, true, "", true},
           of_unit_size,
           angular,
           CrossProduct::nuclear_double,
           angle}};
}

}  // namespace nullcline::representation::detail
