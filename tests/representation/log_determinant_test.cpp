// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/log_determinant.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "nullcline/representation/predictive_information.hpp"
#include "processes.hpp"

namespace nullcline::representation {
namespace {

using testing::positive_matrix;
using testing::random_matrix;
using testing::stable_matrix;
using testing::var1;

TEST(ToeplitzLogDeterminants, AreThoseOfTheWholeMatricesByBothMethods) {
  for (const Index d : {1, 2, 3, 4, 7}) {
    const auto lags = var1(stable_matrix(d, 0.9, 1), positive_matrix(d, 2), 12).lags;
    for (const auto method : {LogDeterminant::cholesky, LogDeterminant::levinson}) {
      const auto logs = toeplitz_log_determinants(lags, method);
      ASSERT_TRUE(logs.has_value());
      for (Index N = 1; N <= 12; ++N) {
        EXPECT_NEAR((*logs)(N - 1), log_determinant(block_toeplitz(lags, N)).value(), 1e-10)
            << name_of(method) << " d " << d << " N " << N;
      }
    }
  }
}

TEST(ToeplitzLogDeterminants, OfAVar1GrowByThatOfItsNoise) {
  // log det C_N = log det Sigma + (N - 1) log det Q, exactly.
  const Matrix Q = positive_matrix(3, 3);
  const auto process = var1(stable_matrix(3, 0.95, 4), Q, 60);
  const Vector logs = toeplitz_log_determinants(process.lags, LogDeterminant::levinson).value();
  const double first = log_determinant(process.lags[0]).value(), step = log_determinant(Q).value();
  for (Index N = 1; N <= 60; ++N) {
    EXPECT_NEAR(logs(N - 1), first + static_cast<double>(N - 1) * step, 1e-9);
  }
}

TEST(ToeplitzLogDeterminants, DoNotExistForIndefiniteCovariances) {
  const std::vector<Matrix> lags = {Matrix::Identity(2, 2), 1.5 * Matrix::Identity(2, 2)};
  EXPECT_FALSE(toeplitz_log_determinants(lags, LogDeterminant::cholesky).has_value());
  EXPECT_FALSE(toeplitz_log_determinants(lags, LogDeterminant::levinson).has_value());
  EXPECT_THROW(toeplitz_log_determinants({}), std::invalid_argument);
}

TEST(PredictiveInformation, HasTheSameValueAndGradientByBothMethods) {
  for (const Index d : {1, 2, 3, 4, 6}) {
    const auto process = var1(stable_matrix(8, 0.95, 5), positive_matrix(8, 6), 16);
    const Matrix V = random_matrix(8, d, 7);
    for (const Index T : {1, 2, 8}) {
      Matrix direct, recursive;
      const auto one =
          PredictiveInformation(process, T, LogDeterminant::cholesky).value_and_gradient(V, direct);
      const auto two = PredictiveInformation(process, T, LogDeterminant::levinson)
                           .value_and_gradient(V, recursive);
      EXPECT_NEAR(one.value(), two.value(), 1e-11);
      EXPECT_LT((direct - recursive).norm(), 1e-10 * (1 + direct.norm()))
          << "d " << d << " T " << T;
    }
  }
}

TEST(PredictiveInformationCurve, IsThePredictiveInformationOfEveryWindow) {
  const auto process = var1(stable_matrix(5, 0.95, 8), positive_matrix(5, 9), 12);
  const Matrix V = random_matrix(5, 2, 10);
  const Vector curve = predictive_information_curve(process, V, 6).value();
  for (Index T = 1; T <= 6; ++T) {
    EXPECT_NEAR(curve(T - 1), predictive_information(process, V, T).value(), 1e-11);
  }
  EXPECT_THROW(predictive_information_curve(process, V, 7), std::invalid_argument);
}

TEST(HeldOutInformation, OfTheModelsOwnDataIsItsPredictiveInformation) {
  const auto process = var1(stable_matrix(5, 0.95, 11), positive_matrix(5, 12), 8);
  const Matrix V = random_matrix(5, 2, 13);
  EXPECT_NEAR(held_out_information(process, process, V, 4).value(),
              predictive_information(process, V, 4).value(), 1e-10);
}

TEST(HeldOutInformation, OfWhiteNoiseUnderAnAr1ModelIsWhatTheClosedFormSays) {
  // T = 1, model (1, a), data (s, 0): PI + s - s / (1 - a^2).
  const double a = 0.6, s = 1.3;
  const Matrix I = Matrix::Identity(1, 1);
  const CrossCovariances model{Vector::Zero(1), {I, a * I}}, data{Vector::Zero(1), {s * I, 0 * I}};
  EXPECT_NEAR(held_out_information(model, data, I, 1).value(),
              -0.5 * std::log(1 - a * a) + s - s / (1 - a * a), 1e-13);
}

}  // namespace
}  // namespace nullcline::representation
