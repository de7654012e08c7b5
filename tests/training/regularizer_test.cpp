// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/regularizer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/linear_algebra.hpp"

#include "tests/training/uniforms.hpp"

namespace nullcline::training {
namespace {

struct Parameters {
  Matrix W = uniforms(5, 5, 1), b = uniforms(5, 1, 2);
  std::vector<cells::Parameter<double>> all() {
    return {{"recurrent", Eigen::Map<Matrix>(W.data(), 5, 5)},
            {"bias", Eigen::Map<Matrix>(b.data(), 5, 1)}};
  }
  static std::vector<Matrix> zeros() { return {Matrix::Zero(5, 5), Matrix::Zero(5, 1)}; }
};

class Penalties : public ::testing::TestWithParam<ParameterPenalty> {};
INSTANTIATE_TEST_SUITE_P(Kinds, Penalties,
                         ::testing::Values(ParameterPenalty{.l1 = 0.3}, ParameterPenalty{.l2 = 0.7},
                                           ParameterPenalty{.nuclear = 0.5},
                                           ParameterPenalty{.l1 = 0.3, .l2 = 0.7, .nuclear = 0.5},
                                           ParameterPenalty{.l2 = 1, .penalized = {"bias"}}));

TEST_P(Penalties, HaveTheGradientOfFiniteDifferences) {
  Parameters parameters;
  auto all = parameters.all();
  auto gradients = Parameters::zeros(), ignored = Parameters::zeros();
  add_penalty(GetParam(), all, gradients);
  const double h = 1e-6;
  for (std::size_t p = 0; p < all.size(); ++p) {
    for (Index i = 0; i < all[p].value.size(); ++i) {
      double& entry = all[p].value.data()[i];
      const double saved = entry;
      entry = saved + h;
      const double above = add_penalty(GetParam(), all, ignored);
      entry = saved - h;
      const double below = add_penalty(GetParam(), all, ignored);
      entry = saved;
      // eps / h; singular values are smooth where they are simple.
      EXPECT_NEAR(gradients[p].data()[i], (above - below) / (2 * h), 1e-8) << p << " " << i;
    }
  }
}

TEST(Penalties, AreSumsOverParameters) {
  Parameters parameters;
  auto gradients = Parameters::zeros();
  const auto value = [&](const ParameterPenalty& penalty) {
    return add_penalty(penalty, parameters.all(), gradients);
  };
  EXPECT_NEAR(value({.l2 = 2}), 2 * (parameters.W.squaredNorm() + parameters.b.squaredNorm()),
              1e-13);
  EXPECT_NEAR(value({.l1 = 2}), 2 * (parameters.W.lpNorm<1>() + parameters.b.lpNorm<1>()), 1e-13);
  EXPECT_NEAR(value({.nuclear = 2}), 2 * singular_values(parameters.W).sum(), 1e-13);
}

TEST(Penalties, LeaveOutWhatIsNotTrained) {
  Parameters parameters;
  auto gradients = Parameters::zeros();
  gradients[0].resize(0, 0);
  EXPECT_NEAR(add_penalty(ParameterPenalty{.l2 = 1, .nuclear = 1}, parameters.all(), gradients),
              parameters.b.squaredNorm(), 1e-14);
}

TEST(NuclearNorm, OfARotationIsItsSizeAndOfRankOneItsNorms) {
  Parameters parameters;
  auto gradients = Parameters::zeros();
  parameters.W = orthonormal_basis(uniforms(5, 5, 3));
  EXPECT_NEAR(add_penalty(ParameterPenalty{.nuclear = 1}, parameters.all(), gradients), 5, 1e-13);
  EXPECT_LE((gradients[0] - parameters.W).norm(), 1e-13);
  const Vector u = uniforms(5, 1, 4), v = uniforms(5, 1, 5);
  parameters.W = u * v.transpose();
  gradients = Parameters::zeros();
  EXPECT_NEAR(add_penalty(ParameterPenalty{.nuclear = 1}, parameters.all(), gradients),
              u.norm() * v.norm(), 1e-13);
  // The directions of the singular values that are zero are left alone.
  EXPECT_LE((gradients[0] - u.normalized() * v.normalized().transpose()).norm(), 1e-12);
}

TEST(SoftThreshold, IsTheMinimumOfItsProximalProblem) {
  Parameters parameters;
  const Matrix before = parameters.W;
  auto all = parameters.all();
  soft_threshold<double>({.l1 = 1, .proximal = true, .penalized = {"recurrent"}}, 0.2,
                         Parameters::zeros(), all);
  for (Index i = 0; i < before.size(); ++i) {
    const double x = before.data()[i], z = parameters.W.data()[i];
    EXPECT_NEAR(z, std::abs(x) <= 0.2 ? 0 : x - std::copysign(0.2, x), 1e-16);
    const auto objective = [&](double y) { return 0.5 * (y - x) * (y - x) + 0.2 * std::abs(y); };
    EXPECT_LE(objective(z), objective(z + 1e-3));
    EXPECT_LE(objective(z), objective(z - 1e-3));
  }
  EXPECT_TRUE((parameters.W.array() == 0).any());
}

TEST(Pruning, KeepsTheLargestEntries) {
  const Matrix A = uniforms(7, 9, 6);
  const Matrix mask = largest_entries<double>(A, 0.3);
  EXPECT_EQ(mask.sum(), 19);  // ceil(0.3 x 63)
  double smallest_kept = 2, largest_lost = 0;
  for (Index i = 0; i < A.size(); ++i) {
    const double size = std::abs(A.data()[i]);
    (mask.data()[i] == 1 ? smallest_kept : largest_lost) =
        mask.data()[i] == 1 ? std::min(smallest_kept, size) : std::max(largest_lost, size);
  }
  EXPECT_GE(smallest_kept, largest_lost);
  EXPECT_EQ(largest_entries<double>(A, 1.0).sum(), 63);
}

}  // namespace
}  // namespace nullcline::training
