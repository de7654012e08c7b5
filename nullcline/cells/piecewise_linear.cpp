// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/piecewise_linear.hpp"

#include <vector>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

/// The slope below the kink; nullopt if the activation is not piecewise linear.
std::optional<double> slope_below(const Settings& settings) {
  const Nonlinearity f = nonlinearity(settings);
  switch (f.f) {
    case Activation::relu:
      return 0;
    case Activation::leaky_relu:
      return f.below;
    case Activation::identity:
      return 1;
    default:
      return std::nullopt;
  }
}

bool is_one_euler_layer(const Network& network) {
  if (integer_or(network.settings, "layers", 1) != 1) return false;
  if (network.cell == "vanilla") return true;
  return network.cell == "leaky_rate" && network.settings.text("method") == "euler";
}

/// [W, B, b] (n, n + m + 1) as the cell's structure makes it of the parameters.
Matrix effective_weights(const Network& network, Index m) {
  const Layer layer = cell_kind(network.cell).layer(network.settings);
  const LayerNames names{.plain = network.cell == "leaky_rate"};
  std::vector<const Matrix*> values;
  for (const ParameterShape& shape : layer_parameters(layer, network.settings, names, 0, m)) {
    values.push_back(&network.parameter(shape.name));
  }
  std::vector<Matrix> M;
  assemble<double>(layer, Connections(network.settings), m, values, M);
  return M.front();
}

}  // namespace

std::optional<PiecewiseLinearMap> piecewise_linear(const Network& network, In<Vector> input) {
  if (!is_one_euler_layer(network)) return std::nullopt;
  const auto below = slope_below(network.settings);
  if (!below) return std::nullopt;
  require(input.size() == network.input_dim() && input.allFinite(),
          "piecewise_linear: input must be (n_in) and finite");
  const Vector seen = embed(network, input);
  const Matrix M = effective_weights(network, seen.size());
  const Index n = M.rows();
  const Matrix W = M.leftCols(n);
  const Vector c = M.middleCols(n, seen.size()) * seen + M.rightCols(1);

  if (network.cell == "vanilla") return PiecewiseLinearMap::vanilla(W, c, *below);
  const double alpha = network.settings.number("dt") / network.settings.number("tau");
  return network.settings.text("form") == "rate"
             ? PiecewiseLinearMap::leaky_rate(alpha, W, c, *below)
             : PiecewiseLinearMap::leaky_current(alpha, W, c, *below);
}

}  // namespace nullcline::cells
