// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "nullcline/dynamics/linear/linear_error.hpp"
#include "nullcline/dynamics/linear/mode_response.hpp"
#include "nullcline/dynamics/linear/modes.hpp"
#include "nullcline/dynamics/linear/non_normality.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::LinearErrors;
using dynamics::ModeAblation;
using dynamics::Modes;
using dynamics::NonNormality;

/// The modes of P points, and what an input does to the state there.
struct LinearModes {
  std::vector<Modes> points;
  std::vector<NonNormality> non_normality;
  std::vector<Matrix> jacobians;        // (n, n) each
  std::vector<Matrix> input_jacobians;  // (n, m) each; m = 0 for a Map
  Index n = 0, m = 0;
};

LinearModes linear_modes(const py::object& net, const py::object& points, const py::object& input,
                         const py::object& readout, double condition_limit, Index max_steps,
                         int threads) {
  const System system(net, input);
  const Matrix X = read_points(points, "points", system.dim());
  Vector w;
  if (!readout.is_none()) w = columns(read_array(readout, "readout", {{"n", system.dim()}}));
  LinearModes result;
  result.n = system.dim();
  result.m = system.driven() == nullptr ? 0 : system.driven()->input_dim();
  system.run(threads, [&](Threads on, const Progress&) {
    const auto linear =
        dynamics::linearize_all(system.map(), X, system.dt(), {.eigenvectors = true}, on);
    result.points = dynamics::modes_all(linear, system.dt(),
                                        {.readout = w, .condition_limit = condition_limit}, on);
    for (Index p = 0; p < X.cols(); ++p) {
      result.jacobians.push_back(linear[static_cast<std::size_t>(p)].jacobian);
      result.input_jacobians.push_back(
          system.driven() == nullptr ? Matrix(result.n, 0)
                                     : system.driven()->jacobians(X.col(p), system.input()).input);
    }
    result.non_normality.resize(result.jacobians.size());
    parallel_for(X.cols(), on, [&](Index p) {
      const auto i = static_cast<std::size_t>(p);
      result.non_normality[i] = dynamics::non_normality(result.jacobians[i], max_steps);
    });
  });
  return result;
}

const Modes& point_of(const LinearModes& self, Index point) {
  if (point < 0 || point >= std::ssize(self.points)) throw py::index_error("no such point");
  return self.points[static_cast<std::size_t>(point)];
}

/// J^k J_inp u at one point through the selected modes, all without, for each row of u (B, m).
py::array response(const LinearModes& self, Index point, const py::object& u, Index steps,
                   const std::optional<std::vector<Index>>& modes) {
  const Modes& at = point_of(self, point);
  const Matrix U = columns(read_array(u, "u", {{"B"}, {"n_in", self.m}}));
  std::vector<Index> all(static_cast<std::size_t>(self.n));
  for (std::size_t a = 0; a < all.size(); ++a) all[a] = static_cast<Index>(a);
  const Matrix Y = dynamics::mode_response(
      at, self.input_jacobians[static_cast<std::size_t>(point)], U, steps, modes ? *modes : all);
  py::array_t<double> result({Y.cols(), Y.rows()});
  Eigen::Map<Matrix>(result.mutable_data(), Y.rows(), Y.cols()) = Y;
  return result;
}

ModeAblation ablate(const LinearModes& self, const py::object& input, const py::object& readout,
                    Index steps, double fraction) {
  const Vector u = columns(read_array(input, "input", {{"n_in", self.m}}));
  const Vector w = columns(read_array(readout, "readout", {{"n", self.n}}));
  return dynamics::ablate_modes(self.points, self.input_jacobians, u, w,
                                {.steps = steps, .fraction = fraction});
}

LinearErrors linear_errors(const py::object& net, const py::object& points,
                           const py::object& states, const py::object& inputs,
                           const py::object& input, Index horizon, int threads) {
  const System system(net, input);
  const DrivenMap& driven = system.need_driven("linear_errors");
  const Matrix P = read_points(points, "points", system.dim());
  const DoubleArray X = read_array(states, "states", {{"T"}, {"B"}, {"n", system.dim()}});
  const DoubleArray U = read_array(
      inputs, "inputs", {{"T", X.shape(0)}, {"B", X.shape(1)}, {"n_in", driven.input_dim()}});
  const Columns X_columns = columns(X), U_columns = columns(U);
  LinearErrors result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::linear_errors(
        driven, dynamics::affine_models(driven, P, system.input(), on), X_columns, U_columns,
        {.trials = X.shape(1), .horizon = horizon, .threads = on, .progress = progress});
  });
  return result;
}

/// part(modes) of each point along a first dimension.
template <class Part>
auto each_point(Part part) {
  return [part](const py::object& self) {
    const auto& result = self.cast<const LinearModes&>();
    return stacked(result.points, self, {0, result.n}, part);
  };
}
template <class Member>
auto each_vector(Member Modes::*member) {
  return each_point(
      [member](const Modes& at, const py::handle& owner) { return vector(at.*member, owner); });
}
auto each_matrix(std::vector<Matrix> LinearModes::*member) {
  return [member](const py::object& self) {
    const auto& result = self.cast<const LinearModes&>();
    return stacked(result.*member, self, {0, result.n, 0},
                   [](const Matrix& A, const py::handle& owner) { return matrix(A, owner); });
  };
}
auto each_vectors(ComplexMatrix Modes::*member) {
  return [member](const py::object& self) {
    const auto& result = self.cast<const LinearModes&>();
    return stacked(
        result.points, self, {0, result.n, result.n},
        [member](const Modes& at, const py::handle& owner) { return matrix(at.*member, owner); });
  };
}
auto each_number(double NonNormality::*member) {
  return [member](const LinearModes& self) {
    py::array_t<double> array(static_cast<py::ssize_t>(self.non_normality.size()));
    py::ssize_t i = 0;
    for (const NonNormality& one : self.non_normality) array.mutable_at(i++) = one.*member;
    return array;
  };
}

void add_modes(py::module_& m) {
  py::class_<LinearModes>(
      m, "LinearModes",
      "The modes of the linear dynamics around P points, J r_a = lambda_a r_a, l_a^H J =\n"
      "lambda_a l_a^H, l_a^H r_b = 1 for a = b and 0 else: J = right diag(eigenvalues) left^H.")
      .def_property_readonly("eigenvalues", each_vector(&Modes::eigenvalues),
                             "(P, n) complex, per step, by decreasing modulus.")
      .def_property_readonly("right", each_vectors(&Modes::right),
                             "(P, n, n) complex, r_a in column a, of norm 1.")
      .def_property_readonly("left", each_vectors(&Modes::left),
                             "(P, n, n) complex, l_a in column a; 0 for a defective mode.")
      .def_property_readonly(
          "conditions", each_vector(&Modes::conditions),
          "(P, n) |l_a|: how far eigenvalues move when J does; 1 if J is normal.")
      .def_property_readonly("partners", each_vector(&Modes::partners),
                             "(P, n) the conjugate mode; the mode itself if it is real.")
      .def_property_readonly("time_constants", each_vector(&Modes::seconds),
                             "(P, n) |dt / ln|eigenvalue||, seconds.")
      .def_property_readonly("frequencies", each_vector(&Modes::frequencies), "(P, n) Hz.")
      .def_property_readonly(
          "status",
          [](const LinearModes& self) {
            std::vector<dynamics::ModesStatus> status;
            for (const Modes& at : self.points) status.push_back(at.status);
            return names(status);
          },
          "(P,) str: 'complete', or 'defective': modes that share a vector have no l_a.")
      .def_property_readonly("jacobians", each_matrix(&LinearModes::jacobians), "(P, n, n) J.")
      .def_property_readonly("input_jacobians", each_matrix(&LinearModes::input_jacobians),
                             "(P, n, n_in) dF/du.")
      .def_property_readonly("departures", each_number(&NonNormality::departure),
                             "(P,) Henrici's, sqrt(|J|_F^2 - sum |lambda|^2); 0 if J is normal.")
      .def_property_readonly("norms", each_number(&NonNormality::norm),
                             "(P,) |J|_2, growth in the next step.")
      .def_property_readonly("peaks", each_number(&NonNormality::peak),
                             "(P,) largest |J^k|_2 up to max_steps: transient amplification.")
      .def("response", response, py::arg("point"), py::arg("u"), py::arg("steps") = 0,
           py::arg("modes") = py::none(),
           "What inputs u (B, n_in) that act once do to the state, `steps` steps later, through\n"
           "the selected modes (a list; None: all), at point number `point`: (B, n).")
      .def("ablate", ablate, py::arg("input"), py::arg("readout"), py::arg("steps") = 0,
           py::arg("fraction") = 0.95,
           "The output readout (n,) that an input (n_in,) predicts `steps` steps later, while the\n"
           "modes of smallest |lambda| are removed one by one: figure 3f of Maheswaranathan et\n"
           "al. 2019. A ModeAblation.")
      .def("__len__", [](const LinearModes& self) { return self.points.size(); })
      .def("__repr__", [](const LinearModes& self) {
        return "<nullcline.LinearModes: " + std::to_string(self.points.size()) + " points of " +
               std::to_string(self.n) + " modes>";
      });

  py::class_<ModeAblation>(m, "ModeAblation", "Predicted outputs while modes are removed.")
      .def_property_readonly("outputs", matrix_of(&ModeAblation::outputs),
                             "(n + 1, P) row j: with the j modes of largest |lambda|.")
      .def_property_readonly("mean", vector_of(&ModeAblation::mean), "(n + 1,) over the points.")
      .def_property_readonly("standard_error", vector_of(&ModeAblation::standard_error),
                             "(n + 1,) of that mean.")
      .def_readonly("modes_needed", &ModeAblation::modes_needed,
                    "So many carry `fraction` of the response.")
      .def_readonly("points", &ModeAblation::points, "P, those with complete modes.");
}

void add_errors(py::module_& m) {
  py::class_<LinearErrors>(m, "LinearErrors",
                           "Errors |x - x_lin| / |x| of linear predictions 1 .. M steps ahead.")
      .def_property_readonly("nearest", vector_of(&LinearErrors::nearest),
                             "(T B,) the point nearest to each state, or -1.")
      .def_property_readonly("one_step", vector_of(&LinearErrors::one_step),
                             "(T B,) at each state; -1 where it is not defined.")
      .def_property_readonly("mean", vector_of(&LinearErrors::mean), "(M,)")
      .def_property_readonly("median", vector_of(&LinearErrors::median), "(M,)")
      .def_property_readonly("upper", vector_of(&LinearErrors::upper), "(M,) 90 % quantile.")
      .def_property_readonly("persistence", vector_of(&LinearErrors::persistence),
                             "(M,) mean error of a model without dynamics.")
      .def_property_readonly("counts", vector_of(&LinearErrors::counts), "(M,) predictions.")
      .def_property_readonly("lost", vector_of(&LinearErrors::lost),
                             "(M,) predictions left out, as something was not finite.");
}

}  // namespace

void register_modes(py::module_& m) {
  add_modes(m);
  add_errors(m);

  m.def("linear_modes", linear_modes, py::arg("net"), py::arg("points"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("readout") = py::none(),
        py::arg("condition_limit") = 1e7, py::arg("max_steps") = 200, py::arg("threads") = 0,
        "The modes of the linear dynamics around points (P, n), or what fixed_points returns,\n"
        "with right and left eigenvectors that are dual to each other. readout (n,) gives the\n"
        "modes their sign. A mode of a condition above condition_limit counts as defective.");
  m.def("linear_errors", linear_errors, py::arg("net"), py::arg("points"), py::arg("states"),
        py::arg("inputs"), py::kw_only(), py::arg("input") = py::none(), py::arg("horizon") = 1,
        py::arg("threads") = 0,
        "How well the linear dynamics around the nearest of points (P, n) at the input (n_in,)\n"
        "predict trajectories: states (T, B, n), and inputs (T, B, n_in) that lead from each to\n"
        "the next, 1 .. `horizon` steps ahead.");
}

}  // namespace nullcline::python
