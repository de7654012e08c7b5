// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/ascents.hpp"

#include <utility>

#include "nullcline/core/random.hpp"

namespace nullcline::representation::detail {
namespace {

/// Apart from the random starts.
constexpr std::uint64_t stream_of_exchanges = 0x65786368616e6765;  // "exchange"

}  // namespace

Ascents::Ascents(const PredictiveInformation& information, double gradient_tolerance,
                 Index max_iterations, Threads threads)
    : information_(information),
      gradient_tolerance_(gradient_tolerance),
      max_iterations_(max_iterations),
      threads_(threads) {}

GrassmannMaximum Ascents::climb(In<Matrix> start, double gradient_tolerance,
                                Index max_iterations) const {
  const SubspaceFunction f = [&](In<Matrix> at, Matrix& gradient) {
    return information_.value_and_gradient(at, gradient);
  };
  return maximize_on_grassmann(
      f, start, {.max_iterations = max_iterations, .gradient_tolerance = gradient_tolerance});
}

void Ascents::climb_from(const std::vector<Matrix>& starts) {
  const std::size_t before = maxima_.size();
  maxima_.resize(before + starts.size());
  parallel_for(static_cast<Index>(starts.size()), threads_, [&](Index i) {
    const auto s = static_cast<std::size_t>(i);
    maxima_[before + s] = climb(starts[s], gradient_tolerance_, max_iterations_);
  });
}

Index Ascents::best() const {
  Index best = -1;
  for (std::size_t i = 0; i < maxima_.size(); ++i) {
    if (maxima_[i].status == GrassmannStatus::undefined) continue;
    if (best < 0 || maxima_[i].value > maxima_[static_cast<std::size_t>(best)].value) {
      best = static_cast<Index>(i);
    }
  }
  return best;
}

Index Ascents::polish(double gradient_tolerance) {
  const Index chosen = best();
  if (chosen < 0) return chosen;
  GrassmannMaximum& best_one = maxima_[static_cast<std::size_t>(chosen)];
  const Index left = max_iterations_ - best_one.iterations;
  if (best_one.status != GrassmannStatus::converged || left < 1 ||
      best_one.gradient_norm <= gradient_tolerance) {
    return chosen;
  }
  GrassmannMaximum polished = climb(best_one.point, gradient_tolerance, left);
  polished.iterations += best_one.iterations;
  polished.evaluations += best_one.evaluations;
  best_one = std::move(polished);
  return chosen;
}

Matrix with_one_exchanged(In<Matrix> V, std::uint64_t seed, Index number) {
  const Index n = V.rows(), d = V.cols();
  RandomStream stream({.seed = seed,
                       .network = stream_of_exchanges,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(number)});
  Matrix direction(n, 1);
  stream.fill_normal({direction.data(), static_cast<std::size_t>(n)});
  Matrix result = V;
  result.col(number % d) = direction.normalized();
  return result;
}

}  // namespace nullcline::representation::detail
