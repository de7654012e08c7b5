// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "nullcline/cells/initialization.hpp"
#include "nullcline/dynamics/linear/linear_fit.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/study/analyses/visited_points.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// States near a point and their successors, (n, K) each.
struct Pairs {
  Matrix now, next;
};

/// How a fit compares with the Jacobian.
struct Agreement {
  double difference = unknown;   ///< |(A - J) U_r| / |J U_r|
  double slowest = unknown;      ///< Modulus of the leading eigenvalue of the fit.
  double eigenvalues = unknown;  ///< Mean |mu - lambda| over the leading ones of the fit.
};

Agreement agreement(const Pairs& pairs, In<Vector> center, In<Matrix> J, Index rank,
                    Index leading) {
  const auto fit = dynamics::fit_linear_model(pairs.now, pairs.next, center, {.rank = rank});
  Agreement result;
  if (fit.eigenvalues.size() == 0) return result;  // all states are one, or LAPACK gave up
  const auto compared = dynamics::compare_fit(fit, J);
  if (compared.status != dynamics::SpectrumStatus::known) return result;
  result.difference = compared.within_data;
  result.slowest = std::abs(fit.eigenvalues(0));
  result.eigenvalues =
      compared.eigenvalue_errors.head(std::min(leading, compared.eigenvalue_errors.size())).mean();
  return result;
}

/// Orbits under the point's input with the network's own noise, from starts around it at a root
/// mean square distance of `size`.
Pairs probe(const AnalysisContext& context, const VisitedPoints& points, Index p, double size,
            std::uint64_t number) {
  const Index B = context.settings.integer("orbits"), T = context.settings.integer("steps");
  const Index n = points.states.rows();
  const auto i = static_cast<std::size_t>(points.input_index[static_cast<std::size_t>(p)]);
  RandomStream around({context.seed, context.stream, Purpose::analysis_noise, 2 * number});
  RandomStream noise({context.seed, context.stream, Purpose::analysis_noise, 2 * number + 1});
  const Matrix starts =
      points.states.col(p).replicate(1, B) +
      cells::random_normal(n, B, size / std::sqrt(static_cast<double>(n)), around);
  const Matrix inputs = points.inputs[i].input.replicate(1, T * B);
  Matrix states(n, (T + 1) * B);
  states.leftCols(B) = starts;
  states.rightCols(T * B) = cells::simulate(context.trained, inputs, starts, &noise);
  return {states.leftCols(T * B), states.rightCols(T * B)};
}

/// Of the trials, the steps that begin and end near each point.
std::vector<Pairs> pairs_of_trials(const VisitedPoints& points, const Settings& settings) {
  const Index B = points.runs.trials.batch, K = points.runs.states.cols() - B;
  const Matrix now = points.runs.states.leftCols(K), next = points.runs.states.rightCols(K);
  const Matrix inputs = points.runs.trials.inputs.rightCols(K);  // that lead from now to next
  const auto before = nearest_points(points, now, inputs, settings);
  const auto after = nearest_points(points, next, inputs, settings);
  std::vector<std::vector<Index>> steps(static_cast<std::size_t>(points.count()));
  for (std::size_t k = 0; k < before.size(); ++k) {
    if (before[k] >= 0 && before[k] == after[k]) {
      steps[static_cast<std::size_t>(before[k])].push_back(static_cast<Index>(k));
    }
  }
  std::vector<Pairs> pairs;
  for (const auto& of_point : steps)
    pairs.push_back({now(Eigen::all, of_point), next(Eigen::all, of_point)});
  return pairs;
}

/// P points, each with fits of several kinds.
struct Table {
  Table(Index points, Index fits)
      : difference(Matrix::Constant(points, fits, unknown)),
        slowest(difference),
        eigenvalues(difference) {}

  void put(Index point, Index fit, const Agreement& found) {
    difference(point, fit) = found.difference;
    slowest(point, fit) = found.slowest;
    eigenvalues(point, fit) = found.eigenvalues;
  }

  void store(io::Dataset& result, const std::string& prefix) const {
    result.arrays[prefix + "_difference"] = Array::matrix(difference);
    result.arrays[prefix + "_slowest"] = Array::matrix(slowest);
    result.arrays[prefix + "_eigenvalue_error"] = Array::matrix(eigenvalues);
  }

  Matrix difference, slowest, eigenvalues;
};

io::Dataset run(const AnalysisContext& context) {
  const VisitedPoints points = visited_points(context);
  io::Dataset result;
  if (!points.complete) return result;
  const auto driven = cells::driven_map(context.trained);
  const auto& sizes = context.settings.numbers("sizes");
  const auto S = static_cast<Index>(sizes.size());
  const Index P = points.count(), rank = context.settings.integer("rank");
  const std::vector<Pairs> of_trials = pairs_of_trials(points, context.settings);
  Table least_squares(P, S), dmd(P, S), trials(P, 1);
  Vector slowest(P);
  std::vector<std::int64_t> pairs;
  for (Index p = 0; p < P; ++p) {
    if (context.progress && !context.progress(static_cast<double>(p) / static_cast<double>(P))) {
      return {};
    }
    const auto number = static_cast<std::size_t>(p);
    const auto i = static_cast<std::size_t>(points.input_index[number]);
    const FrozenMap map(*driven, points.inputs[i].input);
    const auto at = dynamics::linearize(map, points.states.col(p), context.trained.dt());
    slowest(p) = std::abs(at.eigenvalues(0));
    for (Index s = 0; s < S; ++s) {
      const Pairs around =
          probe(context, points, p, sizes[static_cast<std::size_t>(s)] * points.scale,
                static_cast<std::uint64_t>(1 + p * S + s));
      if (!around.next.allFinite()) continue;  // the orbits ran away
      least_squares.put(p, s, agreement(around, points.states.col(p), at.jacobian, 0, rank));
      dmd.put(p, s, agreement(around, points.states.col(p), at.jacobian, rank, rank));
    }
    const Pairs& own = of_trials[number];
    pairs.push_back(own.now.cols());
    if (own.now.cols() > 2 * rank) {
      trials.put(p, 0, agreement(own, points.states.col(p), at.jacobian, rank, rank));
    }
  }
  put_visited_points(result, points);
  result.arrays["size"] = Array::vector(Eigen::Map<const Vector>(sizes.data(), S));
  result.arrays["slowest"] = Array::vector(slowest);
  result.arrays["trial_pairs"] = Array::integers(pairs);
  least_squares.store(result, "fit");
  dmd.store(result, "dmd");
  trials.store(result, "trial");
  result.attributes["rank"] = rank;
  result.attributes["dt"] = context.trained.dt();
  result.attributes["metrics"]["points"] = P;
  return result;
}

}  // namespace

AnalysisKind linear_models_analysis() {
  return {
      "linear_models",
      "linear models fitted to orbits and trials near fixed and slow points, against the Jacobian",
      visited_points_schema(
          {{"sizes", std::vector<double>{0.001, 0.01, 0.03, 0.1, 0.3, 1},
            "root mean square distance of the orbits' starts from the point, relative to that of "
            "the states from their mean",
            1e-12, 1e6},
           {"orbits", std::int64_t{64}, "around each point, at each size", 1, 1e5},
           {"steps", std::int64_t{20}, "of an orbit", 1, 1e6},
           {"rank", std::int64_t{5}, "of the dynamic mode decomposition (our choice)", 1, 1e5}}),
      run};
}

}  // namespace nullcline::study
