// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/backpropagation.hpp"

#include <gtest/gtest.h>

#include <malloc.h>

#include <atomic>
#include <cmath>
#include <cstdlib>

#include "nullcline/training/optimizer.hpp"
#include "nullcline/training/settings.hpp"

// Counts what asks the heap for memory, in Eigen and in std alike. Sanitizers have a malloc of
// their own, and other C libraries none that could be called from here.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // as g++ says it
#define NULLCLINE_SANITIZED
#elif defined(__has_feature)  // as clang does
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NULLCLINE_SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(NULLCLINE_SANITIZED)
#define NULLCLINE_COUNTS_ALLOCATIONS 1
namespace {
std::atomic<long> allocations{0};
}
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}
}
#endif

#include "tests/training/uniforms.hpp"

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
  return cells::make_network(
      "leaky_rate",
      Settings(kind.schema, {{"units", std::int64_t{units}},
                             {"activation", activation},
                             {"theta", activation == "leaky_relu" ? 0.2 : 0.0},
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
    if (parameters[p].name == "recurrent" || gradients[p].size() == 0) continue;
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

/// Several outputs, trials of different lengths, some steps masked.
tasks::Trials masked_trials(Index steps, Index batch, Index outputs = 3) {
  tasks::Trials trials;
  trials.steps = steps;
  trials.batch = batch;
  trials.inputs = uniforms(2, steps * batch, 1);
  trials.targets = (uniforms(outputs, steps * batch, 2).array() + 1) / 2;
  trials.weights = (uniforms(1, steps * batch, 3).array() + 0.7).max(0.0);
  for (Index b = 0; b < batch; ++b) {
    for (Index t = steps - b % steps; t < steps; ++t) {
      trials.inputs.col(t * batch + b).setZero();
      trials.targets.col(t * batch + b).setZero();
      trials.weights(0, t * batch + b) = 0;
    }
  }
  return trials;
}

/// dL/dvalue by a central difference, `value` being an entry of a parameter of the model.
double difference(Backpropagation<double>& model, const tasks::Trials& trials, RandomStream& noise,
                  double& value) {
  const double saved = value, h = 1e-5;
  const auto loss_at = [&](double shifted) {
    value = shifted;
    model.parameters_changed();
    return model.loss(trials, &noise);
  };
  const double slope = (loss_at(saved + h) - loss_at(saved - h)) / (2 * h);
  loss_at(saved);
  return slope;
}

cells::Network several_outputs(Index units, double sigma = 0.1, Index outputs = 3) {
  RandomStream stream({3, 2, Purpose::initial_weights, 0});
  return cells::make_network(
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", std::int64_t{units}},
                                                       {"activation", "tanh"},
                                                       {"tau", 0.03},
                                                       {"sigma", sigma}}),
      2, outputs, stream);
}

template <class Real>
std::vector<MatrixX<Real>> zeros_like(Backpropagation<Real>& model) {
  std::vector<MatrixX<Real>> gradients;
  for (const auto& p : model.parameters()) {
    gradients.push_back(MatrixX<Real>::Zero(p.value.rows(), p.value.cols()));
  }
  return gradients;
}

RandomStream some_noise() { return RandomStream({1, 2, Purpose::recurrent_noise, 0}); }

class Options : public ::testing::TestWithParam<BackpropagationOptions> {};
INSTANTIATE_TEST_SUITE_P(
    Kinds, Options,
    ::testing::Values(BackpropagationOptions{.loss = tasks::Loss::binary_cross_entropy},
                      BackpropagationOptions{.loss = tasks::Loss::categorical_cross_entropy},
                      BackpropagationOptions{.activity = {.l2 = 0.4}},
                      BackpropagationOptions{.activity = {.l1 = 0.4}},
                      BackpropagationOptions{.activity = {.rate = 5}},
                      BackpropagationOptions{.activity = {.l2 = 0.4, .l1 = 0.2, .rate = 5},
                                             .segments = 4},
                      BackpropagationOptions{.segments = 3},
                      BackpropagationOptions{.segments = 0}));

TEST_P(Options, HaveTheGradientOfFiniteDifferences) {
  for (const Index outputs : {3, 6}) {
    const auto trials = masked_trials(11, 4, outputs);
    Backpropagation<double> model(several_outputs(6, 0.1, outputs), GetParam());
    auto parameters = model.parameters();
    auto gradients = zeros_like(model);
    auto stream = some_noise();
    model.loss_and_gradients(trials, &stream, gradients);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      auto& value = parameters[p].value;
      for (Index i = 0; i < value.size(); ++i) {
        if (parameters[p].name == "recurrent" && i / value.rows() == i % value.rows()) continue;
        EXPECT_NEAR(gradients[p].data()[i], difference(model, trials, stream, value.data()[i]),
                    2e-9)
            << parameters[p].name << " " << i;
      }
    }
  }
}

TEST(Activity, IsTheMeanOverFeaturesAndValidSteps) {
  auto trials = masked_trials(9, 3);
  trials.weights.array() = (trials.weights.array() > 0).cast<double>();
  const cells::Network network = several_outputs(6, 0);
  const Matrix r = cells::simulate(network, trials.inputs, Matrix::Zero(6, 3));
  double squares = 0, sizes = 0, changes = 0, count = 0;
  for (Index b = 0; b < 3; ++b) {
    Index end = 9;
    while (trials.weights(0, (end - 1) * 3 + b) == 0) --end;
    for (Index t = 0; t < end; ++t) {
      squares += r.col(t * 3 + b).squaredNorm();
      sizes += r.col(t * 3 + b).lpNorm<1>();
      if (t > 0) changes += (r.col(t * 3 + b) - r.col((t - 1) * 3 + b)).squaredNorm();
    }
    count += 6 * static_cast<double>(end);
  }
  const auto penalty = [&](const ActivityPenalty& activity) {
    Backpropagation<double> model(network, {.activity = activity});
    model.loss(trials, nullptr);
    return model.activity_penalty();
  };
  EXPECT_NEAR(penalty({.l2 = 2}), 2 * squares / count, 1e-14);
  EXPECT_NEAR(penalty({.l1 = 2}), 2 * sizes / count, 1e-14);
  EXPECT_NEAR(penalty({.rate = 2}), 2 * changes / count, 1e-14);
}

/// Kinds of networks whose features, layers and kernels go different ways from step to readout.
struct Kind {
  std::string name, cell;
  std::map<std::string, Value> settings;
};
class Kinds : public ::testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(
    Kinds, Kinds,
    ::testing::Values(
        Kind{"lstm_of_h_and_c", "lstm", {{"layers", std::int64_t{2}}, {"readout_of", "h_c"}}},
        Kind{"gru", "gru", {{"layers", std::int64_t{2}}, {"reset", "after"}}},
        Kind{"gru_before", "gru", {{"reset", "before"}}},
        Kind{"current_euler", "leaky_rate", {{"form", "current"}, {"activation", "softplus"}}},
        Kind{"current_heun", "leaky_rate", {{"form", "current"}, {"method", "heun"}}},
        Kind{"feedforward", "feedforward", {{"layers", std::int64_t{2}}}}),
    [](const auto& named) { return named.param.name; });

TEST_P(Kinds, HaveTheGradientOfFiniteDifferences) {
  const Kind& kind = GetParam();
  auto given = kind.settings;
  given["units"] = std::int64_t{5};
  const Settings settings(cells::cell_kind(kind.cell).schema, given);
  for (const Index outputs : {3, 6}) {
    RandomStream stream({3, 2, Purpose::initial_weights, 0});
    const auto network = cells::make_network(kind.cell, settings, 2, outputs, stream);
    const auto trials = masked_trials(8, 4, outputs);
    for (const Index segments : {1, 3}) {
      Backpropagation<double> model(network, {.segments = segments});
      auto gradients = zeros_like(model);
      auto noise = some_noise();
      model.loss_and_gradients(trials, &noise, gradients);
      auto parameters = model.parameters();
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        auto& value = parameters[p].value;
        for (const Index i : {Index{1}, value.size() / 2 + 1, value.size() - 2}) {
          if (parameters[p].name == "recurrent" && i / value.rows() == i % value.rows()) continue;
          EXPECT_NEAR(gradients[p].data()[i], difference(model, trials, noise, value.data()[i]),
                      2e-9)
              << parameters[p].name << " " << i << ", " << segments << " segments";
        }
      }
    }
  }
}

TEST(Segments, GiveTheSameLossAndGradient) {
  const auto trials = masked_trials(103, 5);
  const cells::Network network = several_outputs(12);
  const ActivityPenalty activity{.l2 = 0.1, .l1 = 0.1, .rate = 0.1};
  Backpropagation<double> whole(network, {.activity = activity});
  auto expected = zeros_like(whole);
  auto stream = some_noise();
  const double loss = whole.loss_and_gradients(trials, &stream, expected);
  for (const Index segments : {0, 2, 7, 103, 1000}) {
    Backpropagation<double> model(network, {.activity = activity, .segments = segments});
    auto gradients = zeros_like(model);
    // The states are the same bits; the penalty of activity is summed over segments.
    EXPECT_NEAR(model.loss_and_gradients(trials, &stream, gradients), loss, 1e-14 * loss);
    for (std::size_t p = 0; p < gradients.size(); ++p) {
      EXPECT_LE((gradients[p] - expected[p]).norm(), 1e-13 * expected[p].norm())
          << p << " in " << segments;
    }
    Backpropagation<double> plain(network, {.segments = segments}), one(network);
    EXPECT_EQ(plain.loss(trials, &stream), one.loss(trials, &stream));
  }
}

/// The bound of the header, for 10,000 steps: 16 trials of 64 units take 82 MB of states and slopes
/// in one piece.
TEST(Segments, TrainTenThousandStepsWithinTheStatedMemory) {
#ifndef NULLCLINE_COUNTS_ALLOCATIONS
  GTEST_SKIP() << "the heap cannot be measured here";
#else
  const Index steps = 10'000, batch = 16, n = 64, m = 2, n_out = 3, segments = 100;
  const auto trials = masked_trials(steps, batch);
  const auto heap = [] {
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
  };
  const double before = heap();
  Backpropagation<float> model(several_outputs(n), {.segments = 0});
  auto gradients = zeros_like(model);
  auto stream = some_noise();
  const double loss = model.loss_and_gradients(trials, &stream, gradients);
  EXPECT_TRUE(std::isfinite(loss));
  const double used = heap() - before;
  const double numbers =
      static_cast<double>(2 * n * batch * (steps / segments) + n * batch * (segments + 1) +
                          (m + 2 * n_out + 2) * batch * steps);
  // Beside them the parameters, their gradients and packed copies, and a state of slack.
  EXPECT_LE(used, 4 * numbers + 4 * 10 * n * n + 100'000);
  EXPECT_LE(used, 0.2 * 4 * 2 * n * batch * steps);
#endif
}

TEST(Backpropagation, AllocatesNothingAfterTheFirstStep) {
#ifndef NULLCLINE_COUNTS_ALLOCATIONS
  GTEST_SKIP() << "allocations cannot be counted here";
#else
  const auto one_output = make_task(100);
  RandomStream random({1, 2, Purpose::trials, 0});
  const ActivityPenalty all{.l2 = 0.1, .l1 = 0.1, .rate = 0.1};
  for (const char* rule : {"adam", "adamw", "sgd", "rmsprop"}) {
    for (const BackpropagationOptions& options :
         {BackpropagationOptions{}, BackpropagationOptions{.activity = all},
          BackpropagationOptions{.activity = all, .segments = 0}}) {
      for (const bool wide : {false, true}) {
        const auto trials = wide ? masked_trials(100, 64, 6) : one_output->sample(random, 64);
        Backpropagation<float> model(
            wide ? several_outputs(128, 0.1, 6) : make_network("relu", 128), options);
        auto parameters = model.parameters();
        auto gradients = zeros_like(model);
        const auto optimizer = make_optimizer<float>(
            Settings(training_schema(), {{"optimizer", rule}, {"momentum", 0.5}}), gradients);
        auto stream = some_noise();
        long before = 0;
        for (Index k = 1; k <= 5; ++k) {
          if (k == 2) before = allocations;
          model.loss_and_gradients(trials, &stream, gradients);
          clip(gradients, global_norm(gradients), 1e-3);
          optimizer->update(k, 1e-3, gradients, parameters);
          model.parameters_changed();
        }
        EXPECT_EQ(allocations - before, 0) << rule << " " << options.segments << " " << wide;
      }
    }
  }
#endif
}

}  // namespace
}  // namespace nullcline::training
