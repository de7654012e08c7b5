// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connections.hpp"

#include <algorithm>

#include "nullcline/study/analyses/principal_coordinates.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::Completeness;
using dynamics::Connections;
using dynamics::Found;

/// In the order of their codes in the array `found`.
constexpr Found ways[] = {Found::branch, Found::sampled, Found::edge, Found::aimed, Found::implied};

/// The graphs at all inputs, row by row; edges count nodes of all inputs together.
struct Table {
  std::vector<Matrix> states;  ///< (n, nodes) of each input.
  std::vector<std::int64_t> input_index, unstable, cycle, labels, edges, found;
  std::vector<double> weights;
};

/// A state for each node of the graph: the points, new points, a state of each new cycle, and new
/// saddles.                                                                (n, nodes)
Matrix states_of(const Matrix& points, const Connections& all) {
  Matrix states(points.rows(), static_cast<Index>(all.graph.nodes.size()));
  const auto cycles = static_cast<Index>(all.new_cycles.size());
  states.leftCols(points.cols()) = points;
  states.middleCols(points.cols(), all.new_points.cols()) = all.new_points;
  for (Index c = 0; c < cycles; ++c) {
    states.col(points.cols() + all.new_points.cols() + c) =
        all.new_cycles[static_cast<std::size_t>(c)].col(0);
  }
  states.rightCols(all.new_saddles.cols()) = all.new_saddles;
  return states;
}

void add(Table& table, std::int64_t input_index, const Matrix& points, const Connections& all,
         std::size_t outputs) {
  const auto first = static_cast<std::int64_t>(table.input_index.size());
  for (const auto& node : all.graph.nodes) {
    table.input_index.push_back(input_index);
    table.unstable.push_back(node.unstable);
    table.cycle.push_back(node.cycle);
    for (std::size_t i = 0; i < outputs; ++i) table.labels.push_back(node.label[i]);
  }
  for (std::size_t e = 0; e < all.connections.size(); ++e) {
    const auto& edge = all.connections[e];
    table.edges.push_back(first + edge.from);
    table.edges.push_back(first + edge.to);
    table.weights.push_back(edge.fraction);
    table.found.push_back(std::find(std::begin(ways), std::end(ways), edge.found) -
                          std::begin(ways));
  }
  table.states.push_back(states_of(points, all));
}

Array vector_of(const std::vector<double>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

void put(io::Dataset& result, const Table& table, const AnalysisContext& context) {
  const auto nodes = static_cast<Index>(table.input_index.size());
  Matrix states(context.trained.state_dim(), nodes);
  Index first = 0;
  for (const Matrix& part : table.states) {
    states.middleCols(first, part.cols()) = part;
    first += part.cols();
  }
  const PrincipalCoordinates at = principal_coordinates(states, 3);
  result.arrays = {{"states", Array::matrix(states.transpose())},
                   {"positions", Array::matrix(at.coordinates.transpose())},
                   {"mean", Array::vector(at.mean)},
                   {"basis", Array::matrix(at.basis)},
                   {"input_index", Array::integers(table.input_index)},
                   {"unstable", Array::integers(table.unstable)},
                   {"cycle", Array::integers(table.cycle)},
                   {"label", {{nodes, context.trained.output_dim()}, table.labels}},
                   {"edges", {{static_cast<Index>(table.weights.size()), 2}, table.edges}},
                   {"weight", vector_of(table.weights)},
                   {"found", Array::integers(table.found)}};
  result.arrays["output"] =
      Array::matrix(Matrix(cells::outputs(context.trained, states).transpose()));
}

/// How far the graph is from that of n bits that do not influence each other.
io::Json distances(const dynamics::ConnectionGraph& graph, Index bits) {
  const auto ideal = dynamics::flip_flop_graph(static_cast<int>(bits));
  return {{"labeled", dynamics::labeled_distance(graph, ideal)},
          {"labeled_edges", dynamics::labeled_edge_distance(graph, ideal)},
          {"unlabeled", dynamics::unlabeled_distance(graph, ideal)}};
}

bool is_flip_flop(const AnalysisContext& context) {
  const auto& attributes = context.file.attributes;
  const Index bits = context.trained.output_dim();
  return attributes.contains("task") && attributes["task"].value("name", "") == "flip_flop" &&
         bits <= 6;
}

/// The graph at one input; without edges where a count of points means nothing, as on a line of
/// them, or where there are too many.
Connections connect(const AnalysisContext& context, const Map& map,
                    const dynamics::CompleteSearch& points, const Progress& progress) {
  const Settings& settings = context.settings;
  dynamics::ConnectionOptions options;
  options.samples = settings.integer("samples");
  options.aim = settings.flag("aim");
  options.settle.max_steps = settings.integer("max_steps");
  options.settle.progress = progress;
  options.seed = context.seed;
  options.network = context.stream;
  options.readout = [&](In<Matrix> X) { return cells::outputs(context.trained, X); };
  const bool is_countable = points.completeness != Completeness::degenerate &&
                            points.points.states.cols() <= settings.integer("max_points");
  return dynamics::find_connections(
      map, dynamics::landmarks_at(map, is_countable ? points.points.states : Matrix(map.dim(), 0)),
      options);
}

io::Dataset run(const AnalysisContext& context) {
  const auto inputs = context.task.steady_inputs();
  const Matrix states =
      noisy_trajectories(context, context.trained, context.settings.integer("trials")).states;
  const auto driven = cells::driven_map(context.trained);
  const auto outputs = static_cast<std::size_t>(context.trained.output_dim());
  io::Dataset result;
  result.attributes["inputs"] = result.attributes["graphs"] = io::Json::array();
  Table table;
  Index lost = 0;
  double distance = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const FrozenMap map(*driven, inputs[i].input);
    const auto found =
        search_all(context, map, states, part_of(context.progress, 2 * i, 2 * inputs.size()));
    const Connections all =
        connect(context, map, found, part_of(context.progress, 2 * i + 1, 2 * inputs.size()));
    const auto known = all.departures.size();
    add(table, static_cast<std::int64_t>(i),
        found.points.states.leftCols(static_cast<Index>(known)), all, outputs);
    io::Json about = {{"input", inputs[i].name},
                      {"completeness", dynamics::name_of(found.completeness)},
                      {"points", found.points.states.cols()},
                      {"followed", known},
                      {"new_points", all.new_points.cols()},
                      {"new_cycles", all.new_cycles.size()},
                      {"new_saddles", all.new_saddles.cols()}};
    Index undecided = 0;
    for (const auto& departure : all.departures) undecided += departure.undecided;
    about["undecided_orbits"] = undecided;
    lost += undecided;
    if (is_flip_flop(context)) {
      about["flip_flop_distance"] = distances(all.graph, context.trained.output_dim());
      distance += about["flip_flop_distance"]["labeled"].get<double>();
    }
    result.attributes["inputs"].push_back(inputs[i].name);
    result.attributes["graphs"].push_back(std::move(about));
  }
  put(result, table, context);
  result.attributes["found"] = io::Json::array();
  for (const Found way : ways) result.attributes["found"].push_back(name_of(way));
  for (const auto& channel : context.task.outputs()) {
    result.attributes["output_names"].push_back(channel.name);
  }
  result.attributes["metrics"] = {{"nodes", table.input_index.size()},
                                  {"edges", table.weights.size()},
                                  {"undecided_orbits", lost}};
  if (is_flip_flop(context)) result.attributes["metrics"]["flip_flop_distance"] = distance;
  return result;
}

}  // namespace

AnalysisKind connections_analysis() {
  return {
      "connections",
      "the graph of fixed points: which unstable ones lead to which others",
      {{"trials", std::int64_t{4}, "noisy trials of each condition that starts come from", 1, 1e5},
       {"max_starts", std::int64_t{4096}, "of the search for all points at one input", 1, 1e7},
       {"max_points", std::int64_t{200}, "with more points at an input none is followed", 1, 1e5},
       {"samples", std::int64_t{64}, "orbits of a point with two unstable directions or more", 1,
        1e6},
       {"aim", true, "look for connections between saddles too"},
       {"max_steps", std::int64_t{20'000}, "of an orbit", 1, 1e9}},
      run};
}

}  // namespace nullcline::study
