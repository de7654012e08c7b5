// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/representation/dsa/alignment.hpp"
#include "nullcline/representation/dsa/hankel_dmd.hpp"

namespace nullcline::representation {

struct DsaOptions {
  HankelDmdOptions dmd = {};
  AlignmentOptions alignment = {};
};

struct Dsa {
  HankelDmd X, Y;
  Alignment alignment;  ///< Of X.A and Y.A.
};

/// Dynamical similarity analysis [Ostrow, Eisen, Kozachkov & Fiete 2023, arXiv:2306.10168] of two
/// recordings: linear dynamics of each (hankel_dmd.hpp), then the best orthogonal change of
/// coordinates from one to the other (alignment.hpp). `alignment.angle` is the authors' score.
///
/// Of many recordings, decompose each once and `align` the A of all pairs.
///
/// Throws std::invalid_argument as the two do; where one recording has a lower rank than the other,
/// without `alignment.pad`, too.
[[nodiscard]] Dsa dsa(std::span<const Matrix> X, std::span<const Matrix> Y,
                      const DsaOptions& options = {});

}  // namespace nullcline::representation
