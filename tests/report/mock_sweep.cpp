// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "mock_document.hpp"
#include "mock_results.hpp"

namespace nullcline::report {
namespace {

using namespace mock;

/// Stable up to a gain that grows with the noise.
Dataset driven(double gain, RandomStream& random) {
  std::vector<double> exponents, errors;
  for (const double noise : {0, 2, 5, 10}) {
    exponents.push_back(0.5 * (gain - 1) - 0.08 * noise + 0.03 * random.normal());
    errors.push_back(0.01);
  }
  Dataset result = lyapunov(random);
  result.arrays["noise"] = list({0, 2, 5, 10});
  result.arrays["driven_exponent"] = list(exponents);
  result.arrays["driven_error"] = list(errors);
  return result;
}

Group population(std::size_t number, const std::string& name, const Json& cell, Index networks,
                 const char* analysis, const std::function<Dataset(RandomStream&)>& make) {
  Group group;
  group.name = name;
  group.task = {{"name", "flip_flop"}, {"settings", {{"bits", 1}}}, {"cell", cell}};
  for (Index i = 0; i < networks; ++i) {
    RandomStream random({.seed = static_cast<std::uint64_t>(i), .network = number});
    NetworkEntry entry;
    entry.id = name + std::to_string(i);
    entry.status = "done";
    entry.results[analysis] = make(random);
    group.networks.push_back(std::move(entry));
  }
  return group;
}

}  // namespace

Document mock_sweep(const MockOptions& options) {
  Document document;
  document.title = "Mock sweep" + options.text;
  for (const Index units : {16, 32}) {
    for (Index g = 0; g < options.gains; ++g) {
      const double gain = 0.5 + 0.5 * static_cast<double>(g);
      document.groups.push_back(
          population(document.groups.size(),
                     std::to_string(units) + " units, " + std::to_string(g) + options.text,
                     {{"units", units}, {"gain", gain}}, options.networks, "lyapunov",
                     [gain](RandomStream& random) { return driven(gain, random); }));
    }
  }
  for (const double theta : {0.0, 0.2}) {
    document.groups.push_back(
        population(document.groups.size(), "theta " + std::to_string(theta),
                   {{"units", 128}, {"theta", theta}}, options.networks, "dca",
                   [](RandomStream& random) { return latent(mock::perception(), true, random); }));
  }
  return document;
}

}  // namespace nullcline::report
