// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <queue>

#include "nullcline/representation/homology/persistent_homology.hpp"

namespace nullcline::representation {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Births of infinite bars, ascending, and the finite bars.
struct Parts {
  std::vector<double> infinite;
  Diagram finite;
};

Parts parts_of(const Diagram& diagram) {
  Parts parts;
  for (const Bar& bar : diagram) {
    if (std::isinf(bar.death)) {
      parts.infinite.push_back(bar.birth);
    } else {
      parts.finite.push_back(bar);
    }
  }
  std::sort(parts.infinite.begin(), parts.infinite.end());
  return parts;
}

double between(const Bar& one, const Bar& other) {
  return std::max(std::abs(one.birth - other.birth), std::abs(one.death - other.death));
}

/// Finite bars of both, each with a place on the diagonal for every bar of the other: left vertex
/// i < m is bar i of one, m + j the diagonal place of bar j of the other; right alike.
class BarMatching {
 public:
  BarMatching(const Diagram& one, const Diagram& other) : one_(one), other_(other) {}

  std::vector<double> candidates() const {
    std::vector<double> all = {0};
    for (const Bar& bar : one_) all.push_back(bar.persistence() / 2);
    for (const Bar& bar : other_) all.push_back(bar.persistence() / 2);
    for (const Bar& bar : one_) {
      for (const Bar& partner : other_) all.push_back(between(bar, partner));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  /// Whether all can be matched at distances <= t [Hopcroft & Karp 1973].
  bool is_perfect(double t) {
    t_ = t;
    partner_of_left_.assign(count(), none);
    partner_of_right_.assign(count(), none);
    std::size_t matched = 0;
    while (find_levels()) {
      for (std::size_t left = 0; left < count(); ++left) {
        if (partner_of_left_[left] == none && augment(left)) ++matched;
      }
    }
    return matched == count();
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::size_t count() const { return one_.size() + other_.size(); }

  bool may_match(std::size_t left, std::size_t right) const {
    const std::size_t m = one_.size(), k = other_.size();
    if (left < m && right < k) return between(one_[left], other_[right]) <= t_;
    if (left < m) return right - k == left && one_[left].persistence() / 2 <= t_;
    if (right < k) return left - m == right && other_[right].persistence() / 2 <= t_;
    return true;  // two places on the diagonal
  }

  /// Breadth first from free left vertices; whether a free right one is reached.
  bool find_levels() {
    level_.assign(count(), none);
    std::queue<std::size_t> queue;
    for (std::size_t left = 0; left < count(); ++left) {
      if (partner_of_left_[left] != none) continue;
      level_[left] = 0;
      queue.push(left);
    }
    bool reached = false;
    for (; !queue.empty(); queue.pop()) {
      const std::size_t left = queue.front();
      for (std::size_t right = 0; right < count(); ++right) {
        if (!may_match(left, right)) continue;
        const std::size_t next = partner_of_right_[right];
        if (next == none) {
          reached = true;
        } else if (level_[next] == none) {
          level_[next] = level_[left] + 1;
          queue.push(next);
        }
      }
    }
    return reached;
  }

  /// Depth first along the levels; a vertex that leads nowhere is closed.
  bool augment(std::size_t left) {
    for (std::size_t right = 0; right < count(); ++right) {
      if (!may_match(left, right)) continue;
      const std::size_t next = partner_of_right_[right];
      if (next != none && (level_[next] != level_[left] + 1 || !augment(next))) continue;
      partner_of_left_[left] = right;
      partner_of_right_[right] = left;
      return true;
    }
    level_[left] = none;
    return false;
  }

  const Diagram &one_, &other_;
  double t_ = 0;
  std::vector<std::size_t> partner_of_left_, partner_of_right_, level_;
};

}  // namespace

double bottleneck_distance(const Diagram& one, const Diagram& other) {
  const Parts left = parts_of(one), right = parts_of(other);
  if (left.infinite.size() != right.infinite.size()) return infinity;
  double distance = 0;
  for (std::size_t i = 0; i < left.infinite.size(); ++i) {
    distance = std::max(distance, std::abs(left.infinite[i] - right.infinite[i]));
  }
  BarMatching matching(left.finite, right.finite);
  const std::vector<double> candidates = matching.candidates();
  // The longest of all lets each bar go to the diagonal, so the last candidate always does.
  const auto least = std::partition_point(candidates.begin(), candidates.end() - 1,
                                          [&](double t) { return !matching.is_perfect(t); });
  return std::max(distance, *least);
}

}  // namespace nullcline::representation
