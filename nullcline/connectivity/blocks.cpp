// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/blocks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "nullcline/connectivity/detail/shuffle.hpp"
#include "nullcline/connectivity/detail/square.hpp"

namespace nullcline::connectivity {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<Index> group_sizes(const std::vector<Index>& labels, Index n) {
  if (static_cast<Index>(labels.size()) != n) {
    throw std::invalid_argument(
        fmt::format("block_statistics: {} labels for {} units", labels.size(), n));
  }
  const auto [low, high] = std::minmax_element(labels.begin(), labels.end());
  if (*low < 0 || *high >= n) {
    throw std::invalid_argument(fmt::format(
        "block_statistics: labels from {} to {}, must be 0 .. groups - 1", *low, *high));
  }
  std::vector<Index> sizes(static_cast<std::size_t>(*high + 1), 0);
  for (const Index label : labels) ++sizes[static_cast<std::size_t>(label)];
  const auto empty = std::find(sizes.begin(), sizes.end(), Index{0});
  if (empty != sizes.end()) {
    throw std::invalid_argument(fmt::format(
        "block_statistics: no unit has the label {}, but one {}", empty - sizes.begin(), *high));
  }
  return sizes;
}

/// A = |W| without loops, and what modularity needs of it.
struct Strengths {
  Matrix A;
  Vector in, out;
  double total;
};

Strengths strengths(In<Matrix> W) {
  Matrix A = W.cwiseAbs();
  A.diagonal().setZero();
  const Vector in = A.rowwise().sum(), out = A.colwise().sum().transpose();
  const double total = in.sum();
  return {std::move(A), in, out, total};
}

double modularity(const Strengths& s, const std::vector<Index>& labels, Index groups) {
  if (s.total == 0) return 0;
  double within = 0;
  Vector in = Vector::Zero(groups), out = Vector::Zero(groups);
  for (Index j = 0; j < s.A.cols(); ++j) {
    const Index label = labels[static_cast<std::size_t>(j)];
    in(label) += s.in(j);
    out(label) += s.out(j);
    for (Index i = 0; i < s.A.rows(); ++i) {
      if (labels[static_cast<std::size_t>(i)] == label) within += s.A(i, j);
    }
  }
  return (within - in.dot(out) / s.total) / s.total;
}

}  // namespace

Blocks block_statistics(In<Matrix> W, const std::vector<Index>& labels,
                        const BlockOptions& options) {
  detail::require_square("block_statistics", W, 2);
  if (options.surrogates < 1) {
    throw std::invalid_argument(
        fmt::format("block_statistics: surrogates ({}) must be >= 1", options.surrogates));
  }
  const Index n = W.rows();
  Blocks result;
  result.sizes = group_sizes(labels, n);
  const Index g = result.groups = static_cast<Index>(result.sizes.size());
  Matrix pairs = Matrix::Zero(g, g), connections = pairs, sum = pairs, absolute = pairs;
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      if (i == j) continue;
      const Index to = labels[static_cast<std::size_t>(i)];
      const Index from = labels[static_cast<std::size_t>(j)];
      ++pairs(to, from);
      if (W(i, j) == 0) continue;
      ++connections(to, from);
      sum(to, from) += W(i, j);
      absolute(to, from) += std::abs(W(i, j));
    }
  }
  const auto ratio = [](double a, double b) { return b > 0 ? a / b : none; };
  result.density = connections.binaryExpr(pairs, ratio);
  result.mean = sum.binaryExpr(pairs, ratio);
  result.strength = absolute.binaryExpr(connections, ratio);

  const Strengths all = strengths(W);
  result.modularity = modularity(all, labels, g);
  Index as_large = 0;
  std::vector<Index> permuted = labels;
  // Sums over the same groups in another order differ by rounding.
  const double rounding = 1e-12;
  for (Index s = 0; s < options.surrogates; ++s) {
    RandomStream stream({.seed = options.seed,
                         .purpose = Purpose::surrogates,
                         .step = static_cast<std::uint64_t>(s)});
    detail::shuffle(n, stream, [&](Index a, Index b) {
      std::swap(permuted[static_cast<std::size_t>(a)], permuted[static_cast<std::size_t>(b)]);
    });
    if (modularity(all, permuted, g) >= result.modularity - rounding) ++as_large;
  }
  result.p_value = static_cast<double>(1 + as_large) / static_cast<double>(1 + options.surrogates);
  return result;
}

std::vector<Index> dale_groups(In<Matrix> W) {
  detail::require_square("dale_groups", W, 1);
  std::vector<Index> labels;
  for (Index j = 0; j < W.cols(); ++j) {
    Vector sent = W.col(j);
    sent(j) = 0;
    const bool positive = (sent.array() >= 0).all(), negative = (sent.array() <= 0).all();
    if (!positive && !negative) return {};
    labels.push_back(positive ? 0 : 1);
  }
  const auto inhibitory = std::count(labels.begin(), labels.end(), Index{1});
  if (inhibitory == 0 || inhibitory == W.cols()) return {};
  return labels;
}

}  // namespace nullcline::connectivity
