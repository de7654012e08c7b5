// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/recurrent_blocks.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "nullcline/cells/registry.hpp"

namespace nullcline::cells {
namespace {

Network network_of(const std::string& cell, std::map<std::string, Value> settings) {
  settings["units"] = std::int64_t{5};
  RandomStream stream({.seed = 1});
  return make_network(cell, Settings(cell_kind(cell).schema, settings), 2, 3, stream);
}

std::vector<std::string> names_of(const std::vector<RecurrentBlock>& blocks) {
  std::vector<std::string> names;
  for (const RecurrentBlock& block : blocks) names.push_back(block.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(RecurrentBlocks, AreRowsOfWhatPyTorchStacks) {
  const std::map<std::string, Names> gates = {
      {"gru", {"r", "z", "n"}}, {"lstm", {"i", "f", "g", "o"}}, {"ugrnn", {"u", "c"}}};
  for (const auto& [cell, expected] : gates) {
    const Network network = network_of(cell, {});
    const auto blocks = recurrent_blocks(network);
    EXPECT_EQ(names_of(blocks), expected);
    for (std::size_t g = 0; g < blocks.size(); ++g) {
      const Index first = 5 * static_cast<Index>(g);
      EXPECT_EQ(blocks[g].weights, network.parameter("weight_hh_l0").middleRows(first, 5));
      EXPECT_EQ(blocks[g].inputs, network.parameter("weight_ih_l0").middleRows(first, 5));
      EXPECT_TRUE(blocks[g].last_layer && blocks[g].free);
    }
  }
  const Network before = network_of("gru", {{"reset", std::string("before")}});
  EXPECT_EQ(names_of(recurrent_blocks(before)), (Names{"r", "z", "n"}));
  EXPECT_EQ(recurrent_blocks(before)[2].weights, before.parameter("weight_hh_l0").bottomRows(5));
}

TEST(RecurrentBlocks, OfOneMatrixHaveItsName) {
  const auto rate = recurrent_blocks(network_of("leaky_rate", {}));
  EXPECT_EQ(names_of(rate), Names{"recurrent"});
  EXPECT_EQ(rate[0].inputs.cols(), 2);
  EXPECT_EQ(names_of(recurrent_blocks(network_of("vanilla", {}))), Names{"weight_hh_l0"});
  EXPECT_TRUE(recurrent_blocks(network_of("feedforward", {})).empty());
}

TEST(RecurrentBlocks, OfSeveralLayersAreOneAfterTheOther) {
  const Network network = network_of("gru", {{"layers", std::int64_t{2}}});
  const auto blocks = recurrent_blocks(network);
  EXPECT_EQ(names_of(blocks), (Names{"r_l0", "z_l0", "n_l0", "r_l1", "z_l1", "n_l1"}));
  EXPECT_FALSE(blocks[2].last_layer);
  EXPECT_TRUE(blocks[5].last_layer);
  EXPECT_EQ(blocks[5].weights, network.parameter("weight_hh_l1").bottomRows(5));
  EXPECT_EQ(blocks[5].inputs, network.parameter("weight_ih_l1").bottomRows(5));
}

TEST(RecurrentBlocks, AreTheWeightsThatTheStepHas) {
  const Network low =
      network_of("gru", {{"structure", std::string("low_rank")}, {"rank", std::int64_t{2}}});
  const Matrix product =
      low.parameter("weight_hh_left_l0") * low.parameter("weight_hh_right_l0").transpose();
  const auto blocks = recurrent_blocks(low);
  EXPECT_LT((blocks[1].weights - product.middleRows(5, 5)).norm(), 1e-14 * product.norm());
  EXPECT_FALSE(blocks[1].free);
  const auto dale = recurrent_blocks(
      network_of("leaky_rate", {{"structure", std::string("dale")}, {"excitatory", 0.6}}));
  EXPECT_TRUE((dale[0].weights.leftCols(3).array() >= 0).all());
  EXPECT_TRUE((dale[0].weights.rightCols(2).array() <= 0).all());
  EXPECT_FALSE(dale[0].free);
}

TEST(RecurrentBlocks, CanBeReplacedOneAtATime) {
  Network network = network_of("lstm", {});
  const Matrix before = network.parameter("weight_hh_l0");
  const auto blocks = recurrent_blocks(network);
  replace_block(network, blocks[2], Matrix::Identity(5, 5));
  const auto after = recurrent_blocks(network);
  EXPECT_EQ(after[2].weights, Matrix::Identity(5, 5));
  for (const std::size_t g : {0u, 1u, 3u}) EXPECT_EQ(after[g].weights, blocks[g].weights);
  EXPECT_THROW(replace_block(network, blocks[0], Matrix::Identity(4, 4)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::cells
