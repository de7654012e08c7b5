// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

struct RandomAnglesOptions {
  Index draws = 1000;                                ///< > 0
  Vector probabilities = Vector{{0.05, 0.5, 0.95}};  ///< Of `quantiles`, 0 .. 1.
  std::uint64_t seed = 0;
};

/// The k-th row is of the k-th smallest principal angle, k = 1 .. min(p, q); radians.
struct RandomAngles {
  Vector mean;       ///< (min(p, q))
  Matrix quantiles;  ///< (min(p, q), probabilities), linear between order statistics.
};

/// The principal angles (core/linear_algebra.hpp) of two independent uniform subspaces of R^n, of
/// dimensions p and q: what subspaces that have nothing to do with one another have. Uniform means
/// the column space of a matrix of independent normals, so one of the two may stand still, and it
/// is the first p coordinates. The squared cosines are the eigenvalues of a matrix beta variable;
/// their sum has the mean p q / n, and for q = 1 the one of them is Beta(p/2, (n - p)/2).
///
/// By sampling. Throws std::invalid_argument unless 1 <= p, q <= n and the options are in range.
[[nodiscard]] RandomAngles random_principal_angles(Index n, Index p, Index q,
                                                   const RandomAnglesOptions& options = {});

/// The angles of each draw, a column each: (min(p, q), draws). Throws as random_principal_angles.
[[nodiscard]] Matrix draw_principal_angles(Index n, Index p, Index q, Index draws,
                                           std::uint64_t seed);

}  // namespace nullcline::representation
