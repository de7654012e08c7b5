// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/backpropagation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nullcline::training {
namespace {

struct Case {
  std::string activation;
  Index batch, steps;
};

std::unique_ptr<tasks::Task> make_task(Index steps) {
  const auto& kind = tasks::task_kind("decision");
  return kind.make(Settings(kind.schema, {{"duration", 0.01 * static_cast<double>(steps)},
                                          {"settling", 0.01},
                                          {"grace", 0.02}}),
                   0.01);
}

cells::Network make_network(const std::string& activation, Index units) {
  const auto& kind = cells::cell_kind("leaky_rate");
  RandomStream stream({1, 2, Purpose::initial_weights, 0});
  return cells::make_network("leaky_rate",
                             Settings(kind.schema, {{"units", std::int64_t{units}},
                                                    {"activation", activation},
                                                    {"theta", 0.2},
                                                    {"tau", 0.03},
                                                    {"sigma", 0.1}}),
                             2, 1, stream);
}

/// Two outputs with weights of their own: the loss is the weighted mean of the outputs' losses, and
/// the gradient is that of this loss.
TEST(OutputWeights, MakeTheLossAWeightedMeanOverOutputs) {
  const auto& kind = cells::cell_kind("leaky_rate");
  RandomStream weights_stream({1, 2, Purpose::initial_weights, 0});
  const auto network = cells::make_network(
      "leaky_rate", Settings(kind.schema, {{"units", std::int64_t{7}}, {"activation", "tanh"}}), 2,
      2, weights_stream);
  RandomStream random({1, 2, Purpose::trials, 0});
  tasks::Trials trials = make_task(9)->sample(random, 3);
  trials.targets = Matrix(trials.targets.replicate(2, 1));
  trials.targets.row(1) *= -2;
  Backpropagation<double> model(network);
  const auto loss = [&](double first, double second) {
    trials.output_weights = Vector{{first, second}};
    return model.loss(trials, nullptr);
  };
  EXPECT_NEAR(loss(2, 0.5), (2 * loss(1, 0) + 0.5 * loss(0, 1)) / 2.5, 1e-14);

  loss(2, 0.5);
  auto parameters = model.parameters();
  std::vector<Matrix> gradients;
  for (const auto& p : parameters) {
    gradients.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  }
  model.loss_and_gradients(trials, nullptr, gradients);
  const double h = 1e-5;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (parameters[p].zero_diagonal || gradients[p].size() == 0) continue;
    double& value = parameters[p].value.data()[0];
    const double saved = value;
    value = saved + h;
    model.parameters_changed();
    const double above = model.loss(trials, nullptr);
    value = saved - h;
    model.parameters_changed();
    const double below = model.loss(trials, nullptr);
    value = saved;
    model.parameters_changed();
    EXPECT_NEAR(gradients[p].data()[0], (above - below) / (2 * h), 2e-9) << parameters[p].name;
  }
}

class Gradients : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Cases, Gradients,
                         ::testing::Values(Case{"tanh", 3, 17}, Case{"softplus", 5, 9},
                                           Case{"sigmoid", 1, 30}, Case{"gelu", 70, 4},
                                           Case{"identity", 150, 3}, Case{"relu", 4, 11},
                                           Case{"leaky_relu", 64, 5}),
                         [](const auto& named) { return named.param.activation; });

/// Every parameter, in double, with noise, in several chunks of the weight gradient.
TEST_P(Gradients, AreThoseOfFiniteDifferences) {
  const Case& c = GetParam();
  const auto task = make_task(c.steps);
  RandomStream random({1, 2, Purpose::trials, 0});
  const tasks::Trials trials = task->sample(random, c.batch);
  Backpropagation<double> model(make_network(c.activation, 10));
  auto parameters = model.parameters();
  std::vector<Matrix> gradients;
  for (const auto& p : parameters)
    gradients.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  const auto noise = [] { return RandomStream({1, 2, Purpose::recurrent_noise, 0}); };
  auto stream = noise();
  model.loss_and_gradients(trials, &stream, gradients);

  const double h = 1e-5;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    auto& value = parameters[p].value;
    for (Index i = 0; i < value.size(); ++i) {
      if (parameters[p].name == "recurrent" && i / value.rows() == i % value.rows()) {
        EXPECT_EQ(gradients[p].data()[i], 0);
        continue;
      }
      const double saved = value.data()[i];
      const auto loss_at = [&](double shifted) {
        value.data()[i] = shifted;
        model.parameters_changed();
        auto again = noise();
        return model.loss(trials, &again);
      };
      const double difference = (loss_at(saved + h) - loss_at(saved - h)) / (2 * h);
      value.data()[i] = saved;
      // h^2 / 6 of the third derivative and eps L / h; the losses here are below 10.
      EXPECT_NEAR(gradients[p].data()[i], difference, 2e-9) << parameters[p].name << " " << i;
    }
  }
}

TEST(Backpropagation, InFloatHasTheGradientOfDouble) {
  const auto task = make_task(60);
  RandomStream random({1, 2, Purpose::trials, 0});
  const tasks::Trials trials = task->sample(random, 32);
  const cells::Network network = make_network("relu", 64);
  const auto gradient = [&](auto real) {
    using Real = decltype(real);
    Backpropagation<Real> model(network);
    std::vector<MatrixX<Real>> gradients;
    for (const auto& p : model.parameters()) {
      gradients.push_back(MatrixX<Real>::Zero(p.value.rows(), p.value.cols()));
    }
    RandomStream noise({1, 2, Purpose::recurrent_noise, 0});
    model.loss_and_gradients(trials, &noise, gradients);
    return Matrix(gradients[0].template cast<double>());
  };
  const Matrix exact = gradient(0.0);
  // Sums of 64 x 60 x 32 terms, started anew every 128: some ten eps.
  EXPECT_LE((gradient(0.0f) - exact).norm() / exact.norm(), 5e-6);
}

TEST(Backpropagation, LossIsTheWeightedMeanOfSquaredErrors) {
  const auto task = make_task(20);
  RandomStream random({1, 2, Purpose::trials, 0});
  const tasks::Trials trials = task->sample(random, 6);
  const cells::Network network = make_network("tanh", 8);
  Backpropagation<double> model(network);
  const Matrix z =
      cells::outputs(network, cells::simulate(network, trials.inputs, Matrix::Zero(8, 6)));
  const Matrix squared = (z - trials.targets).array().square();
  const double expected = (squared * trials.weights.transpose())(0, 0) / trials.weights.sum();
  EXPECT_NEAR(model.loss(trials, nullptr), expected, 1e-13);
}

TEST(Backpropagation, LeavesOutTheGradientsThatAreNotAskedFor) {
  const auto task = make_task(20);
  RandomStream random({1, 2, Purpose::trials, 0});
  const tasks::Trials trials = task->sample(random, 6);
  Backpropagation<double> model(make_network("tanh", 8));
  std::vector<Matrix> all, some(5);
  for (const auto& p : model.parameters())
    all.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  some[0] = Matrix::Zero(8, 8);
  model.loss_and_gradients(trials, nullptr, all);
  model.loss_and_gradients(trials, nullptr, some);
  EXPECT_EQ(some[0], all[0]);
  for (std::size_t p = 1; p < some.size(); ++p) EXPECT_EQ(some[p].size(), 0);
}

}  // namespace
}  // namespace nullcline::training
