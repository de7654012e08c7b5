// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/optimizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "nullcline/io/json.hpp"
#include "nullcline/training/lbfgs.hpp"
#include "nullcline/training/schedule.hpp"
#include "nullcline/training/settings.hpp"

#include "tests/training/uniforms.hpp"

namespace nullcline::training {
namespace {

/// What PyTorch does, written by golden/make_golden.py.
const io::Json& golden() {
  static const io::Json json = [] {
    std::ifstream file(NULLCLINE_GOLDEN "/optimizers.json");
    return io::Json::parse(file);
  }();
  return json;
}

/// The problem of that script: A (3, 2) and b (3).
template <class Real>
struct Problem {
  MatrixX<Real> A = MatrixX<Real>(3, 2), b = MatrixX<Real>(3, 1);
  Problem() {
    for (int i = 0; i < 6; ++i) A.data()[i] = static_cast<Real>(0.3 * std::cos(i) + 0.1 * i);
    b << Real(1), Real(-0.5), Real(0.25);
  }
  std::vector<cells::Parameter<Real>> parameters() {
    return {{"A", Eigen::Map<MatrixX<Real>>(A.data(), 3, 2)},
            {"b", Eigen::Map<MatrixX<Real>>(b.data(), 3, 1)}};
  }
  std::vector<MatrixX<Real>> gradients() const {
    std::vector<MatrixX<Real>> g = {MatrixX<Real>(3, 2), MatrixX<Real>(3, 1)};
    const Real sum = A.sum();
    for (int i = 0; i < 6; ++i) {
      const Real a = A.data()[i];
      g[0].data()[i] = static_cast<Real>(i + 1) * a + std::cos(a) + Real(0.2) * sum / 6;
    }
    g[0](0) += b(0);
    g[1] = b.array().cube();
    g[1](0) += A(0);
    return g;
  }
  double value() const {
    double f = 0.1 * std::pow(double(A.sum()), 2) / 6 + double(A(0)) * double(b(0));
    for (int i = 0; i < 6; ++i) {
      const double a = A.data()[i];
      f += 0.5 * (i + 1) * a * a + std::sin(a);
    }
    for (int j = 0; j < 3; ++j) f += std::pow(double(b(j)), 4) / 4;
    return f;
  }
};

struct Rule {
  const char* name;
  double rate;
  std::map<std::string, Value> settings;
};

const std::vector<Rule> rules = {
    {"adam", 0.05, {{"optimizer", "adam"}, {"beta2", 0.99}, {"epsilon", 1e-8}}},
    {"adam_l2", 0.05, {{"optimizer", "adam"}, {"weight_decay", 0.1}}},
    {"adamw", 0.05, {{"optimizer", "adamw"}, {"weight_decay", 0.1}, {"epsilon", 1e-8}}},
    {"sgd", 0.05, {{"optimizer", "sgd"}}},
    {"sgd_momentum", 0.02, {{"optimizer", "sgd"}, {"momentum", 0.9}, {"weight_decay", 0.01}}},
    {"sgd_nesterov",
     0.02,
     {{"optimizer", "sgd"}, {"momentum", 0.9}, {"nesterov", true}, {"weight_decay", 0.01}}},
    {"rmsprop", 0.02, {{"optimizer", "rmsprop"}, {"alpha", 0.95}, {"epsilon", 1e-8}}},
    {"rmsprop_momentum",
     0.01,
     {{"optimizer", "rmsprop"}, {"alpha", 0.95}, {"momentum", 0.8}, {"weight_decay", 0.05}}},
};

class Rules : public ::testing::TestWithParam<Rule> {};
INSTANTIATE_TEST_SUITE_P(Torch, Rules, ::testing::ValuesIn(rules),
                         [](const auto& named) { return named.param.name; });

template <class Real>
void expect_path_of_torch(const Rule& rule, const io::Json& path, double tolerance) {
  Problem<Real> problem;
  auto parameters = problem.parameters();
  const auto optimizer =
      make_optimizer<Real>(Settings(training_schema(), rule.settings), problem.gradients());
  for (Index k = 1; k <= 10; ++k) {
    optimizer->update(k, rule.rate, problem.gradients(), parameters);
    const auto& expected = path[static_cast<std::size_t>(k) - 1];
    for (std::size_t i = 0; i < 9; ++i) {
      const double ours = i < 6 ? problem.A.data()[i] : problem.b.data()[i - 6];
      EXPECT_NEAR(ours, expected[i].get<double>(), tolerance) << "step " << k << " entry " << i;
    }
  }
}

// Parameters are about 1: ten steps of some rounding errors each.
TEST_P(Rules, TakeTheTenStepsOfTorchInDouble) {
  expect_path_of_torch<double>(GetParam(), golden()["float64"][GetParam().name], 1e-12);
}
TEST_P(Rules, TakeTheTenStepsOfTorchInFloat) {
  expect_path_of_torch<float>(GetParam(), golden()["float32"][GetParam().name], 1e-5);
}

TEST_P(Rules, DoNotMoveWhatIsNotTrained) {
  Problem<double> problem;
  auto parameters = problem.parameters();
  auto gradients = problem.gradients();
  gradients[0].resize(0, 0);
  const auto optimizer =
      make_optimizer<double>(Settings(training_schema(), GetParam().settings), gradients);
  optimizer->update(1, 0.1, gradients, parameters);
  EXPECT_EQ(problem.A, Problem<double>().A);
  EXPECT_NE(problem.b, Problem<double>().b);
}

TEST_P(Rules, DoTheSameToEachEntryOfLargeMatricesAsToOne) {
  // More than a block of entries, and an odd number of them.
  const Index size = 2 * 1024 + 37;
  const Settings settings(training_schema(), GetParam().settings);
  Matrix theta = uniforms(size, 1, 1);
  const std::vector<Matrix> g = {uniforms(size, 1, 2)};
  std::vector<cells::Parameter<double>> all = {{"t", Eigen::Map<Matrix>(theta.data(), size, 1)}};
  const Matrix before = theta;
  const auto together = make_optimizer<double>(settings, g);
  for (Index k = 1; k <= 3; ++k) together->update(k, 0.1, g, all);
  for (const Index i : {Index{0}, Index{1023}, Index{1024}, Index{2048}, size - 1}) {
    Matrix one = before.row(i);
    const std::vector<Matrix> its = {g[0].row(i)};
    std::vector<cells::Parameter<double>> single = {{"t", Eigen::Map<Matrix>(one.data(), 1, 1)}};
    const auto alone = make_optimizer<double>(settings, its);
    for (Index k = 1; k <= 3; ++k) alone->update(k, 0.1, its, single);
    EXPECT_NEAR(theta(i), one(0), 1e-15) << i;
  }
}

TEST(Adam, FirstStepHasTheLengthOfTheLearningRate) {
  Matrix theta = Matrix::Zero(1, 3), g(1, 3);
  g << 1e-3, -5, 100;
  std::vector<cells::Parameter<double>> all = {{"t", Eigen::Map<Matrix>(theta.data(), 1, 3)}};
  make_adam<double>({.epsilon = 1e-12}, {g})->update(1, 0.1, {g}, all);
  EXPECT_NEAR(theta(0, 0), -0.1, 1e-9);
  EXPECT_NEAR(theta(0, 1), 0.1, 1e-9);
  EXPECT_NEAR(theta(0, 2), -0.1, 1e-9);
}

TEST(Adam, DoesNotMoveWhatHasNoGradient) {
  Matrix theta = Matrix::Constant(2, 2, 0.5);
  const std::vector<Matrix> g = {Matrix::Zero(2, 2)};
  std::vector<cells::Parameter<double>> all = {{"t", Eigen::Map<Matrix>(theta.data(), 2, 2)}};
  const auto adam = make_adam<double>({}, g);
  for (Index k = 1; k < 5; ++k) adam->update(k, 0.1, g, all);
  EXPECT_TRUE((theta.array() == 0.5).all());
}

TEST(Clipping, ScalesAllGradientsToTheGlobalNorm) {
  std::vector<Matrix> g = {(Matrix(2, 1) << 3, 4).finished(), (Matrix(1, 2) << 0, 12).finished()};
  EXPECT_DOUBLE_EQ(global_norm(g), 13);
  clip(g, 13.0, 20.0);
  EXPECT_EQ(g[0](0), 3);
  clip(g, 13.0, 6.5);
  const Vector expected = (Vector(4) << 1.5, 2, 0, 6).finished();
  const std::vector<double> torch = golden()["clipped"];
  const Vector ours = (Vector(4) << g[0](0), g[0](1), g[1](0), g[1](1)).finished();
  EXPECT_LE((ours - expected).norm(), 1e-15);
  for (Index i = 0; i < 4; ++i) EXPECT_NEAR(ours(i), torch[std::size_t(i)], 2e-6);  // its + 1e-6
}

TEST(Clipping, SumsInDoubleWhereFloatOverflows) {
  const std::vector<MatrixX<float>> g = {MatrixX<float>::Constant(1, 4, 1e30f)};
  EXPECT_NEAR(global_norm(g), 2e30, 1e24);
}

class Schedules : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Torch, Schedules, ::testing::Values("exponential", "step", "cosine"),
                         [](const auto& named) { return named.param; });

TEST_P(Schedules, AreThoseOfTorch) {
  std::map<std::string, Value> settings = {
      {"schedule", GetParam()}, {"learning_rate", 0.05}, {"steps", std::int64_t{10}}};
  if (GetParam() == "exponential") settings["decay"] = 0.9;
  if (GetParam() == "step") settings.insert({{"decay", 0.5}, {"decay_every", 3.0}});
  if (GetParam() == "cosine") settings["final_rate"] = 0.1;
  const Schedule schedule = schedule_from(Settings(training_schema(), settings));
  for (Index k = 0; k < 10; ++k) {
    const double expected = golden()["rates"][GetParam()][static_cast<std::size_t>(k)];
    EXPECT_NEAR(schedule.at(k), expected, 1e-15) << k;
  }
}

TEST(Schedules, AreConstantByDefault) {
  const Schedule schedule = schedule_from(Settings(training_schema()));
  EXPECT_EQ(schedule.at(0), 1e-3);
  EXPECT_EQ(schedule.at(999), 1e-3);
}

TEST(Lbfgs, TakesTheTenIterationsOfTorch) {
  const io::Json& path = golden()["float64"]["lbfgs"];
  Problem<double> problem;
  Vector x(9), gradient(9);
  x << problem.A.reshaped(), problem.b;
  const Lbfgs::Function f = [&](In<Vector> at, Out<Vector> slope) {
    problem.A = at.head(6).reshaped(3, 2);
    problem.b = at.tail(3);
    const auto g = problem.gradients();
    slope << g[0].reshaped(), g[1];
    return problem.value();
  };
  Lbfgs lbfgs({.history = 4}, 9);
  double value = f(x, gradient);
  for (std::size_t k = 0; k < 10; ++k) {
    lbfgs.step(f, x, value, gradient);
    // Differences of losses lose digits near the minimum: eps / |g|.
    for (Index i = 0; i < 9; ++i) {
      EXPECT_NEAR(x(i), path[k][static_cast<std::size_t>(i)].get<double>(), 1e-9) << k << " " << i;
    }
  }
}

TEST(Lbfgs, FindsTheMinimumOfRosenbrocksFunction) {
  const Lbfgs::Function f = [](In<Vector> x, Out<Vector> g) {
    double sum = 0;
    g.setZero();
    for (Index i = 0; i + 1 < x.size(); ++i) {
      const double a = x(i + 1) - x(i) * x(i), b = 1 - x(i);
      sum += 100 * a * a + b * b;
      g(i) += -400 * a * x(i) - 2 * b;
      g(i + 1) += 200 * a;
    }
    return sum;
  };
  Vector x = Vector::Constant(10, -1), gradient(10);
  double value = f(x, gradient), before = value;
  Lbfgs lbfgs({.history = 10}, 10);
  int steps = 0;
  for (; steps < 200; ++steps) {
    if (lbfgs.step(f, x, value, gradient) != Lbfgs::Status::moved) break;
    EXPECT_LE(value, before);
    before = value;
  }
  EXPECT_LT(steps, 200);
  // It ends where d promises less than 1e-9: within sqrt(2e-9 / 0.4) of the minimum, whose
  // Hessian's least eigenvalue is about 0.4.
  EXPECT_LE((x - Vector::Ones(10)).norm(), 7e-5);
}

TEST(Lbfgs, EndsAQuadraticInAboutAsManyStepsAsItHasDimensions) {
  const Index n = 8;
  const Matrix R = uniforms(n, n, 3);
  const Matrix A = R * R.transpose() + Matrix::Identity(n, n);
  const Vector b = uniforms(n, 1, 4);
  const Lbfgs::Function f = [&](In<Vector> x, Out<Vector> g) {
    g = A * x - b;
    return 0.5 * x.dot(A * x) - b.dot(x);
  };
  Vector x = Vector::Zero(n), gradient(n);
  double value = f(x, gradient);
  Lbfgs lbfgs({}, n);
  int steps = 0;
  while (steps < 100 && lbfgs.step(f, x, value, gradient) == Lbfgs::Status::moved) ++steps;
  EXPECT_LE(steps, 4 * n);
  EXPECT_LE((A * x - b).norm(), 1e-4);
}

TEST(Lbfgs, SaysWhatIsNotFiniteAndStays) {
  const Lbfgs::Function f = [](In<Vector>, Out<Vector> g) {
    g.setConstant(std::nan(""));
    return std::nan("");
  };
  Vector x = Vector::Ones(2), gradient(2);
  double value = f(x, gradient);
  EXPECT_EQ(Lbfgs({}, 2).step(f, x, value, gradient), Lbfgs::Status::not_finite);
  EXPECT_EQ(x, Vector::Ones(2));
}

TEST(Lbfgs, ShrinksAStepThatOverflows) {
  // Infinite beyond 1; the first trial step is 1 long, from 0.5.
  const Lbfgs::Function f = [](In<Vector> x, Out<Vector> g) {
    g(0) = 1 / (1 - x(0)) - 4;
    return x(0) >= 1 ? HUGE_VAL : -std::log(1 - x(0)) - 4 * x(0);
  };
  Vector x = Vector::Constant(1, 0.5), gradient(1);
  double value = f(x, gradient);
  Lbfgs lbfgs({}, 1);
  for (int k = 0; k < 30; ++k) lbfgs.step(f, x, value, gradient);
  EXPECT_NEAR(x(0), 0.75, 1.2e-5);  // sqrt(2e-9 / f''), f'' = 16
}

}  // namespace
}  // namespace nullcline::training
