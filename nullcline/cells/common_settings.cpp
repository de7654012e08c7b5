// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/common_settings.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "nullcline/cells/initialization.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

Setting units_setting(std::int64_t standard) {
  return {"units", standard, "n, number of units of a layer", 1, 100'000};
}

Setting dt_setting() { return {"dt", 0.01, "s, time between steps", 1e-9, 1e9}; }

Setting activation_setting(const std::string& standard) {
  return {.name = "activation",
          .standard = standard,
          .meaning = "f; the gates are always logistic",
          .choices = activation_names()};
}

Setting theta_setting() {
  return {"theta", 0.0, "radians; negative-side slope tan(theta) of leaky_relu", 0,
          std::numbers::pi / 4};
}

Setting state_noise_setting() {
  return {"sigma", 0.0, "standard deviation of the noise added to h at each step", 0, 1e6};
}

Schema structure_settings() {
  return {
      {.name = "structure",
       .standard = std::string("dense"),
       .meaning = "of the recurrent weights: all free; a random mask; blocks on the diagonal, a "
                  "random mask between them; left right'; units that excite or inhibit",
       .choices = {"dense", "sparse", "blocks", "low_rank", "dale"}},
      {"density", 0.1, "share of connections of a random mask", 0, 1},
      {"blocks", std::int64_t{2}, "number of blocks of equal size", 1, 100'000},
      {"rank", std::int64_t{2}, "of low_rank", 1, 100'000},
      {"excitatory", 0.8, "share of the units of dale that excite; the others inhibit", 0, 1},
  };
}

Schema stack_settings() {
  return {
      {"layers", std::int64_t{1}, "L; each sees the features of the one before", 1, 1000},
      {"vocabulary", std::int64_t{0},
       "number of tokens; if not 0, the input is one channel of token numbers from 0, and the "
       "first "
       "layer sees rows of the parameter `embedding`",
       0, 16'777'216},
      {"embedding_size", std::int64_t{16}, "m, what the first layer sees of a token", 1, 100'000},
      {"trained_start", false, "whether the first state is a parameter, `initial_state`; else 0"},
  };
}

Schema initialization_settings(const std::vector<std::string>& own, const std::string& meaning) {
  std::vector<std::string> choices = own;
  for (const std::string& name : initialization_names()) choices.push_back(name);
  return {
      {.name = "init",
       .standard = choices.front(),
       .meaning = "distribution of the random parameters: " + meaning + initialization_text(),
       .choices = choices},
      {"gain", 1.0, "g, scales the random recurrent weights", 0, 1e6},
      {"input_streams", std::vector<double>{},
       "widths of streams of inputs, together m, such as [1, 1, 2]: fan_in, orthogonal and "
       "identity "
       "divide each by the root of its own width (2025); empty: one stream",
       1, 1e6},
  };
}

Schema joined(std::initializer_list<Schema> schemas) {
  Schema all;
  for (const Schema& schema : schemas) all.insert(all.end(), schema.begin(), schema.end());
  return all;
}

Schema recurrent_schema(const Schema& own) {
  return joined({{units_setting(), dt_setting(), activation_setting("tanh"), theta_setting()},
                 own,
                 {state_noise_setting()},
                 structure_settings(),
                 stack_settings(),
                 initialization_settings({}, "")});
}

Nonlinearity nonlinearity(const Settings& settings) {
  const std::string& name = settings.text("activation");
  const Activation activation = activation_from_name(name);
  const double theta = settings.number("theta");
  if (theta != 0 && activation != Activation::leaky_relu)
    throw Error("", "theta", std::to_string(theta) + " with activation " + name,
                "0, or activation leaky_relu");
  return {activation, std::tan(theta)};
}

Index integer_or(const Settings& settings, const std::string& name, Index otherwise) {
  return settings.values().contains(name) ? settings.integer(name) : otherwise;
}

bool flag_or(const Settings& settings, const std::string& name, bool otherwise) {
  return settings.values().contains(name) ? settings.flag(name) : otherwise;
}

}  // namespace nullcline::cells
