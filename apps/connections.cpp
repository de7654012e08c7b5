// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/connections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/steady_points.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/atomic_file.hpp"

namespace nullcline::apps {
namespace {

constexpr Index state_trials = 4;     // of each condition, that starts come from
constexpr double search_share = 0.5;  // of the time
constexpr Index most_bits = 6;        // of the graph that is compared with
constexpr std::size_t edges_shown = 200;

struct Arguments {
  NetworkOptions network;
  InputOption input;
  Index starts = 256, max_starts = 8192, samples = 64;
  bool no_aim = false;
  std::string dot;
};

struct Outcome {
  study::SteadyPoints points;  // all, slow ones left out
  dynamics::Connections connections;
  dynamics::CanonicalForm form;
  std::optional<double> distance, edge_distance;  // to independent bits
  bool good() const {
    return points.good() && connections.new_points.cols() == 0 &&
           connections.new_saddles.cols() == 0;
  }
};

/// The distance to the graph of bits that do not influence each other, as many as the labels have
/// channels.
void compare(Outcome& outcome) {
  const auto& graph = outcome.connections.graph;
  if (graph.nodes.empty()) return;
  const auto bits = static_cast<Index>(graph.nodes.front().label.size());
  if (bits < 1 || bits > most_bits) return;
  const auto ideal = dynamics::flip_flop_graph(static_cast<int>(bits));
  outcome.distance = dynamics::labeled_distance(graph, ideal);
  outcome.edge_distance = dynamics::labeled_edge_distance(graph, ideal);
}

Outcome compute(const Arguments& arguments, const NetworkInput& input, const tasks::SteadyInput& at,
                Watch& watch) {
  const cells::Network& network = input.network();
  auto search = steady_search(input, arguments.starts, arguments.network.threads());
  search.complete = true;
  search.max_starts = arguments.max_starts;
  Outcome outcome;
  outcome.points =
      study::find_steady_points(network, at, trajectory_states(input, {at}, state_trials), search,
                                watch.progress("fixed points", 0, search_share));
  if (watch.interrupted() || outcome.points.fixed == 0) return outcome;
  const auto driven = cells::driven_map(network);
  const FrozenMap map(*driven, at.input);
  const auto landmarks = dynamics::landmarks_at(
      map, outcome.points.states.leftCols(outcome.points.fixed), arguments.network.threads());
  dynamics::ConnectionOptions options;
  options.samples = arguments.samples;
  options.aim = !arguments.no_aim;
  options.settle.threads = arguments.network.threads();
  options.settle.progress = watch.progress("connections", search_share, 1);
  options.readout = [&](In<Matrix> X) { return cells::outputs(network, X); };
  options.seed = input.seed();
  options.network = input.stream();
  outcome.connections = dynamics::find_connections(map, landmarks, options);
  outcome.form = dynamics::canonical_form(outcome.connections.graph, {.labels = true});
  compare(outcome);
  return outcome;
}

std::string label_text(const std::vector<int>& label) {
  std::string text;
  for (const int value : label) text += value > 0 ? '+' : value < 0 ? '-' : '0';
  return "(" + text + ")";
}

std::string node_text(const dynamics::ConnectionGraph& graph, Index node) {
  const auto& label = graph.nodes[static_cast<std::size_t>(node)].label;
  return std::to_string(node + 1) + (label.empty() ? "" : " " + label_text(label));
}

/// Where the point or cycle of a node comes from.
std::string origin(const Outcome& outcome, std::size_t node) {
  const auto points = static_cast<std::size_t>(outcome.points.fixed);
  if (node < points) {
    return dynamics::name_of(outcome.points.certificates[node].status);
  }
  return "found on the way";
}

std::string nodes_text(const Outcome& outcome) {
  TextTable table(
      {"#", "label", "kind", "unstable", "leads to", "comes from", "lost", "edges lost", "proof"});
  const auto& graph = outcome.connections.graph;
  for (std::size_t v = 0; v < graph.nodes.size(); ++v) {
    const auto& node = graph.nodes[v];
    Index out = 0, in = 0, lost = 0, unresolved = 0;
    for (const auto& edge : graph.edges) {
      if (edge.from == static_cast<Index>(v)) ++out;
      if (edge.to == static_cast<Index>(v)) ++in;
    }
    if (v < outcome.connections.departures.size()) {
      const auto& left = outcome.connections.departures[v];
      lost = left.escaped + left.undecided + left.not_finite;
      unresolved = left.edges_lost + left.edges_skipped + left.junctions_lost;
    }
    table.add({std::to_string(v + 1), label_text(node.label),
               std::string(node.unstable == 0 ? "stable " : "unstable ") +
                   (node.cycle ? "cycle" : "point"),
               std::to_string(node.unstable), std::to_string(out), std::to_string(in),
               std::to_string(lost), std::to_string(unresolved), origin(outcome, v)});
  }
  return table.text();
}

std::string edges_text(const Outcome& outcome) {
  TextTable table({"from", "to", "found", "fraction", "orbits"});
  const auto& edges = outcome.connections.connections;
  for (std::size_t e = 0; e < std::min(edges.size(), edges_shown); ++e) {
    const auto& edge = edges[e];
    table.add({node_text(outcome.connections.graph, edge.from),
               node_text(outcome.connections.graph, edge.to), dynamics::name_of(edge.found),
               edge.orbits > 0 ? fmt::format("{:.3f}", edge.fraction) : "-",
               std::to_string(edge.orbits)});
  }
  if (table.empty()) return "no connections\n";
  std::string text = table.text();
  if (edges.size() > edges_shown) {
    text += fmt::format("and {} more (--json, --dot)\n", edges.size() - edges_shown);
  }
  return text;
}

std::string text_of(const Outcome& outcome) {
  std::string text = fmt::format("input: {}\n", outcome.points.at.name);
  if (outcome.points.fixed > 0) text += nodes_text(outcome) + edges_text(outcome);
  const auto& graph = outcome.connections.graph;
  std::string summary = statement(outcome.points);
  if (outcome.points.fixed > 0) {
    summary += fmt::format(" {}, {}; canonical hash {:016x}{}.",
                           counted(static_cast<long>(graph.nodes.size()), "node"),
                           counted(static_cast<long>(graph.edges.size()), "connection"),
                           outcome.form.hash, outcome.form.complete ? "" : " (incomplete)");
  }
  if (outcome.distance) {
    summary += fmt::format(
        " To the graph of {} independent bits: {:.4g} by weights, {:.4g} by "
        "edges.",
        graph.nodes.front().label.size(), *outcome.distance, *outcome.edge_distance);
  }
  return text + wrapped(summary, text_width(), 2) + "\n";
}

io::Dataset dataset_of(const Outcome& outcome) {
  const auto& connections = outcome.connections;
  std::vector<std::int64_t> from, to, orbits, unstable, cycle;
  std::vector<double> fraction, distance;
  std::vector<std::string> found;
  for (const auto& edge : connections.connections) {
    from.push_back(edge.from);
    to.push_back(edge.to);
    orbits.push_back(edge.orbits);
    fraction.push_back(edge.fraction);
    distance.push_back(edge.distance);
    found.push_back(dynamics::name_of(edge.found));
  }
  io::Json labels = io::Json::array(), departures = io::Json::array();
  for (const auto& node : connections.graph.nodes) {
    unstable.push_back(node.unstable);
    cycle.push_back(node.cycle ? 1 : 0);
    labels.push_back(node.label);
  }
  for (const auto& left : connections.departures) {
    departures.push_back({{"orbits", left.orbits},
                          {"escaped", left.escaped},
                          {"undecided", left.undecided},
                          {"not_finite", left.not_finite},
                          {"edges", left.edges},
                          {"edges_lost", left.edges_lost},
                          {"edges_skipped", left.edges_skipped},
                          {"junctions", left.junctions},
                          {"junctions_lost", left.junctions_lost}});
  }
  const auto edges = static_cast<Index>(from.size());
  io::Dataset result;
  result.attributes = {{"input_name", outcome.points.at.name},
                       {"completeness", completeness_json(outcome.points)},
                       {"labels", labels},
                       {"found", found},
                       {"departures", departures},
                       {"hash", fmt::format("{:016x}", outcome.form.hash)},
                       {"hash_complete", outcome.form.complete}};
  if (outcome.distance) {
    result.attributes["bits_distance"] = *outcome.distance;
    result.attributes["bits_edge_distance"] = *outcome.edge_distance;
  }
  result.arrays = {
      {"input", Array::vector(outcome.points.at.input)},
      {"states", Array::matrix(outcome.points.states.leftCols(outcome.points.fixed).transpose())},
      {"new_points", Array::matrix(connections.new_points.transpose())},
      {"new_saddles", Array::matrix(connections.new_saddles.transpose())},
      {"unstable", Array::integers(unstable)},
      {"cycle", Array::integers(cycle)},
      {"from", Array::integers(from)},
      {"to", Array::integers(to)},
      {"orbits", Array::integers(orbits)},
      {"fraction", Array{{edges}, fraction}},
      {"distance", Array{{edges}, distance}}};
  return result;
}

int run(const Arguments& arguments) {
  const NetworkInput input = arguments.network.load();
  check_place("--dot", arguments.dot);
  const tasks::SteadyInput at = arguments.input.first(input, arguments.network.file);
  Watch watch;
  const Outcome outcome = compute(arguments, input, at, watch);
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = dataset_of(outcome);
  result.attributes.update(arguments.network.attributes(input));
  if (!arguments.dot.empty()) {
    io::write_file_atomically(arguments.dot, dynamics::to_dot(outcome.connections.graph));
  }
  deliver(arguments.network.results, text_of(outcome), result);
  return outcome.good() ? done : look;
}

}  // namespace

void add_connections(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "connections", "Which fixed points lead to which: the graph of their unstable manifolds");
  arguments->network.add_to(*command);
  arguments->input.add_to(*command, false);
  const auto count = [&](const char* name, Index& value, const char* text) {
    command->add_option(name, value, text)
        ->type_name("N")
        ->default_str(std::to_string(value))
        ->check(CLI::Range(1, 100'000'000).description(""));
  };
  count("--starts", arguments->starts, "Searches for fixed points in a round");
  count("--max-starts", arguments->max_starts, "Of all rounds");
  count("--samples", arguments->samples,
        "Orbits that leave a point of two unstable directions or more");
  command->add_flag("--no-aim", arguments->no_aim,
                    "Do not look for connections between saddles of more than one direction");
  command->add_option("--dot", arguments->dot, "Write the graph for Graphviz")
      ->type_name("FILE")
      ->group("Output");
  command->footer(
      std::string(network_input_help) +
      "\n"
      "Fixed points are those of 'fixed-points --complete'. Labels are the readouts, rounded and\n"
      "clipped to -1, 0, +1. 'fraction': of the orbits that leave there. The hash is the same for\n"
      "graphs that are equal up to the order of their nodes. Distances are to the graph of bits\n"
      "that do not influence each other, one an output, up to 6. Exit code 1 if fixed points are\n"
      "likely to be missing, or new ones were found on the way.\n"
      "\n"
      "Examples:\n"
      "  nullcline connections runs/x/networks/ID.h5 --dot graph.dot\n"
      "  nullcline connections network.h5 --input 0,0,0 --json - | jq .hash");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
