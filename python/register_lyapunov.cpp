// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"
#include "nullcline/dynamics/orbits/covariant_vectors.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::AttractorVerdict;
using dynamics::CovariantVectors;

struct LyapunovSpectrum : dynamics::LyapunovSpectrum {
  std::shared_ptr<AttractorVerdict> attractor;  // null without
};

/// A constant input (n_in,), or a sequence (S, n_in) that is repeated.
bool is_sequence(const py::object& input) {
  return !input.is_none() && py::module_::import("numpy").attr("ndim")(input).cast<int>() == 2;
}

/// The orbit from the end of the first one of the spectrum: it is on the attractor already.
std::shared_ptr<AttractorVerdict> verdict_after(const dynamics::LyapunovSpectrum& spectrum,
                                                const System& system,
                                                const dynamics::LyapunovOptions& options,
                                                Index longest_period) {
  if (spectrum.orbits.empty() || spectrum.orbits.front() != 0) return nullptr;
  const auto k = spectrum.exponents.size();
  return std::make_shared<AttractorVerdict>(dynamics::attractor_verdict(
      system.map(), spectrum.final_states.col(0),
      {.dt = system.dt(),
       .flow = system.is_flow(),
       .exponents = std::clamp<Index>(k, 1, 4),
       .transient = std::min<Index>(options.transient, 1000),
       .steps = options.steps,
       .longest_period = longest_period > 0 ? longest_period : options.steps,
       .error_bar = options.error_bar,
       .escape_radius = options.escape_radius,
       .seed = options.seed,
       .progress = options.progress}));
}

LyapunovSpectrum lyapunov_spectrum(const py::object& net, const py::object& start,
                                   const py::object& input, Index exponents, Index steps,
                                   Index transient, const py::object& noise, bool common_noise,
                                   bool verdict, Index longest_period, double error_bar,
                                   double escape_radius, std::uint64_t seed, int threads) {
  const bool sequence = is_sequence(input);
  const System system(net, sequence ? py::object(py::none()) : input);
  const bool driven = sequence || !noise.is_none();
  dynamics::OrbitInput orbit_input{.common_noise = common_noise, .seed = seed};
  if (driven) {
    const Extent inputs{"n_in", system.need_driven("an input that varies").input_dim()};
    if (sequence) {
      orbit_input.sequence = columns(read_array(input, "input", {{"S"}, inputs}));
    } else if (!input.is_none()) {
      orbit_input.sequence = system.input();
    }
    if (!noise.is_none()) orbit_input.noise = columns(read_array(noise, "noise", {inputs}));
  }
  const Matrix X = read_states(start, "start", system.dim());
  LyapunovSpectrum result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    const dynamics::LyapunovOptions options{.dt = system.dt(),
                                            .exponents = exponents,
                                            .transient = transient,
                                            .steps = steps,
                                            .error_bar = error_bar,
                                            .escape_radius = escape_radius,
                                            .seed = seed,
                                            .threads = on,
                                            .progress = progress};
    auto& spectrum = static_cast<dynamics::LyapunovSpectrum&>(result);
    spectrum = driven ? dynamics::lyapunov_spectrum(*system.driven(), X, orbit_input, options)
                      : dynamics::lyapunov_spectrum(system.map(), X, options);
    if (verdict && !driven) {
      result.attractor = verdict_after(spectrum, system, options, longest_period);
    }
  });
  return result;
}

AttractorVerdict attractor_verdict(const py::object& net, const py::object& start,
                                   const py::object& input, Index exponents, Index steps,
                                   Index transient, Index longest_period, double recurrence,
                                   double error_bar, double escape_radius, std::optional<bool> flow,
                                   std::uint64_t seed) {
  const System system(net, input);
  const Vector x = columns(read_array(start, "start", {{"n", system.dim()}}));
  AttractorVerdict result;
  system.run(1, [&](Threads, const Progress& progress) {
    result = dynamics::attractor_verdict(system.map(), x,
                                         {.dt = system.dt(),
                                          .flow = flow.value_or(system.is_flow()),
                                          .exponents = exponents,
                                          .transient = transient,
                                          .steps = steps,
                                          .longest_period = longest_period,
                                          .recurrence = recurrence,
                                          .error_bar = error_bar,
                                          .escape_radius = escape_radius,
                                          .seed = seed,
                                          .progress = progress});
  });
  return result;
}

CovariantVectors covariant_vectors(const py::object& net, const py::object& start,
                                   const py::object& input, Index vectors, Index times,
                                   Index interval, Index transient, Index backward_transient,
                                   double escape_radius, std::uint64_t seed) {
  const System system(net, input);
  const Vector x = columns(read_array(start, "start", {{"n", system.dim()}}));
  CovariantVectors result;
  system.run(1, [&](Threads, const Progress& progress) {
    result = dynamics::covariant_vectors(system.map(), x,
                                         {.dt = system.dt(),
                                          .vectors = vectors,
                                          .interval = interval,
                                          .times = times,
                                          .transient = transient,
                                          .backward_transient = backward_transient,
                                          .escape_radius = escape_radius,
                                          .seed = seed,
                                          .progress = progress});
  });
  return result;
}

void add_spectrum(py::module_& m) {
  using Self = LyapunovSpectrum;
  using Base = dynamics::LyapunovSpectrum;
  // A member of the base as one of LyapunovSpectrum.
  const auto of = []<class Member>(Member Base::*member) {
    return static_cast<Member Self::*>(member);
  };
  py::class_<Self>(m, "LyapunovSpectrum", "k Lyapunov exponents of the orbits of B starts.")
      .def_property_readonly("exponents", vector_of(of(&Base::exponents)),
                             "(k,) 1/s, descending; -inf where a direction is annihilated. Empty\n"
                             "if no orbit came to an end.")
      .def_property_readonly("standard_errors", vector_of(of(&Base::standard_errors)),
                             "(k,) 1/s, correlations counted.")
      .def_readonly("kaplan_yorke", &Base::dimension, "The Kaplan-Yorke dimension.")
      .def_readonly("kaplan_yorke_error", &Base::dimension_error, "Its standard error.")
      .def_readonly("kaplan_yorke_is_bound", &Base::dimension_is_bound,
                    "bool: the k < n exponents do not add up to less than 0; it is larger.")
      .def_readonly("entropy_rate", &Base::entropy_rate, "Sum of the positive ones, nats/s.")
      .def_readonly("entropy_rate_error", &Base::entropy_rate_error, "Its standard error.")
      .def_readonly("resolved", &Base::resolved,
                    "So many exponents are determined, the others are upper bounds.")
      .def_property_readonly("of_orbits", rows_of(of(&Base::of_orbits)),
                             "(U, k) 1/s, of each orbit that came to its end.")
      .def_property_readonly("orbits", vector_of(of(&Base::orbits)),
                             "(U,) the starts of these orbits.")
      .def_property_readonly("history", rows_of(of(&Base::history)),
                             "(C, k) 1/s, as estimated up to `times`.")
      .def_property_readonly("times", vector_of(of(&Base::times)),
                             "(C,) s since the end of the transient.")
      .def_property_readonly("final_states", rows_of(of(&Base::final_states)), "(B, n)")
      .def_property_readonly("status", names_of(of(&Base::status)),
                             "(B,) str: 'done', 'diverged', 'not_finite'.")
      .def_property_readonly(
          "sum_rule_error", [](const Self& self) { return self.determinant.discrepancy; },
          "Largest difference, 1/s, between the sum of the exponents and ln|det J| over an\n"
          "interval in which it was checked: a self-check.")
      .def_property_readonly(
          "sum_rule_steps", [](const Self& self) { return self.determinant.steps; },
          "Determinants taken for it; 0 where not all exponents are computed.")
      .def_readonly("steps", &Base::steps, "Of each orbit, without the transient.")
      .def_readonly("interval", &Base::interval, "Steps between two QR at the end.")
      .def_property_readonly("derivatives", derivatives_of<Self>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.")
      .def_readonly("attractor", &Self::attractor,
                    "AttractorVerdict of the first orbit, with its reasons; None without.")
      .def_property_readonly(
          "verdict",
          [](const Self& self) -> std::optional<std::string> {
            if (!self.attractor) return std::nullopt;
            return name_of(self.attractor->kind);
          },
          "'fixed_point', 'cycle', 'torus', 'chaos', 'diverged', 'undecided' of the first orbit;\n"
          "None where it was not asked for, the input varies, or the orbit came to no end.")
      .def("__repr__", [](const Self& self) {
        return "<nullcline.LyapunovSpectrum: " + std::to_string(self.exponents.size()) +
               " exponents" +
               (self.attractor ? std::string(", ") + name_of(self.attractor->kind) : "") + ">";
      });
}

void add_verdict(py::module_& m) {
  using Self = AttractorVerdict;
  py::class_<Self, std::shared_ptr<Self>>(
      m, "AttractorVerdict", "What kind of attractor an orbit came to, and on what grounds.")
      .def_property_readonly("kind", name_in(&Self::kind),
                             "'fixed_point', 'cycle', 'torus', 'chaos', 'diverged' or 'undecided'.")
      .def_readonly("positive", &Self::positive, "Exponents above their bars.")
      .def_readonly("zero", &Self::zero, "Exponents within their bars.")
      .def_readonly("negative", &Self::negative, "Exponents below minus their bars.")
      .def_property_readonly(
          "exponents",
          [](const py::object& self) {
            return vector(self.cast<const Self&>().spectrum.exponents, self);
          },
          "(k,) 1/s, the largest ones.")
      .def_property_readonly("bars", vector_of(&Self::bars),
                             "(k,) 1/s, error_bar standard errors + ln(steps) / (steps dt).")
      .def_readonly("residual", &Self::residual, "|F(x) - x| at `state`.")
      .def_readonly("correction", &Self::correction,
                    "|x* - x|, where Newton's method leads to a fixed point x*; else inf.")
      .def_readonly("diameter", &Self::diameter, "Largest distance from `state` afterwards.")
      .def_readonly("period", &Self::period, "Seconds; 0: no return.")
      .def_readonly("period_steps", &Self::period_steps, "Of a flow rounded.")
      .def_readonly("return_distance", &Self::return_distance, "Left after one period.")
      .def_readonly("closest_return", &Self::closest_return,
                    "How near it comes again after it was half a diameter away, relative.")
      .def_property_readonly("state", vector_of(&Self::state), "(n,) the last one.")
      .def("__repr__", [](const Self& self) {
        return std::string("<nullcline.AttractorVerdict: ") + name_of(self.kind) + ">";
      });
}

/// (T, k, n) of (n, T k).
py::array vectors_of(const py::object& self) {
  const auto& result = self.cast<const CovariantVectors&>();
  const Index T = result.states.cols();
  return sequence(result.vectors, T, T == 0 ? 0 : result.vectors.cols() / T, self);
}

void add_covariant_vectors(py::module_& m) {
  using Self = CovariantVectors;
  py::class_<Self>(m, "CovariantVectors",
                   "k covariant Lyapunov vectors at T times of an orbit, (i, j) = (0, 1), (0, 2),\n"
                   ".., (1, 2), .. in `angles`.")
      .def_property_readonly("status", name_in(&Self::status),
                             "'done'; 'diverged' and 'not_finite' leave the arrays empty.")
      .def_readonly("resolved", &Self::resolved, "So many vectors are determined.")
      .def_property_readonly("states", rows_of(&Self::states), "(T, n)")
      .def_property_readonly("vectors", vectors_of, "(T, k, n) of norm 1.")
      .def_property_readonly("local_exponents", rows_of(&Self::local_exponents),
                             "(T, k) 1/s over the interval that follows.")
      .def_property_readonly("angles", rows_of(&Self::angles),
                             "(T, k (k - 1) / 2) radians between pairs of vectors.")
      .def_property_readonly("derivatives", derivatives_of<Self>,
                             "Where the Jacobians came from: 'exact' or 'finite_differences'.");
}

}  // namespace

void register_lyapunov(py::module_& m) {
  add_verdict(m);
  add_spectrum(m);
  add_covariant_vectors(m);

  m.def("lyapunov_spectrum", lyapunov_spectrum, py::arg("net"), py::arg("start"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("exponents") = 0, py::arg("steps") = 10000,
        py::arg("transient") = 1000, py::arg("noise") = py::none(), py::arg("common_noise") = false,
        py::arg("verdict") = true, py::arg("longest_period") = 0, py::arg("error_bar") = 3.0,
        py::arg("escape_radius") = 1e12, py::arg("seed") = 0, py::arg("threads") = 0,
        "The `exponents` largest Lyapunov exponents (0: all) of a Network or a Map along the\n"
        "orbits of start (B, n) or (n,), by the QR method over `steps` steps after `transient`.\n\n"
        "input: (n_in,) constant, or a sequence (S, n_in) that is repeated; noise: (n_in,)\n"
        "standard deviations of white noise added to it at each step, the same for all orbits\n"
        "with common_noise. verdict: also says what the first orbit came to, from as many steps\n"
        "again, with periods up to longest_period steps (0: `steps`); not under varying input.");
  m.def("attractor_verdict", attractor_verdict, py::arg("net"), py::arg("start"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("exponents") = 4, py::arg("steps") = 20000,
        py::arg("transient") = 10000, py::arg("longest_period") = 20000,
        py::arg("recurrence") = 1e-5, py::arg("error_bar") = 3.0, py::arg("escape_radius") = 1e12,
        py::arg("flow") = py::none(), py::arg("seed") = 0,
        "What kind of attractor the orbit of start (n,) comes to: a fixed point, a cycle, a\n"
        "torus, chaos, or undecided, by exponents with error bars and by whether it returns\n"
        "within `recurrence` of its diameter. flow: the map is a short step of an ODE, None: as\n"
        "the network says.");
  m.def("covariant_vectors", covariant_vectors, py::arg("net"), py::arg("start"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("vectors") = 0, py::arg("times") = 200,
        py::arg("interval") = 1, py::arg("transient") = 1000, py::arg("backward_transient") = 500,
        py::arg("escape_radius") = 1e12, py::arg("seed") = 0,
        "The covariant Lyapunov vectors of the `vectors` largest exponents (0: all) at `times`\n"
        "times, `interval` steps apart, of the orbit of start (n,) (Ginelli et al. 2007).");
}

}  // namespace nullcline::python
