// SPDX-License-Identifier: Apache-2.0
#include "python_map.hpp"

#include "arrays_in.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::python {

void evaluate_rows(const std::function<py::object(const py::object& states)>& function,
                   bool batched, In<Matrix> X, Out<Matrix> Y) {
  const py::gil_scoped_acquire acquired;
  const Extent dim{"n", X.rows()};
  const auto call = [&](In<Matrix> states, const std::vector<py::ssize_t>& shape,
                        const std::vector<Extent>& expected) -> Matrix {
    DoubleArray argument(shape);
    Eigen::Map<Matrix>(argument.mutable_data(), states.rows(), states.cols()) = states;
    const DoubleArray value = read_array(function(argument), "value of the function", expected);
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    return columns(value);
  };
  if (batched) {
    if (X.cols() > 0) Y = call(X, {X.cols(), X.rows()}, {{"B", X.cols()}, dim});
  } else {
    for (Index b = 0; b < X.cols(); ++b) Y.col(b) = call(X.col(b), {X.rows()}, {dim});
  }
}

PythonMap::PythonMap(py::function function, Index dim, bool batched)
    : function_(std::move(function)), dim_(dim), batched_(batched) {
  require(dim >= 1, "Map: dim must be at least 1");
}

void PythonMap::step(In<Matrix> X, Out<Matrix> Y) const {
  evaluate_rows([&](const py::object& states) { return function_(states); }, batched_, X, Y);
}

}  // namespace nullcline::python
