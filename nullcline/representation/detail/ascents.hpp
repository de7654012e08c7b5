// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/representation/grassmann.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation::detail {

/// Ascents of predictive information from many starts to one tolerance, of which the best can go
/// on. The same bits for any number of threads.
class Ascents {
 public:
  /// Keeps a reference to `information`. max_iterations: of each start.
  Ascents(const PredictiveInformation& information, double gradient_tolerance, Index max_iterations,
          Threads threads);

  /// Climbs from the column spaces of these; the maxima stand behind those before.
  void climb_from(const std::vector<Matrix>& starts);

  /// Lets the best go on to another tolerance, if it has converged. Its index, or -1; flat steps may
  /// leave it a rounding below another start of the same maximum.
  Index polish(double gradient_tolerance);

  const std::vector<GrassmannMaximum>& maxima() const { return maxima_; }

  /// The index of the largest value that is defined, the first of equal ones; -1 if there is none.
  Index best() const;

 private:
  GrassmannMaximum climb(In<Matrix> start, double gradient_tolerance, Index max_iterations) const;

  const PredictiveInformation& information_;
  double gradient_tolerance_;
  Index max_iterations_;
  Threads threads_;
  std::vector<GrassmannMaximum> maxima_;
};

/// V (n, d), its column `number` modulo d exchanged for a random direction of R^n that `seed` and
/// `number` name.
Matrix with_one_exchanged(In<Matrix> V, std::uint64_t seed, Index number);

}  // namespace nullcline::representation::detail
