// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct SubspaceAnglesOptions {
  Index samples = 1000;    ///< Pairs of random subspaces, > 0.
  std::uint64_t seed = 0;  ///< Of these.
};

/// The principal angles between two subspaces of R^n, and what they would be by chance.
struct SubspaceAngles {
  Vector angles;         ///< (k) ascending, radians, k = min(p, q); small ones accurate.
  Vector null_mean;      ///< (k) of the angles of random subspaces of the same dimensions,
  Vector null_low;       ///< (k) their 5 % quantiles
  Vector null_high;      ///< (k) and 95 % quantiles.
  Vector p_closer;       ///< (k) Probability that random subspaces have an angle as small.
  double overlap = 0;    ///< sum cos^2 / k; max(p, q) / n by chance.
  double p_overlap = 0;  ///< Probability that random subspaces overlap as much.
  bool exact = false;    ///< Both probabilities in closed form, which k = 1 has; else sampled.
};

/// Of the column spaces of A (n, p) and B (n, q), p, q <= n, by core's `principal_angles`
/// [Bjorck & Golub 1973]. Random subspaces are uniform; of them cos^2 theta_1 ~ Beta(l / 2,
/// (n - l) / 2), l = max(p, q), where k = 1. Sampled probabilities are (1 + hits) / (1 + samples).
///
/// Throws std::invalid_argument on columns that are dependent or not finite, and shapes that do not
/// fit.
[[nodiscard]] SubspaceAngles subspace_angles(In<Matrix> A, In<Matrix> B,
                                             const SubspaceAnglesOptions& options = {});

/// P(x <= value) for x ~ Beta(a, b), a, b > 0: the regularized incomplete beta function.
double beta_probability(double value, double a, double b);

}  // namespace nullcline::representation
