// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "json.hpp"
#include "nullcline/cells/recurrent_blocks.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/settings_json.hpp"

namespace nullcline::python {
namespace {

using cells::Network;

Network make_network(const std::string& cell, const py::dict& parameters,
                     const py::dict& settings) {
  Network network;
  network.cell = cell;
  for (const auto& [name, value] : parameters) {
    const auto key = name.cast<std::string>();
    network.parameters[key] = read_parameter(value, key);
  }
  io::Json values = from_python(settings, "settings");
  const cells::CellKind& kind = cells::cell_kind(cell);
  network.settings = io::settings_from_json(values, kind.schema, "settings");
  if (!values.contains("units")) {
    values["units"] = kind.units(network);
    network.settings = io::settings_from_json(values, kind.schema, "settings");
  }
  cells::validate(network);
  return network;
}

Network rate_network(const py::object& recurrent, const py::object& input,
                     const py::object& readout, const py::object& bias,
                     const py::object& readout_bias, const std::string& activation, double theta,
                     double tau, double dt, double sigma, const std::string& form,
                     const std::string& method) {
  Network network;
  network.cell = "leaky_rate";
  const auto n = columns(read_array(recurrent, "recurrent", {{"n"}, {"n"}})).cols();
  const auto optional = [](const py::object& object, const char* name, const Extent& rows,
                           const Extent& cols) -> Matrix {
    if (!object.is_none()) return read_matrix(object, name, rows, cols);
    return Matrix::Zero(std::max<Index>(rows.size, 0), std::max<Index>(cols.size, 0));
  };
  const Extent units{"n", n};
  const Matrix W = read_matrix(recurrent, "recurrent", units, units);
  const Matrix D = optional(readout, "readout", {"n_out"}, units);
  network.parameters = {
      {"recurrent", W},
      {"input", optional(input, "input", units, {"n_in"})},
      {"bias", read_vector_or_zeros(bias, "bias", n)},
      {"readout", D},
      {"readout_bias", read_vector_or_zeros(readout_bias, "readout_bias", D.rows())}};
  network.settings = Settings(cells::cell_kind(network.cell).schema,
                              {{"units", std::int64_t{n}},
                               {"activation", activation},
                               {"theta", theta},
                               {"tau", tau},
                               {"dt", dt},
                               {"sigma", sigma},
                               {"form", form},
                               {"method", method},
                               {"self_connections", !W.diagonal().isZero(0)}});
  cells::validate(network);
  return network;
}

/// A bias is (n,), everything else has two dimensions.
bool is_vector(const Network& network, const std::string& name) {
  if (name == "readout_bias") return true;
  const auto shapes =
      cells::cell_kind(network.cell).parameters(network.settings, network.input_dim());
  return std::any_of(shapes.begin(), shapes.end(),
                     [&](const auto& p) { return p.name == name && p.cols.symbol == "1"; });
}

py::dict parameters_of(const py::object& self) {
  const auto& network = self.cast<const Network&>();
  py::dict parameters;
  for (const auto& [name, A] : network.parameters) {
    py::array view = is_vector(network, name) ? vector(A.reshaped(), self) : matrix(A, self);
    view.attr("setflags")(py::arg("write") = false);
    parameters[py::str(name)] = view;
  }
  return parameters;
}

/// The states of B trials over T steps, and the outputs there.
struct Simulation {
  Index steps, batch;
  Matrix states;   // (n, T B)
  Matrix outputs;  // (n_out, T B)
};

Matrix read_starts(const py::object& start, const Network& network, Index batch) {
  const Index n = network.state_dim();
  if (start.is_none()) return cells::initial_state(network).replicate(1, batch);
  const auto dimensions = py::module_::import("numpy").attr("ndim")(start).cast<int>();
  if (dimensions == 1) {
    return columns(read_array(start, "start", {{"n", n}})).replicate(1, batch);
  }
  return columns(read_array(start, "start", {{"B", batch}, {"n", n}}));
}

Simulation run(const Network& network, const py::object& u, const py::object& start,
               std::optional<std::uint64_t> seed) {
  const DoubleArray inputs = read_array(u, "u", {{"T"}, {"B"}, {"n_in", network.input_dim()}});
  Simulation result{inputs.shape(0), inputs.shape(1), {}, {}};
  const Matrix starts = read_starts(start, network, result.batch);
  const Columns U = columns(inputs);
  const py::gil_scoped_release released;
  if (seed) {
    RandomStream noise({.seed = *seed, .purpose = Purpose::analysis_noise});
    result.states = cells::simulate(network, U, starts, &noise);
  } else {
    result.states = cells::simulate(network, U, starts);
  }
  result.outputs = cells::outputs(network, result.states);
  return result;
}

py::object list_cells() {
  io::Json list = io::Json::array();
  for (const cells::CellKind& kind : cells::cell_kinds()) {
    io::Json parameters = io::Json::array();
    for (const auto& parameter : kind.parameters(Settings(kind.schema), 1)) {
      const auto size = [](const cells::Size& one) {
        return one.symbol == "m" ? "n_in" : one.symbol;
      };
      parameters.push_back({{"name", parameter.name},
                            {"meaning", parameter.meaning},
                            {"shape", {size(parameter.rows), size(parameter.cols)}}});
    }
    list.push_back({{"name", kind.name},
                    {"meaning", kind.meaning},
                    {"parameters", parameters},
                    {"settings", io::to_json(kind.schema)}});
  }
  return to_python(list);
}

/// A matrix of each block of recurrent weights, by name, as arrays of their own.
py::dict of_blocks(const Network& self, Matrix cells::RecurrentBlock::*member) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  py::dict result;
  for (const cells::RecurrentBlock& block : cells::recurrent_blocks(self)) {
    const Matrix& A = block.*member;
    py::array_t<double> array({A.rows(), A.cols()});
    Eigen::Map<RowMajor>(array.mutable_data(), A.rows(), A.cols()) = A;
    result[block.name.c_str()] = array;
  }
  return result;
}

std::string describe(const Network& network) {
  return "<nullcline.Network '" + network.cell + "': " + std::to_string(network.state_dim()) +
         " units, " + std::to_string(network.input_dim()) + " inputs, " +
         std::to_string(network.output_dim()) + " outputs>";
}

}  // namespace

void register_cells(py::module_& m) {
  py::class_<Simulation>(m, "Simulation", "T steps of B trials of a network.")
      .def_property_readonly(
          "states",
          [](const py::object& self) {
            const auto& s = self.cast<const Simulation&>();
            return sequence(s.states, s.steps, s.batch, self);
          },
          "(T, B, n) the state after each step; the start is not among them.")
      .def_property_readonly(
          "outputs",
          [](const py::object& self) {
            const auto& s = self.cast<const Simulation&>();
            return sequence(s.outputs, s.steps, s.batch, self);
          },
          "(T, B, n_out) the readout of these states.");

  py::class_<Network>(
      m, "Network",
      "A network: a kind of cell, its settings, and its parameters. Not changed by\n"
      "anything once it is made.")
      .def(py::init(&make_network), py::arg("cell"), py::arg("parameters"),
           py::arg("settings") = py::dict(),
           "A cell of list_cells() from a dict of arrays: those that list_cells() names, and\n"
           "'readout' (n_out, n), 'readout_bias' (n_out,). Settings not given have their\n"
           "defaults; 'units' is the n of the arrays.")
      .def_static(
          "rate", &rate_network, py::arg("recurrent"), py::kw_only(), py::arg("input") = py::none(),
          py::arg("readout") = py::none(), py::arg("bias") = py::none(),
          py::arg("readout_bias") = py::none(), py::arg("activation") = "tanh",
          py::arg("theta") = 0.0, py::arg("tau") = 0.1, py::arg("dt") = 0.01,
          py::arg("sigma") = 0.0, py::arg("form") = "rate", py::arg("method") = "euler",
          "The leaky rate network, by steps of length dt:\n\n"
          "    form = 'rate':     tau x' = -x + f(W x + B u + b + noise),  outputs D x + c\n"
          "    form = 'current':  tau x' = -x + W f(x) + B u + b + noise,  outputs D f(x) + c\n\n"
          "recurrent: W (n, n)        input: B (n, n_in), none without\n"
          "readout: D (n_out, n)      bias: b (n,)      readout_bias: c (n_out,)\n"
          "activation: relu, leaky_relu (slope tan(theta) below 0), tanh, softplus,\n"
          "    sigmoid, gelu, identity\n"
          "tau, dt: seconds           sigma: strength of the noise\n"
          "method: 'euler' or 'heun'")
      .def_readonly("cell", &Network::cell, "The name of the cell.")
      .def_property_readonly(
          "settings", [](const Network& self) { return to_python(io::to_json(self.settings)); },
          "A dict of the cell's settings.")
      .def_property_readonly("parameters", parameters_of,
                             "A dict of arrays by name, views that cannot be written to.")
      .def_property_readonly(
          "recurrent_weights",
          [](const Network& self) { return of_blocks(self, &cells::RecurrentBlock::weights); },
          "A dict of the recurrent weights (n, n) of each gate, 'r', 'z', 'n' of a GRU, of "
          "several\n"
          "layers 'r_l0'; of cells with one matrix, that under its name. As the step has them:\n"
          "masked, of Dale's signs, of low rank.")
      .def_property_readonly(
          "input_weights",
          [](const Network& self) { return of_blocks(self, &cells::RecurrentBlock::inputs); },
          "The same of the weights (n, m) from what the layer sees.")
      .def_property_readonly("state_dim", &Network::state_dim,
                             "n, the size of the state: units, twice for lstm, times layers.")
      .def_property_readonly("input_dim", &Network::input_dim, "n_in.")
      .def_property_readonly("output_dim", &Network::output_dim, "n_out.")
      .def_property_readonly("dt", &Network::dt, "Seconds a step.")
      .def("run", run, py::arg("u"), py::arg("start") = py::none(), py::arg("seed") = py::none(),
           "Runs B trials of T steps under the inputs u (T, B, n_in), from start (B, n), (n,) for\n"
           "all trials, or the network's initial state, 0 if it has none. With a seed, noise of "
           "the network's sigma is drawn from it.\n"
           "A T-step run without inputs takes u = numpy.zeros((T, B, 0)).")
      .def("__repr__", describe);

  m.def("list_cells", list_cells,
        "A list of dicts, one a kind of cell: name, meaning (the equation), parameters, settings.");
}

}  // namespace nullcline::python
