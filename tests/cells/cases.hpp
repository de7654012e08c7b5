// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/registry.hpp"

namespace nullcline::cells {

/// A kind of cell with settings: what the tests of all cells go through.
struct Case {
  std::string name, cell;
  std::map<std::string, Value> settings;
};
inline std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

inline std::vector<Case> all_cases() {
  using Text = std::string;
  const auto whole = [](std::int64_t k) { return Value(k); };
  std::vector<Case> cases;
  const auto add = [&](const char* name, const char* cell, std::map<std::string, Value> settings) {
    cases.push_back({name, cell, std::move(settings)});
  };
  for (const std::string& f : activation_names()) {
    const double theta = f == "leaky_relu" ? 0.3 : 0;
    for (const char* cell : {"vanilla", "ugrnn", "gru", "lstm", "feedforward", "leaky_rate"}) {
      add((Text(cell) + "_" + f).c_str(), cell, {{"activation", f}, {"theta", theta}});
    }
    add(("leaky_rate_current_" + f).c_str(), "leaky_rate",
        {{"activation", f}, {"theta", theta}, {"form", Text("current")}});
    add(("gru_before_" + f).c_str(), "gru",
        {{"activation", f}, {"theta", theta}, {"reset", Text("before")}});
  }
  for (const char* form : {"rate", "current"}) {
    const Text start = Text("leaky_rate_") + form;
    add((start + "_heun").c_str(), "leaky_rate",
        {{"form", Text(form)}, {"method", Text("heun")}, {"activation", Text("tanh")}});
    add((start + "_heun_large_step").c_str(), "leaky_rate",
        {{"form", Text(form)},
         {"method", Text("heun")},
         {"activation", Text("softplus")},
         {"dt", 0.12}});
    add((start + "_euler_without_leak").c_str(), "leaky_rate",
        {{"form", Text(form)}, {"activation", Text("tanh")}, {"dt", 0.1}});
  }
  add("wilson_cowan", "wilson_cowan", {});
  add("wilson_cowan_dale_softplus_two_layers", "wilson_cowan",
      {{"structure", Text("dale")}, {"activation", Text("softplus")}, {"layers", whole(2)}});
  add("lstm_reading_both", "lstm", {{"readout_of", Text("h_c")}, {"forget_bias", 1.0}});
  add("gru_gate_bias", "gru", {{"reset", Text("before")}, {"gate_bias", 0.5}});
  add("ugrnn_gate_bias", "ugrnn", {{"gate_bias", -0.5}});
  for (const char* structure : {"sparse", "blocks", "low_rank", "dale"}) {
    for (const char* cell : {"vanilla", "gru", "lstm", "leaky_rate"}) {
      std::map<std::string, Value> settings = {
          {"structure", Text(structure)}, {"density", 0.4}, {"activation", Text("tanh")}};
      add((Text(cell) + "_" + structure).c_str(), cell, settings);
    }
  }
  add("leaky_rate_dale_current_heun", "leaky_rate",
      {{"structure", Text("dale")},
       {"form", Text("current")},
       {"method", Text("heun")},
       {"activation", Text("sigmoid")}});
  for (const char* cell : {"vanilla", "ugrnn", "gru", "lstm", "feedforward", "leaky_rate"}) {
    add((Text(cell) + "_three_layers").c_str(), cell,
        {{"layers", whole(3)}, {"activation", Text("tanh")}, {"trained_start", true}});
    add((Text(cell) + "_embedding").c_str(), cell,
        {{"vocabulary", whole(6)},
         {"embedding_size", whole(4)},
         {"activation", Text("tanh")},
         {"trained_start", true}});
  }
  add("leaky_rate_current_two_layers", "leaky_rate",
      {{"layers", whole(2)}, {"activation", Text("gelu")}, {"form", Text("current")}});
  add("lstm_two_layers_reading_both", "lstm", {{"layers", whole(2)}, {"readout_of", Text("h_c")}});
  add("gru_before_two_layers_embedding", "gru",
      {{"layers", whole(2)},
       {"reset", Text("before")},
       {"vocabulary", whole(6)},
       {"embedding_size", whole(4)}});
  return cases;
}

/// Random parameters large enough that nothing is nearly linear.
inline Network network_of(const Case& c, Index units, Index n_in, Index n_out, double sigma = 0) {
  const CellKind& kind = cell_kind(c.cell);
  std::map<std::string, Value> settings = c.settings;
  settings["units"] = std::int64_t{units};
  settings["gain"] = 1.5;
  if (c.cell != "feedforward") settings["sigma"] = sigma;
  RandomStream stream({3, 1, Purpose::initial_weights, 0});
  const Index m = settings.contains("vocabulary") ? 1 : n_in;
  settings["init"] = std::string("fan_in");
  Network network = make_network(c.cell, Settings(kind.schema, settings), m, n_out, stream);
  for (auto& [name, A] : network.parameters) {
    if (name.find("bias") == std::string::npos) continue;
    for (double& entry : A.reshaped()) entry = 0.4 * stream.normal();
  }
  return network;
}

inline Matrix normals(Index rows, Index cols, std::uint64_t step) {
  Matrix A(rows, cols);
  RandomStream({4, 2, Purpose::trials, step})
      .fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())));
  return A;
}

/// Inputs (n_in, K): tokens where the network takes tokens.
inline Matrix inputs_of(const Network& network, Index columns, std::uint64_t step) {
  const Index m = network.input_dim();
  if (!network.parameters.contains("embedding")) return normals(m, columns, step);
  RandomStream stream({5, 2, Purpose::trials, step});
  return Matrix::NullaryExpr(1, columns, [&] { return static_cast<double>(stream.below(6)); });
}

}  // namespace nullcline::cells
