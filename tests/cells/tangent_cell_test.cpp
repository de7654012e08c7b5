// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/tangent_cell.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

constexpr Index units = 4, n_in = 3, T = 5, K = 3, m = 2, W = K * (1 + m);

std::vector<Case> cases_without_tokens() {
  std::vector<Case> cases;
  for (const Case& c : all_cases()) {
    if (!c.settings.contains("vocabulary")) cases.push_back(c);
  }
  return cases;
}

/// Columns of step t that are points, or tangents of one point.
auto points_of(const Matrix& A, Index t) { return A.middleCols(t * W, K); }
auto tangents_of(const Matrix& A, Index t, Index k) { return A.middleCols(t * W + K + k * m, m); }

class EveryTangentCell : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Tangents, EveryTangentCell, ::testing::ValuesIn(cases_without_tokens()),
                         [](const auto& named) { return named.param.name; });

/// The states are those of a simulation, the tangents their derivatives along du.
TEST_P(EveryTangentCell, HasTheStatesOfASimulationAndTheirDerivatives) {
  const Network network = network_of(GetParam(), units, n_in, 2);
  const Matrix inputs = normals(n_in, T * W, 1);
  const auto cell = tangent_cell(network, m);
  cell->forward(K, inputs);
  const Matrix states = cell->states();
  ASSERT_EQ(states.rows(), network.state_dim());
  ASSERT_EQ(states.cols(), T * W);

  const auto simulated = [&](double step, Index coordinate) {
    Matrix u(n_in, T * K);
    for (Index t = 0; t < T; ++t) {
      for (Index k = 0; k < K; ++k) {
        u.col(t * K + k) =
            points_of(inputs, t).col(k) + step * tangents_of(inputs, t, k).col(coordinate);
      }
    }
    return simulate(network, u, initial_state(network).replicate(1, K));
  };
  const double h = 1e-5;
  const Matrix plain = simulated(0, 0);
  for (Index i = 0; i < m; ++i) {
    const Matrix slope = (simulated(h, i) - simulated(-h, i)) / (2 * h);
    for (Index t = 0; t < T; ++t) {
      EXPECT_LE((points_of(states, t) - plain.middleCols(t * K, K)).cwiseAbs().maxCoeff(), 1e-13);
      for (Index k = 0; k < K; ++k) {
        EXPECT_LE((tangents_of(states, t, k).col(i) - slope.col(t * K + k)).cwiseAbs().maxCoeff(),
                  2e-8);
      }
    }
  }
}

/// Of a linear function of states, features and all their tangents, along a random direction of
/// each parameter.
TEST_P(EveryTangentCell, HasTheGradientsOfAFunctionOfStatesAndTangents) {
  const Network network = network_of(GetParam(), units, n_in, 2);
  const Matrix inputs = normals(n_in, T * W, 1);
  const auto cell = tangent_cell(network, m);
  const Matrix of_states = normals(cell->state_dim(), T * W, 2);
  const Matrix of_features = normals(cell->feature_dim(), T * W, 3);
  const auto value = [&] {
    cell->parameters_changed();
    cell->forward(K, inputs);
    return cell->states().cwiseProduct(of_states).sum() +
           cell->features().cwiseProduct(of_features).sum();
  };
  value();
  auto parameters = cell->parameters();
  std::vector<Matrix> gradients;
  for (const auto& p : parameters) {
    gradients.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  }
  cell->backward(of_states, of_features, gradients);
  const double h = 1e-5;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    auto& theta = parameters[p].value;
    const Matrix direction = normals(theta.rows(), theta.cols(), 10 + p), start = theta;
    Matrix free = direction;
    // What a cell keeps at zero has no gradient.
    for (Index i = 0; i < free.size(); ++i) {
      if (start.data()[i] == 0 && gradients[p].data()[i] == 0) free.data()[i] = 0;
    }
    theta = start + h * free;
    const double above = value();
    theta = start - h * free;
    const double below = value();
    theta = start;
    const double slope = (above - below) / (2 * h);
    EXPECT_NEAR(gradients[p].cwiseProduct(free).sum(), slope, 1e-7 * std::max(1.0, std::abs(slope)))
        << parameters[p].name;
  }
}

TEST(TangentCell, HasTheParametersOfTheCellInItsOrder) {
  for (const Case& c : cases_without_tokens()) {
    const Network network = network_of(c, units, n_in, 2);
    const auto cell = make_cell<double>(network);
    const auto tangents = tangent_cell(network, m);
    const auto one = cell->parameters(), other = tangents->parameters();
    ASSERT_EQ(one.size(), other.size()) << c.name;
    for (std::size_t p = 0; p < one.size(); ++p) {
      EXPECT_EQ(one[p].name, other[p].name);
      EXPECT_EQ(Matrix(one[p].value), Matrix(other[p].value));
    }
  }
}

/// x' = (1 - alpha) x + alpha (W x + B u): a_T = sum_s A^s alpha B du with A = 1 - alpha + alpha W,
/// and d<c, a_1> / dB = alpha c du'.
TEST(TangentCell, IsTheClosedFormOfALinearNetwork) {
  const Network network = network_of(
      {"", "leaky_rate", {{"activation", std::string("identity")}, {"tau", 0.03}}}, units, n_in, 1);
  const double alpha = network.dt() / 0.03;
  const Matrix du = normals(n_in, 1, 5);
  Matrix inputs(n_in, T * 2);
  for (Index t = 0; t < T; ++t) inputs.middleCols(2 * t, 2) << normals(n_in, 1, 6), du;
  const auto cell = tangent_cell(network, 1);
  cell->forward(1, inputs);
  const Matrix A =
      (1 - alpha) * Matrix::Identity(units, units) + alpha * network.parameter("recurrent");
  Matrix a = Matrix::Zero(units, 1);
  for (Index t = 0; t < T; ++t) a = A * a + alpha * network.parameter("input") * du;
  EXPECT_LE((cell->states().rightCols(1) - a).cwiseAbs().maxCoeff(), 1e-14);

  Matrix c = Matrix::Zero(units, T * 2);
  c.col(1) = normals(units, 1, 7);
  std::vector<Matrix> gradients;
  for (const auto& p : cell->parameters()) {
    gradients.push_back(p.name == "input" ? Matrix(Matrix::Zero(units, n_in)) : Matrix());
  }
  cell->backward(c, Matrix(), gradients);
  EXPECT_LE((gradients[1] - alpha * c.col(1) * du.transpose()).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(TangentCell, RefusesTokensAndSizesThatDoNotFit) {
  const Network tokens = network_of({"", "gru", {{"vocabulary", std::int64_t{6}}}}, units, n_in, 2);
  EXPECT_THROW(tangent_cell(tokens, 1), Error);
  const auto cell = tangent_cell(network_of({"", "gru", {}}, units, n_in, 2), m);
  EXPECT_THROW(cell->forward(K, normals(n_in, W + 1, 1)), std::invalid_argument);
  EXPECT_THROW(cell->forward(K, normals(n_in + 1, W, 1)), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline::cells
