// SPDX-License-Identifier: Apache-2.0
// What holds for every kind of cell with every option.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nullcline/core/finite_differences.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

class EveryCellWith : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Options, EveryCellWith, ::testing::ValuesIn(all_cases()),
                         [](const auto& named) { return named.param.name; });

TEST_P(EveryCellWith, HasAMapWithTheDerivativesOfFiniteDifferences) {
  const Network network = network_of(GetParam(), 6, 3, 2);
  EXPECT_NO_THROW(validate(network));
  const auto map = embedded_map(network);
  const auto errors =
      check_derivatives(*map, normals(map->state_dim(), 1, 1), normals(map->input_dim(), 1, 2));
  EXPECT_LT(errors.largest(), 2e-9);
  EXPECT_EQ(map->derivatives(), Derivatives::exact);
}

TEST_P(EveryCellWith, HasFeaturesWithTheirJacobian) {
  const Network network = network_of(GetParam(), 6, 3, 2);
  const Vector x = normals(network.state_dim(), 1, 1);
  const auto read = [&](In<Vector> at) { return Vector(features(network, at)); };
  const Matrix J = features_jacobian(network, x);
  ASSERT_EQ(J.rows(), network.feature_dim());
  EXPECT_LT((J - finite_difference_jacobian(read, x)).cwiseAbs().maxCoeff(), 2e-9);
}

TEST_P(EveryCellWith, RunsABatchAsItsMapStepsEachTrial) {
  const Network network = network_of(GetParam(), 7, 3, 2);
  const Index T = 5, B = 3, S = network.state_dim();
  const Matrix U = inputs_of(network, T * B, 5), start = normals(S, B, 6);
  const Matrix X = simulate(network, U, start);
  const auto map = driven_map(network);
  for (Index b = 0; b < B; ++b) {
    Matrix x = start.col(b), next(S, 1);
    for (Index t = 0; t < T; ++t) {
      map->evaluate(x, U.col(t * B + b), next);
      x = next;
      // The vector code of some activations is good to some units in the last place.
      EXPECT_LE((X.col(t * B + b) - x).cwiseAbs().maxCoeff(), 1e-12) << t;
    }
  }
}

/// The loss sum (features .* G) + sum (last state .* G') of a run, with noise, from its own start
/// where `start` has no columns.
struct Loss {
  Index T, B;
  Matrix G, last;

  double of(Cell<double>& cell, const Matrix& inputs, const Matrix& start) const {
    const RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
    cell.forward({T, B, view(inputs), view(start), &noise});
    return cell.features().cwiseProduct(G).sum() +
           cell.states().rightCols(B).cwiseProduct(last).sum();
  }
};

void expect_gradient(const Matrix& gradient, Eigen::Map<Matrix> value,
                     const std::function<double()>& loss, const std::string& name) {
  const double h = 2e-4;
  ASSERT_EQ(gradient.size(), value.size()) << name;
  for (Index i = 0; i < value.size(); ++i) {
    const double saved = value.data()[i];
    const auto at = [&](double shift) {
      value.data()[i] = saved + shift;
      return loss();
    };
    const double difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    value.data()[i] = saved;
    // h^4 / 30 of the fifth derivative, and eps / h of a loss of some ten.
    EXPECT_NEAR(gradient.data()[i], difference, 2e-9 * std::max(1.0, std::abs(difference)))
        << name << " " << i;
  }
}

TEST_P(EveryCellWith, TrainsWithTheGradientOfFiniteDifferences) {
  const Network network = network_of(GetParam(), 5, 2, 2, 0.05);
  const Index T = 4, B = 2, S = network.state_dim(), F = network.feature_dim();
  const auto cell = make_cell<double>(network);
  Matrix U = inputs_of(network, T * B, 5), start = normals(S, B, 6);
  const Loss loss{T, B, normals(F, T * B, 7), normals(S, B, 8)};
  const Matrix identity = Matrix::Identity(F, F);
  const auto backward = [&](const Matrix& from, Gradients<double>& gradients) {
    for (const auto& p : cell->parameters()) {
      gradients.parameters.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
    }
    loss.of(*cell, U, from);
    cell->backward({view(identity), view(loss.G), {}, &loss.last}, gradients);
  };
  Matrix dU, dstart;
  Gradients<double> gradients{{}, &dU, &dstart}, own;
  const Matrix no_start(S, 0);
  backward(start, gradients);
  backward(no_start, own);

  auto parameters = cell->parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const std::string& name = parameters[p].name;
    const bool is_start = name == "initial_state";
    auto& given = is_start ? own.parameters[p] : gradients.parameters[p];
    if (name.rfind("recurrent", 0) == 0 && given.rows() == given.cols() &&
        !network.settings.flag("self_connections")) {
      EXPECT_TRUE((given.diagonal().array() == 0).all());  // kept at zero
      continue;
    }
    expect_gradient(
        given, parameters[p].value,
        [&] {
          cell->parameters_changed();
          return loss.of(*cell, U, is_start ? no_start : start);
        },
        name);
  }
  cell->parameters_changed();
  const auto at_inputs = [&] { return loss.of(*cell, U, start); };
  if (!network.parameters.contains("embedding")) {
    expect_gradient(dU, Eigen::Map<Matrix>(U.data(), U.rows(), U.cols()), at_inputs, "inputs");
  }
  expect_gradient(dstart, Eigen::Map<Matrix>(start.data(), S, B), at_inputs, "start");
}

TEST_P(EveryCellWith, InFloatFollowsTheDoubleOne) {
  const Network network = network_of(GetParam(), 9, 3, 2, 0.05);
  const auto run = [&](auto real) {
    using Real = decltype(real);
    const Index T = 6, B = 4, F = network.feature_dim();
    const MatrixX<Real> inputs = inputs_of(network, T * B, 7).cast<Real>();
    const MatrixX<Real> start = normals(network.state_dim(), B, 8).cast<Real>();
    const MatrixX<Real> identity = MatrixX<Real>::Identity(F, F);
    const MatrixX<Real> G = normals(F, T * B, 9).cast<Real>();
    const RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
    const auto cell = make_cell<Real>(network);
    cell->forward({T, B, view(inputs), view(start), &noise});
    Gradients<Real> gradients;
    for (const auto& p : cell->parameters()) {
      gradients.parameters.push_back(MatrixX<Real>::Zero(p.value.rows(), p.value.cols()));
    }
    cell->backward({view(identity), view(G)}, gradients);
    std::vector<Matrix> all = {cell->states().template cast<double>()};
    for (const auto& dA : gradients.parameters) all.push_back(dA.template cast<double>());
    return all;
  };
  const auto single = run(0.0f), precise = run(0.0);
  for (std::size_t k = 0; k < single.size(); ++k) {
    const double scale = std::max(1.0, precise[k].cwiseAbs().maxCoeff());
    // Sums of some ten terms over six steps, with a gain of about two a step.
    EXPECT_LE((single[k] - precise[k]).cwiseAbs().maxCoeff(), 3e-5 * scale) << k;
  }
}

TEST_P(EveryCellWith, LeavesOutGradientsThatAreNotAskedFor) {
  const Network network = network_of(GetParam(), 5, 2, 2);
  const Index T = 3, B = 2, F = network.feature_dim();
  const auto cell = make_cell<double>(network);
  const Matrix U = inputs_of(network, T * B, 5), start = normals(network.state_dim(), B, 6);
  const Matrix identity = Matrix::Identity(F, F), G = normals(F, T * B, 7);
  cell->forward({T, B, view(U), view(start)});
  const auto parameters = cell->parameters();
  Gradients<double> all, one;
  for (const auto& p : parameters) {
    all.parameters.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  }
  cell->backward({view(identity), view(G)}, all);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    one.parameters.assign(parameters.size(), Matrix());
    one.parameters[p] = Matrix::Zero(parameters[p].value.rows(), parameters[p].value.cols());
    cell->backward({view(identity), view(G)}, one);
    EXPECT_EQ(one.parameters[p], all.parameters[p]) << parameters[p].name;
  }
}

}  // namespace
}  // namespace nullcline::cells
