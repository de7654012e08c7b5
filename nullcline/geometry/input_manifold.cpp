// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/input_manifold.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace nullcline::geometry {

void check_inputs(const char* function, const ManifoldInputs& inputs) {
  const Index K = inputs.points, m = inputs.dim, columns = inputs.inputs.cols();
  if (K < 1 || m < 1 || columns < K || columns % K != 0 ||
      inputs.tangents.rows() != inputs.inputs.rows() || inputs.tangents.cols() != columns * m) {
    throw std::invalid_argument(fmt::format(
        "{}: of {} points of {} dimensions, inputs are {} x {} and their tangents {} x {}; must be "
        "n_in x T K and n_in x T K m, K, T, m >= 1",
        function, K, m, inputs.inputs.rows(), columns, inputs.tangents.rows(),
        inputs.tangents.cols()));
  }
  if (inputs.second.size() > 0 && (inputs.second.rows() != inputs.inputs.rows() ||
                                   inputs.second.cols() != columns * inputs.pairs())) {
    throw std::invalid_argument(
        fmt::format("{}: second derivatives of the inputs are {} x {}, must be {} x {} or empty",
                    function, inputs.second.rows(), inputs.second.cols(), inputs.inputs.rows(),
                    columns * inputs.pairs()));
  }
  if (!inputs.inputs.allFinite() || !inputs.second.allFinite() || !inputs.tangents.allFinite()) {
    throw std::invalid_argument(fmt::format("{}: an input or a tangent is not finite", function));
  }
}

}  // namespace nullcline::geometry
