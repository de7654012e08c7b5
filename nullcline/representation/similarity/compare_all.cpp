// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/compare_all.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/over_items.hpp"
#include "nullcline/representation/similarity/detail/comparison_plan.hpp"
#include "nullcline/representation/similarity/detail/cross_products.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation {
namespace {

using detail::CrossProduct;
using detail::FactorGroup;
using detail::Features;
using detail::is_single;
using detail::Metric;
using detail::most_columns;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A block of networks, prepared.
template <class Real>
struct Block {
  Index first = 0, count = 0;
  std::vector<Features> features;         // of linear metrics without the factors,
  std::vector<FactorGroup<Real>> groups;  // which are here
  std::vector<Index> group_first;         // of each group, within the block
};

template <class Real>
class AllPairs {
 public:
  AllPairs(const Population& population, const Metric& metric, const PopulationOptions& options,
           PopulationDistances& result)
      : population_(population), metric_(metric), options_(options), result_(result) {
    options_.similarity.threads = Threads{1};
    const auto work = static_cast<double>(result.plan.pairs);
    total_ = std::max(1.0, work);
  }

  void run() {
    const PopulationPlan& plan = result_.plan;
    for (Index a = 0; a < plan.blocks && !stopped(); ++a) {
      Block<Real> first, second;
      for (Index b = a; b < plan.blocks && !stopped(); ++b) {
        if (is_known(a, b)) {
          count(pairs_of(a, b));
          continue;
        }
        if (first.count == 0) first = load(a);
        if (b > a) second = load(b);
        if (!stopped()) compare(first, b > a ? second : first);
      }
    }
    result_.cancelled = stopped();
  }

 private:
  Index begin(Index block) const { return block * result_.plan.block; }
  Index size(Index block) const {
    return std::min(result_.plan.block, result_.plan.networks - begin(block));
  }
  double pairs_of(Index a, Index b) const {
    const auto n = static_cast<double>(size(a)), k = static_cast<double>(size(b));
    return a == b ? n * (n - 1) / 2 : n * k;
  }
  bool stopped() const { return !cancellation_.keep_going(); }

  bool is_known(Index a, Index b) const {
    if (options_.known.size() == 0) return false;
    return !result_.distances.block(begin(a), begin(b), size(a), size(b)).hasNaN() &&
           !result_.distances.block(begin(b), begin(a), size(b), size(a)).hasNaN();
  }

  /// Counts pairs as done; the callback may ask to stop.
  void count(double pairs) {
    const std::lock_guard lock(mutex_);
    done_ += pairs;
    if (options_.progress && !options_.progress(std::min(1.0, done_ / total_)) && done_ < total_) {
      cancellation_.cancel();
    }
  }

  Features prepared(Index network) {
    const Matrix X = population_.data(network);
    const Index units = population_.units[static_cast<std::size_t>(network)];
    if (X.rows() != units || X.cols() != population_.samples) {
      throw std::invalid_argument(
          fmt::format("compare_all: network {} has {} units and {} samples, expected {} and {}",
                      network, X.rows(), X.cols(), units, population_.samples));
    }
    Features features = detail::prepare(metric_, X, options_.similarity,
                                        fmt::format("network {}", network), population_.trials);
    if (!features.defined) result_.distances(network, network) = nan;
    if (metric_.components) {
      result_.dims[static_cast<std::size_t>(network)] = features.factor.cols();
    }
    return features;
  }

  Block<Real> load(Index number) {
    Block<Real> block{begin(number), size(number), {}, {}, {}};
    block.features.resize(static_cast<std::size_t>(block.count));
    if (metric_.cross == CrossProduct::none) {
      parallel_for(block.count, options_.threads, [&](Index i) {
        if (!stopped()) block.features[static_cast<std::size_t>(i)] = prepared(block.first + i);
      });
      return block;
    }
    // Networks of a group at a time, so that no more than a group is there twice.
    Index at = 0;
    while (at < block.count && !stopped()) {
      Index end = at, columns = 0;
      while (end < block.count) {
        columns += most_columns(population_, block.first + end, options_, metric_);
        if (end > at && columns > detail::group_columns) break;
        ++end;
      }
      load_group(block, at, end - at);
      at = end;
    }
    return block;
  }

  void load_group(Block<Real>& block, Index at, Index count) {
    const auto features = block.features.begin() + at;
    parallel_for(count, options_.threads, [&](Index i) {
      if (!stopped()) features[i] = prepared(block.first + at + i);
    });
    if (stopped()) return;
    std::vector<Index> columns;
    for (Index i = 0; i < count; ++i) columns.push_back(features[i].factor.cols());
    block.groups.emplace_back(population_.samples, columns);
    block.group_first.push_back(at);
    for (Index i = 0; i < count; ++i) {
      block.groups.back().put(i, features[i].factor);
      features[i].factor.resize(0, columns[static_cast<std::size_t>(i)]);
    }
  }

  void compare(const Block<Real>& A, const Block<Real>& B) {
    metric_.cross == CrossProduct::none ? compare_features(A, B) : compare_groups(A, B);
  }

  void put(Index i, Index j, double distance) {
    result_.distances(i, j) = distance;
    if (metric_.info.symmetric) result_.distances(j, i) = distance;
  }

  /// Of dsa: told before any search, and of whom.
  void require_one_rank(const Block<Real>& block) {
    if (metric_.prepare_trials == nullptr || options_.similarity.dsa.alignment.pad) return;
    for (Index i = 0; i < std::ssize(block.features); ++i) {
      const Features& features = block.features[static_cast<std::size_t>(i)];
      if (!features.defined || features.factor.size() == 0) continue;
      if (rank_ == 0) {
        rank_ = features.factor.rows();
        ranked_ = block.first + i;
      }
      if (features.factor.rows() == rank_) continue;
      throw std::invalid_argument(fmt::format(
          "compare_all: the delayed states of network {} have {} dimensions, those of network {} "
          "{}: dsa needs one rank, or pad",
          block.first + i, features.factor.rows(), ranked_, rank_));
    }
  }

  void compare_features(const Block<Real>& A, const Block<Real>& B) {
    require_one_rank(A);
    require_one_rank(B);
    const auto compare_to = [&](Index i, const Features& X, Index j, const Features& Y) {
      Similarity found;
      found.distance = nan;
      if (X.defined && Y.defined) found = metric_.compare(X, Y, options_.similarity);
      put(i, j, found.distance);
      if (result_.bounds.size() == 0) return;
      result_.bounds(i, j) = result_.bounds(j, i) = found.distance - found.gap;
    };
    parallel_for(A.count, options_.threads, [&](Index i) {
      const Features& X = A.features[static_cast<std::size_t>(i)];
      for (Index j = &A == &B ? i + 1 : 0; j < B.count && !stopped(); ++j) {
        const Features& Y = B.features[static_cast<std::size_t>(j)];
        compare_to(A.first + i, X, B.first + j, Y);
        if (!metric_.info.symmetric) compare_to(B.first + j, Y, A.first + i, X);
        count(1);
      }
    });
  }

  void compare_groups(const Block<Real>& A, const Block<Real>& B) {
    std::vector<std::pair<std::size_t, std::size_t>> tiles;
    for (std::size_t g = 0; g < A.groups.size(); ++g) {
      for (std::size_t h = &A == &B ? g : 0; h < B.groups.size(); ++h) tiles.emplace_back(g, h);
    }
    const Index workers = std::min<Index>(thread_count(options_.threads), std::ssize(tiles));
    std::atomic<std::size_t> next = 0;
    parallel_for(workers, options_.threads, [&](Index) {
      detail::CrossProducts<Real> products;
      Matrix numbers;
      for (std::size_t t = next++; t < tiles.size() && !stopped(); t = next++) {
        const auto [g, h] = tiles[t];
        products.compute(A.groups[g], B.groups[h], metric_.cross, numbers);
        put_tile(A, B, g, h, numbers);
      }
    });
  }

  void put_tile(const Block<Real>& A, const Block<Real>& B, std::size_t g, std::size_t h,
                const Matrix& numbers) {
    const bool same = &A == &B && g == h;
    double pairs = 0;
    for (Index j = 0; j < numbers.cols(); ++j) {
      for (Index i = 0; i < (same ? j : numbers.rows()); ++i, ++pairs) {
        const Index at = A.group_first[g] + i, to = B.group_first[h] + j;
        const Features& X = A.features[static_cast<std::size_t>(at)];
        const Features& Y = B.features[static_cast<std::size_t>(to)];
        put(A.first + at, B.first + to,
            X.defined && Y.defined ? metric_.distance(numbers(i, j), X, Y) : nan);
      }
    }
    if (pairs > 0) count(pairs);
  }

  const Population& population_;
  const Metric& metric_;
  PopulationOptions options_;
  PopulationDistances& result_;
  Cancellation cancellation_;
  std::mutex mutex_;
  double done_ = 0, total_;
  Index rank_ = 0, ranked_ = 0;  // of dsa, and of which network it was first seen
};

}  // namespace

Population population_of(std::span<const Matrix> networks) {
  Population population;
  for (const Matrix& network : networks) population.units.push_back(network.rows());
  population.samples = networks.empty() ? 0 : networks.front().cols();
  population.data = [networks](Index i) { return networks[static_cast<std::size_t>(i)]; };
  return population;
}

PopulationDistances compare_all(const Population& population, const std::string& metric,
                                const PopulationOptions& options) {
  PopulationDistances result;
  result.plan = plan_comparison(population, metric, options);
  const Index count = result.plan.networks;
  const Metric& chosen = detail::metric_named(metric);
  if (options.known.size() > 0) {
    require(options.known.rows() == count && options.known.cols() == count,
            "compare_all: known distances must be (N, N)");
    result.distances = options.known;
  } else {
    result.distances = Matrix::Constant(count, count, nan);
  }
  result.distances.diagonal().setZero();
  result.dims.assign(static_cast<std::size_t>(count), 0);
  if (chosen.prepare_trials != nullptr) {
    result.bounds = Matrix::Constant(count, count, nan);
    result.bounds.diagonal().setZero();
  }
  if (is_single(chosen)) {
    AllPairs<float>(population, chosen, options, result).run();
  } else {
    AllPairs<double>(population, chosen, options, result).run();
  }
  return result;
}

}  // namespace nullcline::representation
