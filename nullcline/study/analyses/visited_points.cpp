// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/visited_points.hpp"

#include <cmath>
#include <limits>

#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

const std::vector<std::int64_t>& integers(const io::Dataset& data, const char* name) {
  return std::get<std::vector<std::int64_t>>(data.arrays.at(name).data);
}

/// The column of A (n, K) nearest to x, and how far it is; -1 of none.
struct Nearest {
  Index column = -1;
  double distance = std::numeric_limits<double>::infinity();

  void offer(Index candidate, double at) {
    if (at >= distance) return;
    column = candidate;
    distance = at;
  }
};

}  // namespace

Schema visited_points_schema(const Schema& more) {
  Schema all = {
      {"trials", std::int64_t{4}, "noisy trials of each condition", 1, 1e5},
      {"states", std::int64_t{16}, "starts of the search on trajectories", 0, 1e6},
      {"mixes", std::int64_t{32}, "starts that are convex mixes of two states", 0, 1e6},
      {"noisy", std::int64_t{16}, "starts that are mixes with noise", 0, 1e6},
      {"radius", 0.25,
       "how near is near a point, relative to the root mean square distance of the states from "
       "their mean (our choice)",
       0, 1e6},
      {"input_radius", 0.3,
       "how near an input is to a steady one, in the unit of inputs (our choice)", 0, 1e6},
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

VisitedPoints visited_points(const AnalysisContext& context) {
  VisitedPoints points;
  points.complete = true;
  points.inputs = context.task.steady_inputs();
  points.runs = noisy_trajectories(context, context.trained, context.settings.integer("trials"));
  const Vector mean = points.runs.states.rowwise().mean();
  points.scale = (points.runs.states.colwise() - mean).norm() /
                 std::sqrt(static_cast<double>(points.runs.states.cols()));
  const Settings& settings = context.settings;
  SteadySearch options;
  options.search.slow_points = true;
  options.starts = {.states = settings.integer("states"),
                    .mixes = settings.integer("mixes"),
                    .noisy = settings.integer("noisy"),
                    .seed = context.seed,
                    .network = context.stream};
  std::vector<SteadyPoints> all;
  for (std::size_t i = 0; i < points.inputs.size(); ++i) {
    const Progress progress = part_of(context.progress, i, points.inputs.size());
    points.complete = points.complete && (!progress || progress(0));
    if (!points.complete) break;
    all.push_back(find_steady_points(context.trained, points.inputs[i], points.runs.states, options,
                                     progress));
  }
  const io::Dataset found = steady_points(all, context.trained);
  points.states = found.arrays.at("states").as_matrix().transpose();
  points.input_index = integers(found, "input_index");
  points.kind = integers(found, "kind");
  points.complete = points.complete && (!context.progress || context.progress(1));
  return points;
}

std::vector<Index> nearest_points(const VisitedPoints& points, In<Matrix> states, In<Matrix> inputs,
                                  const Settings& settings) {
  const double reach = settings.number("radius") * points.scale;
  const double input_reach = settings.number("input_radius");
  std::vector<Index> nearest(static_cast<std::size_t>(states.cols()), -1);
  for (Index k = 0; k < states.cols(); ++k) {
    Nearest input, point;
    for (std::size_t i = 0; i < points.inputs.size(); ++i) {
      input.offer(static_cast<Index>(i), (inputs.col(k) - points.inputs[i].input).norm());
    }
    if (input.distance > input_reach) continue;
    for (Index p = 0; p < points.count(); ++p) {
      if (points.input_index[static_cast<std::size_t>(p)] != input.column) continue;
      point.offer(p, (states.col(k) - points.states.col(p)).norm());
    }
    if (point.distance <= reach) nearest[static_cast<std::size_t>(k)] = point.column;
  }
  return nearest;
}

void put_visited_points(io::Dataset& result, const VisitedPoints& points) {
  result.arrays["input_index"] = Array::integers(points.input_index);
  result.arrays["kind"] = Array::integers(points.kind);
  result.attributes["inputs"] = io::Json::array();
  for (const auto& input : points.inputs) result.attributes["inputs"].push_back(input.name);
}

}  // namespace nullcline::study
