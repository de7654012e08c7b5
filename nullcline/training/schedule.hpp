// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/settings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::training {

/// The learning rate of step k = 0, 1, ... of K:
///
///     constant      lr
///     exponential   lr decay^(k / decay_every)
///     step          lr decay^floor(k / decay_every)
///     cosine        lr (f + (1 - f) (1 + cos(pi k / K)) / 2)   [Loshchilov & Hutter 2017]
///
/// A function of k alone, so that a continued training needs no state of it.
struct Schedule {
  enum class Kind { constant, exponential, step, cosine };
  Kind kind = Kind::constant;
  double rate = 1e-3;         ///< lr > 0
  double decay = 1;           ///< > 0
  double decay_every = 1;     ///< Steps, > 0
  double final_fraction = 0;  ///< f of the cosine, in [0, 1]
  Index steps = 1;            ///< K of the cosine, > 0

  double at(Index k) const;
};

Schedule schedule_from(const Settings& training);

}  // namespace nullcline::training
