// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/ascents.hpp"

#include <mutex>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
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

void Ascents::climb_from(const std::vector<Matrix>& starts) {
  const SubspaceFunction f = [&information = information_](In<Matrix> at, Matrix& gradient) {
    return information.value_and_gradient(at, gradient);
  };
  const std::size_t before = maxima_.size();
  maxima_.resize(before + starts.size());
  std::mutex mutex;
  parallel_for(static_cast<Index>(starts.size()), threads_, [&](Index i) {
    const std::size_t s = before + static_cast<std::size_t>(i);
    GrassmannAscent ascent(f, starts[static_cast<std::size_t>(i)]);
    ascent.climb(gradient_tolerance_, max_iterations_);
    maxima_[s] = ascent.maximum();
    if (maxima_[s].status == GrassmannStatus::undefined) return;

    const std::lock_guard lock(mutex);
    const auto at = static_cast<Index>(s);
    const double lead =
        best_ < 0 ? 1 : maxima_[s].value - maxima_[static_cast<std::size_t>(best_)].value;
    if (lead > 0 || (lead == 0 && at < best_)) {
      best_ = at;
      best_ascent_ = std::move(ascent);
    }
  });
}

void Ascents::polish(double gradient_tolerance) {
  if (best_ < 0) return;
  GrassmannMaximum& best = maxima_[static_cast<std::size_t>(best_)];
  if (best.status != GrassmannStatus::converged) return;
  best_ascent_->climb(gradient_tolerance, max_iterations_);
  best = best_ascent_->maximum();
}

Matrix with_one_exchanged(In<Matrix> V, std::uint64_t seed, Index number) {
  const Index n = V.rows(), d = V.cols();
  RandomStream stream({.seed = seed,
                       .network = stream_of_exchanges,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(number)});
  Matrix turn(d, d), direction(n, 1);
  stream.fill_normal({turn.data(), static_cast<std::size_t>(turn.size())});
  stream.fill_normal({direction.data(), static_cast<std::size_t>(n)});
  Matrix result = V * orthonormal_basis(turn);
  result.col(0) = direction.normalized();
  return result;
}

}  // namespace nullcline::representation::detail
