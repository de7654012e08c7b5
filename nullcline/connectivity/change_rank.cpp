// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/change_rank.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "nullcline/connectivity/detail/shuffle.hpp"
#include "nullcline/connectivity/detail/square.hpp"
#include "nullcline/core/attempt.hpp"

namespace nullcline::connectivity {
namespace {

void check(In<Matrix> change, const ChangeRankOptions& options) {
  detail::require_square("change_rank", change, 2);
  if (!(options.level > 0 && options.level < 1) || options.surrogates < 1 ||
      options.level * static_cast<double>(options.surrogates + 1) < 1 - 1e-12 ||
      options.max_rank < 0) {
    throw std::invalid_argument(fmt::format(
        "change_rank: level {} must be in (0, 1), level (surrogates + 1) >= 1 with {} surrogates, "
        "and max_rank ({}) >= 0",
        options.level, options.surrogates, options.max_rank));
  }
  if (!options.with_diagonal && change.diagonal().squaredNorm() != 0) {
    throw std::invalid_argument("change_rank: the diagonal changed, so it has to be shuffled too");
  }
}

/// Nothing where LAPACK gives up.
std::optional<RankTest> test(In<Matrix> remainder, double singular_value, Index k,
                             const ChangeRankOptions& options) {
  RankTest result{.singular_value = singular_value};
  Index as_large = 0;
  for (Index s = 0; s < options.surrogates; ++s) {
    RandomStream stream({.seed = options.seed,
                         .purpose = Purpose::surrogates,
                         .step = static_cast<std::uint64_t>(k * options.surrogates + s)});
    const auto values =
        attempt(singular_values, detail::shuffled(remainder, options.with_diagonal, stream));
    if (!values) return std::nullopt;
    const double largest = (*values)(0);
    result.null_mean += largest / static_cast<double>(options.surrogates);
    result.null_maximum = std::max(result.null_maximum, largest);
    if (largest >= singular_value) ++as_large;
  }
  result.p_value = static_cast<double>(1 + as_large) / static_cast<double>(1 + options.surrogates);
  return result;
}

}  // namespace

ChangeRank change_rank(In<Matrix> change, const ChangeRankOptions& options) {
  check(change, options);
  ChangeRank result;
  const auto found = attempt(svd, change);
  if (!found) {
    result.known = false;
    return result;
  }
  const Svd& parts = *found;
  const double rounding =
      static_cast<double>(change.rows()) * std::numeric_limits<double>::epsilon() * parts.values(0);
  Matrix remainder = change;
  const Index most = std::min(options.max_rank, change.rows());
  while (result.rank < most && parts.values(result.rank) > rounding) {
    const Index k = result.rank;
    const auto next = test(remainder, parts.values(k), k, options);
    if (!next) {
      result.known = false;
      break;
    }
    result.tests.push_back(*next);
    if (result.tests.back().p_value > options.level + 1e-12) break;
    remainder -= parts.values(k) * parts.U.col(k) * parts.V.col(k).transpose();
    ++result.rank;
  }
  return result;
}

FunctionalRank functional_rank(In<Matrix> before, In<Matrix> change,
                               const std::function<double(In<Matrix>)>& loss,
                               const FunctionalRankOptions& options) {
  detail::require_square("functional_rank", change, 1);
  if (before.rows() != change.rows() || before.cols() != change.cols() || !before.allFinite()) {
    throw std::invalid_argument(
        fmt::format("functional_rank: before is {} x {} and the change {} x {}; both must be "
                    "finite and of one size",
                    before.rows(), before.cols(), change.rows(), change.cols()));
  }
  if (options.max_rank < 0 || !(options.fraction > 0 && options.fraction < 1)) {
    throw std::invalid_argument(
        fmt::format("functional_rank: max_rank ({}) must be >= 0 and fraction ({}) in (0, 1)",
                    options.max_rank, options.fraction));
  }
  const auto finite_loss = [&](In<Matrix> W) {
    const double value = loss(W);
    return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
  };
  const auto found = attempt(svd, change);
  const Index most = std::min(options.max_rank, change.rows());
  FunctionalRank result;
  if (!found) {
    result.losses = Vector::Constant(most + 1, std::numeric_limits<double>::quiet_NaN());
    result.full_loss = finite_loss(before + change);
    result.known = false;
    return result;
  }
  const Svd& parts = *found;
  result.losses.resize(most + 1);
  Matrix W = before;
  for (Index k = 0; k <= most; ++k) {
    result.losses(k) = finite_loss(W);
    if (k < most) W += parts.values(k) * parts.U.col(k) * parts.V.col(k).transpose();
  }
  result.full_loss = finite_loss(before + change);
  const double gain = result.losses(0) - result.full_loss;
  if (!(gain > 0)) return result;
  for (Index k = most; k >= 0; --k) {
    if (!(result.losses(k) - result.full_loss <= options.fraction * gain)) break;
    result.rank = k;
  }
  return result;
}

}  // namespace nullcline::connectivity
