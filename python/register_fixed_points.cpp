// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/points/complete_search.hpp"
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"
#include "points.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

/// What is proven of P fixed points.
struct Proof {
  Vector radius_exists, radius_unique;              // (P)
  std::vector<dynamics::CertificateStatus> status;  // (P)
  std::vector<Index> unstable, degrees;             // (P)
  dynamics::DegreeStatement statement;
  bool distinct = true;
};

Proof prove(const Map& map, In<Matrix> states, Threads threads, const Progress& progress) {
  const auto certificates = dynamics::certify_all(
      map, states, {.stability = true, .threads = threads, .progress = progress});
  Proof proof;
  const auto P = static_cast<Index>(certificates.size());
  proof.radius_exists.resize(P);
  proof.radius_unique.resize(P);
  for (Index p = 0; p < P; ++p) {
    const dynamics::Certificate& one = certificates[static_cast<std::size_t>(p)];
    proof.radius_exists(p) = one.radius_exists;
    proof.radius_unique(p) = one.radius_unique;
    proof.status.push_back(one.status);
    proof.unstable.push_back(one.unstable);
    proof.degrees.push_back(one.degree);
  }
  const dynamics::ProvenPoints proven = dynamics::merge_by_proof(states, certificates);
  const auto certified = std::ranges::count(proof.status, dynamics::CertificateStatus::certified);
  proof.distinct = proven.distinct && std::ssize(proven.groups) == certified;
  proof.statement =
      dynamics::degree_statement(dynamics::find_trapping_box(map), states, certificates);
  return proof;
}

struct FixedPoints {
  dynamics::FixedPoints found;
  PointDynamics around;
  std::optional<Proof> proof;
};

struct AllFixedPoints : FixedPoints {
  dynamics::CompleteSearch search;  // without its points
};

struct PiecewiseLinearPoints {
  dynamics::PiecewiseLinearPoints found;
  PointDynamics around;
};

FixedPoints fixed_points(const py::object& net, const py::object& input, const py::object& starts,
                         double tolerance, Index max_iterations, Index stall_iterations,
                         double escape_radius, bool certify, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(starts, "starts", {{"K"}, {"n", system.dim()}});
  const Columns X = columns(array);
  FixedPoints result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.found = dynamics::find_fixed_points(system.map(), X,
                                               {.tolerance = tolerance,
                                                .dt = system.dt(),
                                                .max_iterations = max_iterations,
                                                .stall_iterations = stall_iterations,
                                                .escape_radius = escape_radius,
                                                .threads = on,
                                                .progress = progress});
    result.around = dynamics_around(system.map(), result.found.states, system.dt(), on);
    if (certify) result.proof = prove(system.map(), result.found.states, on, progress);
  });
  return result;
}

AllFixedPoints find_all_fixed_points(const py::object& net, const py::object& input,
                                     const py::object& states, double tolerance,
                                     double escape_radius, Index starts_a_round, Index max_starts,
                                     Index deflated, double unseen, double noise, double box,
                                     std::uint64_t seed, bool certify, int threads) {
  const System system(net, input);
  const DoubleArray array = read_array(states, "states", {{"S"}, {"n", system.dim()}});
  const Columns X = columns(array);
  AllFixedPoints result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.search =
        dynamics::find_all_fixed_points(system.map(), X,
                                        {.search = {.tolerance = tolerance,
                                                    .dt = system.dt(),
                                                    .escape_radius = escape_radius,
                                                    .threads = on,
                                                    .progress = progress},
                                         .starts_a_round = starts_a_round,
                                         .max_starts = max_starts,
                                         .deflated = deflated,
                                         .unseen = unseen,
                                         .starts = {.box = box, .noise = noise, .seed = seed}});
    result.found = std::move(result.search.points);
    result.around = dynamics_around(result.search.linearizations, system.dim());
    result.search.linearizations.clear();
    if (certify) result.proof = prove(system.map(), result.found.states, on, progress);
  });
  return result;
}

PiecewiseLinearPoints piecewise_linear_points(const py::object& net, const py::object& input,
                                              const py::object& starts, Index max_kinks,
                                              Index max_moves, Index restarts, std::uint64_t seed,
                                              int threads) {
  const System system(net, input);
  const PiecewiseLinearMap map = system.need_piecewise_linear("piecewise_linear_points");
  std::optional<Matrix> X;
  if (!starts.is_none()) {
    X = columns(read_array(starts, "starts", {{"K"}, {"n", system.dim()}}));
  }
  PiecewiseLinearPoints result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result.found = X ? dynamics::find_piecewise_linear_points(map, *X,
                                                              {.max_moves = max_moves,
                                                               .restarts = restarts,
                                                               .seed = seed,
                                                               .threads = on,
                                                               .progress = progress})
                     : dynamics::all_piecewise_linear_points(
                           map, {.max_kinks = max_kinks, .threads = on, .progress = progress});
    result.around = dynamics_around(map, result.found.states, system.dt(), on);
  });
  return result;
}

/// A getter of a member of the proof: an error without one.
template <class Member, class View>
auto proven(Member Proof::*member, View view) {
  return [=](const py::object& self) {
    const auto& proof = self.cast<const FixedPoints&>().proof;
    if (!proof) throw py::value_error("nothing was proven: certify was False");
    return view((*proof).*member, self);
  };
}
constexpr auto as_value = [](const auto& value, const py::object&) { return value; };

void add_proof(py::class_<FixedPoints>& type) {
  type.def_property_readonly("certificates", proven(&Proof::status, as_names),
                             "(P,) str: 'certified', exactly one fixed point lies in the box\n"
                             "|y - x|_max <= radius_exists, all rounding counted; else why not:\n"
                             "'not_contracting', 'singular', 'no_enclosure', 'not_finite'.")
      .def_property_readonly(
          "certified",
          proven(&Proof::status,
                 [](const auto& status, const py::object&) {
                   std::vector<bool> yes;
                   for (const auto one : status) {
                     yes.push_back(one == dynamics::CertificateStatus::certified);
                   }
                   return flags(yes);
                 }),
          "(P,) bool, whether a fixed point is proven to lie there.")
      .def_property_readonly("radius_exists", proven(&Proof::radius_exists, as_vector),
                             "(P,) a fixed point lies in the box of this radius; 0: not proven.")
      .def_property_readonly("radius_unique", proven(&Proof::radius_unique, as_vector),
                             "(P,) and no other in this larger box.")
      .def_property_readonly("proven_unstable", proven(&Proof::unstable, as_vector),
                             "(P,) `unstable` where it is proven, else -1.")
      .def_property_readonly("proven_degrees", proven(&Proof::degrees, as_vector),
                             "(P,) `degrees` where they are proven, else 0.")
      .def_property_readonly("proven_distinct", proven(&Proof::distinct, as_value),
                             "bool, whether the certified points are proven to be different.")
      .def_property_readonly(
          "degree_verdict",
          proven(&Proof::statement, [](const dynamics::DegreeStatement& statement,
                                       const py::object&) { return name_of(statement.verdict); }),
          "'missing': the map takes a box into itself, and the sum of the proven degrees in it\n"
          "is not 1, which proves that there are more points; 'consistent': the sum is 1, which\n"
          "does not prove that there are none; 'undecided'.");
}

void add_fixed_points(py::module_& m) {
  py::class_<FixedPoints> type(m, "FixedPoints",
                               "P fixed points that K starts led to, those of most starts first.");
  add_search(type);
  add_stability(type);
  add_proof(type);
  type.def_property_readonly(
          "residuals", part_of(&FixedPoints::found, &dynamics::FixedPoints::residuals, as_vector),
          "(P,) |F(x) - x|.")
      .def_property_readonly(
          "radii", part_of(&FixedPoints::found, &dynamics::FixedPoints::radii, as_vector),
          "(P,) Newton radius: how far off the state may be; an estimate, see radius_exists.")
      .def_property_readonly(
          "start_residuals",
          part_of(&FixedPoints::found, &dynamics::FixedPoints::start_residuals, as_vector),
          "(K,) |F(x) - x| where each search ended.");
}

void add_all_fixed_points(py::module_& m) {
  using dynamics::CompleteSearch;
  using dynamics::UnseenEstimate;
  py::class_<UnseenEstimate>(m, "UnseenEstimate",
                             "How many things a random sample has not met (Chao 1987).")
      .def_readonly("draws", &UnseenEstimate::draws, "K, starts that led to a point.")
      .def_readonly("seen", &UnseenEstimate::seen, "S, points met.")
      .def_readonly("once", &UnseenEstimate::once, "Of them, met once.")
      .def_readonly("twice", &UnseenEstimate::twice, "Of them, met twice.")
      .def_readonly("estimate", &UnseenEstimate::estimate, "Points not seen.")
      .def_readonly("lower", &UnseenEstimate::lower, "Of the 95 % interval of points not seen.")
      .def_readonly("upper", &UnseenEstimate::upper, "Of the 95 % interval of points not seen.")
      .def_readonly("coverage", &UnseenEstimate::coverage,
                    "Probability that the next start leads to a point that was seen.");

  py::class_<AllFixedPoints, FixedPoints>(
      m, "AllFixedPoints", "P fixed points of a search that went on until none seemed missing.")
      .def_property_readonly(
          "completeness",
          [](const AllFixedPoints& self) { return name_of(self.search.completeness); },
          "'agree': the degree sum is 1, as it must be, and none is likely to be unseen;\n"
          "'no_degree': none is likely to be unseen, the degree says nothing; 'points_missing':\n"
          "the degree sum shows that points are missing; 'likely_missing'; 'degenerate': a point\n"
          "of degree 0, as on a line of fixed points. None of them proves that none is missing.")
      .def_property_readonly(
          "unseen",
          [](const py::object& self) {
            return py::cast(&self.cast<const AllFixedPoints&>().search.unseen,
                            py::return_value_policy::reference_internal, self);
          },
          "UnseenEstimate: estimate, lower, upper, coverage.")
      .def_property_readonly(
          "bounded", [](const AllFixedPoints& self) { return self.search.bounded; },
          "bool: the map takes a box into itself, so that the degree must be 1.")
      .def_property_readonly(
          "deflation_only", [](const AllFixedPoints& self) { return self.search.deflation_only; },
          "Points that no start led to, but deflation of those known.")
      .def_property_readonly("rounds",
                             [](const AllFixedPoints& self) { return self.search.rounds; });
}

void add_piecewise_linear_points(py::module_& m) {
  using dynamics::FixedContinuum;
  using Found = dynamics::PiecewiseLinearPoints;
  py::class_<FixedContinuum>(m, "FixedContinuum",
                             "Fixed points point + t @ directions, as long as they stay in the\n"
                             "region of `point`.")
      .def_property_readonly("point", vector_of(&FixedContinuum::point), "(n,)")
      .def_property_readonly("directions", rows_of(&FixedContinuum::directions),
                             "(r, n) orthonormal.")
      .def_property_readonly(
          "region", [](const FixedContinuum& self) { return flags(self.region); },
          "(K,) bool, which units are above their kink.")
      .def_readonly("on_border", &FixedContinuum::on_border,
                    "bool: a unit is at its kink on all of it.");

  py::class_<PiecewiseLinearPoints> type(m, "PiecewiseLinearPoints",
                                         "P fixed points of a piecewise linear map, to rounding.");
  add_states(type);
  add_stability(type);
  type.def_property_readonly("residuals",
                             part_of(&PiecewiseLinearPoints::found, &Found::residuals, as_vector),
                             "(P,) |F(x) - x|.")
      .def_property_readonly(
          "regions",
          [](const PiecewiseLinearPoints& self) {
            return stacked(self.found.regions, py::none(), {0, 0},
                           [](const Region& region, const py::handle&) { return flags(region); })
                .attr("astype")("bool");
          },
          "(P, K) bool, which units are above their kink.")
      .def_property_readonly(
          "on_border",
          [](const PiecewiseLinearPoints& self) { return flags(self.found.on_border); },
          "(P,) bool: a unit is at its kink there, and the eigenvalues are of one side.")
      .def_property_readonly(
          "continua",
          [](const py::object& self) {
            return list_of(self.cast<const PiecewiseLinearPoints&>().found.continua, self,
                           [](const FixedContinuum& one, const py::handle& owner) {
                             return py::cast(&one, py::return_value_policy::reference_internal,
                                             owner);
                           });
          },
          "A list of FixedContinuum: lines, planes, ... of fixed points.")
      .def_property_readonly(
          "complete", [](const PiecewiseLinearPoints& self) { return self.found.complete; },
          "bool: all regions were solved, so that there is no other fixed point, to rounding,\n"
          "outside of singular regions.")
      .def_property_readonly(
          "singular", [](const PiecewiseLinearPoints& self) { return self.found.singular; },
          "How many regions have an eigenvalue 1.")
      .def_property_readonly(
          "regions_visited",
          [](const PiecewiseLinearPoints& self) { return self.found.regions_visited; },
          "How many regions were solved.")
      .def_property_readonly("status",
                             part_of(&PiecewiseLinearPoints::found, &Found::status, as_names),
                             "(K,) of the starts; (0,) without.")
      .def_property_readonly(
          "point_of_start",
          part_of(&PiecewiseLinearPoints::found, &Found::point_of_start, as_vector),
          "(K,) the row in `states` that each start led to first, or -1.")
      .def("__repr__", [](const PiecewiseLinearPoints& self) {
        return "<nullcline.PiecewiseLinearPoints: " + std::to_string(self.found.states.cols()) +
               " points, " + (self.found.complete ? "complete>" : "not known to be complete>");
      });
}

}  // namespace

void register_fixed_points(py::module_& m) {
  add_fixed_points(m);
  add_all_fixed_points(m);
  add_piecewise_linear_points(m);

  m.def("fixed_points", fixed_points, py::arg("net"), py::kw_only(), py::arg("input") = py::none(),
        py::arg("starts"), py::arg("tolerance") = 1e-12, py::arg("max_iterations") = 300,
        py::arg("stall_iterations") = 16, py::arg("escape_radius") = 0.0, py::arg("certify") = true,
        py::arg("threads") = 0,
        "Fixed points F(x) = x of a Network at a constant input (n_in,), zeros without, or of a\n"
        "Map: by a damped Newton method from each row of starts (K, n), to a residual\n"
        "|F(x) - x| <= tolerance.\n\n"
        "States within the sum of their Newton radii are one point. A search ends 'escaped' where\n"
        "|x| exceeds escape_radius, 0 being ten times the largest start, and 'stalled' where\n"
        "|F(x) - x|^2 was not halved in stall_iterations. With certify, each point is proven to\n"
        "exist, where it can be. threads=0 uses all cores. Which points are found depends on the\n"
        "starts: nothing proves that none is missing, see find_all_fixed_points.");
  m.def("find_all_fixed_points", find_all_fixed_points, py::arg("net"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("states"), py::arg("tolerance") = 1e-12,
        py::arg("escape_radius") = 0.0, py::arg("starts_a_round") = 256,
        py::arg("max_starts") = 8192, py::arg("deflated") = 16, py::arg("unseen") = 0.5,
        py::arg("noise") = 0.25, py::arg("box") = 0.0, py::arg("seed") = 0,
        py::arg("certify") = true, py::arg("threads") = 0,
        "Fixed points, searched in rounds of fresh starts until the degree sum is 1 and the\n"
        "estimate of the unseen ones (upper 95 % limit) is below `unseen`, or max_starts are\n"
        "used.\n\n"
        "states (S, n): states that trajectories went through. Half of a round's starts are mixes\n"
        "of two of them, a quarter such mixes with noise (relative to their standard deviation),\n"
        "a quarter uniform in |x_i| <= box (0: their largest). `deflated` starts a round search\n"
        "again for roots other than those known.");
  m.def("piecewise_linear_points", piecewise_linear_points, py::arg("net"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("starts") = py::none(), py::arg("max_kinks") = 20,
        py::arg("max_moves") = 20, py::arg("restarts") = 10, py::arg("seed") = 0,
        py::arg("threads") = 0,
        "Fixed points of a piecewise linear map, exactly: of a ReLU network or of a\n"
        "PiecewiseLinearMap with K kinked units. Without starts all 2^K regions are solved, for\n"
        "K <= max_kinks (20 take about a second), and the result is complete. From starts (S, n)\n"
        "for any K: from region to region until a solution lies in its own, and along paths.");
}

}  // namespace nullcline::python
