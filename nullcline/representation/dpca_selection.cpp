// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dpca_selection.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation {
namespace {

constexpr std::uint64_t stream_of_divisions = 0x64697669646564;  // "divided"

/// The trials of each condition that occurs.
std::vector<std::vector<Index>> trials_by_condition(const Labels& labels) {
  std::map<std::vector<std::int64_t>, std::vector<Index>> found;
  for (Index i = 0; i < labels.cols(); ++i) {
    found[{labels.col(i).begin(), labels.col(i).end()}].push_back(i);
  }
  std::vector<std::vector<Index>> result;
  for (auto& [levels, members] : found) {
    if (members.size() < 2) {
      throw std::invalid_argument(fmt::format(
          "dpca: trial {} is the only one of its condition; leaving trials out needs two",
          members[0]));
    }
    result.push_back(std::move(members));
  }
  return result;
}

/// Some of the trials, with their labels.
struct Part {
  std::vector<Matrix> trials;
  std::vector<Index> numbers;

  void add(std::span<const Matrix> all, Index number) {
    trials.push_back(all[static_cast<std::size_t>(number)]);
    numbers.push_back(number);
  }
  Dpca marginalized(const Labels& labels, bool merge_time) const {
    return marginalize(trials, labels(Eigen::all, numbers), merge_time);
  }
};

struct Division {
  Part one, other;
};

/// `held_out` trials of each condition to `other`, 0: half of them, which ones drawn by `number`.
Division divided(std::span<const Matrix> trials, const std::vector<std::vector<Index>>& conditions,
                 std::size_t held_out, std::uint64_t seed, Index number) {
  RandomStream stream({.seed = seed,
                       .network = stream_of_divisions,
                       .purpose = Purpose::surrogates,
                       .step = static_cast<std::uint64_t>(number)});
  Division result;
  for (std::vector<Index> members : conditions) {
    const std::size_t out = held_out > 0 ? held_out : members.size() / 2;
    for (std::size_t i = 0; i < members.size(); ++i) {
      std::swap(members[i], members[i + stream.below(members.size() - i)]);
      (i < out ? result.other : result.one).add(trials, members[i]);
    }
  }
  return result;
}

/// sum_phi |X_phi - F D Y|^2 / |X|^2.
double error_of(const Dpca& fit, In<Matrix> Y) {
  double sum = 0;
  for (std::size_t p = 0; p < fit.parts.size(); ++p) {
    const Marginalization& each = fit.marginalizations[p];
    sum += (fit.parts[p] - multiply(each.encoder, multiply(each.decoder, Y, true))).squaredNorm();
  }
  return sum / fit.averages.squaredNorm();
}

std::vector<double> usual_ridges() {
  std::vector<double> ridges(26);
  for (std::size_t i = 0; i < ridges.size(); ++i) {
    ridges[i] = 1e-4 * std::pow(1.5, static_cast<double>(i));
  }
  return ridges;
}

}  // namespace

DpcaRidge dpca_ridge(std::span<const Matrix> trials, const Labels& labels,
                     const DpcaRidgeOptions& options) {
  require(options.repeats > 0, "dpca_ridge: repeats must be positive");
  (void)marginalize(trials, labels);  // Throws on what is wrong with them.
  const auto conditions = trials_by_condition(labels);
  DpcaRidge result;
  result.ridges = options.ridges.empty() ? usual_ridges() : options.ridges;
  const auto count = static_cast<Index>(result.ridges.size());
  Matrix errors(count, options.repeats);
  Index done = 0;
  for (; done < options.repeats && !result.canceled; ++done) {
    const Division division = divided(trials, conditions, 1, options.seed, done);
    Dpca fit = division.one.marginalized(labels, options.dpca.merge_time);
    const Dpca left_out = division.other.marginalized(labels, options.dpca.merge_time);
    const Matrix Y = left_out.averages.colwise() + (left_out.mean - fit.mean);
    DpcaOptions how = options.dpca;
    for (Index i = 0; i < count; ++i) {
      how.ridge = result.ridges[static_cast<std::size_t>(i)];
      fit_components(fit, how);
      errors(i, done) = error_of(fit, Y);
    }
    result.canceled = options.progress && !options.progress(static_cast<double>(done + 1) /
                                                            static_cast<double>(options.repeats));
  }
  const Matrix known = errors.leftCols(done);
  result.errors = known.rowwise().mean();
  const double freedom = static_cast<double>(std::max<Index>(done - 1, 1) * done);
  result.standard_error =
      ((known.colwise() - result.errors).rowwise().squaredNorm() / freedom).cwiseSqrt();
  Index least = 0;
  result.errors.minCoeff(&least);
  result.best = result.ridges[static_cast<std::size_t>(least)];
  return result;
}

SplitHalf dpca_split_half(std::span<const Matrix> trials, const Labels& labels,
                          const SplitHalfOptions& options) {
  require(options.splits > 0, "dpca_split_half: splits must be positive");
  const Dpca whole = marginalize(trials, labels, options.merge_time);
  const auto conditions = trials_by_condition(labels);
  const auto count = static_cast<Index>(whole.parts.size());
  Vector shared = Vector::Zero(count);
  SplitHalf result{Vector::Zero(count), Vector::Zero(count), 0};
  while (result.splits < options.splits) {
    const Division halves = divided(trials, conditions, 0, options.seed, result.splits);
    const Dpca X = halves.one.marginalized(labels, options.merge_time);
    const Dpca Y = halves.other.marginalized(labels, options.merge_time);
    for (Index p = 0; p < count; ++p) {
      const Matrix &x = X.parts[static_cast<std::size_t>(p)],
                   &y = Y.parts[static_cast<std::size_t>(p)];
      const double product = x.cwiseProduct(y).sum(), norms = x.norm() * y.norm();
      shared(p) += product;
      result.reliability(p) += norms > 0 ? product / norms : 0;
    }
    ++result.splits;
    if (options.progress && !options.progress(static_cast<double>(result.splits) /
                                              static_cast<double>(options.splits))) {
      break;
    }
  }
  result.reliability /= static_cast<double>(result.splits);
  result.variance = shared.sum() > 0
                        ? Vector(shared / shared.sum())
                        : Vector::Constant(count, std::numeric_limits<double>::quiet_NaN());
  return result;
}

}  // namespace nullcline::representation
