// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "families.hpp"
#include "nullcline/core/errors.hpp"
#include "python_map.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

UserPiecewiseLinearMap piecewise_linear_map(const py::object& A, const py::object& B,
                                            const py::object& C, const py::object& c,
                                            const py::object& e, double below, double dt) {
  const Matrix linear = read_matrix(A, "A", {"n"}, {"n"});
  const Index n = linear.rows();
  const Matrix inner = read_matrix(C, "C", {"K"}, {"n", n});
  return {PiecewiseLinearMap(linear, read_matrix(B, "B", {"n", n}, {"K", inner.rows()}), inner,
                             read_vector_or_zeros(c, "c", inner.rows()),
                             read_vector_or_zeros(e, "e", n), below),
          dt};
}

UserPiecewiseLinearMap plrnn(const py::object& diagonal, const py::object& recurrent,
                             const py::object& bias, double below, double dt) {
  const DoubleArray a = read_array(diagonal, "diagonal", {{"n"}});
  const Index n = a.shape(0);
  return {PiecewiseLinearMap::plrnn(Vector(columns(a)),
                                    read_matrix(recurrent, "recurrent", {"n", n}, {"n", n}),
                                    read_vector_or_zeros(bias, "bias", n), below),
          dt};
}

py::array apply(const UserMap& self, const py::object& X) {
  const Matrix states = read_states(X, "X", self.map->dim());
  const bool one = py::module_::import("numpy").attr("ndim")(X).cast<int>() == 1;
  const std::vector<py::ssize_t> shape =
      one ? std::vector<py::ssize_t>{states.rows()}
          : std::vector<py::ssize_t>{states.cols(), states.rows()};
  py::array_t<double> next(shape);
  Matrix Y(states.rows(), states.cols());
  {
    const py::gil_scoped_release released;
    self.map->step(states, Y);
  }
  Eigen::Map<Matrix>(next.mutable_data(), Y.rows(), Y.cols()) = Y;
  return next;
}

/// The states after each of the steps, (T, B, n).
py::array orbit(const UserMap& self, const py::object& start, Index steps) {
  if (steps < 0) throw py::value_error("orbit: steps must not be negative");
  const Matrix starts = read_states(start, "start", self.map->dim());
  const Index n = starts.rows(), B = starts.cols();
  py::array_t<double> states({steps, B, n});
  Eigen::Map<Matrix> X(states.mutable_data(), n, steps * B);
  run_work(self.of_python, 1, [&](Threads, const Progress& progress) {
    for (Index t = 0; t < steps; ++t) {
      if (t == 0) {
        self.map->step(starts, X.leftCols(B));
      } else {
        self.map->step(X.middleCols((t - 1) * B, B), X.middleCols(t * B, B));
      }
      if (progress && !progress(0)) return;
    }
  });
  return states;
}

void add_piecewise_linear_map(py::module_& m) {
  py::class_<UserPiecewiseLinearMap, UserMap> type(
      m, "PiecewiseLinearMap",
      "The piecewise linear map F(x) = A x + B phi(C x + c) + e, where phi(m) is m for\n"
      "m > 0 and `below` times m else. Derivatives are exact, and the exact methods\n"
      "piecewise_linear_points and piecewise_linear_cycles apply.");
  type.def(py::init(&piecewise_linear_map), py::arg("A"), py::arg("B"), py::arg("C"),
           py::arg("c") = py::none(), py::arg("e") = py::none(), py::kw_only(),
           py::arg("below") = 0.0, py::arg("dt") = 1.0,
           "A (n, n), B (n, K), C (K, n), c (K,) and e (n,), zeros without; dt seconds a step.")
      .def_property_readonly(
          "kinks",
          [](const UserPiecewiseLinearMap& self) { return self.piecewise_linear().kinks(); },
          "K, how many units have a kink.");
  // Network.plrnn as the rest of Network's makers, though what it makes is a map.
  m.attr("Network").attr("plrnn") = py::staticmethod(py::cpp_function(
      &plrnn, py::name("plrnn"), py::arg("diagonal"), py::arg("recurrent"),
      py::arg("bias") = py::none(), py::kw_only(), py::arg("below") = 0.0, py::arg("dt") = 1.0,
      "The piecewise linear network z' = a z + W phi(z) + h, as a PiecewiseLinearMap:\n"
      "diagonal a (n,), recurrent W (n, n), bias h (n,); phi is ReLU, or has the slope\n"
      "`below` for negative z. dt: seconds a step."));
}

void add_family(py::module_& m) {
  py::class_<UserFamily>(
      m, "MapFamily",
      "A function of yours that depends on a number p, as a family of maps x -> F(x; p)\n"
      "of R^dim: called with x (dim,) and p; with batched=True with X (B, dim) and p. One\n"
      "step takes dt seconds. Derivatives are finite differences.")
      .def(py::init([](py::function function, Index dim, double dt, bool batched) {
             return UserFamily{
                 std::make_shared<const PythonFamily>(std::move(function), dim, batched), dt, true};
           }),
           py::arg("function"), py::arg("dim"), py::kw_only(), py::arg("dt") = 1.0,
           py::arg("batched") = false)
      .def_static(
          "between",
          [](const cells::Network& first, const cells::Network& second, const py::object& input) {
            return UserFamily{std::make_shared<const NetworkLine>(first, second, input), first.dt(),
                              false};
          },
          py::arg("first"), py::arg("second"), py::arg("input") = py::none(),
          "The networks on the line between two of the same cell and shapes, with parameters\n"
          "(1 - p) first + p second and the settings of the first, at a constant input (n_in,).")
      .def_property_readonly("dim", [](const UserFamily& self) { return self.family->dim(); })
      .def_readonly("dt", &UserFamily::dt, "Seconds a step.");
}

}  // namespace

void register_maps(py::module_& m) {
  py::class_<UserMap>(
      m, "Map",
      "A function of yours as a map x -> F(x) of R^dim, one step of which takes dt\n"
      "seconds: x (dim,) to F(x) (dim,), or with batched=True X (B, dim) to (B, dim),\n"
      "a state a row, which is quicker. Derivatives are finite differences.")
      .def(py::init([](py::function function, Index dim, double dt, bool batched) {
             return UserMap{std::make_shared<const PythonMap>(std::move(function), dim, batched),
                            dt};
           }),
           py::arg("function"), py::arg("dim"), py::kw_only(), py::arg("dt") = 1.0,
           py::arg("batched") = false)
      .def_property_readonly("dim", [](const UserMap& self) { return self.map->dim(); })
      .def_readonly("dt", &UserMap::dt, "Seconds a step.")
      .def("__call__", apply, py::arg("X"), "F at a state (n,), or at each row of X (B, n).")
      .def("orbit", orbit, py::arg("start"), py::arg("steps"),
           "(T, B, n) the states of T steps from start (B, n), or (n,); the start is not among\n"
           "them.");

  add_family(m);
  add_piecewise_linear_map(m);
}

}  // namespace nullcline::python
