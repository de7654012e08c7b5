// SPDX-License-Identifier: Apache-2.0
#include "families.hpp"

#include "arrays_in.hpp"
#include "nullcline/core/errors.hpp"
#include "python_map.hpp"

namespace nullcline::python {

PythonFamily::PythonFamily(py::function function, Index dim, bool batched)
    : function_(std::move(function)), dim_(dim), batched_(batched) {
  require(dim >= 1, "MapFamily: dim must be at least 1");
}

void PythonFamily::step(In<Matrix> X, double p, Out<Matrix> Y) const {
  evaluate_rows([&](const py::object& states) { return function_(states, p); }, batched_, X, Y);
}

NetworkLine::NetworkLine(const cells::Network& first, const cells::Network& second,
                         const py::object& input)
    : first_(first), second_(second) {
  if (first.cell != second.cell) {
    throw Error("", "second", "a network of the cell '" + second.cell + "'",
                "'" + first.cell + "' as the first");
  }
  for (const auto& [name, A] : first.parameters) {
    const Matrix& B = second.parameter(name);
    if (A.rows() == B.rows() && A.cols() == B.cols()) continue;
    throw Error("", "second", "another shape of '" + name + "'", "that of the first");
  }
  const auto map = at(0);
  input_ = read_vector_or_zeros(input, "input", map->input_dim());
  derivatives_ = map->derivatives();
}

std::unique_ptr<DrivenMap> NetworkLine::at(double p) const {
  cells::Network between = first_;
  for (auto& [name, A] : between.parameters) A = (1 - p) * A + p * second_.parameter(name);
  return cells::driven_map(between);
}

void NetworkLine::step(In<Matrix> X, double p, Out<Matrix> Y) const {
  const auto map = at(p);
  FrozenMap(*map, input_).step(X, Y);
}

Matrix NetworkLine::jacobian(In<Vector> x, double p) const {
  const auto map = at(p);
  return FrozenMap(*map, input_).jacobian(x);
}

FamilyOf::FamilyOf(const py::object& net, const py::object& input_from,
                   const py::object& input_to) {
  if (py::isinstance<UserFamily>(net)) {
    if (!input_from.is_none() || !input_to.is_none()) {
      throw Error("", "input_from", "an array", "None, as a MapFamily has no input");
    }
    const auto& user = net.cast<const UserFamily&>();
    family_ = user.family;
    dt_ = user.dt;
    of_python_ = user.of_python;
    return;
  }
  if (!py::isinstance<cells::Network>(net)) {
    throw py::type_error("expected a nullcline.Network or a nullcline.MapFamily, not " +
                         py::str(py::type::of(net)).cast<std::string>());
  }
  const auto& network = net.cast<const cells::Network&>();
  driven_ = cells::driven_map(network);
  const Extent inputs{"n_in", driven_->input_dim()};
  const Vector from = columns(read_array(input_from, "input_from", {inputs}));
  const Vector to = columns(read_array(input_to, "input_to", {inputs}));
  family_ = std::make_shared<const dynamics::InputLine>(*driven_, from, to);
  dt_ = network.dt();
}

}  // namespace nullcline::python
