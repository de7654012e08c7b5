// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics {

/// How many things a random sample has not met, from how often it met those that it did. With K
/// draws, S things seen, f1 of them once and f2 twice, and c = (K - 1) / K:
///
///     estimate = c f1 (f1 - 1) / (2 (f2 + 1)),
///
/// a lower bound in expectation [Chao 1984, 1987; the bias-corrected form], with a 95 % interval
/// from its approximate variance and a log-normal law of (estimate), as [Chao 1987]; where f1 = 1,
/// so that the estimate is 0 whatever f2, from this variance and a normal law; where f1 = 0 the
/// interval follows from e^(-K/S), the chance of a thing of average weight not to be met [Colwell,
/// EstimateS 9, appendix B].
///
///     coverage = 1 - f1 / K                                               [Good 1953, Turing]
///
/// estimates the probability that the next draw meets something seen. All of it is about the
/// sampled law: what that law never meets, no count of its draws reveals.
struct UnseenEstimate {
  Index draws = 0;      ///< K
  Index seen = 0;       ///< S
  Index once = 0;       ///< f1
  Index twice = 0;      ///< f2
  double estimate = 0;  ///< Things not seen.
  double lower = 0;     ///< Of the 95 % interval of the things not seen,
  double upper = 0;     ///< infinite without a draw.
  double coverage = 0;  ///< In [0, 1].
};

/// hits: how often each was met; zeros are left out. Throws std::invalid_argument on a negative
/// one.
UnseenEstimate estimate_unseen(std::span<const Index> hits);

}  // namespace nullcline::dynamics
