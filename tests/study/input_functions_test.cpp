// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/input_functions.hpp"

#include <gtest/gtest.h>

namespace nullcline::study {
namespace {

TEST(InputFunctions, OfEveryTaskAreItsInputsAndTheirDerivatives) {
  Index found = 0;
  for (const tasks::TaskKind& kind : tasks::task_kinds()) {
    const auto task = kind.make(Settings(kind.schema), 0.01);
    for (const tasks::InputManifold& manifold : task->input_manifolds()) {
      const geometry::InputFunctions inputs = input_functions(manifold);
      const Index m = static_cast<Index>(inputs.domain.size());
      ASSERT_EQ(inputs.domain.size(), manifold.coordinates.size()) << kind.name;
      Matrix kappa(m, 2);
      for (Index i = 0; i < m; ++i) {
        const geometry::Coordinate& c = inputs.domain[static_cast<std::size_t>(i)];
        kappa.row(i) << c.lowest + 0.3 * c.extent(), c.lowest + 0.8 * c.extent();
      }
      const geometry::ManifoldInputs at = inputs.at(kappa, 2);
      ASSERT_NO_THROW(geometry::check_inputs("test", at)) << kind.name;
      const auto point = manifold.at(kappa.col(1));
      for (Index t = 0; t < at.steps(); ++t) {
        const Index c = 2 * t + 1;
        EXPECT_EQ(at.inputs.col(c), point.inputs.col(t)) << kind.name;
        EXPECT_EQ(at.tangents.col(c * m + m - 1), point.first.back().col(t)) << kind.name;
        EXPECT_EQ(at.second.col((c + 1) * at.pairs() - 1), point.second.back().col(t)) << kind.name;
      }
      EXPECT_EQ(inputs.at(kappa, 1).second.size(), 0);
      ++found;
    }
  }
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace nullcline::study
