// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/starts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::dynamics {
namespace {

/// The blocks, as the high half of a stream's step.
enum Block : std::uint64_t { subset = 1, mixed = 2, noisy = 3, boxed = 4, about = 5 };

RandomStream stream(const StartOptions& options, Block block, Index start) {
  return RandomStream(
      {options.seed, options.network, Purpose::analysis_starts,
       (static_cast<std::uint64_t>(block) << 32) | static_cast<std::uint64_t>(start)});
}

/// The first `count` of a random permutation of 0 .. size - 1 (Fisher and Yates).
std::vector<Index> random_subset(RandomStream random, Index size, Index count) {
  std::vector<Index> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = 0; i < count; ++i) {
    const auto j = i + static_cast<Index>(random.below(static_cast<std::uint64_t>(size - i)));
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
  }
  order.resize(static_cast<std::size_t>(count));
  return order;
}

Vector mix(In<Matrix> states, RandomStream& random) {
  const auto size = static_cast<std::uint64_t>(states.cols());
  const auto a = static_cast<Index>(random.below(size));
  const auto b = static_cast<Index>(random.below(size));
  const double w = random.uniform();
  return w * states.col(a) + (1 - w) * states.col(b);
}

/// sqrt(mean_i var_i) over the coordinates i.
double spread(In<Matrix> states) {
  const Vector mean = states.rowwise().mean();
  return std::sqrt((states.colwise() - mean).squaredNorm() / static_cast<double>(states.size()));
}

}  // namespace

Matrix draw_starts(In<Matrix> states, const StartOptions& options) {
  require(states.size() > 0, "draw_starts: need at least one state");
  require(states.allFinite(), "draw_starts: a state is not finite");
  require(options.states >= 0 && options.mixes >= 0 && options.noisy >= 0 && options.boxed >= 0 &&
              options.first >= 0,
          "draw_starts: need states >= 0, mixes >= 0, noisy >= 0, boxed >= 0, first >= 0");
  require(options.noise >= 0 && options.box >= 0, "draw_starts: need noise >= 0, box >= 0");
  const Index first = std::min(options.states, states.cols());
  Matrix starts(states.rows(), first + options.mixes + options.noisy + options.boxed);

  Index column = 0;
  for (const Index i : random_subset(stream(options, Block::subset, 0), states.cols(), first)) {
    starts.col(column++) = states.col(i);
  }
  for (Index k = 0; k < options.mixes; ++k) {
    RandomStream random = stream(options, Block::mixed, options.first + k);
    starts.col(column++) = mix(states, random);
  }
  const double sd = options.noise * spread(states);
  Vector noise(states.rows());
  for (Index k = 0; k < options.noisy; ++k) {
    RandomStream random = stream(options, Block::noisy, options.first + k);
    starts.col(column) = mix(states, random);
    random.fill_normal(std::span<double>(noise.data(), static_cast<std::size_t>(noise.size())), sd);
    starts.col(column++) += noise;
  }
  const double half_width = options.box > 0 ? options.box : states.cwiseAbs().maxCoeff();
  for (Index k = 0; k < options.boxed; ++k) {
    RandomStream random = stream(options, Block::boxed, options.first + k);
    for (double& x : starts.col(column)) x = half_width * (2 * random.uniform() - 1);
    ++column;
  }
  return starts;
}

Matrix draw_starts_about(In<Matrix> roots, In<Matrix> states, Index count,
                         const StartOptions& options) {
  require(roots.size() > 0 && states.size() > 0 && roots.rows() == states.rows(),
          "draw_starts_about: need a root and a state at least, of one dimension");
  require(roots.allFinite() && states.allFinite(),
          "draw_starts_about: a root or a state is not finite");
  require(count >= 0 && options.first >= 0, "draw_starts_about: need count >= 0, first >= 0");
  const double unit = spread(states);
  const auto P = static_cast<std::uint64_t>(roots.cols());
  Matrix starts(roots.rows(), count);
  Vector noise(roots.rows());
  for (Index k = 0; k < count; ++k) {
    RandomStream random = stream(options, Block::about, options.first + k);
    const auto a = static_cast<Index>(random.below(P)), b = static_cast<Index>(random.below(P));
    const double w = 2 * random.uniform() - 0.5;
    const double sd = unit * std::exp2(5 * random.uniform() - 4);
    random.fill_normal(std::span<double>(noise.data(), static_cast<std::size_t>(noise.size())), sd);
    starts.col(k) = roots.col(a) + w * (roots.col(b) - roots.col(a)) + noise;
  }
  return starts;
}

}  // namespace nullcline::dynamics
