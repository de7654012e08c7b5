// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/layered.hpp"

#include <algorithm>
#include <utility>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/cells/initialization.hpp"
#include "nullcline/cells/layer_map.hpp"
#include "nullcline/cells/stacked_map.hpp"
#include "nullcline/cells/staged_function.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::cells {
namespace {

std::vector<Matrix> layer_matrices(const LayeredShape& shape, const Network& network, Index l,
                                   Index m) {
  std::vector<const Matrix*> values;
  for (const auto& p : layer_parameters(shape.layer, shape.settings, shape.names, l, m)) {
    values.push_back(&network.parameter(p.name));
  }
  std::vector<Matrix> M;
  assemble<double>(shape.layer, Connections(shape.settings), m, values, M);
  return M;
}

std::unique_ptr<DrivenMap> make_map(const LayeredKind& kind, const Network& network) {
  const LayeredShape shape(kind, network.settings);
  const Index n_in = shape.input_dim(network.parameters);
  std::vector<MapLayer> layers;
  for (Index l = 0; l < shape.layers; ++l) {
    const Index m = shape.layer_input(l, n_in);
    layers.push_back({layer_map(shape.layer, layer_matrices(shape, network, l, m), m),
                      FeatureFunction(shape.layer.step_double, shape.units)});
  }
  if (layers.size() == 1) return std::move(layers[0].map);
  return std::make_unique<StackedMap>(std::move(layers));
}

std::unique_ptr<Flow> make_flow(const LayeredKind& kind, const Network& network) {
  const LayeredShape shape(kind, network.settings);
  if (!shape.layer.flow || shape.layers > 1) return nullptr;
  const Index m = shape.layer_input(0, shape.input_dim(network.parameters));
  std::vector<Matrix> M = layer_matrices(shape, network, 0, m);
  M.resize(1);
  return std::make_unique<StagedFunction<Flow>>(*shape.layer.flow, std::move(M), m);
}

/// The number of units that the arrays of the first layer have, whatever the settings say.
Index units_of(const LayeredKind& kind, const Network& network) {
  const LayeredShape shape(kind, network.settings);
  for (const LayerParameter& parameter : shape.layer.parameters) {
    const auto it = network.parameters.find(shape.names(parameter.name, 0));
    if (it == network.parameters.end()) continue;
    return it->second.rows() / parameter.blocks();
  }
  throw Error("", shape.names(shape.layer.parameters.front().name, 0), "nothing",
              "a parameter of " + network.cell);
}

}  // namespace

LayeredShape::LayeredShape(const LayeredKind& kind, const Settings& its_settings)
    : layer(kind.layer(its_settings)),
      names(kind.names),
      settings(its_settings),
      units(settings.integer("units")),
      layers(integer_or(settings, "layers", 1)),
      vocabulary(integer_or(settings, "vocabulary", 0)),
      trained_start(flag_or(settings, "trained_start", false)),
      layer_state(layer.step_double.state * units),
      layer_features(layer.step_double.feature_count * units) {
  const auto& known = initialization_names();
  const bool own = std::find(known.begin(), known.end(), settings.text("init")) == known.end();
  if (own) scales = kind.scales(settings);
}

Index LayeredShape::layer_input(Index l, Index n_in) const {
  if (l > 0) return layer_features;
  return vocabulary > 0 ? settings.integer("embedding_size") : n_in;
}

std::vector<ParameterShape> LayeredShape::parameters(Index n_in) const {
  std::vector<ParameterShape> all;
  if (vocabulary > 0) {
    all.push_back({"embedding",
                   {vocabulary, "vocabulary"},
                   {layer_input(0, n_in), "m"},
                   "what the first layer sees, a row a token"});
  }
  for (Index l = 0; l < layers; ++l) {
    const auto shapes = layer_parameters(layer, settings, names, l, layer_input(l, n_in));
    all.insert(all.end(), shapes.begin(), shapes.end());
  }
  if (trained_start) {
    all.push_back({"initial_state", {state_dim(), "states"}, {1, "1"}, "s_0"});
  }
  return all;
}

Index LayeredShape::input_dim(const std::map<std::string, Matrix>& parameters) const {
  if (vocabulary > 0) return 1;
  for (const LayerParameter& parameter : layer.parameters) {
    if (parameter.columns != Columns::input) continue;
    const std::string name = names(parameter.name, 0);
    const auto it = parameters.find(name);
    if (it == parameters.end()) throw Error("", name, "nothing", "the array " + parameter.meaning);
    return it->second.cols();
  }
  return 0;
}

CellKind layered(LayeredKind given) {
  const auto kind = std::make_shared<const LayeredKind>(std::move(given));
  CellKind made;
  made.name = kind->name;
  made.meaning = kind->meaning;
  made.schema = kind->schema;
  made.layer = kind->layer;
  made.parameters = [kind](const Settings& settings, Index n_in) {
    return LayeredShape(*kind, settings).parameters(n_in);
  };
  made.state_dim = [kind](const Settings& settings) {
    return LayeredShape(*kind, settings).state_dim();
  };
  made.feature_dim = [kind](const Settings& settings) {
    return LayeredShape(*kind, settings).layer_features;
  };
  made.input_dim = [kind](const Network& network) {
    return LayeredShape(*kind, network.settings).input_dim(network.parameters);
  };
  made.units = [kind](const Network& network) { return units_of(*kind, network); };
  made.initialize = [kind](const Settings& settings, Index n_in, Index n_out,
                           RandomStream& stream) {
    return random_parameters(LayeredShape(*kind, settings), n_in, n_out, stream);
  };
  made.make_float = [kind](const Network& network) {
    return make_layered_cell<float>(*kind, network);
  };
  made.make_double = [kind](const Network& network) {
    return make_layered_cell<double>(*kind, network);
  };
  made.make_map = [kind](const Network& network) { return make_map(*kind, network); };
  made.make_flow = [kind](const Network& network) { return make_flow(*kind, network); };
  made.make_features = [kind](const Network& network) {
    const LayeredShape shape(*kind, network.settings);
    return std::make_unique<FeatureFunction>(shape.layer.step_double, shape.units);
  };
  return made;
}

}  // namespace nullcline::cells
