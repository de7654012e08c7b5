// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <optional>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/cycles/cycle_starts.hpp"
#include "nullcline/dynamics/cycles/cycles.hpp"
#include "nullcline/dynamics/cycles/piecewise_linear_cycles.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::Cycle;
using dynamics::Cycles;
using dynamics::PiecewiseLinearCycle;
using dynamics::PiecewiseLinearCycles;

/// The orbit of a state in the cube |x_i| < 1, (n, length); nothing if it leaves by far.
std::optional<Matrix> drawn_orbit(const Map& map, Index length, RandomStream& stream) {
  constexpr double far = 1e6;
  Matrix orbit(map.dim(), length);
  for (double& entry : orbit.col(0)) entry = 2 * stream.uniform() - 1;
  for (Index t = 1; t < length; ++t) {
    map.step(orbit.middleCols(t - 1, 1), orbit.middleCols(t, 1));
    if (!(orbit.col(t).norm() < far)) return std::nullopt;
  }
  return orbit;
}

/// About `draws` guesses, half of them the nearest returns of such orbits, half states at random.
std::vector<Matrix> drawn_guesses(const Map& map, Index period, Index draws, std::uint64_t seed) {
  constexpr Index orbits = 8;
  const Index each = (draws + 2 * orbits - 1) / (2 * orbits);
  std::vector<Matrix> guesses;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(orbits); ++i) {
    RandomStream stream({.seed = seed, .purpose = Purpose::cycle_starts, .step = i});
    const std::optional<Matrix> orbit = drawn_orbit(map, 1000 + 20 * period, stream);
    if (!orbit) continue;
    for (Matrix& guess : dynamics::draw_cycle_starts(*orbit, {.min_period = period,
                                                             .max_period = period,
                                                             .recurrences = each,
                                                             .shuffled = each,
                                                             .seed = seed,
                                                             .network = i + 1})) {
      guesses.push_back(std::move(guess));
    }
  }
  return guesses;
}

Cycles cycles(const py::object& net, Index period, const py::object& input,
              const py::object& starts, Index draws, double tolerance, Index max_iterations,
              double escape_radius, std::uint64_t seed, int threads) {
  const System system(net, input);
  if (period < 1) throw py::value_error("cycles: period must be at least 1");
  if (draws < 0) throw py::value_error("cycles: draws must not be negative");
  const bool orbits =
      starts.is_none() || py::module_::import("numpy").attr("ndim")(starts).cast<int>() == 2;
  std::optional<Matrix> X;
  std::vector<Matrix> guesses;
  const Extent n{"n", system.dim()};
  if (orbits && !starts.is_none()) {
    X = columns(read_array(starts, "starts", {{"K"}, n}));
  } else if (!orbits) {
    const DoubleArray array = read_array(starts, "starts", {{"K"}, {"k", period}, n});
    const Columns all = columns(array);
    for (Index j = 0; j < array.shape(0); ++j) {
      guesses.emplace_back(all.middleCols(j * period, period));
    }
  }
  Cycles result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    const dynamics::CycleOptions options{.tolerance = tolerance,
                                         .max_iterations = max_iterations,
                                         .escape_radius = escape_radius,
                                         .threads = on,
                                         .progress = progress};
    if (starts.is_none()) guesses = drawn_guesses(system.map(), period, draws, seed);
    result = X ? dynamics::find_cycles(system.map(), period, *X, options)
               : dynamics::find_cycles(system.map(), guesses, options);
  });
  return result;
}

PiecewiseLinearCycles piecewise_linear_cycles(const py::object& net, Index period,
                                              const py::object& input, const py::object& starts,
                                              Index exhaustive_bits, Index attempts,
                                              Index max_moves, std::uint64_t seed, int threads) {
  const System system(net, input);
  const PiecewiseLinearMap map = system.need_piecewise_linear("piecewise_linear_cycles");
  Matrix X;
  if (!starts.is_none()) {
    X = columns(read_array(starts, "starts", {{"K"}, {"n", system.dim()}}));
  }
  PiecewiseLinearCycles result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::find_piecewise_linear_cycles(map, period,
                                                    {.exhaustive_bits = exhaustive_bits,
                                                     .attempts = attempts,
                                                     .max_moves = max_moves,
                                                     .starts = X,
                                                     .seed = seed,
                                                     .threads = on,
                                                     .progress = progress});
  });
  return result;
}

/// An array with an entry for each cycle.
template <class Entry, class Item, class Part>
py::array each(const std::vector<Item>& items, Part part) {
  py::array_t<Entry> array(static_cast<py::ssize_t>(items.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    array.mutable_at(static_cast<py::ssize_t>(i)) = part(items[i]);
  }
  return array;
}

/// What Cycles and PiecewiseLinearCycles tell of each cycle.
template <class Result>
void add_cycle_states(py::class_<Result>& type) {
  type.def_property_readonly(
          "states",
          [](const py::object& self) {
            return list_of(
                self.cast<const Result&>().cycles, self,
                [](const auto& c, const py::handle& owner) { return rows(c.states, owner); });
          },
          "A list of (k, n), in order from the state of least first coordinate.")
      .def_property_readonly(
          "multipliers",
          [](const py::object& self) {
            const auto& all = self.cast<const Result&>().cycles;
            const auto part = [](const auto& c, const py::handle& owner) {
              return vector(c.multipliers, owner);
            };
            return all.empty() ? py::module_::import("numpy").attr("zeros")(
                                     py::make_tuple(0, 0), py::arg("dtype") = "complex")
                               : stacked(all, self, {}, part);
          },
          "(C, n) complex, of k steps together.")
      .def_property_readonly(
          "residuals",
          [](const Result& self) {
            return each<double>(self.cycles, [](const auto& c) { return c.residual; });
          },
          "(C,) of F(x_i) - x_{i+1}.")
      .def("__len__", [](const Result& self) { return self.cycles.size(); });
}

void add_cycles(py::module_& m) {
  py::class_<Cycles> type(m, "Cycles",
                          "C cycles x_1 -> x_2 -> ... -> x_k -> x_1 that K starts led to.");
  add_cycle_states(type);
  type.def_property_readonly(
          "periods",
          [](const Cycles& self) {
            return each<Index>(self.cycles, [](const Cycle& c) { return c.period; });
          },
          "(C,) steps: of each the smallest.")
      .def_property_readonly(
          "stable",
          [](const Cycles& self) {
            return each<bool>(self.cycles, [](const Cycle& c) {
              return c.stability == dynamics::Stability::stable;
            });
          },
          "(C,) bool.")
      .def_property_readonly(
          "kinds",
          [](const Cycles& self) {
            std::vector<dynamics::Stability> kinds;
            for (const Cycle& c : self.cycles) kinds.push_back(c.stability);
            return names(kinds);
          },
          "(C,) str: 'stable', 'marginal', 'saddle', 'repelling'.")
      .def_property_readonly(
          "unstable",
          [](const Cycles& self) {
            return each<Index>(self.cycles, [](const Cycle& c) { return c.unstable; });
          },
          "(C,) how many multipliers are outside the unit circle.")
      .def_property_readonly(
          "radii",
          [](const Cycles& self) {
            return each<double>(self.cycles, [](const Cycle& c) { return c.radius; });
          },
          "(C,) Newton radius: how far off the states may be.")
      .def_property_readonly(
          "multiplicity",
          [](const Cycles& self) {
            return each<Index>(self.cycles, [](const Cycle& c) { return c.multiplicity; });
          },
          "(C,) how many starts led to it.")
      .def_property_readonly("status", names_of(&Cycles::status),
                             "(K,) how the search from each start ended, str: 'cycle',\n"
                             "'rounding_limited', 'smaller_period', 'stalled', 'escaped',\n"
                             "'max_iterations', 'not_finite'.")
      .def_property_readonly("cycle_of_start", vector_of(&Cycles::cycle_of_start),
                             "(K,) which cycle each start led to, or -1.")
      .def_property_readonly("iterations", vector_of(&Cycles::iterations), "(K,)")
      .def_property_readonly("start_residuals", vector_of(&Cycles::start_residuals),
                             "(K,) the residual where each search ended.")
      .def_property_readonly("derivatives", derivatives_of<Cycles>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def("__repr__", [](const Cycles& self) {
        return "<nullcline.Cycles: " + std::to_string(self.cycles.size()) + " cycles from " +
               std::to_string(self.status.size()) + " starts>";
      });
}

void add_piecewise_linear_cycles(py::module_& m) {
  py::class_<PiecewiseLinearCycles> type(
      m, "PiecewiseLinearCycles", "C cycles of a piecewise linear map, to rounding, stable first.");
  add_cycle_states(type);
  type.def_property_readonly(
          "stable",
          [](const PiecewiseLinearCycles& self) {
            return each<bool>(self.cycles, [](const auto& c) { return c.stable; });
          },
          "(C,) bool.")
      .def_property_readonly(
          "on_border",
          [](const PiecewiseLinearCycles& self) {
            return each<bool>(self.cycles, [](const auto& c) { return c.on_border; });
          },
          "(C,) bool: a unit is at its kink somewhere, and the multipliers are of one side.")
      .def_property_readonly(
          "regions",
          [](const PiecewiseLinearCycles& self) {
            return list_of(
                self.cycles, py::none(), [](const PiecewiseLinearCycle& c, const py::handle&) {
                  return stacked(c.regions, py::none(), {0, 0},
                                 [](const Region& one, const py::handle&) { return flags(one); });
                });
          },
          "A list of (k, K) bool, which units are above their kink.")
      .def_property_readonly(
          "hits",
          [](const PiecewiseLinearCycles& self) {
            return each<Index>(self.cycles, [](const auto& c) { return c.hits; });
          },
          "(C,) how many searches led to it.")
      .def_readonly("exhaustive", &PiecewiseLinearCycles::exhaustive,
                    "bool: all sequences of regions were tried.")
      .def_readonly("complete", &PiecewiseLinearCycles::complete,
                    "bool: and none was undecided, so that there is no other k-cycle, to rounding.")
      .def_readonly("sequences", &PiecewiseLinearCycles::sequences, "Systems solved.")
      .def("__repr__", [](const PiecewiseLinearCycles& self) {
        return "<nullcline.PiecewiseLinearCycles: " + std::to_string(self.cycles.size()) +
               " cycles, " + (self.complete ? "complete>" : "not known to be complete>");
      });
}

}  // namespace

void register_cycles(py::module_& m) {
  add_cycles(m);
  add_piecewise_linear_cycles(m);

  m.def("cycles", cycles, py::arg("net"), py::arg("period"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("starts") = py::none(), py::arg("draws") = 256,
        py::arg("tolerance") = 1e-12, py::arg("max_iterations") = 200,
        py::arg("escape_radius") = 0.0, py::arg("seed") = 0, py::arg("threads") = 0,
        "Cycles of `period` steps of a Network or a Map, stable or not, by multiple shooting from\n"
        "the orbits of starts (K, n), from guesses starts (K, period, n), or without starts from\n"
        "about `draws` guesses taken of orbits from the cube |x_i| < 1: half where they come near\n"
        "to themselves after `period` steps, half of states at random. What turns out to have a\n"
        "smaller period has the status 'smaller_period'. Nothing proves that none is missing.");
  m.def("piecewise_linear_cycles", piecewise_linear_cycles, py::arg("net"), py::arg("period"),
        py::kw_only(), py::arg("input") = py::none(), py::arg("starts") = py::none(),
        py::arg("exhaustive_bits") = 20, py::arg("attempts") = 512, py::arg("max_moves") = 100,
        py::arg("seed") = 0, py::arg("threads") = 0,
        "Cycles of `period` steps of a ReLU network or a PiecewiseLinearMap with K kinked units,\n"
        "exactly. Where K period <= exhaustive_bits all sequences of regions are tried, and the\n"
        "result may be complete; else `attempts` searches from region to region, of trajectories\n"
        "from starts (K, n) if there are any.");
}

}  // namespace nullcline::python
