// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "nullcline/dynamics/linear/gaussian_dynamics.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/linear/modes.hpp"
#include "nullcline/study/analyses/visited_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::GaussianStatus;

/// In the order of their codes in the array `status`.
constexpr GaussianStatus statuses[] = {GaussianStatus::converged, GaussianStatus::unstable,
                                       GaussianStatus::singular_noise, GaussianStatus::not_finite,
                                       GaussianStatus::not_converged};

struct PointInformation {
  double all = 0, slow = 0;  // nats
  Index unstable = 0;        // modes left out
  GaussianStatus status = GaussianStatus::converged;
};

/// The block of the d slowest modes, or d + 1 where d would split a pair: its coordinates move on
/// their own, as the Jacobian of a StablePart is block diagonal, the slowest modes first.
dynamics::LinearPredictiveInformation slowest(const dynamics::StablePart& part, Index d) {
  Index k = std::min(d, part.jacobian.rows());
  if (k < part.jacobian.rows() && k > 0 && part.jacobian(k - 1, k) != 0) ++k;
  return dynamics::predictive_information(part.jacobian.topLeftCorner(k, k),
                                          part.noise.topLeftCorner(k, k));
}

/// Of x_{t+1} = J x_t + white noise of one strength in all units, along the stable modes.
PointInformation information_at(const dynamics::Linearization& at, double dt,
                                const Settings& settings) {
  if (at.status != dynamics::SpectrumStatus::known) return {0, 0, 0, GaussianStatus::not_finite};
  const Matrix noise = Matrix::Identity(at.jacobian.rows(), at.jacobian.rows());
  const dynamics::StablePart part =
      dynamics::stable_part(dynamics::modes(at, dt), noise, settings.number("margin"));
  const bool is_stable = (at.eigenvalues.cwiseAbs().array() < 1 - settings.number("margin")).all();
  const auto all = is_stable ? dynamics::predictive_information(at.jacobian, noise)
                             : dynamics::predictive_information(part.jacobian, part.noise);
  const auto slow = slowest(part, settings.integer("dim"));
  PointInformation at_point{all.nats, slow.nats, at.jacobian.rows() - part.jacobian.rows(),
                            all.status};
  if (is_stable) at_point.unstable = 0;
  if (all.status == GaussianStatus::converged) at_point.status = slow.status;
  return at_point;
}

/// How many states of the trials are near each point.                      (P)
Vector visits_of(const VisitedPoints& points, const Settings& settings) {
  Vector visits = Vector::Zero(points.count());
  for (const Index p :
       nearest_points(points, points.runs.states, points.runs.trials.inputs, settings)) {
    if (p >= 0) visits(p) += 1;
  }
  return visits;
}

io::Dataset run(const AnalysisContext& context) {
  const VisitedPoints points = visited_points(context);
  io::Dataset result;
  if (!points.complete) return result;
  const auto driven = cells::driven_map(context.trained);
  const Index P = points.count();
  const Vector visits = visits_of(points, context.settings);
  Vector all(P), slow(P);
  std::vector<std::int64_t> unstable, status;
  double counted = 0, sum_all = 0, sum_slow = 0;
  for (Index p = 0; p < P; ++p) {
    const auto i = static_cast<std::size_t>(points.input_index[static_cast<std::size_t>(p)]);
    const FrozenMap map(*driven, points.inputs[i].input);
    const auto at = dynamics::linearize(map, points.states.col(p), context.trained.dt(),
                                        {.eigenvectors = true});
    const PointInformation here = information_at(at, context.trained.dt(), context.settings);
    all(p) = here.all;
    slow(p) = here.slow;
    unstable.push_back(here.unstable);
    status.push_back(std::find(std::begin(statuses), std::end(statuses), here.status) -
                     std::begin(statuses));
    if (here.status != GaussianStatus::converged) continue;
    counted += visits(p);
    sum_all += visits(p) * here.all;
    sum_slow += visits(p) * here.slow;
  }
  put_visited_points(result, points);
  const double states = static_cast<double>(points.runs.states.cols());
  result.arrays["weight"] = Array::vector(visits / states);
  result.arrays["information"] = Array::vector(all);
  result.arrays["slow_information"] = Array::vector(slow);
  result.arrays["unstable"] = Array::integers(unstable);
  result.arrays["status"] = Array::integers(status);
  for (const GaussianStatus code : statuses) {
    result.attributes["statuses"].push_back(dynamics::name_of(code));
  }
  result.attributes["dim"] = context.settings.integer("dim");
  result.attributes["metrics"] = {{"near_points", visits.sum() / states}};
  if (counted > 0) {
    result.attributes["metrics"].update(
        {{"local_information", sum_all / counted}, {"local_slow_information", sum_slow / counted}});
  }
  return result;
}

}  // namespace

AnalysisKind local_information_analysis() {
  return {
      "local_information",
      "predictive information of the linear dynamics at fixed and slow points, weighted by the "
      "time that trials spend near them",
      visited_points_schema(
          {{"dim", std::int64_t{3}, "how many of the slowest stable modes count as slow", 1, 1e5},
           {"margin", 1e-6, "modes with |lambda| >= 1 - margin are left out", 0, 1}}),
      run};
}

}  // namespace nullcline::study
