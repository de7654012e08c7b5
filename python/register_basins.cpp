// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "landmarks.hpp"
#include "nullcline/dynamics/connections/basins.hpp"
#include "nullcline/dynamics/connections/transitions.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::Basins;
using dynamics::BasinShare;
using dynamics::Thresholds;
using dynamics::Transitions;

Basins basins(const py::object& net, const py::object& starts, const py::object& points,
              const py::object& cycles, const py::object& curves, const py::object& input,
              double confidence, Index max_steps, double escape_radius, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(starts, "starts", {{"B"}, {"n", system.dim()}});
  const Columns X = columns(array);
  const GivenLandmarks given = read_landmarks(points, cycles, curves, system.dim());
  Basins result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::sample_basins(system.map(), X, landmarks_of(system.map(), given, on),
                                     {.confidence = confidence,
                                      .settle = {.max_steps = max_steps,
                                                 .escape_radius = escape_radius,
                                                 .threads = on,
                                                 .progress = progress}});
  });
  return result;
}

/// The table that `find` makes of pulses (R, n_in) added to the input.
template <class Result, class Find>
Result pulsed(const py::object& net, const py::object& pulses, const py::object& points,
              const py::object& cycles, const py::object& curves, const py::object& input,
              int threads, dynamics::TransitionOptions options, Find find) {
  const System system(net, input);
  const DrivenMap& driven = system.need_driven("a pulse of input");
  const Matrix V = columns(read_array(pulses, "pulses", {{"R"}, {"n_in", driven.input_dim()}}));
  const GivenLandmarks given = read_landmarks(points, cycles, curves, system.dim());
  Result result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    options.settle.threads = on;
    options.settle.progress = progress;
    result = find(driven, system.input(), V, landmarks_of(system.map(), given, on), options);
  });
  return result;
}

Transitions transitions(const py::object& net, const py::object& pulses, const py::object& points,
                        const py::object& cycles, const py::object& curves, const py::object& input,
                        Index duration, Index max_steps, int threads) {
  return pulsed<Transitions>(net, pulses, points, cycles, curves, input, threads,
                             {.duration = duration, .settle = {.max_steps = max_steps}},
                             dynamics::transition_table);
}

Thresholds pulse_thresholds(const py::object& net, const py::object& pulses,
                            const py::object& points, const py::object& cycles,
                            const py::object& curves, const py::object& input, Index duration,
                            double amplitude_limit, Index amplitudes, double tolerance,
                            Index max_steps, int threads) {
  return pulsed<Thresholds>(net, pulses, points, cycles, curves, input, threads,
                            {.duration = duration,
                             .amplitude_limit = amplitude_limit,
                             .amplitudes = amplitudes,
                             .tolerance = tolerance,
                             .settle = {.max_steps = max_steps}},
                            dynamics::pulse_thresholds);
}

/// part(share) of each landmark's share, (L,).
template <class Part>
auto shares(Part part) {
  return [part](const Basins& self) {
    using Entry = std::remove_cvref_t<decltype(part(self.landmarks[0]))>;
    py::array_t<Entry> array(static_cast<py::ssize_t>(self.landmarks.size()));
    py::ssize_t i = 0;
    for (const BasinShare& share : self.landmarks) array.mutable_at(i++) = part(share);
    return array;
  };
}

auto share_of(BasinShare Basins::*member) {
  return [member](const Basins& self) {
    const BasinShare& share = self.*member;
    return py::make_tuple(share.fraction, share.interval.low, share.interval.high);
  };
}

void add_basins(py::module_& m) {
  using dynamics::Settled;
  py::class_<Basins>(m, "Basins",
                     "What part of B starts goes to which of L landmarks: the points given, the\n"
                     "cycles and curves given, then points and cycles that were not given.")
      .def_property_readonly("fractions",
                             shares([](const BasinShare& share) { return share.fraction; }), "(L,)")
      .def_property_readonly("low",
                             shares([](const BasinShare& share) { return share.interval.low; }),
                             "(L,) end of the Clopper-Pearson interval of each by itself.")
      .def_property_readonly("high",
                             shares([](const BasinShare& share) { return share.interval.high; }),
                             "(L,) end of the Clopper-Pearson interval of each by itself.")
      .def_property_readonly("orbits", shares([](const BasinShare& share) { return share.orbits; }),
                             "(L,)")
      .def_property_readonly("escaped", share_of(&Basins::escaped),
                             "(fraction, low, high) of the orbits that left the ball.")
      .def_property_readonly("undecided", share_of(&Basins::undecided),
                             "(fraction, low, high) of those still moving after max_steps.")
      .def_property_readonly("not_finite", share_of(&Basins::not_finite),
                             "(fraction, low, high) of those that are not finite.")
      .def_property_readonly("ends", part_of(&Basins::orbits, &Settled::ends, as_names),
                             "(B,) str: 'fixed_point', 'cycle', 'new_fixed_point', 'new_cycle',\n"
                             "'escaped', 'undecided', 'not_finite'.")
      .def_property_readonly("landmark_of_start",
                             part_of(&Basins::orbits, &Settled::landmark, as_vector),
                             "(B,) where each orbit ended, or -1.")
      .def_property_readonly("steps", part_of(&Basins::orbits, &Settled::steps, as_vector),
                             "(B,) made until then.")
      .def_property_readonly("states", part_of(&Basins::orbits, &Settled::states, as_rows),
                             "(B, n) the last state of each orbit.")
      .def_property_readonly("new_points", part_of(&Basins::orbits, &Settled::new_points, as_rows),
                             "(U, n) attractors that were not given.")
      .def_property_readonly(
          "new_cycles",
          [](const py::object& self) {
            return list_of(self.cast<const Basins&>().orbits.new_cycles, self,
                           [](const Matrix& A, const py::handle& owner) { return rows(A, owner); });
          },
          "A list of (k, n), likewise.")
      .def("__repr__", [](const Basins& self) {
        return "<nullcline.Basins: " + std::to_string(self.landmarks.size()) + " landmarks of " +
               std::to_string(self.orbits.ends.size()) + " starts>";
      });
}

/// Entries of the rows of a table, (M,).
template <class Result, class Row, class Entry>
auto entry_of(std::vector<Row> Result::*table, Entry Row::*member) {
  return [=](const Result& self) {
    const std::vector<Row>& rows = self.*table;
    py::array_t<Entry> array(static_cast<py::ssize_t>(rows.size()));
    py::ssize_t i = 0;
    for (const Row& row : rows) array.mutable_at(i++) = row.*member;
    return array;
  };
}
template <class Result, class Row>
auto ends_of(std::vector<Row> Result::*table) {
  return [=](const Result& self) {
    std::vector<dynamics::OrbitEnd> ends;
    for (const Row& row : self.*table) ends.push_back(row.end);
    return names(ends);
  };
}

template <class Result, class Row>
void add_table(py::class_<Result>& type, std::vector<Row> Result::*table) {
  type.def_property_readonly("origins", entry_of(table, &Row::from),
                             "(M,) the stable point it starts from.")
      .def_property_readonly("pulses", entry_of(table, &Row::pulse), "(M,) the row of `pulses`.")
      .def_property_readonly("to", entry_of(table, &Row::to), "(M,) where it leads, or -1.")
      .def_property_readonly("ends", ends_of(table),
                             "(M,) str: 'fixed_point', 'cycle', 'new_fixed_point', 'new_cycle',\n"
                             "'escaped', 'undecided', 'not_finite'.")
      .def("__len__", [table](const Result& self) { return (self.*table).size(); });
}

void add_transitions(py::module_& m) {
  using dynamics::Threshold;
  py::class_<Transitions> table(m, "Transitions",
                                "Where M pulses lead, for each stable point each pulse.");
  add_table(table, &Transitions::table);
  table
      .def_property_readonly("new_points", rows_of(&Transitions::new_points),
                             "(U, n) where orbits ended that was not given.")
      .def_property_readonly("new_cycles", row_list_of(&Transitions::new_cycles),
                             "A list of (k, n), likewise.");
  py::class_<Thresholds> thresholds(m, "Thresholds",
                                    "How large M pulses must be to lead elsewhere than back.");
  add_table(thresholds, &Thresholds::table);
  thresholds
      .def_property_readonly("found", entry_of(&Thresholds::table, &Threshold::found),
                             "(M,) bool: some multiple up to the limit leads elsewhere.")
      .def_property_readonly("below", entry_of(&Thresholds::table, &Threshold::below),
                             "(M,) the pulse times this leads back.")
      .def_property_readonly("above", entry_of(&Thresholds::table, &Threshold::above),
                             "(M,) the pulse times this leads to `to`.");
}

}  // namespace

void register_basins(py::module_& m) {
  add_basins(m);
  add_transitions(m);

  m.def("basins", basins, py::arg("net"), py::arg("starts"), py::kw_only(),
        py::arg("points") = py::none(), py::arg("cycles") = py::none(),
        py::arg("curves") = py::none(), py::arg("input") = py::none(), py::arg("confidence") = 0.95,
        py::arg("max_steps") = 20000, py::arg("escape_radius") = 0.0, py::arg("threads") = 0,
        "The probabilities of the basins of attraction under the distribution from which the\n"
        "rows of starts (B, n) were drawn, with intervals: each orbit is followed until it ends.\n"
        "points: (P, n), or what fixed_points returns; cycles: a list of (k, n), or what cycles\n"
        "returns; curves: closed curves (S, n) that attract, such as invariant_circle's curve, as\n"
        "cycles of their own. Fixed points and cycles that were not given are found and counted.");
  m.def("transitions", transitions, py::arg("net"), py::arg("pulses"), py::arg("points"),
        py::kw_only(), py::arg("cycles") = py::none(), py::arg("curves") = py::none(),
        py::arg("input") = py::none(), py::arg("duration") = 1, py::arg("max_steps") = 20000,
        py::arg("threads") = 0,
        "From each stable one of points (P, n), each of pulses (R, n_in) added to the input for\n"
        "`duration` steps, and then the input alone: where it leads.");
  m.def("pulse_thresholds", pulse_thresholds, py::arg("net"), py::arg("pulses"), py::arg("points"),
        py::kw_only(), py::arg("cycles") = py::none(), py::arg("curves") = py::none(),
        py::arg("input") = py::none(), py::arg("duration") = 1, py::arg("amplitude_limit") = 1.0,
        py::arg("amplitudes") = 16, py::arg("tolerance") = 1e-6, py::arg("max_steps") = 20000,
        py::arg("threads") = 0,
        "For each stable one of points (P, n) and each of pulses (R, n_in) the least multiple of\n"
        "the pulse that leads elsewhere than back: of `amplitudes` equally spaced ones up to\n"
        "amplitude_limit the first, and bisection to tolerance times the limit.");
}

}  // namespace nullcline::python
