// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <optional>

#include "arrays_in.hpp"
#include "arrays_out.hpp"
#include "bindings.hpp"
#include "landmarks.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/connections/connections.hpp"
#include "system.hpp"

namespace nullcline::python {
namespace {

using dynamics::ConnectionGraph;
using dynamics::Connections;

py::array_t<Index> read_indices(const py::object& object, const std::string& name,
                                py::ssize_t dimensions) {
  const auto array = py::array_t<Index, py::array::c_style | py::array::forcecast>::ensure(object);
  if (!array) throw py::error_already_set();
  if (array.ndim() != dimensions) {
    throw Error("", name, std::to_string(array.ndim()) + " dimensions", std::to_string(dimensions));
  }
  return array;
}

void expect_size(const std::string& name, py::ssize_t found, py::ssize_t expected) {
  if (found == expected) return;
  throw Error("", name, std::to_string(found) + " rows", std::to_string(expected));
}

ConnectionGraph make_graph(const py::object& unstable, const py::object& edges,
                           const py::object& weights, const py::object& labels,
                           const py::object& cycle) {
  ConnectionGraph graph;
  const auto indices = read_indices(unstable, "unstable", 1);
  const py::ssize_t N = indices.shape(0);
  graph.nodes.resize(static_cast<std::size_t>(N));
  for (py::ssize_t i = 0; i < N; ++i) {
    graph.nodes[static_cast<std::size_t>(i)].unstable = indices.at(i);
  }
  if (!labels.is_none()) {
    const auto words = read_indices(labels, "labels", 2);
    expect_size("labels", words.shape(0), N);
    for (py::ssize_t i = 0; i < N; ++i) {
      for (py::ssize_t c = 0; c < words.shape(1); ++c) {
        graph.nodes[static_cast<std::size_t>(i)].label.push_back(static_cast<int>(words.at(i, c)));
      }
    }
  }
  if (!cycle.is_none()) {
    const auto flags = read_indices(cycle, "cycle", 1);
    expect_size("cycle", flags.shape(0), N);
    for (py::ssize_t i = 0; i < N; ++i) {
      graph.nodes[static_cast<std::size_t>(i)].cycle = flags.at(i) != 0;
    }
  }
  const auto pairs = read_indices(edges, "edges", 2);
  if (pairs.shape(0) > 0 && pairs.shape(1) != 2) {
    throw Error("", "edges", std::to_string(pairs.shape(1)) + " columns", "2");
  }
  const py::ssize_t E = pairs.shape(0);
  const Vector w = read_vector_or_zeros(weights, "weights", E);
  expect_size("weights", w.size(), E);
  for (py::ssize_t e = 0; e < E; ++e) {
    graph.edges.push_back({pairs.at(e, 0), pairs.at(e, 1), w(e)});
  }
  dynamics::canonical_form(graph, {.max_leaves = 1});  // throws where an edge does not fit
  return graph;
}

/// A graph, or a result that has one.
const ConnectionGraph& graph_of(const py::object& object) {
  if (py::isinstance<Connections>(object)) return object.cast<const Connections&>().graph;
  if (py::isinstance<ConnectionGraph>(object)) return object.cast<const ConnectionGraph&>();
  throw py::type_error("expected a nullcline.ConnectionGraph or nullcline.Connections");
}

double graph_distance(const py::object& a, const py::object& b, const std::string& by,
                      Index rounds) {
  const ConnectionGraph &first = graph_of(a), &second = graph_of(b);
  if (by == "weights") return dynamics::labeled_distance(first, second);
  if (by == "edges") return dynamics::labeled_edge_distance(first, second);
  if (by == "structure") return dynamics::unlabeled_distance(first, second, rounds);
  throw Error("", "by", "'" + by + "'", "'weights', 'edges' or 'structure'");
}

/// What gives the labels: a given matrix (m, n), or the readout of the network, if it has any.
dynamics::LabelReadout label_readout(const System& system, const py::object& readout) {
  if (!readout.is_none()) {
    return [W = read_matrix(readout, "readout", {"m"}, {"n", system.dim()})](In<Matrix> X) {
      return Matrix(W * X);
    };
  }
  const cells::Network* network = system.network();
  if (network == nullptr || network->output_dim() == 0) return {};
  return [network](In<Matrix> X) { return cells::outputs(*network, X); };
}

Connections connections(const py::object& net, const py::object& points, const py::object& input,
                        const py::object& cycles, const py::object& curves,
                        const py::object& readout, int label_limit, Index samples,
                        double nonlinearity, bool aim, bool implied, Index aim_tries,
                        Index aim_budget, Index max_steps, double escape_radius, std::uint64_t seed,
                        int threads) {
  const System system(net, input);
  const GivenLandmarks given = read_landmarks(points, cycles, curves, system.dim());
  const auto labels = label_readout(system, readout);
  Connections result;
  system.run(threads, [&](Threads on, const Progress& progress) {
    result = dynamics::find_connections(system.map(), landmarks_of(system.map(), given, on),
                                        {.samples = samples,
                                         .nonlinearity = nonlinearity,
                                         .aim = aim,
                                         .implied = implied,
                                         .aim_tries = aim_tries,
                                         .aim_budget = aim_budget,
                                         .settle = {.max_steps = max_steps,
                                                    .escape_radius = escape_radius,
                                                    .threads = on,
                                                    .progress = progress},
                                         .readout = labels,
                                         .label_limit = label_limit,
                                         .seed = seed});
  });
  return result;
}

/// part(item) of each item as an array (E,).
template <class Entry, class Items, class Part>
py::array_t<Entry> column(const Items& items, Part part) {
  py::array_t<Entry> array(static_cast<py::ssize_t>(items.size()));
  py::ssize_t i = 0;
  for (const auto& item : items) array.mutable_at(i++) = static_cast<Entry>(part(item));
  return array;
}

/// (E, 2) from, to of each.
template <class Items>
py::array_t<Index> pairs(const Items& items) {
  py::array_t<Index> array({static_cast<py::ssize_t>(items.size()), py::ssize_t{2}});
  py::ssize_t i = 0;
  for (const auto& item : items) {
    array.mutable_at(i, 0) = item.from;
    array.mutable_at(i++, 1) = item.to;
  }
  return array;
}

py::array_t<Index> labels_of(const ConnectionGraph& graph) {
  const std::size_t m = graph.nodes.empty() ? 0 : graph.nodes.front().label.size();
  py::array_t<Index> array(
      {static_cast<py::ssize_t>(graph.nodes.size()), static_cast<py::ssize_t>(m)});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (std::size_t c = 0; c < m; ++c) {
      array.mutable_at(static_cast<py::ssize_t>(i), static_cast<py::ssize_t>(c)) =
          graph.nodes[i].label.at(c);
    }
  }
  return array;
}

void add_graph(py::module_& m) {
  py::class_<ConnectionGraph>(m, "ConnectionGraph",
                              "N fixed points and cycles, and E orbits that lead from one to "
                              "another.")
      .def(py::init(&make_graph), py::arg("unstable"), py::arg("edges"),
           py::arg("weights") = py::none(), py::arg("labels") = py::none(),
           py::arg("cycle") = py::none(),
           "unstable: (N,) indices; edges: (E, 2) from, to; weights (E,), zeros without; labels\n"
           "(N, m); cycle: (N,) bool, whether a node is a cycle.")
      .def_property_readonly(
          "unstable",
          [](const ConnectionGraph& self) {
            return column<Index>(self.nodes, [](const auto& node) { return node.unstable; });
          },
          "(N,) how many unstable directions each node has; 0: it is stable.")
      .def_property_readonly(
          "cycle",
          [](const ConnectionGraph& self) {
            return column<bool>(self.nodes, [](const auto& node) { return node.cycle; });
          },
          "(N,) bool, whether it is a cycle.")
      .def_property_readonly("labels", labels_of, "(N, m) readouts rounded; (N, 0) without.")
      .def_property_readonly(
          "edges", [](const ConnectionGraph& self) { return pairs(self.edges); },
          "(E, 2) nodes: from, to.")
      .def_property_readonly(
          "weights",
          [](const ConnectionGraph& self) {
            return column<double>(self.edges, [](const auto& edge) { return edge.weight; });
          },
          "(E,) fraction of the unstable directions of `from` that end there; 0 where one in a\n"
          "continuum does.")
      .def(
          "hash",
          [](const ConnectionGraph& self, bool labels, Index max_leaves) {
            return dynamics::canonical_form(self, {.labels = labels, .max_leaves = max_leaves})
                .hash;
          },
          py::arg("labels") = false, py::arg("max_leaves") = 10000,
          "An int that does not depend on the order of the nodes, nor on weights: of the\n"
          "canonical form of the graph, with labels or without. Equal for equal graphs unless\n"
          "max_leaves orders did not suffice; different graphs are told apart by `isomorphic`.")
      .def("to_dot", dynamics::to_dot, "The graph in the DOT language, stable nodes filled.")
      .def("__len__", [](const ConnectionGraph& self) { return self.nodes.size(); })
      .def("__repr__", [](const ConnectionGraph& self) {
        return "<nullcline.ConnectionGraph: " + std::to_string(self.nodes.size()) + " nodes, " +
               std::to_string(self.edges.size()) + " edges>";
      });
}

py::dict departures_of(const Connections& self) {
  using dynamics::Departures;
  py::dict dict;
  const auto put = [&](const char* name, auto member) {
    dict[name] = column<Index>(self.departures, [=](const Departures& d) { return d.*member; });
  };
  put("orbits", &Departures::orbits);
  put("escaped", &Departures::escaped);
  put("undecided", &Departures::undecided);
  put("not_finite", &Departures::not_finite);
  put("edges", &Departures::edges);
  put("edges_lost", &Departures::edges_lost);
  put("edges_skipped", &Departures::edges_skipped);
  put("junctions", &Departures::junctions);
  put("junctions_lost", &Departures::junctions_lost);
  return dict;
}

void add_connections(py::module_& m) {
  using dynamics::Connection;
  py::class_<Connections>(
      m, "Connections",
      "Which of N fixed points and cycles lead to which: first the points given, then the\n"
      "cycles and curves, then those at which orbits ended although they were not given.")
      .def_property_readonly(
          "graph",
          [](const py::object& self) {
            return py::cast(&self.cast<const Connections&>().graph,
                            py::return_value_policy::reference_internal, self);
          },
          "ConnectionGraph: nodes, labels, edges with weights.")
      .def_property_readonly(
          "edges", [](const Connections& self) { return pairs(self.connections); },
          "(E, 2) nodes: from, to.")
      .def_property_readonly(
          "found",
          [](const Connections& self) {
            std::vector<dynamics::Found> how;
            for (const Connection& one : self.connections) how.push_back(one.found);
            return names(how);
          },
          "(E,) str: 'branch' of a one-dimensional unstable manifold, 'sampled' orbits of a\n"
          "larger one, 'edge' between such orbits, 'aimed' at a saddle, or 'implied' by others.")
      .def_property_readonly(
          "orbits",
          [](const Connections& self) {
            return column<Index>(self.connections, [](const auto& one) { return one.orbits; });
          },
          "(E,) how many of the orbits followed end there.")
      .def_property_readonly(
          "fractions",
          [](const Connections& self) {
            return column<double>(self.connections, [](const auto& one) { return one.fraction; });
          },
          "(E,) of the orbits followed from the node.")
      .def_property_readonly(
          "departures", departures_of,
          "A dict of arrays, an entry for each point and cycle given: 'orbits'\n"
          "that left it, and of them 'escaped', 'undecided', 'not_finite';\n"
          "boundaries between them, 'edges' followed, 'edges_lost' of these without a\n"
          "saddle at their end, 'edges_skipped' not followed; 'junctions' of boundaries\n"
          "looked for, 'junctions_lost' of these without a saddle.")
      .def_property_readonly("new_points", rows_of(&Connections::new_points),
                             "(U, n) attractors that were not given.")
      .def_property_readonly("new_cycles", row_list_of(&Connections::new_cycles),
                             "A list of (k, n), likewise.")
      .def_property_readonly("new_saddles", rows_of(&Connections::new_saddles),
                             "(S, n) saddles on boundaries that were not given.")
      .def(
          "to_dot", [](const Connections& self) { return dynamics::to_dot(self.graph); },
          "The graph in the DOT language, stable nodes filled.")
      .def("__repr__", [](const Connections& self) {
        return "<nullcline.Connections: " + std::to_string(self.graph.nodes.size()) + " nodes, " +
               std::to_string(self.graph.edges.size()) + " edges>";
      });
}

}  // namespace

void register_connections(py::module_& m) {
  add_graph(m);
  add_connections(m);

  m.def("connections", connections, py::arg("net"), py::arg("points"), py::kw_only(),
        py::arg("input") = py::none(), py::arg("cycles") = py::none(),
        py::arg("curves") = py::none(), py::arg("readout") = py::none(), py::arg("label_limit") = 1,
        py::arg("samples") = 64, py::arg("nonlinearity") = 1e-3, py::arg("aim") = true,
        py::arg("implied") = true, py::arg("aim_tries") = 2, py::arg("aim_budget") = 20000,
        py::arg("max_steps") = 20000, py::arg("escape_radius") = 0.0, py::arg("seed") = 0,
        py::arg("threads") = 0,
        "Follows the unstable manifolds of fixed points and cycles to where they end.\n\n"
        "points: (P, n), or what fixed_points returns; cycles: a list of (k, n), or what cycles\n"
        "returns; curves: closed curves (S, n) that attract, such as invariant_circle's curve, as\n"
        "cycles of their own. `samples` orbits leave a point with two unstable directions or more. "
        "aim:\n"
        "connections between saddles are looked for too; implied: those that follow from others\n"
        "are added. Labels are the outputs of the network, or readout (m, n) times the state,\n"
        "rounded and clipped to +-label_limit. Edges found exist to rounding; others may exist.");
  m.def("graph_distance", graph_distance, py::arg("a"), py::arg("b"), py::arg("by") = "weights",
        py::arg("rounds") = 3,
        "A distance between two ConnectionGraphs (or Connections). By labels, which all nodes\n"
        "need: of the matrices of their 'weights', or by which 'edges' there are. Without labels:\n"
        "'structure', half the number of nodes without a partner in the other graph, after 0 ..\n"
        "`rounds` refinements by their neighbors.");
  m.def(
      "isomorphic",
      [](const py::object& a, const py::object& b, bool labels) {
        return dynamics::isomorphic(graph_of(a), graph_of(b), {.labels = labels});
      },
      py::arg("a"), py::arg("b"), py::arg("labels") = false,
      "Whether two ConnectionGraphs (or Connections) are equal up to the order of their nodes,\n"
      "weights aside; None where it could not be decided.");
  m.def("flip_flop_graph", dynamics::flip_flop_graph, py::arg("bits"),
        "The ConnectionGraph of `bits` bits that do not influence each other: 3^bits nodes.");
}

}  // namespace nullcline::python
