// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/readout_tangents.hpp"

#include "nullcline/cells/feature_function.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells {

Matrix feature_tangents(const Network& network, In<Matrix> states, In<Matrix> tangents) {
  const auto last = cell_kind(network.cell).make_features(network);
  const Index rows = last->state_dim();
  return last->push_forward(states.bottomRows(rows), tangents.bottomRows(rows));
}

Matrix output_tangents(const Network& network, In<Matrix> states, In<Matrix> tangents) {
  return multiply(network.parameter("readout"), feature_tangents(network, states, tangents));
}

Matrix readout_directions(const Network& network, In<Matrix> states) {
  const auto last = cell_kind(network.cell).make_features(network);
  const Matrix D = network.parameter("readout").transpose();
  const Index rows = last->state_dim();
  Matrix result = Matrix::Zero(states.rows(), states.cols() * D.cols());
  result.bottomRows(rows) = last->pull_back(states.bottomRows(rows), D.replicate(1, states.cols()));
  return result;
}

Vector readout_norms(In<Matrix> directions, Index outputs) {
  require(outputs >= 1 && directions.cols() % outputs == 0,
          "readout_norms: columns must be a multiple of the outputs");
  Vector result(directions.cols() / outputs);
  for (Index c = 0; c < result.size(); ++c) {
    result(c) = singular_values(directions.middleCols(c * outputs, outputs))(0);
  }
  return result;
}

}  // namespace nullcline::cells
