// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/ascents.hpp"
#include "nullcline/representation/detail/innovations.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation {
namespace {

constexpr double same_maximum = 0.1;  // rad
constexpr Index exchanges_at_once = 2;

void check_options(const DcaOptions& options, Index n) {
  if (options.dim < 1 || options.dim > n) {
    throw std::invalid_argument(
        fmt::format("dca: dim is {}, must be 1 .. {}, the number of units", options.dim, n));
  }
  if (options.window < 1) {
    throw std::invalid_argument(fmt::format("dca: window is {}, must be >= 1", options.window));
  }
  for (const Matrix& guess : options.first_guesses) {
    if (guess.rows() == n && guess.cols() == options.dim) continue;
    throw std::invalid_argument(fmt::format("dca: a first guess is {} x {}, must be {} x {}",
                                            guess.rows(), guess.cols(), n, options.dim));
  }
  if (options.starts < 0 || (options.starts == 0 && !options.start_at_variance &&
                             !options.start_at_predictability && options.first_guesses.empty())) {
    throw std::invalid_argument(fmt::format(
        "dca: {} random starts and no other, at least one start is needed", options.starts));
  }
  if (options.exchanges < 0) {
    throw std::invalid_argument(
        fmt::format("dca: exchanges is {}, must not be negative", options.exchanges));
  }
  if (!(options.ridge >= 0) || !std::isfinite(options.ridge)) {
    throw std::invalid_argument(fmt::format("dca: ridge is {}, must be >= 0", options.ridge));
  }
  if (options.max_iterations < 1 || !(options.gradient_tolerance > 0) ||
      !(options.start_tolerance > 0)) {
    throw std::invalid_argument(
        fmt::format("dca: max_iterations ({}), gradient_tolerance ({}) and start_tolerance ({}) "
                    "must be positive",
                    options.max_iterations, options.gradient_tolerance, options.start_tolerance));
  }
}

void check_covariances(const CrossCovariances& covariances, Index window) {
  const Index n = covariances.dim(), needed = 2 * window;
  if (static_cast<Index>(covariances.lags.size()) < needed) {
    throw std::invalid_argument(fmt::format("dca: a window of {} needs {} lags, there are {}",
                                            window, needed, covariances.lags.size()));
  }
  for (Index k = 0; k < needed; ++k) {
    const Matrix& C = covariances.lags[static_cast<std::size_t>(k)];
    if (C.rows() != n || C.cols() != n || !C.allFinite()) {
      throw std::invalid_argument(
          fmt::format("dca: the covariance at lag {} is {} x {}, must be a finite {} x {}", k,
                      C.rows(), C.cols(), n, n));
    }
  }
  if (covariances.mean.size() != 0 && covariances.mean.size() != n) {
    throw std::invalid_argument(fmt::format("dca: the mean has {} entries, the covariances {}",
                                            covariances.mean.size(), n));
  }
}

Matrix random_directions(std::uint64_t seed, Index start, Index n, Index d) {
  RandomStream stream({.seed = seed,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(start)});
  Matrix V(n, d);
  stream.fill_normal(std::span<double>(V.data(), static_cast<std::size_t>(V.size())));
  return V;
}

struct Start {
  DcaStart kind;
  Matrix U;  // (rank, d), in the coordinates of the search.
};

std::vector<Start> all_starts(const DcaOptions& options,
                              const detail::InnovationCoordinates& coordinates, Index n) {
  const Index d = options.dim;
  std::vector<Start> starts;
  if (options.start_at_variance) {
    starts.push_back(
        {DcaStart::variance, coordinates.from_units(coordinates.principal_axes().leftCols(d))});
  }
  if (options.start_at_predictability) {
    starts.push_back({DcaStart::predictability, Matrix::Identity(coordinates.rank(), d)});
  }
  for (const Matrix& guess : options.first_guesses) {
    starts.push_back({DcaStart::given, coordinates.from_units(guess)});
  }
  for (Index i = 0; i < options.starts; ++i) {
    starts.push_back(
        {DcaStart::random, coordinates.from_units(random_directions(options.seed, i, n, d))});
  }
  return starts;
}

std::vector<GrassmannMaximum> climb_from(const std::vector<Start>& starts,
                                         const PredictiveInformation& information,
                                         const DcaOptions& options) {
  const double tolerance = std::max(options.start_tolerance, options.gradient_tolerance);
  std::vector<GrassmannMaximum> maxima(starts.size());
  parallel_for(static_cast<Index>(starts.size()), options.threads, [&](Index i) {
    const auto s = static_cast<std::size_t>(i);
    maxima[s] = detail::climb(information, starts[s].U, tolerance, options.max_iterations);
  });
  return maxima;
}

/// `exchanges` more starts, a few from each best.
void climb_from_exchanges(std::vector<Start>& starts, std::vector<GrassmannMaximum>& maxima,
                          const PredictiveInformation& information,
                          const detail::InnovationCoordinates& coordinates,
                          const DcaOptions& options) {
  for (Index done = 0; done < options.exchanges; done += exchanges_at_once) {
    const Index best = detail::best_of(maxima);
    if (best < 0) return;
    const Matrix V =
        orthonormal_basis(coordinates.to_units(maxima[static_cast<std::size_t>(best)].point));
    std::vector<Start> more;
    for (Index i = done; i < std::min(done + exchanges_at_once, options.exchanges); ++i) {
      more.push_back({DcaStart::exchange,
                      coordinates.from_units(detail::with_one_exchanged(V, options.seed, i))});
    }
    std::vector<GrassmannMaximum> found = climb_from(more, information, options);
    std::move(more.begin(), more.end(), std::back_inserter(starts));
    std::move(found.begin(), found.end(), std::back_inserter(maxima));
  }
}

/// The best goes on from where its start ended.
void polish(GrassmannMaximum& best, const PredictiveInformation& information,
            const DcaOptions& options) {
  const Index left = options.max_iterations - best.iterations;
  if (best.status != GrassmannStatus::converged || left < 1 ||
      best.gradient_norm <= options.gradient_tolerance) {
    return;
  }
  GrassmannMaximum polished =
      detail::climb(information, best.point, options.gradient_tolerance, left);
  polished.iterations += best.iterations;
  polished.evaluations += best.evaluations;
  best = std::move(polished);
}

/// Lists what came of the starts.
void record(const std::vector<Start>& starts, const std::vector<GrassmannMaximum>& maxima,
            Dca& result) {
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const GrassmannMaximum& maximum = maxima[i];
    result.attempts.push_back(
        {starts[i].kind, maximum.value, maximum.gradient_norm, maximum.iterations, maximum.status});
  }
}

/// Groups the attempts by subspace, from the best one on.
void group(const std::vector<GrassmannMaximum>& found,
           const detail::InnovationCoordinates& coordinates, Dca& result) {
  std::vector<std::size_t> order(found.size()), heads;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return found[i].value > found[j].value; });
  for (const std::size_t i : order) {
    if (found[i].status == GrassmannStatus::undefined) continue;
    std::size_t m = 0;
    while (m < heads.size() &&
           principal_angles(found[heads[m]].point, found[i].point).maxCoeff() > same_maximum) {
      ++m;
    }
    if (m == heads.size()) {
      heads.push_back(i);
      Matrix V = orthonormal_basis(coordinates.to_units(found[i].point));
      Vector angles = principal_angles(V, result.projection);
      result.maxima.push_back({found[i].value, 0, std::move(angles), std::move(V)});
    }
    ++result.maxima[m].starts;
    result.attempts[i].maximum = static_cast<Index>(m);
  }
}

/// Rotates the orthonormal V within its space to V'CV diagonal and decreasing: `variances`.
void make_canonical(Matrix& V, Vector& variances, In<Matrix> C) {
  const Matrix projected = multiply(V, multiply(C, V), true);
  const SymmetricEigen eigen = symmetric_eigen(0.5 * (projected + projected.transpose()));
  V = multiply(V, eigen.vectors.rowwise().reverse());
  variances = eigen.values.reverse().cwiseMax(0);
  detail::orient_columns(V);
}

RepairedCovariances repaired(const CrossCovariances& covariances, const DcaOptions& options) {
  if (options.repair.kind == CovarianceRepair::none) return {covariances, {}};
  return repair_covariances(covariances, 2 * options.window, options.repair);
}

/// `given`: the covariances before repair.
Dca maximize(const CrossCovariances& given, const RepairedCovariances& repaired,
             const DcaOptions& options) {
  const CrossCovariances& covariances = repaired.covariances;
  const Index n = covariances.dim(), lag_count = 2 * options.window;
  Dca result;
  result.mean = given.mean.size() == 0 ? Vector::Zero(n) : given.mean;
  result.total_variance = given.lags[0].trace();
  result.repair = repaired.report;
  result.added_variance = options.ridge * result.total_variance / static_cast<double>(n);

  // In directions without variance the ridge is white noise, which could only take away.
  const detail::InnovationCoordinates coordinates(covariances, result.added_variance);
  result.rank = coordinates.rank();
  if (result.rank < options.dim) {
    result.status = DcaStatus::rank_deficient;
    return result;
  }
  const PredictiveInformation information(
      coordinates.apply(covariances, lag_count, options.threads), options.window,
      options.log_determinant);
  std::vector<Start> starts = all_starts(options, coordinates, n);
  std::vector<GrassmannMaximum> maxima = climb_from(starts, information, options);
  climb_from_exchanges(starts, maxima, information, coordinates, options);
  result.best = detail::best_of(maxima);
  if (result.best < 0) {
    record(starts, maxima, result);
    return result;
  }

  GrassmannMaximum& best = maxima[static_cast<std::size_t>(result.best)];
  polish(best, information, options);
  record(starts, maxima, result);
  result.predictive_information = best.value;
  result.status =
      best.status == GrassmannStatus::converged ? DcaStatus::converged : DcaStatus::not_converged;
  result.projection = orthonormal_basis(coordinates.to_units(best.point));
  group(maxima, coordinates, result);
  make_canonical(result.projection, result.variances, given.lags[0]);
  return result;
}

}  // namespace

const char* name_of(DcaStart kind) {
  switch (kind) {
    case DcaStart::variance:
      return "variance";
    case DcaStart::predictability:
      return "predictability";
    case DcaStart::given:
      return "given";
    case DcaStart::random:
      return "random";
    case DcaStart::exchange:
      return "exchange";
  }
  return "unknown";
}

const char* name_of(DcaStatus status) {
  switch (status) {
    case DcaStatus::converged:
      return "converged";
    case DcaStatus::not_converged:
      return "not_converged";
    case DcaStatus::undefined:
      return "undefined";
    case DcaStatus::rank_deficient:
      return "rank_deficient";
  }
  return "unknown";
}

Dca dca(const CrossCovariances& covariances, const DcaOptions& options) {
  check_options(options, covariances.dim());
  check_covariances(covariances, options.window);
  return maximize(covariances, repaired(covariances, options), options);
}

Dca dca(std::span<const Matrix> trials, const DcaOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "dca");
  check_options(options, shape.dim);
  return dca(cross_covariances(trials, {.count = 2 * options.window,
                                        .divisor = options.divisor,
                                        .threads = options.threads}),
             options);
}

std::vector<Dca> dca_curve(const CrossCovariances& covariances, const DcaOptions& options) {
  const Index n = covariances.dim();
  check_options({.dim = options.dim, .window = options.window, .ridge = options.ridge}, n);
  check_covariances(covariances, options.window);
  const RepairedCovariances usable = repaired(covariances, options);
  std::vector<Dca> curve;
  DcaOptions now = options;
  now.first_guesses.clear();
  for (now.dim = 1; now.dim <= options.dim; ++now.dim) {
    if (!curve.empty()) {
      const Matrix& last = curve.back().projection;
      const Matrix rest = Matrix::Identity(n, n) - last * last.transpose();
      Matrix guess(n, now.dim);
      guess << last,
          symmetric_eigen(multiply(rest, multiply(covariances.lags[0], rest))).vectors.rightCols(1);
      now.first_guesses = {std::move(guess)};
    }
    check_options(now, n);
    Dca next = maximize(covariances, usable, now);
    if (next.projection.size() == 0) break;
    curve.push_back(std::move(next));
  }
  return curve;
}

std::vector<Dca> dca_curve(std::span<const Matrix> trials, const DcaOptions& options) {
  return dca_curve(cross_covariances(trials, {.count = 2 * options.window,
                                              .divisor = options.divisor,
                                              .threads = options.threads}),
                   options);
}

}  // namespace nullcline::representation
