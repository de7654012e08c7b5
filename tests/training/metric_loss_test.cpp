// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/metric_loss.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <numbers>
#include <span>
#include <string>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/training/network_file.hpp"
#include "nullcline/training/settings.hpp"
#include "nullcline/training/trainer.hpp"

namespace nullcline::training {
namespace {

using Given = std::map<std::string, Value>;
using Text = std::string;
using List = std::vector<double>;

cells::Network network_of(const std::string& cell, Given settings, Index n_in, Index units = 6) {
  settings["units"] = std::int64_t{units};
  settings["init"] = Text("fan_in");
  RandomStream stream({7, 1, Purpose::initial_weights, 0});
  return cells::make_network(cell, Settings(cells::cell_kind(cell).schema, settings), n_in, 1,
                             stream);
}

std::unique_ptr<tasks::Task> task_of(const std::string& name, const Given& settings, double dt) {
  const auto& kind = tasks::task_kind(name);
  return kind.make(Settings(kind.schema, settings), dt);
}

Matrix normals(Index rows, Index cols, std::uint64_t step) {
  Matrix A(rows, cols);
  RandomStream({8, 1, Purpose::trials, step})
      .fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())));
  return A;
}

/// Two manifolds of two coordinates, three points, four steps, of which the first does not count.
std::vector<MetricTarget> targets() {
  std::vector<MetricTarget> all;
  for (std::uint64_t k = 0; k < 2; ++k) {
    MetricTarget target{.points = 3,
                        .dim = 2,
                        .inputs = normals(3, 4 * 3 * 3, 20 + k),
                        .weights = Vector{{0, 1, 0.5, 2}},
                        .values = Vector{{1, 0.6, 1.5, 2}},
                        .above = static_cast<Index>(k),
                        .below = static_cast<Index>(1 - k)};
    const Matrix A = normals(2, 2 * 4 * 3, 30 + k);
    target.metrics.resize(4, 4 * 3);
    for (Index c = 0; c < 12; ++c) {
      const Matrix S = A.middleCols(2 * c, 2);
      target.metrics.col(c) = (S * S.transpose()).reshaped();
    }
    all.push_back(std::move(target));
  }
  return all;
}

struct Case {
  std::string name, cell;
  Given settings;
};

class EveryGoal : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(
    Cells, EveryGoal,
    ::testing::Values(Case{"rate", "leaky_rate", {{"activation", Text("tanh")}, {"dt", 0.05}}},
                      Case{"current_heun",
                           "leaky_rate",
                           {{"activation", Text("softplus")},
                            {"form", Text("current")},
                            {"method", Text("heun")},
                            {"dt", 0.05}}},
                      Case{"lstm_two_layers", "lstm", {{"layers", std::int64_t{2}}}}),
    [](const auto& named) { return named.param.name; });

TEST_P(EveryGoal, HasTheGradientOfFiniteDifferences) {
  const auto network = network_of(GetParam().cell, GetParam().settings, 3);
  for (const auto goal :
       {MetricGoal::mean_ratio, MetricGoal::log_ratio, MetricGoal::log_trace, MetricGoal::metric}) {
    for (const auto space : {MetricLoss::Space::states, MetricLoss::Space::features}) {
      MetricLoss model(network, goal, targets(), space);
      auto parameters = model.parameters();
      std::vector<Matrix> gradients;
      for (const auto& p : parameters) {
        gradients.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
      }
      model.loss(&gradients, 3);
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        auto& theta = parameters[p].value;
        const Matrix start = theta;
        Matrix direction = normals(theta.rows(), theta.cols(), 40 + p);
        if (parameters[p].name == "recurrent") direction.diagonal().setZero();  // kept at zero
        const auto moved = [&](double h) {
          theta = start + h * direction;
          model.parameters_changed();
          return model.loss();
        };
        const double h = 1e-5, slope = 3 * (moved(h) - moved(-h)) / (2 * h);
        moved(0);
        EXPECT_NEAR(gradients[p].cwiseProduct(direction).sum(), slope,
                    1e-7 * std::max(1.0, std::abs(slope)))
            << parameters[p].name << ", goal " << static_cast<int>(goal);
      }
    }
  }
}

/// After one step from 0 of a linear network a_i = alpha B du_i.
TEST(MetricLoss, IsTheClosedFormOfALinearStep) {
  const auto network =
      network_of("leaky_rate", {{"activation", Text("identity")}, {"tau", 0.1}, {"dt", 0.02}}, 2);
  const Matrix& B = network.parameter("input");
  const double first = 0.04 * B.col(0).squaredNorm(), second = 0.04 * B.col(1).squaredNorm();
  const double mixed = 0.04 * B.col(0).dot(B.col(1));
  MetricTarget target{.points = 1,
                      .dim = 2,
                      .inputs = Matrix(2, 3),
                      .weights = Vector::Ones(1),
                      .values = Vector::Constant(1, 0.7),
                      .above = 0,
                      .below = 1};
  target.inputs << 0.3, 1, 0, -0.2, 0, 1;
  target.metrics = Vector{{1, 0, 0, 1}};
  const auto value = [&](MetricGoal goal) { return MetricLoss(network, goal, {target}).loss(); };
  EXPECT_NEAR(value(MetricGoal::mean_ratio), std::pow(first / second - 0.7, 2), 1e-13);
  EXPECT_NEAR(value(MetricGoal::log_ratio), std::pow(std::log(first / second / 0.7), 2), 1e-13);
  EXPECT_NEAR(value(MetricGoal::log_trace), std::pow(std::log((first + second) / 0.7), 2), 1e-13);
  EXPECT_NEAR(value(MetricGoal::metric),
              (std::pow(first - 1, 2) + std::pow(second - 1, 2) + 2 * mixed * mixed) / 2, 1e-13);
}

TEST(ManifoldGrid, LeavesOutTheEndOfACircleAndHasTheEndsOfALine) {
  const auto circle = task_of("static_circle", {}, 0.01)->input_manifolds().front();
  const Matrix angles = manifold_grid(circle, 4);
  EXPECT_LE((angles - std::numbers::pi / 2 * Matrix{{0, 1, 2, 3}}).cwiseAbs().maxCoeff(), 1e-15);
  const Matrix u = augmented_inputs(circle, angles);
  ASSERT_EQ(u.cols(), 8);  // of one step, four points and their tangents
  EXPECT_LE((u.col(1) - Vector{{0, 1}}).norm(), 1e-15);
  EXPECT_LE((u.col(5) - Vector{{-1, 0}}).norm(), 1e-15);

  const auto plane = task_of("context_decision", {}, 1)->input_manifolds().front();
  const Matrix levels = manifold_grid(plane, 3);
  EXPECT_LE((levels.col(1) - Vector{{-0.2, 0}}).norm(), 1e-15);
  EXPECT_LE((levels.col(8) - Vector{{0.2, 0.2}}).norm(), 1e-15);
}

/// A small contextual task: twenty steps of 0.5 s.
const Given short_task = {{"input_noise", 0.1}};
cells::Network context_network(Index units = 12) {
  return network_of("leaky_rate",
                    {{"activation", Text("tanh")},
                     {"form", Text("current")},
                     {"tau", 1.0},
                     {"dt", 0.5},
                     {"self_connections", true}},
                    4, units);
}

Settings training_of(Given given) {
  given.try_emplace("trainable", std::vector<Text>{"recurrent", "input"});
  given.try_emplace("batch", std::int64_t{8});
  given.try_emplace("metric", Text("log_ratio"));
  given.try_emplace("metric_above", List{1, 0});
  given.try_emplace("metric_below", List{0, 1});
  given.try_emplace("metric_grid", std::int64_t{3});
  return Settings(training_schema(), given, "training");
}

template <class Real>
Trainer<Real> trainer(const Given& given) {
  const auto& kind = tasks::task_kind("context_decision");
  return Trainer<Real>(context_network(), "context_decision", Settings(kind.schema, short_task),
                       training_of(given), 1, 2);
}

/// The warp alone: the irrelevant evidence compressed to a tenth from 2 s on, in both contexts.
TEST(MetricTraining, ImposesAWarpWithoutTheTask) {
  auto training = trainer<double>({{"steps", std::int64_t{150}},
                                   {"task_weight", 0.0},
                                   {"precision", Text("float64")},
                                   {"learning_rate", 0.02},
                                   {"metric_target", List{0.1}},
                                   {"metric_window", List{2, 10}}});
  while (training.status() == TrainingStatus::running) training.step();
  EXPECT_EQ(training.status(), TrainingStatus::finished);
  EXPECT_GT(training.penalties().front(), 3);  // about log(10)^2
  EXPECT_LT(training.penalties().back(), 0.1);
  EXPECT_EQ(training.network().parameter("readout"), context_network().parameter("readout"));
}

TEST(MetricTraining, GoesOnFromACheckpointBitForBit) {
  const Given given = {{"steps", std::int64_t{6}}, {"metric_weight", 0.1}};
  auto whole = trainer<float>(given), half = trainer<float>(given), rest = trainer<float>(given);
  while (whole.status() == TrainingStatus::running) whole.step();
  for (int k = 0; k < 3; ++k) half.step();
  rest.restore(half.checkpoint(), "memory");
  while (rest.status() == TrainingStatus::running) rest.step();
  EXPECT_EQ(whole.network().parameter("recurrent"), rest.network().parameter("recurrent"));
  EXPECT_EQ(whole.penalties(), rest.penalties());
  EXPECT_GT(whole.penalties().front(), 0);
}

/// Gradients are of task_weight times the task's loss plus metric_weight times the metric's: steps
/// of plain gradient descent add up.
TEST(MetricTraining, WeighsTheTaskAndTheMetric) {
  const auto moved = [](double task, double metric) {
    auto training = trainer<double>({{"steps", std::int64_t{1}},
                                     {"optimizer", Text("sgd")},
                                     {"precision", Text("float64")},
                                     {"learning_rate", 0.1},
                                     {"task_weight", task},
                                     {"metric_weight", metric}});
    training.step();
    return Matrix(training.network().parameter("recurrent") -
                  context_network().parameter("recurrent"));
  };
  const Matrix task = moved(1, 0), metric = moved(0, 1);
  EXPECT_GT(task.norm(), 1e-4);
  EXPECT_GT(metric.norm(), 1e-4);
  EXPECT_LE((moved(0.5, 0.2) - 0.5 * task - 0.2 * metric).cwiseAbs().maxCoeff(), 1e-13);
}

TEST(MetricTraining, MinimizesTheSumByLbfgs) {
  auto training = trainer<double>({{"steps", std::int64_t{15}},
                                   {"optimizer", Text("lbfgs")},
                                   {"precision", Text("float64")},
                                   {"task_weight", 0.5},
                                   {"metric_weight", 2.0},
                                   {"metric_target", List{0.3, 0.1}}});
  double last = INFINITY;
  while (training.status() == TrainingStatus::running) {
    training.step();
    const double now = 0.5 * training.losses().back() + training.penalties().back();
    EXPECT_LT(now, last);
    last = now;
  }
  EXPECT_LT(last, 0.2 * (0.5 * training.losses().front() + training.penalties().front()));
}

/// The whole metric: at the start it is its own, and twice it is off by half of it everywhere.
TEST(MetricTraining, AsksForTheMetricOfTheStartOrOfANetworkInAFile) {
  const auto task = task_of("context_decision", short_task, 0.5);
  const auto loss = [&](const Given& given) {
    Given all = given;
    all["metric"] = Text("metric");
    all["metric_grid"] = std::int64_t{3};
    return metric_loss_from(training_of(all), context_network(), *task)->loss();
  };
  EXPECT_EQ(loss({}), 0);
  // 2 G is exact: what is left is the rounding of a mean over the steps and 9 points.
  const double rounding =
      9 * static_cast<double>(task->steps()) * std::numeric_limits<double>::epsilon();
  EXPECT_NEAR(loss({{"metric_target", List{2}}}), 0.25, 0.25 * rounding);
  const auto path = std::filesystem::temp_directory_path() /
                    ("nullcline_metric_like_" + std::to_string(getpid()) + ".h5");
  auto other = context_network();
  save_network(path, other);
  EXPECT_EQ(loss({{"metric_like", path.string()}}), 0);
  other.parameters["input"] *= 0.5;
  save_network(path, other);
  EXPECT_GT(loss({{"metric_like", path.string()}}), 0.1);
  other.settings =
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", other.state_dim()}, {"dt", 0.25}});
  save_network(path, other);
  EXPECT_THROW(loss({{"metric_like", path.string()}}), Error);
  std::filesystem::remove(path);
}

TEST(MetricTraining, IsNotResumedTowardsAnotherNetwork) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("nullcline_metric_goal_" + std::to_string(getpid()) + ".h5");
  auto model = context_network();
  model.parameters["input"] *= 0.5;
  save_network(path, model);
  const Given given = {
      {"metric", Text("metric")}, {"metric_grid", std::int64_t{3}}, {"metric_like", path.string()}};
  auto begun = trainer<double>(given);
  begun.step();
  auto again = trainer<double>(given);
  again.restore(begun.checkpoint(), "begun.h5");
  EXPECT_EQ(again.steps_taken(), 1);
  model.parameters["recurrent"](0, 0) += 1e-15;
  save_network(path, model);
  auto other = trainer<double>(given);
  try {
    other.restore(begun.checkpoint(), "begun.h5");
    ADD_FAILURE() << "resumed";
  } catch (const Error& error) {
    EXPECT_EQ(error.field(), "resume/metric");
  }
  // Without inputs there is no metric to take over.
  model.parameters["input"] *= 0;
  save_network(path, model);
  try {
    trainer<double>(given);
    ADD_FAILURE() << "made";
  } catch (const Error& error) {
    EXPECT_EQ(error.field(), "training.metric_like");
  }
  std::filesystem::remove(path);
}

/// A linear network, whose states grow as powers of its weights.
TEST(MetricTraining, ThatLeavesTheNumbersHasDiverged) {
  const auto task = task_of("context_decision", short_task, 0.5);
  const auto start =
      network_of("leaky_rate", {{"activation", Text("identity")}, {"tau", 1.0}, {"dt", 0.5}}, 4);
  Trainer<float> training(start, *task,
                          training_of({{"steps", std::int64_t{20}},
                                       {"optimizer", Text("sgd")},
                                       {"task_weight", 0.0},
                                       {"metric_target", List{0.01}},
                                       {"learning_rate", 1e6}}),
                          1, 2);
  while (training.status() == TrainingStatus::running) training.step();
  EXPECT_EQ(training.status(), TrainingStatus::diverged);
  EXPECT_TRUE(training.network().parameter("recurrent").allFinite());
}

std::string refused(const Given& given, const std::string& task = "context_decision",
                    double dt = 0.5) {
  try {
    metric_loss_from(training_of(given), context_network(), *task_of(task, {}, dt));
  } catch (const Error& error) {
    return error.field();
  }
  return "nothing";
}

TEST(MetricTraining, NamesTheSettingThatDoesNotFit) {
  EXPECT_EQ(refused({}), "nothing");
  EXPECT_EQ(refused({{"metric_above", List{1}}}), "training.metric_above");
  EXPECT_EQ(refused({{"metric_below", List{0, 2}}}), "training.metric_below");
  EXPECT_EQ(refused({{"metric_target", List{}}}), "training.metric_target");
  EXPECT_EQ(refused({{"metric_window", List{2}}}), "training.metric_window");
  EXPECT_EQ(refused({{"metric_window", List{4, 2}}}), "training.metric_window");
  EXPECT_EQ(refused({{"metric_window", List{2, 11}}}), "training.metric_window");
  EXPECT_EQ(refused({{"metric_grid", std::int64_t{400}}}), "training.metric_grid");
  EXPECT_EQ(refused({}, "ready_set_go", 0.02), "training.metric");
  // Before the second item its angle has no tangent.
  const auto memory = task_of("sequential_memory", {}, 0.1);
  const auto network = network_of("gru", {{"dt", 0.1}}, 3);
  const Given items = {{"metric_above", List{1}}, {"metric_below", List{0}}};
  EXPECT_THROW(metric_loss_from(training_of(items), network, *memory), Error);
  Given later = items;
  later["metric_window"] = List{1.1, 12.5};
  EXPECT_TRUE(metric_loss_from(training_of(later), network, *memory));
  EXPECT_THROW(trainer<float>({{"method", Text("ridge")}}), Error);
}

}  // namespace
}  // namespace nullcline::training
