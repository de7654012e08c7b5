// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/linear/reversibility.hpp"

#include <algorithm>
#include <limits>

#include "nullcline/core/lu.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/linear/modes.hpp"
#include "nullcline/dynamics/orbits/funnel.hpp"
#include "nullcline/study/analyses/visited_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::GaussianStatus;

/// In the order of their codes in the arrays.
constexpr GaussianStatus statuses[] = {GaussianStatus::converged, GaussianStatus::unstable,
                                       GaussianStatus::singular_noise, GaussianStatus::not_finite};

std::int64_t code_of(GaussianStatus status) {
  return std::find(std::begin(statuses), std::end(statuses), status) - std::begin(statuses);
}

/// Of the linear dynamics at S states, with white noise of one strength in all units; entropy is
/// produced along the stable modes, as the others have no stationary state.
struct Irreversibility {
  Vector contraction;  ///< (S) ln |det J| / dt, 1/s: < 0 where volumes shrink.
  Vector production;   ///< (S) nats/s; NaN unless converged.
  Vector asymmetry;    ///< (S) of J S; 0 in detailed balance. NaN likewise.
  std::vector<std::int64_t> unstable, status;

  explicit Irreversibility(Index count)
      : contraction(count),
        production(count),
        asymmetry(count),
        unstable(static_cast<std::size_t>(count)),
        status(static_cast<std::size_t>(count)) {}

  void measure(Index s, const DrivenMap& driven, In<Vector> x, In<Vector> u, double dt,
               double margin) {
    const FrozenMap map(driven, u);
    const auto at = dynamics::linearize(map, x, dt, {.eigenvectors = true});
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto i = static_cast<std::size_t>(s);
    if (at.status != dynamics::SpectrumStatus::known) {
      contraction(s) = production(s) = asymmetry(s) = none;
      unstable[i] = 0;
      status[i] = code_of(GaussianStatus::not_finite);
      return;
    }
    const Matrix noise = Matrix::Identity(x.size(), x.size());
    const auto part = dynamics::stable_part(dynamics::modes(at, dt), noise, margin);
    const auto entropy = dynamics::entropy_production(part.jacobian, part.noise);
    const bool known = entropy.status == GaussianStatus::converged;
    Lu lu;
    contraction(s) = lu.factor(at.jacobian) ? lu.log_abs_determinant() / dt : -infinity;
    production(s) = known ? entropy.rate / dt : none;
    asymmetry(s) = known ? entropy.asymmetry : none;
    unstable[i] = x.size() - part.jacobian.rows();
    status[i] = code_of(entropy.status);
  }

  void put(io::Dataset& result, const std::string& prefix) const {
    result.arrays[prefix + "contraction"] = Array::vector(contraction);
    result.arrays[prefix + "entropy_production"] = Array::vector(production);
    result.arrays[prefix + "asymmetry"] = Array::vector(asymmetry);
    result.arrays[prefix + "unstable"] = Array::integers(unstable);
    result.arrays[prefix + "status"] = Array::integers(status);
  }
};

/// `count` columns of `all`, evenly through the trials.
std::vector<Index> evenly(Index count, Index all) {
  std::vector<Index> columns;
  count = std::min(count, all);
  for (Index s = 0; s < count; ++s) columns.push_back((2 * s + 1) * all / (2 * count));
  return columns;
}

void put_funnel(io::Dataset& result, const VisitedPoints& points, const Settings& settings) {
  dynamics::FunnelOptions options;
  options.radius = settings.number("radius") * points.scale;
  options.trials = points.runs.trials.batch;
  options.margin = settings.integer("lead");
  const auto funnel = dynamics::funnel(points.states, points.runs.states, options);
  result.arrays["passing"] = Array::integers({funnel.passing.begin(), funnel.passing.end()});
  result.arrays["ending"] = Array::integers({funnel.ending.begin(), funnel.ending.end()});
  result.arrays["dwell"] = Array::vector(funnel.dwell);
  result.arrays["log_contraction"] = Array::vector(funnel.log_contraction);
}

io::Dataset run(const AnalysisContext& context) {
  const VisitedPoints points = visited_points(context);
  io::Dataset result;
  if (!points.complete) return result;
  const auto driven = cells::driven_map(context.trained);
  const double dt = context.trained.dt(), margin = context.settings.number("margin");

  Irreversibility at_points(points.count());
  for (Index p = 0; p < points.count(); ++p) {
    const auto i = static_cast<std::size_t>(points.input_index[static_cast<std::size_t>(p)]);
    at_points.measure(p, *driven, points.states.col(p), points.inputs[i].input, dt, margin);
  }

  const auto columns = evenly(context.settings.integer("samples"), points.runs.states.cols());
  const auto S = static_cast<Index>(columns.size());
  const Matrix states = points.runs.states(Eigen::all, columns);
  const Matrix inputs = points.runs.trials.inputs(Eigen::all, columns);
  Matrix next(states.rows(), S);
  driven->evaluate(states, inputs, next);
  Irreversibility on_trials(S);
  for (Index s = 0; s < S; ++s) {
    on_trials.measure(s, *driven, states.col(s), inputs.col(s), dt, margin);
    if (context.progress && !context.progress(static_cast<double>(s + 1) / static_cast<double>(S)))
      return {};
  }
  const auto near = nearest_points(points, states, inputs, context.settings);

  put_visited_points(result, points);
  at_points.put(result, "");
  put_funnel(result, points, context.settings);
  on_trials.put(result, "trial_");
  result.arrays["trial_speed"] = Array::vector((next - states).colwise().norm().transpose() / dt);
  result.arrays["trial_near"] = Array::integers({near.begin(), near.end()});
  for (const GaussianStatus code : statuses) {
    result.attributes["statuses"].push_back(dynamics::name_of(code));
  }
  result.attributes["trials"] = points.runs.trials.batch;
  result.attributes["scale"] = points.scale;
  result.attributes["dt"] = dt;
  result.attributes["metrics"] = {{"points", points.count()}};
  return result;
}

}  // namespace

AnalysisKind reversibility_analysis() {
  return {"reversibility",
          "contraction and entropy production of the linear dynamics at fixed and slow points and "
          "along noisy trials, and how trials funnel through the points",
          visited_points_schema(
              {{"samples", std::int64_t{200}, "states of trials that are measured", 1, 1e6},
               {"lead", std::int64_t{10},
                "steps before entering and after leaving the neighborhood of a point, at which the "
                "spread of the trials is taken",
                0, 1e6},
               {"margin", 1e-6, "modes with |lambda| >= 1 - margin are left out", 0, 1}}),
          run};
}

}  // namespace nullcline::study
