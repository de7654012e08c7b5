// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/number_check.hpp"
#include "apps/steady_points.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"

namespace nullcline::apps {
namespace {

constexpr Index state_trials = 4;     // of each condition, that starts come from
constexpr double search_share = 0.3;  // of the time, for the fixed points at both ends

struct Arguments {
  NetworkOptions network;
  InputOption input;
  std::string from, to, to_network;
  Index starts = 64, max_steps = 2000, depth = 1;
  double max_step = 0.05;
};

/// The map of a network at a constant input, which it owns.
class OwnedMap final : public Map {
 public:
  OwnedMap(const cells::Network& network, In<Vector> u)
      : driven_(cells::driven_map(network)), map_(*driven_, u) {}
  Index dim() const override { return map_.dim(); }
  void step(In<Matrix> X, Out<Matrix> Y) const override { map_.step(X, Y); }
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override {
    map_.push_forward(X, V, W);
  }
  void pull_back(In<Matrix> X, In<Matrix> W, Out<Matrix> V) const override {
    map_.pull_back(X, W, V);
  }
  Matrix jacobian(In<Vector> x) const override { return map_.jacobian(x); }
  Matrix second_derivative(In<Vector> x, In<Vector> w) const override {
    return map_.second_derivative(x, w);
  }
  Derivatives derivatives() const override { return map_.derivatives(); }

 private:
  std::unique_ptr<DrivenMap> driven_;
  FrozenMap map_;
};

/// (1 - p) A + p B in all parameters.
cells::Network between(const cells::Network& A, const cells::Network& B, double p) {
  cells::Network network = A;
  for (auto& [name, value] : network.parameters) {
    value = (1 - p) * value + p * B.parameters.at(name);
  }
  return network;
}

/// Both ends of the line: networks at inputs, and the family between them.
struct Line {
  NetworkInput first;
  std::optional<NetworkInput> other;  // where the line is one between networks
  tasks::SteadyInput from, to;
  std::unique_ptr<DrivenMap> driven = {};
  std::unique_ptr<dynamics::MapFamily> family = {};
  const NetworkInput& last() const { return other ? *other : first; }
  Vector input_at(double p) const { return from.input + p * (to.input - from.input); }
};

void require_same_architecture(const Arguments& arguments, const cells::Network& A,
                               const cells::Network& B) {
  const std::string& file = arguments.to_network;
  if (A.cell != B.cell || A.settings.values() != B.settings.values()) {
    throw Error(file, "--to-network", "cell " + B.cell + " or settings of its own",
                "those of " + arguments.network.file);
  }
  for (const auto& [name, value] : A.parameters) {
    const auto other = B.parameters.find(name);
    if (other == B.parameters.end() || other->second.rows() != value.rows() ||
        other->second.cols() != value.cols()) {
      throw Error(file, name, "another shape", "that of " + arguments.network.file);
    }
  }
}

Line line_of(const Arguments& arguments) {
  const std::string& file = arguments.network.file;
  NetworkInput first = arguments.network.load();
  if (arguments.to_network.empty()) {
    if (arguments.from.empty() || arguments.to.empty()) {
      throw Error(file, "--from X,... --to Y,...", "nothing", "two inputs, or --to-network OTHER");
    }
    const auto from = parse_input(arguments.from, "--from", first, file);
    const auto to = parse_input(arguments.to, "--to", first, file);
    Line line{std::move(first), std::nullopt, from, to};
    line.driven = cells::driven_map(line.first.network());
    line.family =
        std::make_unique<dynamics::InputLine>(*line.driven, line.from.input, line.to.input);
    return line;
  }
  if (!arguments.from.empty() || !arguments.to.empty()) {
    throw Error(file, "--to-network", "--from or --to as well", "--input, or nothing");
  }
  NetworkInput last = NetworkInput::load(arguments.to_network, arguments.network.parameters);
  require_same_architecture(arguments, first.network(), last.network());
  const tasks::SteadyInput at = arguments.input.first(first, file);
  const cells::Network A = first.network(), B = last.network();
  Line line{std::move(first), std::move(last), at, at};
  const Vector u = at.input;
  line.family = std::make_unique<dynamics::CallableFamily>(
      A.state_dim(),
      [A, B, u](double p) { return std::make_unique<OwnedMap>(between(A, B, p), u); }, 0);
  return line;
}

/// Fixed points at both ends, from which branches start.
std::vector<dynamics::DiagramStart> starts_of(const Arguments& arguments, const Line& line,
                                              Watch& watch) {
  std::vector<dynamics::DiagramStart> starts;
  for (const int end : {0, 1}) {
    const NetworkInput& input = end == 0 ? line.first : line.last();
    const tasks::SteadyInput& at = end == 0 ? line.from : line.to;
    const auto search = steady_search(input, arguments.starts, arguments.network.threads());
    if (watch.interrupted()) break;
    const auto points = study::find_steady_points(
        input.network(), at, trajectory_states(input, {at}, state_trials), search,
        watch.progress(end == 0 ? "fixed points at the beginning" : "fixed points at the end",
                       end * search_share / 2, (end + 1) * search_share / 2));
    for (Index p = 0; p < points.fixed; ++p) {
      starts.push_back({points.states.col(p), static_cast<double>(end)});
    }
  }
  return starts;
}

std::string complex_text(std::complex<double> z) {
  return z.imag() == 0 ? fmt::format("{:.6g}", z.real())
                       : fmt::format("{:.6g}{:+.6g}i", z.real(), z.imag());
}

std::string input_text(const Vector& u) {
  constexpr Index shown = 4;
  std::string text;
  for (Index i = 0; i < std::min(u.size(), shown); ++i) {
    text += fmt::format("{}{:.5g}", i > 0 ? "," : "", u(i));
  }
  return text + (u.size() > shown ? ",..." : "");
}

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string branches_text(const dynamics::Diagram& diagram) {
  TextTable table({"branch", "period", "points", "from p", "ends", "to p", "ends", "least p",
                   "largest p", "unstable"});
  for (std::size_t b = 0; b < diagram.branches.size(); ++b) {
    const auto& branch = diagram.branches[b];
    const Index last = branch.parameters.size() - 1;
    if (last < 0) continue;
    const auto [least, most] = std::minmax_element(branch.unstable.begin(), branch.unstable.end());
    table.add({std::to_string(b + 1), std::to_string(branch.period), std::to_string(last + 1),
               fmt::format("{:.6g}", branch.parameters(0)), words(name_of(branch.first_end)),
               fmt::format("{:.6g}", branch.parameters(last)), words(name_of(branch.last_end)),
               number(branch.parameters.minCoeff()), number(branch.parameters.maxCoeff()),
               *least == *most ? std::to_string(*least) : fmt::format("{} to {}", *least, *most)});
  }
  return table.empty() ? "no branches: no fixed point was found at either end\n" : table.text();
}

std::string special_text(const Line& line, const dynamics::Diagram& diagram, double dt) {
  TextTable table({"branch", "kind", "p", "input", "eigenvalue", "Hz", "", ""});
  const bool inputs = line.driven != nullptr;
  for (std::size_t b = 0; b < diagram.branches.size(); ++b) {
    for (const auto& point : diagram.branches[b].special) {
      const bool circle = point.kind == dynamics::SpecialKind::neimark_sacker;
      const double steps = static_cast<double>(diagram.branches[b].period);
      table.add(
          {std::to_string(b + 1), words(name_of(point.kind)),
           fmt::format("{:.8g}", point.parameter),
           inputs ? input_text(line.input_at(point.parameter)) : "-",
           complex_text(point.eigenvalue),
           circle ? number(std::abs(point.frequency) / (steps * dt)) : "-",
           point.crossing == dynamics::Crossing::none ? "" : name_of(point.crossing),
           point.criticality == dynamics::Criticality::none ? "" : name_of(point.criticality)});
    }
  }
  return table.empty() ? "no special points\n" : table.text();
}

std::string text_of(const Line& line, const dynamics::Diagram& diagram, double dt) {
  std::string text = branches_text(diagram) + special_text(line, diagram, dt);
  if (!diagram.complete) text += "not all branches were followed\n";
  return text;
}

io::Json special_json(const Line& line, const dynamics::Branch& branch, double dt) {
  io::Json all = io::Json::array();
  for (const auto& point : branch.special) {
    const Vector u = line.input_at(point.parameter);
    all.push_back({{"kind", name_of(point.kind)},
                   {"parameter", point.parameter},
                   {"input", std::vector<double>(u.begin(), u.end())},
                   {"state", std::vector<double>(point.state.begin(), point.state.end())},
                   {"eigenvalue", {point.eigenvalue.real(), point.eigenvalue.imag()}},
                   {"frequency", point.frequency / (static_cast<double>(branch.period) * dt)},
                   {"crossing", name_of(point.crossing)},
                   {"criticality", name_of(point.criticality)},
                   {"normal_form", point.normal_form},
                   {"curvature", point.curvature},
                   {"junction", point.junction}});
  }
  return all;
}

io::Dataset dataset_of(const Line& line, const dynamics::Diagram& diagram, double dt) {
  io::Dataset result;
  result.attributes["complete"] = diagram.complete;
  result.attributes["from"] = line.from.name;
  result.attributes["to"] = line.to.name;
  result.attributes["branches"] = io::Json::array();
  for (std::size_t b = 0; b < diagram.branches.size(); ++b) {
    const auto& branch = diagram.branches[b];
    result.attributes["branches"].push_back({{"period", branch.period},
                                             {"first_end", name_of(branch.first_end)},
                                             {"last_end", name_of(branch.last_end)},
                                             {"origin", branch.origin},
                                             {"special", special_json(line, branch, dt)}});
    const std::string prefix = "branch" + std::to_string(b + 1) + "_";
    result.arrays[prefix + "states"] = Array::matrix(branch.states.transpose());
    result.arrays[prefix + "parameters"] = Array::vector(branch.parameters);
    result.arrays[prefix + "arclength"] = Array::vector(branch.arclength);
    const Matrix real = branch.eigenvalues.real(), imaginary = branch.eigenvalues.imag();
    result.arrays[prefix + "eigenvalues_real"] = Array::matrix(real.transpose());
    result.arrays[prefix + "eigenvalues_imag"] = Array::matrix(imaginary.transpose());
    result.arrays[prefix + "unstable"] =
        Array::integers({branch.unstable.begin(), branch.unstable.end()});
  }
  return result;
}

int run(const Arguments& arguments) {
  const Line line = line_of(arguments);
  const double dt = line.first.network().dt();
  Watch watch;
  const auto starts = starts_of(arguments, line, watch);
  dynamics::DiagramOptions options;
  options.continuation.min_parameter = 0;
  options.continuation.max_parameter = 1;
  options.continuation.max_steps = arguments.max_steps;
  options.continuation.max_step = arguments.max_step;
  options.continuation.initial_step = std::min(0.01, arguments.max_step);
  options.continuation.dt = dt;
  options.continuation.progress = watch.progress("branches", search_share, 1);
  options.depth = arguments.depth;
  dynamics::Diagram diagram;
  if (!starts.empty() && !watch.interrupted()) {
    diagram = dynamics::bifurcation_diagram(*line.family, starts, options);
  }
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = dataset_of(line, diagram, dt);
  result.attributes.update(arguments.network.attributes(line.first));
  deliver(arguments.network.results, text_of(line, diagram, dt), result);
  return !diagram.branches.empty() && diagram.complete ? done : look;
}

}  // namespace

void add_continue(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "continue", "Fixed points followed from one input to another, or to another network");
  arguments->network.add_to(*command);
  command->add_option("--from", arguments->from, "The constant input at p = 0")->type_name("X,...");
  command->add_option("--to", arguments->to, "The constant input at p = 1")->type_name("Y,...");
  command
      ->add_option("--to-network", arguments->to_network,
                   "Instead: a network with the same cell, whose weights are those at p = 1")
      ->type_name("FILE");
  arguments->input.add_to(*command, false);
  const auto count = [&](const char* name, Index& value, const char* text, double least) {
    command->add_option(name, value, text)
        ->type_name("N")
        ->default_str(std::to_string(value))
        ->check(CLI::Range(least, 1e7).description(""));
  };
  count("--starts", arguments->starts, "Searches for fixed points at each end", 1);
  count("--depth", arguments->depth, "How often to switch to branches that start on others", 0);
  count("--max-steps", arguments->max_steps, "Of a branch, in each direction", 1);
  command
      ->add_option("--max-step", arguments->max_step,
                   "Longest step along a branch, in state and p together")
      ->type_name("X")
      ->default_str(fmt::format("{}", arguments->max_step))
      ->check(number_between(1e-6, 1e3));
  command->footer(
      "Branches start from the fixed points at both ends of the line and are followed by\n"
      "pseudo-arclength continuation through folds. The first table: where each branch begins\n"
      "and ends (p), why, and how many directions are unstable along it. The second: where it\n"
      "folds, crosses another, doubles its period or sheds a circle (Neimark-Sacker: the step's\n"
      "trace of a Hopf point); the input there, the critical eigenvalue a step, its frequency, "
      "and\n"
      "whether what branches off is stable (supercritical) or not (subcritical).\n"
      "--input is that of --to-network. Exit code 1 if no branch was found or some were left out.\n"
      "\n"
      "Examples:\n"
      "  nullcline continue network.h5 --from 0,0 --to 1,0\n"
      "  nullcline continue before.h5 --to-network after.h5 --depth 0 --json diagram.json");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
