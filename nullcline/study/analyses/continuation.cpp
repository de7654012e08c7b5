// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"
#include "nullcline/study/analyses/principal_coordinates.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::Branch;
using dynamics::BranchEnd;
using dynamics::Criticality;
using dynamics::Diagram;
using dynamics::SpecialKind;

/// In the order of their codes in the arrays.
constexpr SpecialKind specials[] = {SpecialKind::fold, SpecialKind::branch_point,
                                    SpecialKind::period_doubling, SpecialKind::neimark_sacker,
                                    SpecialKind::corner};
constexpr Criticality criticalities[] = {Criticality::none, Criticality::supercritical,
                                         Criticality::subcritical, Criticality::undecided};
constexpr BranchEnd ends[] = {BranchEnd::parameter_bound, BranchEnd::state_bound,
                              BranchEnd::closed,          BranchEnd::joined,
                              BranchEnd::branched,        BranchEnd::step_too_small,
                              BranchEnd::not_finite,      BranchEnd::max_steps,
                              BranchEnd::cancelled,       BranchEnd::no_start};

template <class Codes, class Code>
std::int64_t code_of(const Codes& codes, Code code) {
  return std::find(std::begin(codes), std::end(codes), code) - std::begin(codes);
}

template <class Codes>
io::Json names_of(const Codes& codes) {
  io::Json names = io::Json::array();
  for (const auto code : codes) names.push_back(name_of(code));
  return names;
}

/// The two ends of the line of inputs.
struct Line {
  tasks::SteadyInput first, last;
};

Line line_of(const AnalysisContext& context) {
  const auto inputs = context.task.steady_inputs();
  const auto& direction = context.settings.numbers("direction");
  const auto from = static_cast<std::size_t>(context.settings.integer("from"));
  const auto to = static_cast<std::size_t>(context.settings.integer("to"));
  require(from < inputs.size(), "continuation: the task has no steady input of the number `from`");
  if (direction.empty()) {
    require(to < inputs.size() && to != from,
            "continuation: the task has no second steady input of the number `to`");
    return {inputs[from], inputs[to]};
  }
  const tasks::SteadyInput& first = inputs[from];
  require(static_cast<Index>(direction.size()) == first.input.size(),
          "continuation: `direction` needs one number for each input of the task");
  const Vector step = Eigen::Map<const Vector>(direction.data(), first.input.size());
  return {first, {first.name + " + direction", first.input + step}};
}

/// The points found at both ends, where branches start.
std::vector<dynamics::DiagramStart> starts_of(const AnalysisContext& context,
                                              const dynamics::MapFamily& family) {
  const Matrix states =
      noisy_trajectories(context, context.trained, context.settings.integer("trials")).states;
  std::vector<dynamics::DiagramStart> starts;
  for (const int end : {0, 1}) {
    const dynamics::FamilyMember map(family, end);
    const auto found = search_all(context, map, states,
                                  part_of(context.progress, static_cast<std::size_t>(end), 4));
    for (const auto& x : found.points.states.colwise()) {
      starts.push_back({x, static_cast<double>(end)});
    }
  }
  return starts;
}

/// The points of all branches one after the other, and the special ones.
struct Table {
  std::vector<double> parameters, moduli, hessians, special_parameters, frequencies, coefficients;
  std::vector<std::int64_t> branch, unstable, special_kind, special_branch, criticality, period,
      first_end, last_end;
  Matrix states, special_states;  ///< (n, P), (n, S)
};

Table table_of(const Diagram& diagram, Index n) {
  Table table;
  Index points = 0, specials_count = 0;
  for (const Branch& branch : diagram.branches) {
    points += branch.states.cols();
    specials_count += static_cast<Index>(branch.special.size());
  }
  table.states.resize(n, points);
  table.special_states.resize(n, specials_count);
  for (std::size_t b = 0; b < diagram.branches.size(); ++b) {
    const Branch& branch = diagram.branches[b];
    const auto number = static_cast<std::int64_t>(b);
    table.period.push_back(branch.period);
    table.first_end.push_back(code_of(ends, branch.first_end));
    table.last_end.push_back(code_of(ends, branch.last_end));
    for (Index p = 0; p < branch.states.cols(); ++p) {
      table.states.col(static_cast<Index>(table.branch.size())) = branch.states.col(p);
      table.branch.push_back(number);
      table.parameters.push_back(branch.parameters(p));
      table.unstable.push_back(branch.unstable[static_cast<std::size_t>(p)]);
      table.moduli.push_back(branch.eigenvalues.col(p).cwiseAbs().maxCoeff());
      table.hessians.push_back(branch.smallest_hessian(p));
    }
    for (const auto& special : branch.special) {
      table.special_states.col(static_cast<Index>(table.special_kind.size())) = special.state;
      table.special_kind.push_back(code_of(specials, special.kind));
      table.special_branch.push_back(number);
      table.criticality.push_back(code_of(criticalities, special.criticality));
      table.special_parameters.push_back(special.parameter);
      table.frequencies.push_back(special.frequency);
      table.coefficients.push_back(special.normal_form);
    }
  }
  return table;
}

Array vector_of(const std::vector<double>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

void put(io::Dataset& result, const Table& table, const AnalysisContext& context) {
  const PrincipalCoordinates at = principal_coordinates(table.states, 3);
  const Matrix special = at.basis.transpose() * (table.special_states.colwise() - at.mean);
  const auto outputs_of = [&](const Matrix& states) {
    return Array::matrix(Matrix(cells::outputs(context.trained, states).transpose()));
  };
  result.arrays = {{"parameter", vector_of(table.parameters)},
                   {"branch", Array::integers(table.branch)},
                   {"unstable", Array::integers(table.unstable)},
                   {"largest_modulus", vector_of(table.moduli)},
                   {"smallest_hessian", vector_of(table.hessians)},
                   {"coordinates", Array::matrix(at.coordinates.transpose())},
                   {"output", outputs_of(table.states)},
                   {"mean", Array::vector(at.mean)},
                   {"basis", Array::matrix(at.basis)},
                   {"period", Array::integers(table.period)},
                   {"first_end", Array::integers(table.first_end)},
                   {"last_end", Array::integers(table.last_end)},
                   {"special_kind", Array::integers(table.special_kind)},
                   {"special_branch", Array::integers(table.special_branch)},
                   {"special_criticality", Array::integers(table.criticality)},
                   {"special_parameter", vector_of(table.special_parameters)},
                   {"special_frequency", vector_of(table.frequencies)},
                   {"special_normal_form", vector_of(table.coefficients)},
                   {"special_states", Array::matrix(table.special_states.transpose())},
                   {"special_coordinates", Array::matrix(special.transpose())},
                   {"special_output", outputs_of(table.special_states)}};
}

/// A period-doubled branch counts, a special point met on two branches twice.
io::Json metrics_of(const Diagram& diagram, const Table& table) {
  io::Json metrics = {{"branches", diagram.branches.size()}};
  for (const SpecialKind kind : specials) {
    metrics[std::string("special_") + name_of(kind)] =
        std::count(table.special_kind.begin(), table.special_kind.end(), code_of(specials, kind));
  }
  return metrics;
}

/// Whether there is a line at all: not for a task with one steady input and no direction, as it may
/// be in a study of several tasks.
bool has_line(const AnalysisContext& context) {
  return context.task.steady_inputs().size() > 1 || !context.settings.numbers("direction").empty();
}

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  if (!has_line(context)) {
    result.attributes["status"] = "one_input";
    return result;
  }
  const Line line = line_of(context);
  const auto driven = cells::embedded_map(context.trained);
  const Vector u0 = cells::embed(context.trained, line.first.input);
  const Vector u1 = cells::embed(context.trained, line.last.input);
  const dynamics::InputLine family(*driven, u0, u1);
  const auto starts = starts_of(context, family);
  if (context.progress && !context.progress(0.5)) return result;

  dynamics::DiagramOptions options;
  options.continuation.min_parameter = 0;
  options.continuation.max_parameter = 1;
  options.continuation.max_step = context.settings.number("max_step");
  options.continuation.initial_step = std::min(0.01, options.continuation.max_step);
  options.continuation.max_steps = context.settings.integer("max_steps");
  options.continuation.speed_hessians = true;
  options.continuation.dt = context.trained.dt();
  options.continuation.progress = part_of(context.progress, 1, 2);
  options.depth = context.settings.integer("depth");
  options.max_branches = context.settings.integer("max_branches");
  const Diagram diagram = dynamics::bifurcation_diagram(family, starts, options);

  const Table table = table_of(diagram, context.trained.state_dim());
  put(result, table, context);
  result.attributes = {{"status", "done"},
                       {"from", line.first.name},
                       {"to", line.last.name},
                       {"special_kinds", names_of(specials)},
                       {"criticalities", names_of(criticalities)},
                       {"ends", names_of(ends)},
                       {"complete", diagram.complete},
                       {"starts", starts.size()},
                       {"metrics", metrics_of(diagram, table)}};
  for (const auto& channel : context.task.outputs()) {
    result.attributes["output_names"].push_back(channel.name);
  }
  return result;
}

}  // namespace

AnalysisKind continuation_analysis() {
  return {
      "continuation",
      "the fixed points along the line between two inputs: branches and bifurcations",
      {{"from", std::int64_t{0}, "number of the steady input where the parameter is 0", 0, 1e6},
       {"to", std::int64_t{1}, "number of the steady input where it is 1", 0, 1e6},
       {"direction", std::vector<double>{},
        "an input that is added to the first one, in place of the second"},
       {"trials", std::int64_t{4}, "noisy trials of each condition that starts come from", 1, 1e5},
       {"max_starts", std::int64_t{1024}, "of the search for all points at each end", 1, 1e7},
       {"depth", std::int64_t{1}, "how often to go on along a branch that starts on a known one", 0,
        10},
       {"max_branches", std::int64_t{50}, "of the diagram", 1, 1e5},
       {"max_step", 0.1, "along a branch, in the norm of state and parameter together", 1e-6, 1e6},
       {"max_steps", std::int64_t{2000}, "of a branch in each direction", 1, 1e7}},
      run};
}

}  // namespace nullcline::study
