// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/registry.hpp"

#include <gtest/gtest.h>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/finite_differences.hpp"

namespace nullcline::cells {
namespace {

// What holds for every cell that is registered, now and later.
class EveryCell : public ::testing::TestWithParam<std::string> {
 protected:
  Network network() const {
    const CellKind& kind = cell_kind(GetParam());
    RandomStream stream({3, 1, Purpose::initial_weights, 0});
    return make_network(kind.name, Settings(kind.schema, {{"units", std::int64_t{7}}}), 2, 1,
                        stream);
  }
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const CellKind& kind : cell_kinds()) all.push_back(kind.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Cells, EveryCell, ::testing::ValuesIn(names()),
                         [](const auto& named) { return named.param; });

TEST_P(EveryCell, MakesANetworkThatIsValid) { EXPECT_NO_THROW(validate(network())); }

TEST_P(EveryCell, HasTheDerivativesOfFiniteDifferences) {
  const Vector x = Vector::LinSpaced(network().state_dim(), -0.4, 0.9);
  const Vector u = Vector::LinSpaced(2, 0.3, -0.5);
  EXPECT_LT(check_derivatives(*driven_map(network()), x, u).largest(), 2e-9);
}

TEST_P(EveryCell, StepsABatchAsItStepsItsTrials) {
  const auto map = driven_map(network());
  const Index S = map->state_dim();
  const Matrix X = Matrix::NullaryExpr(S, 5, [](Index i, Index j) {
    return 0.1 * static_cast<double>(i) - 0.2 * static_cast<double>(j);
  });
  const Matrix U = X.topRows(2);
  Matrix together(S, 5), alone(S, 1);
  map->evaluate(X, U, together);
  for (Index b = 0; b < 5; ++b) {
    map->evaluate(X.col(b), U.col(b), alone);
    EXPECT_LE((together.col(b) - alone).cwiseAbs().maxCoeff(), 1e-15);
  }
}

TEST_P(EveryCell, TrainsTheParametersThatItDeclares) {
  const Network net = network();
  const auto cell = make_cell<double>(net);
  const auto declared = cell_kind(GetParam()).parameters(net.settings, 2);
  const auto trained = cell->parameters();
  ASSERT_EQ(trained.size(), declared.size());
  for (std::size_t p = 0; p < trained.size(); ++p) {
    EXPECT_EQ(trained[p].name, declared[p].name);
    EXPECT_EQ(Matrix(trained[p].value), net.parameter(declared[p].name));
  }
}

TEST(CellKind, OfAnUnknownNameIsAnError) { EXPECT_THROW(cell_kind("leaky"), Error); }

}  // namespace
}  // namespace nullcline::cells
