// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nullcline/cells/feature_function.hpp"
#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/registry.hpp"

namespace nullcline::cells {

/// Standard deviations of random parameters, all N(0, sd^2).
struct NormalScales {
  double recurrent, input, bias, readout;
};

/// A kind of cell described by its layer: everything else follows. `schema` must have `units` and
/// `dt`; of the other settings of `common_settings` those that are there are honored.
struct LayeredKind {
  std::string name, meaning;
  Schema schema;
  LayerNames names = {};
  std::function<Layer(const Settings&)> layer;

  /// The distribution that a name of `init` stands for which only this kind has.
  std::function<NormalScales(const Settings&)> scales = {};
};

CellKind layered(LayeredKind kind);

/// What a network's settings make of a kind: L layers of S / L numbers of state each, the state of
/// the network being theirs one below the other, and before them an embedding if `vocabulary` > 0.
///
///     s^l_t = F(s^l_{t-1}, y^{l-1}_t),  y^l_t = R(s^l_t),  y^{-1}_t = u_t or embedding[u_t]
///
/// The features of the network are y^{L-1}.
struct LayeredShape {
  LayeredShape(const LayeredKind& kind, const Settings& settings);

  Layer layer;
  LayerNames names;
  Settings settings;
  Index units, layers, vocabulary;
  bool trained_start;
  Index layer_state, layer_features;   ///< Of one layer.
  std::optional<NormalScales> scales;  ///< Where `init` is the kind's own.

  Index state_dim() const { return layers * layer_state; }
  /// What layer l sees, n_in being the inputs of the network.
  Index layer_input(Index l, Index n_in) const;
  std::vector<ParameterShape> parameters(Index n_in) const;
  /// n_in of a network; throws Error if the parameter that tells it is not there.
  Index input_dim(const std::map<std::string, Matrix>& parameters) const;
};

/// As training sees it.
template <std::floating_point Real>
std::unique_ptr<Cell<Real>> make_layered_cell(const LayeredKind& kind, const Network& network);

/// The rows of `embedding` (vocabulary, e) that tokens (1, K) name, rounded, as columns (e, K). A
/// token that is not there is std::invalid_argument.
template <std::floating_point Real>
MatrixX<Real> embedded(const MatrixX<Real>& embedding, const View<Real>& tokens);

}  // namespace nullcline::cells
