// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/linkage.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "nullcline/representation/detail/distances.hpp"

namespace nullcline::representation {
namespace {

/// A cluster stands in the row of its first object; rows that have gone into others are not alive.
class Chain {
 public:
  explicit Chain(Matrix D)
      : D_(std::move(D)),
        sizes_(static_cast<std::size_t>(D_.rows()), 1),
        heights_(static_cast<std::size_t>(D_.rows()), 0),
        alive_(static_cast<std::size_t>(D_.rows()), true) {}

  /// Rows that merge, in the order of the chain, not of heights.
  std::vector<Merge> merges() {
    std::vector<Merge> found;
    std::vector<Index> chain;
    const Index K = D_.rows();
    for (Index left = K; left > 1;) {
      if (chain.empty()) chain.push_back(first_alive());
      const Index last = chain.back();
      const Index before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
      const Index nearest = nearest_to(last, before);
      if (nearest != before) {
        chain.push_back(nearest);
        continue;
      }
      chain.resize(chain.size() - 2);
      found.push_back(merge(std::min(last, before), std::max(last, before)));
      --left;
    }
    return found;
  }

 private:
  Index first_alive() const {
    return std::find(alive_.begin(), alive_.end(), true) - alive_.begin();
  }

  /// The one before in the chain where it is as near as any: else the chain would not end.
  Index nearest_to(Index row, Index before) const {
    Index nearest = before;
    double least = before < 0 ? std::numeric_limits<double>::infinity() : D_(before, row);
    for (Index other = 0; other < D_.rows(); ++other) {
      if (other == row || !alive_[static_cast<std::size_t>(other)] || D_(other, row) >= least) {
        continue;
      }
      least = D_(other, row);
      nearest = other;
    }
    return nearest;
  }

  Merge merge(Index keep, Index gone) {
    Index& p = sizes_[static_cast<std::size_t>(keep)];
    const Index q = sizes_[static_cast<std::size_t>(gone)];
    double& height = heights_[static_cast<std::size_t>(keep)];
    // Not below what it is made of: rounding alone could be.
    height = std::max({D_(keep, gone), height, heights_[static_cast<std::size_t>(gone)]});
    const double share = static_cast<double>(p) / static_cast<double>(p + q);
    D_.col(keep) = share * D_.col(keep) + (1 - share) * D_.col(gone);
    D_.row(keep) = D_.col(keep).transpose();
    alive_[static_cast<std::size_t>(gone)] = false;
    p += q;
    return {keep, gone, height, p};
  }

  Matrix D_;
  std::vector<Index> sizes_;
  std::vector<double> heights_;
  std::vector<bool> alive_;
};

/// Rows as clusters, now that merges are in order: that of a row is the last one that it went into.
void name_clusters(std::vector<Merge>& merges, Index K) {
  std::vector<Index> cluster(static_cast<std::size_t>(K));
  std::iota(cluster.begin(), cluster.end(), 0);
  Index next = K;
  for (Merge& merge : merges) {
    Index& kept = cluster[static_cast<std::size_t>(merge.first)];
    const Index gone = cluster[static_cast<std::size_t>(merge.second)];
    merge.first = std::min(kept, gone);
    merge.second = std::max(kept, gone);
    kept = next++;
  }
}

std::vector<Index> leaves(const std::vector<Merge>& merges, Index K) {
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(K));
  for (Index i = 0; i < K; ++i) members[static_cast<std::size_t>(i)] = {i};
  for (const Merge& merge : merges) {
    std::vector<Index> one = std::move(members[static_cast<std::size_t>(merge.first)]);
    std::vector<Index> other = std::move(members[static_cast<std::size_t>(merge.second)]);
    if (*std::min_element(other.begin(), other.end()) < *std::min_element(one.begin(), one.end())) {
      std::swap(one, other);
    }
    one.insert(one.end(), other.begin(), other.end());
    members.push_back(std::move(one));
  }
  return members.empty() ? std::vector<Index>() : members.back();
}

}  // namespace

Linkage average_linkage(In<Matrix> distances) {
  const Matrix D = detail::checked_pairs(distances, 1, "average_linkage: distances");
  Linkage result;
  result.merges = Chain(D).merges();
  std::stable_sort(result.merges.begin(), result.merges.end(),
                   [](const Merge& a, const Merge& b) { return a.height < b.height; });
  name_clusters(result.merges, D.rows());
  result.order = leaves(result.merges, D.rows());
  return result;
}

}  // namespace nullcline::representation
