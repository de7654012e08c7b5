// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/connections/connection_graph.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics {

/// The positive solution of b = tanh(w b), w > 1.
inline double stored_bit(double w) {
  double b = 1;
  for (int i = 0; i < 500; ++i) b = std::tanh(w * b);
  return b;
}

/// The labels of the nodes of `graph` (bits, nodes), as states: of units with stable points at -1
/// and 1 and a saddle at 0.
inline Matrix labels_as_states(const ConnectionGraph& graph) {
  const auto bits = static_cast<Index>(graph.nodes.front().label.size());
  Matrix states(bits, static_cast<Index>(graph.nodes.size()));
  for (Index v = 0; v < states.cols(); ++v) {
    for (Index i = 0; i < bits; ++i) {
      states(i, v) = graph.nodes[static_cast<std::size_t>(v)].label[static_cast<std::size_t>(i)];
    }
  }
  return states;
}

/// Bits that do not influence each other, x = tanh(w x), in a plane of R^n: all 3^bits fixed points
/// and their connections are known.
struct LatentBits {
  Matrix Q;  // (n, bits) orthonormal
  AnalyticMap map;
  ConnectionGraph ideal;
  Landmarks landmarks;  // in the order of the nodes of `ideal`

  LatentBits(Index n, int bits, double w)
      : Q(orthonormal_basis(random_matrix(n, bits, 1.0, 2))),
        map(tanh_map(Q, w * Q, Vector::Zero(bits))),
        ideal(flip_flop_graph(bits)) {
    landmarks = landmarks_at(map, Q * (stored_bit(w) * labels_as_states(ideal)));
  }
};

}  // namespace nullcline::dynamics
