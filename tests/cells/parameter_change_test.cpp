// SPDX-License-Identifier: Apache-2.0
// How maps change with their parameters, against central differences, for every cell.
#include "nullcline/cells/parameter_change.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

class EveryCellChange : public ::testing::TestWithParam<Case> {};

/// A direction for every array, masks among them; entries that are 0, as on the diagonal without
/// self-connections, stay: Dale's |W| has a kink there, which differences feel.
std::map<std::string, Matrix> direction(const Network& network) {
  std::map<std::string, Matrix> change;
  std::uint64_t step = 50;
  for (const auto& [name, W] : network.parameters) {
    const Matrix all = normals(W.rows(), W.cols(), ++step);
    const bool mask = name.find("_mask") != std::string::npos;
    change[name] = mask ? all : Matrix((W.array() == 0).select(0, all));
  }
  return change;
}

TEST_P(EveryCellChange, AlongItsParametersAgreesWithDifferences) {
  const Index B = 3, k = 2;
  const Network network = network_of(GetParam(), 5, 3, 2);
  const auto change = direction(network);
  const ParameterChange found(network, change);
  const auto difference = difference_change(network, change);
  const Index n = found.state_dim(), m = found.input_dim();
  const Matrix X = normals(n, B, 1), U = normals(m, B, 2);
  Matrix P(n, B), expected(n, B);
  found.evaluate(X, U, P);
  difference->evaluate(X, U, expected);
  // Differences over h = 6e-6 of the largest weight: rounding over h, and h^2 of a third derivative
  // below 100.
  const double tolerance = 1e-8;
  EXPECT_LT((P - expected).norm(), tolerance * (1 + expected.norm()));
  EXPECT_GT(expected.norm(), 1e-3);
  const Matrix VX = normals(n, B * k, 3), VU = normals(m, B * k, 4);
  Matrix W(n, B * k), pushed(n, B * k);
  found.push_forward(X, U, VX, VU, W);
  difference->push_forward(X, U, VX, VU, pushed);
  EXPECT_LT((W - pushed).norm(), tolerance * (1 + pushed.norm()));
  const auto& settings = network.settings.values();
  const bool single = !settings.contains("layers") || network.settings.integer("layers") == 1;
  EXPECT_EQ(found.derivatives(), single ? Derivatives::exact : Derivatives::finite_differences);
}

INSTANTIATE_TEST_SUITE_P(All, EveryCellChange, ::testing::ValuesIn(all_cases()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace nullcline::cells
