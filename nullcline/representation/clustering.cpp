// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/clustering.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/detail/labels.hpp"

namespace nullcline::representation {
namespace {

using detail::Classes;

/// (classes, K) the sum of the distances of each object to those of each class.
Matrix sums_to_classes(const Matrix& D, const Classes& classes) {
  Matrix sums = Matrix::Zero(classes.count(), D.cols());
  for (Index i = 0; i < D.cols(); ++i) {
    for (Index j = 0; j < D.rows(); ++j)
      sums(classes.of[static_cast<std::size_t>(j)], i) += D(j, i);
  }
  return sums;
}

Vector class_means_of(const Vector& values, const Classes& classes) {
  Vector means = Vector::Zero(classes.count());
  for (Index i = 0; i < values.size(); ++i) {
    const Index own = classes.of[static_cast<std::size_t>(i)];
    means(own) += values(i) / static_cast<double>(classes.sizes[static_cast<std::size_t>(own)]);
  }
  return means;
}

/// sum_c sum_{i<j in c} S_ij / K_c of squared distances S.
double within_classes(const Matrix& S, const std::vector<Index>& of,
                      const std::vector<Index>& sizes) {
  std::vector<double> sums(sizes.size(), 0);
  for (Index j = 0; j < S.cols(); ++j) {
    const Index own = of[static_cast<std::size_t>(j)];
    for (Index i = 0; i < j; ++i) {
      if (of[static_cast<std::size_t>(i)] == own) sums[static_cast<std::size_t>(own)] += S(i, j);
    }
  }
  double within = 0;
  for (std::size_t c = 0; c < sums.size(); ++c) within += sums[c] / static_cast<double>(sizes[c]);
  return within;
}

/// An object that has a vote, or a part of one.
struct Voter {
  Index object;
  double weight;
};

/// Of each object the k nearest others; those that tie for the last places share them.
std::vector<std::vector<Voter>> voters_of(const Matrix& D, Index k) {
  const Index K = D.cols();
  std::vector<std::vector<Voter>> result;
  for (Index i = 0; i < K; ++i) {
    std::vector<double> others;
    for (Index j = 0; j < K; ++j) {
      if (j != i) others.push_back(D(j, i));
    }
    std::nth_element(others.begin(), others.begin() + (k - 1), others.end());
    const double last = others[static_cast<std::size_t>(k - 1)], rounding = 1e-12 * last;
    std::vector<Voter> nearer, tied;
    for (Index j = 0; j < K; ++j) {
      if (j == i || D(j, i) > last + rounding) continue;
      (D(j, i) < last - rounding ? nearer : tied).push_back({j, 1});
    }
    const double left = static_cast<double>(k) - static_cast<double>(nearer.size());
    for (Voter& voter : tied) voter.weight = left / static_cast<double>(tied.size());
    nearer.insert(nearer.end(), tied.begin(), tied.end());
    result.push_back(std::move(nearer));
  }
  return result;
}

/// (K) the credit of each object.
Vector credits_of(const std::vector<std::vector<Voter>>& voters, const std::vector<Index>& of,
                  Index classes) {
  Vector credits(static_cast<Index>(voters.size()));
  for (std::size_t i = 0; i < voters.size(); ++i) {
    Vector votes = Vector::Zero(classes);
    for (const Voter& voter : voters[i]) {
      votes(of[static_cast<std::size_t>(voter.object)]) += voter.weight;
    }
    const double most = votes.maxCoeff() * (1 - 1e-12);
    const Index winners = (votes.array() >= most).count();
    credits(static_cast<Index>(i)) = votes(of[i]) >= most ? 1 / static_cast<double>(winners) : 0;
  }
  return credits;
}

}  // namespace

Silhouette silhouette(In<Matrix> distances, std::span<const Index> labels) {
  const Matrix D = detail::checked_pairs(distances, 2, "silhouette: distances");
  const Classes classes = detail::classes_of(labels, D.rows(), "silhouette");
  const Matrix sums = sums_to_classes(D, classes);

  Silhouette result;
  result.classes = classes.names;
  result.values = Vector::Zero(D.rows());
  for (Index i = 0; i < D.rows(); ++i) {
    const Index own = classes.of[static_cast<std::size_t>(i)];
    const Index own_size = classes.sizes[static_cast<std::size_t>(own)];
    if (own_size == 1) continue;
    const double inside = sums(own, i) / static_cast<double>(own_size - 1);
    double outside = std::numeric_limits<double>::infinity();
    for (Index c = 0; c < classes.count(); ++c) {
      if (c == own) continue;
      const double size = static_cast<double>(classes.sizes[static_cast<std::size_t>(c)]);
      outside = std::min(outside, sums(c, i) / size);
    }
    const double larger = std::max(inside, outside);
    if (larger > 0) result.values(i) = (outside - inside) / larger;
  }
  result.mean = result.values.mean();
  result.class_means = class_means_of(result.values, classes);
  return result;
}

Permanova permanova(In<Matrix> distances, std::span<const Index> labels,
                    const PermutationOptions& options) {
  const Matrix S = detail::checked_pairs(distances, 2, "permanova: distances").array().square();
  const Classes classes = detail::classes_of(labels, S.rows(), "permanova");
  const Index K = S.rows();
  if (K <= classes.count()) {
    throw std::invalid_argument(fmt::format(
        "permanova: {} objects of {} classes leave nothing within them", K, classes.count()));
  }
  Permanova result;
  result.degrees_between = classes.count() - 1;
  result.degrees_within = K - classes.count();
  result.total = S.sum() / 2 / static_cast<double>(K);

  const double scale =
      static_cast<double>(result.degrees_within) / static_cast<double>(result.degrees_between);
  const auto pseudo_f = [&](double within) {
    const double between = std::max(0.0, result.total - within);
    if (between == 0) return 0.0;
    return within > 0 ? scale * between / within : std::numeric_limits<double>::infinity();
  };
  result.within = within_classes(S, classes.of, classes.sizes);
  result.pseudo_f = pseudo_f(result.within);
  if (result.total > 0) result.r_squared = 1 - result.within / result.total;

  // F falls as SS_within grows, and -SS_within is finite.
  const auto null = detail::permute(
      classes, -result.within,
      [&](const std::vector<Index>& of) { return -within_classes(S, of, classes.sizes); }, options,
      "permanova");
  result.p_value = null.p_value;
  result.cancelled = null.cancelled;
  return result;
}

NeighborAccuracy neighbor_accuracy(In<Matrix> distances, std::span<const Index> labels,
                                   const NeighborAccuracyOptions& options) {
  const Matrix D = detail::checked_pairs(distances, 2, "neighbor_accuracy: distances");
  const Classes classes = detail::classes_of(labels, D.rows(), "neighbor_accuracy");
  if (options.neighbors < 1 || options.neighbors >= D.rows()) {
    throw std::invalid_argument(
        fmt::format("neighbor_accuracy: neighbors is {}, must be 1 .. {} for {} objects",
                    options.neighbors, D.rows() - 1, D.rows()));
  }
  const auto voters = voters_of(D, options.neighbors);
  NeighborAccuracy result;
  result.credits = credits_of(voters, classes.of, classes.count());
  result.accuracy = result.credits.mean();
  result.balanced_accuracy = class_means_of(result.credits, classes).mean();

  const auto null = detail::permute(
      classes, result.accuracy,
      [&](const std::vector<Index>& of) { return credits_of(voters, of, classes.count()).mean(); },
      options.permutation, "neighbor_accuracy");
  result.chance = null.mean;
  result.chance_deviation = null.deviation;
  result.p_value = null.p_value;
  result.cancelled = null.cancelled;
  return result;
}

}  // namespace nullcline::representation
