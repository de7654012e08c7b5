// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/ascents.hpp"
#include "nullcline/representation/detail/dca_checks.hpp"
#include "nullcline/representation/detail/innovations.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation {
namespace {

constexpr double same_maximum = 0.1;  // rad
constexpr Index exchanges_at_once = 2;

Matrix random_directions(std::uint64_t seed, Index start, Index n, Index d) {
  RandomStream stream({.seed = seed,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(start)});
  Matrix V(n, d);
  stream.fill_normal(std::span<double>(V.data(), static_cast<std::size_t>(V.size())));
  return V;
}

/// Of the search: subspaces in its coordinates, (rank, d) each, and where they come from.
struct Starts {
  std::vector<DcaStart> kinds;
  std::vector<Matrix> subspaces;

  void add(DcaStart kind, Matrix U) {
    kinds.push_back(kind);
    subspaces.push_back(std::move(U));
  }
};

Starts all_starts(const DcaOptions& options, const detail::InnovationCoordinates& coordinates,
                  Index n) {
  const Index d = options.dim;
  Starts starts;
  if (options.start_at_variance) {
    starts.add(DcaStart::variance,
               coordinates.from_units(coordinates.principal_axes().leftCols(d)));
  }
  if (options.start_at_predictability) {
    starts.add(DcaStart::predictability, Matrix::Identity(coordinates.rank(), d));
  }
  for (const Matrix& guess : options.first_guesses) {
    starts.add(DcaStart::given, coordinates.from_units(guess));
  }
  for (Index i = 0; i < options.starts; ++i) {
    starts.add(DcaStart::random, coordinates.from_units(random_directions(options.seed, i, n, d)));
  }
  return starts;
}

/// Rotates the orthonormal V within its space to V'CV diagonal and decreasing, and
/// returns that.
Vector make_canonical(Matrix& V, In<Matrix> C) {
  const Matrix projected = multiply(V, multiply(C, V), true);
  const SymmetricEigen eigen = symmetric_eigen(0.5 * (projected + projected.transpose()));
  V = multiply(V, eigen.vectors.rowwise().reverse());
  detail::orient_columns(V);
  return eigen.values.reverse().cwiseMax(0);
}

/// A few more starts from the best, the exchanges from number `first` on. They depend on its space
/// alone, not on the basis in which the ascent came there.
Starts exchanges_of(const GrassmannMaximum& best, Index first, const DcaOptions& options,
                    const detail::InnovationCoordinates& coordinates, In<Matrix> C) {
  Matrix V = orthonormal_basis(coordinates.to_units(best.point));
  make_canonical(V, C);
  Starts starts;
  for (Index i = first; i < std::min(first + exchanges_at_once, options.exchanges); ++i) {
    starts.add(DcaStart::exchange,
               coordinates.from_units(detail::with_one_exchanged(V, options.seed, i)));
  }
  return starts;
}

/// Climbs from all starts. C: of the units, without repair. Returns what kind each start is of.
std::vector<DcaStart> search(detail::Ascents& ascents,
                             const detail::InnovationCoordinates& coordinates, In<Matrix> C,
                             const DcaOptions& options) {
  const Starts starts = all_starts(options, coordinates, C.rows());
  ascents.climb_from(starts.subspaces);
  std::vector<DcaStart> kinds = starts.kinds;
  for (Index done = 0; done < options.exchanges; done += exchanges_at_once) {
    if (ascents.best() < 0) break;
    const Starts more = exchanges_of(ascents.maxima()[static_cast<std::size_t>(ascents.best())],
                                     done, options, coordinates, C);
    ascents.climb_from(more.subspaces);
    kinds.insert(kinds.end(), more.kinds.begin(), more.kinds.end());
  }
  return kinds;
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
  detail::Ascents ascents(information,
                          std::max(options.start_tolerance, options.gradient_tolerance),
                          options.max_iterations, options.threads);
  const std::vector<DcaStart> kinds = search(ascents, coordinates, given.lags[0], options);
  result.best = ascents.polish(options.gradient_tolerance);
  const std::vector<GrassmannMaximum>& maxima = ascents.maxima();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    result.attempts.push_back({kinds[i], maxima[i].value, maxima[i].gradient_norm,
                               maxima[i].iterations, maxima[i].status});
  }
  if (result.best < 0) return result;

  const GrassmannMaximum& best = maxima[static_cast<std::size_t>(result.best)];
  result.predictive_information = best.value;
  result.status =
      best.status == GrassmannStatus::converged ? DcaStatus::converged : DcaStatus::not_converged;
  result.projection = orthonormal_basis(coordinates.to_units(best.point));
  group(maxima, coordinates, result);
  result.variances = make_canonical(result.projection, given.lags[0]);
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
  detail::check_options(options, covariances.dim());
  detail::check_covariances(covariances, options.window);
  return maximize(covariances, repaired(covariances, options), options);
}

Dca dca(std::span<const Matrix> trials, const DcaOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "dca");
  detail::check_options(options, shape.dim);
  return dca(cross_covariances(trials, {.count = 2 * options.window,
                                        .divisor = options.divisor,
                                        .threads = options.threads}),
             options);
}

std::vector<Dca> dca_curve(const CrossCovariances& covariances, const DcaOptions& options) {
  const Index n = covariances.dim();
  detail::check_options({.dim = options.dim, .window = options.window, .ridge = options.ridge}, n);
  detail::check_covariances(covariances, options.window);
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
    detail::check_options(now, n);
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
