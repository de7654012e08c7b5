// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "nullcline/cells/recurrent_blocks.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analyses/connectivity.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::study {
namespace {

cells::Network network_of(const std::string& cell, std::uint64_t seed) {
  RandomStream stream({.seed = seed});
  const Settings settings(cells::cell_kind(cell).schema, {{"units", std::int64_t{6}}});
  return cells::make_network(cell, settings, 2, 3, stream);
}

Settings settings() {
  return Settings(analysis_kind("connectivity").schema, {{"surrogates", std::int64_t{19}}});
}

TEST(GatedConnectivity, IsThatOfEachGateUnderItsName) {
  const cells::Network before = network_of("gru", 1), after = network_of("gru", 2);
  const io::Dataset found = compare_networks(before, after, settings());
  EXPECT_EQ(found.attributes["matrices"], io::Json({"r", "z", "n"}));
  const auto first = cells::recurrent_blocks(before), last = cells::recurrent_blocks(after);
  for (std::size_t g = 0; g < 3; ++g) {
    const std::string& gate = last[g].name;
    const io::Dataset alone = compare_weights(first[g].weights, last[g].weights, settings());
    for (const auto& [name, array] : alone.arrays) {
      ASSERT_TRUE(found.arrays.contains(gate + "/" + name)) << gate << " " << name;
      EXPECT_EQ(found.arrays.at(gate + "/" + name).shape, array.shape);
    }
    const io::Json& known = found.attributes["matrix"][gate];
    EXPECT_EQ(known["relative_change"], alone.attributes["relative_change"]);
    EXPECT_EQ(found.attributes["metrics"][gate + "_relative_change"],
              alone.attributes["relative_change"]);
    // What the gate writes is measured against the readout, what it reads against its own inputs.
    EXPECT_TRUE(known["alignment"].contains("writes_to_readout"));
    EXPECT_EQ(known["alignment"]["reads_from_inputs"]["dim"], 2);
  }
}

TEST(GatedConnectivity, OfOneMatrixHasNoNames) {
  const io::Dataset found =
      compare_networks(network_of("vanilla", 1), network_of("vanilla", 2), settings());
  EXPECT_FALSE(found.attributes.contains("matrices"));
  EXPECT_TRUE(found.arrays.contains("edges"));
}

TEST(GatedConnectivity, WantsTwoNetworksOfAKind) {
  EXPECT_THROW((void)compare_networks(network_of("gru", 1), network_of("lstm", 2), settings()),
               Error);
  EXPECT_THROW((void)compare_networks(network_of("feedforward", 1), network_of("feedforward", 2),
                                      settings()),
               Error);
}

}  // namespace
}  // namespace nullcline::study
