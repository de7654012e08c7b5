// SPDX-License-Identifier: Apache-2.0
// The analyses that look at a network as a dynamical system, on flip-flops made by hand whose
// answers are known: units that do not see each other, tau dx/dt = -x + 2 tanh x + B u + b.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nullcline/cells/registry.hpp"
#include "nullcline/study/analysis.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

constexpr double dt = 0.01, tau = 0.1;

/// x > 0 with x = 2 tanh x, by iteration, which contracts.
double rest() {
  double x = 2;
  for (int i = 0; i < 200; ++i) x = 2 * std::tanh(x);
  return x;
}

/// One unit a bit; a pulse drives it over the saddle at 0, the readout is -1 or +1 at rest.
cells::Network bits(Index n, double bias = 0) {
  cells::Network network{
      "leaky_rate",
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", n},
                                                       {"activation", std::string("tanh")},
                                                       {"form", std::string("current")},
                                                       {"self_connections", true},
                                                       {"tau", tau},
                                                       {"dt", dt},
                                                       {"sigma", 0.0}}),
      {}};
  network.parameters["recurrent"] = 2 * Matrix::Identity(n, n);
  network.parameters["input"] = 20 * Matrix::Identity(n, n);
  network.parameters["bias"] = Matrix::Constant(n, 1, bias);
  network.parameters["readout"] = Matrix::Identity(n, n) / std::tanh(rest());
  network.parameters["readout_bias"] = Matrix::Zero(n, 1);
  cells::validate(network);
  return network;
}

io::Dataset analyze(const std::string& name, const cells::Network& network,
                    const std::map<std::string, Value>& given = {}, const Progress& progress = {}) {
  const auto& kind = tasks::task_kind("flip_flop");
  const auto task =
      kind.make(Settings(kind.schema, {{"bits", network.output_dim()}}), network.dt());
  io::Dataset file;
  file.attributes["task"] = {{"name", "flip_flop"}};
  const Settings settings(analysis_kind(name).schema, given);
  return analysis_kind(name).run({*task, network, network, file, settings, 1, 2, progress});
}

std::vector<std::int64_t> integers(const io::Dataset& result, const std::string& name) {
  return std::get<std::vector<std::int64_t>>(result.arrays.at(name).data);
}

TEST(FixedPointsAnalysis, ProvesEveryPointOfTwoBitsAndThatTheirDegreesAddUpToOne) {
  const io::Dataset result = analyze("fixed_points", bits(2), {{"complete", true}});
  EXPECT_EQ(integers(result, "certified"), std::vector<std::int64_t>(9, 1));
  const auto unstable = integers(result, "unstable");
  for (const std::int64_t k : {0, 1, 2}) {
    EXPECT_EQ(std::count(unstable.begin(), unstable.end(), k), k == 2 ? 1 : 4);
  }
  const Vector exists = result.arrays.at("radius_exists").as_vector();
  const Vector unique = result.arrays.at("radius_unique").as_vector();
  EXPECT_LT(exists.maxCoeff(), 1e-12);
  EXPECT_TRUE((unique.array() > exists.array()).all());
  const io::Json about = result.attributes["completeness"][0];
  EXPECT_EQ(about["degree_sum"], 1);
  EXPECT_EQ(about["proven_points"], 9);
  EXPECT_EQ(about["trapping_box"], true);
  EXPECT_EQ(about["degree_verdict"], "consistent");
  EXPECT_EQ(about["completeness"], "agree");
  EXPECT_LT(about["unseen"]["upper"].get<double>(), 0.5);
  EXPECT_EQ(result.attributes["metrics"]["certified_points"], 9);
  EXPECT_EQ(result.attributes["metrics"]["inputs_with_points_missing"], 0);
}

TEST(FixedPointsAnalysis, SaysThatPointsAreMissingWhereStartsLedToTooFew) {
  // The ends of trajectories alone are near stable points: +1 each, which a sum of 1 is not.
  const io::Dataset result =
      analyze("fixed_points", bits(2), {{"states", 6}, {"mixes", 0}, {"noisy", 0}});
  const io::Json about = result.attributes["completeness"][0];
  ASSERT_GT(about["degree_sum"], 1);
  EXPECT_EQ(about["points_missing"], true);
  EXPECT_EQ(result.attributes["metrics"]["inputs_with_points_missing"], 1);
}

TEST(LyapunovAnalysis, FindsTheRatesOfTheStablePoint) {
  const io::Dataset result =
      analyze("lyapunov", bits(2), {{"orbits", 3}, {"steps", 500}, {"transient", 500}});
  EXPECT_EQ(integers(result, "verdict"), std::vector<std::int64_t>(3, 0));
  EXPECT_EQ(result.attributes["verdicts"][0], "fixed_point");
  const double slope = 1 - std::pow(std::tanh(rest()), 2);
  const double rate = std::log(1 + dt / tau * (-1 + 2 * slope)) / dt;
  const Matrix exponents = result.arrays.at("exponents").as_matrix();
  ASSERT_EQ(exponents.rows(), 3);
  ASSERT_EQ(exponents.cols(), 2);
  EXPECT_LT((exponents.array() - rate).abs().maxCoeff(), 1e-9);
  EXPECT_NEAR(result.attributes["metrics"]["largest_exponent"].get<double>(), rate, 1e-9);
  EXPECT_EQ(result.attributes["metrics"]["orbits_fixed_point"], 3);
  const auto& history = result.arrays.at("history");
  EXPECT_EQ(history.shape[0], 3);
  EXPECT_EQ(history.shape[1], result.arrays.at("times").size());
  EXPECT_EQ(history.shape[2], 2);
}

TEST(ConnectionsAnalysis, FindsTheGraphOfTwoBits) {
  const io::Dataset result = analyze("connections", bits(2));
  EXPECT_EQ(result.arrays.at("positions").shape, (std::vector<Index>{9, 3}));
  EXPECT_EQ(result.arrays.at("label").shape, (std::vector<Index>{9, 2}));
  // The repelling point leads to the 8 others, and each saddle to 2 stable points.
  EXPECT_EQ(result.attributes["metrics"]["nodes"], 9);
  EXPECT_EQ(result.attributes["metrics"]["edges"], 8 + 4 * 2);
  const io::Json distance = result.attributes["graphs"][0]["flip_flop_distance"];
  EXPECT_LT(distance["labeled"].get<double>(), 0.1);
  EXPECT_EQ(distance["labeled_edges"], 0);
  EXPECT_EQ(distance["unlabeled"], 0);
  const auto edges = integers(result, "edges");
  const auto unstable = integers(result, "unstable");
  for (std::size_t e = 0; e < edges.size(); e += 2) {
    EXPECT_GT(unstable[static_cast<std::size_t>(edges[e])],
              unstable[static_cast<std::size_t>(edges[e + 1])]);
  }
}

TEST(ConnectionsAnalysis, FollowsNothingWherePointsAreTooMany) {
  const io::Dataset result = analyze("connections", bits(2), {{"max_points", 8}});
  EXPECT_EQ(result.attributes["graphs"][0]["points"], 9);
  EXPECT_EQ(result.attributes["graphs"][0]["followed"], 0);
  EXPECT_EQ(result.attributes["metrics"]["edges"], 0);
}

TEST(ContinuationAnalysis, FindsBothFoldsOfOneBitWhereTheyAre) {
  // B u + b goes from -1 to 1. With s = tanh x, folds are at 2 (1 - s^2) = 1, s = +-sqrt(1/2),
  // where B u + b = x - 2 s.
  const double s = std::sqrt(0.5), fold = 2 * s - std::atanh(s);
  const io::Dataset result =
      analyze("continuation", bits(1, -1), {{"direction", std::vector<double>{0.1}}});
  EXPECT_EQ(result.attributes["metrics"]["branches"], 1);
  EXPECT_EQ(result.attributes["metrics"]["special_fold"], 2);
  Vector at = result.arrays.at("special_parameter").as_vector();
  std::sort(at.begin(), at.end());
  ASSERT_EQ(at.size(), 2);
  EXPECT_NEAR(at(0), (1 - fold) / 2, 1e-9);
  EXPECT_NEAR(at(1), (1 + fold) / 2, 1e-9);
  // The Hessian of q = (F / dt)^2 / 2 at a point is ((J - 1) / dt)^2: 0 at folds, and at the ends.
  const Vector hessians = result.arrays.at("smallest_hessian").as_vector();
  const Vector moduli = result.arrays.at("largest_modulus").as_vector();
  for (Index p = 0; p < hessians.size(); ++p) {
    EXPECT_NEAR(hessians(p), std::pow((moduli(p) - 1) / dt, 2), 1e-9 * (1 + hessians(p)));
  }
  // Stable, then unstable between the folds, then stable.
  const auto unstable = integers(result, "unstable");
  Index changes = 0;
  for (std::size_t p = 1; p < unstable.size(); ++p) changes += unstable[p] != unstable[p - 1];
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(result.arrays.at("coordinates").shape[1], 3);
}

/// Two units that push each other down: of p = (x + y) / 2 and q = (x - y) / 2, p rests at the
/// input, and tau dq/dt = -q + 2 a (f' q + f''' q^3 / 6 + ...) with the derivatives of tanh at p.
cells::Network rivals(double a) {
  cells::Network network = bits(2);
  network.parameters["recurrent"] << a, -a, -a, a;
  network.parameters["input"] = Matrix::Constant(2, 1, 20);
  network.parameters["bias"] = Matrix::Constant(2, 1, -1);
  network.parameters["readout"] = Matrix::Ones(1, 2);
  network.parameters["readout_bias"] = Matrix::Zero(1, 1);
  cells::validate(network);
  return network;
}

TEST(ContinuationAnalysis, TellsSuperFromSubcriticalPitchforksByTheirCoefficient) {
  // At the pitchfork tanh^2 p = 1 - 1 / (2 a), and a step adds (dt / tau) (4 - 3 / a) / 12 y^3 with
  // q = y / sqrt 2: supercritical below a = 3/4.
  for (const double a : {0.6, 1.0}) {
    const io::Dataset result =
        analyze("continuation", rivals(a), {{"direction", std::vector<double>{0.1}}});
    const auto kinds = integers(result, "special_kind");
    const auto criticality = integers(result, "special_criticality");
    const Vector at = result.arrays.at("special_parameter").as_vector();
    const Vector coefficient = result.arrays.at("special_normal_form").as_vector();
    const double place = std::atanh(std::sqrt(1 - 1 / (2 * a)));
    ASSERT_GE(std::count(kinds.begin(), kinds.end(), 1), 2);
    for (std::size_t s = 0; s < kinds.size(); ++s) {
      if (kinds[s] != 1) continue;
      const auto i = static_cast<Index>(s);
      EXPECT_NEAR(std::abs(2 * at(i) - 1), place, 1e-6);
      EXPECT_NEAR(coefficient(i), dt / tau * (4 - 3 / a) / 12, 1e-6);
      EXPECT_EQ(result.attributes["criticalities"][static_cast<std::size_t>(criticality[s])],
                a < 0.75 ? "supercritical" : "subcritical");
    }
  }
}

TEST(ContinuationAnalysis, SaysThatATaskWithOneInputHasNoLine) {
  const io::Dataset result = analyze("continuation", bits(1));
  EXPECT_EQ(result.attributes["status"], "one_input");
  EXPECT_TRUE(result.arrays.empty());
}

TEST(ContinuationAnalysis, RefusesALineBetweenInputsThatAreNotThere) {
  EXPECT_THROW(
      analyze("continuation", bits(1), {{"from", 1}, {"direction", std::vector<double>{1}}}),
      std::invalid_argument);
  EXPECT_THROW(analyze("continuation", bits(1), {{"direction", std::vector<double>{1, 2}}}),
               std::invalid_argument);
}

/// The Jacobian's entry of a unit of `bits` at x, per step.
double slope_at(double x) { return 1 + dt / tau * (-1 + 2 * (1 - std::pow(std::tanh(x), 2))); }

/// Of x_{t+1} = a x_t + noise.
double information_of(double a) { return -0.5 * std::log(1 - a * a); }

TEST(LocalInformationAnalysis, AddsUpWhatTheStableDirectionsOfEachPointTell) {
  const io::Dataset result = analyze("local_information", bits(2));
  const Vector all = result.arrays.at("information").as_vector();
  const Vector slow = result.arrays.at("slow_information").as_vector();
  const Vector weight = result.arrays.at("weight").as_vector();
  const auto unstable = integers(result, "unstable");
  const double of_a_bit = information_of(slope_at(rest()));
  ASSERT_GE(all.size(), 4);
  for (Index p = 0; p < all.size(); ++p) {
    const auto left = 2 - unstable[static_cast<std::size_t>(p)];
    EXPECT_NEAR(all(p), static_cast<double>(left) * of_a_bit, 1e-9);
    EXPECT_EQ(slow(p), all(p));  // fewer modes than `dim`
    if (left < 2) {
      EXPECT_LT(weight(p), 0.05);
    }
  }
  EXPECT_EQ(integers(result, "status"), std::vector<std::int64_t>(unstable.size(), 0));
  const io::Json& metrics = result.attributes["metrics"];
  EXPECT_NEAR(metrics["near_points"].get<double>(), weight.sum(), 1e-12);
  EXPECT_GT(weight.sum(), 0.5);
  EXPECT_LE(weight.sum(), 1);
  EXPECT_NEAR(metrics["local_information"].get<double>(), all.dot(weight) / weight.sum(), 1e-9);
}

TEST(LocalInformationAnalysis, CountsTheSlowestModesAlone) {
  const io::Dataset result = analyze("local_information", bits(3), {{"dim", 2}});
  const auto unstable = integers(result, "unstable");
  const auto first =
      static_cast<Index>(std::find(unstable.begin(), unstable.end(), 0) - unstable.begin());
  ASSERT_LT(first, result.arrays.at("information").size());
  EXPECT_NEAR(result.arrays.at("slow_information").as_vector()(first),
              2 * information_of(slope_at(rest())), 1e-9);
}

TEST(LocalInformationAnalysis, CountsStatesNearAPointUnderAnInputNearItsOwn) {
  const auto near_points = [](const std::map<std::string, Value>& settings) {
    const io::Dataset result = analyze("local_information", bits(1), settings);
    return result.attributes["metrics"]["near_points"].get<double>();
  };
  const double usual = near_points({});
  EXPECT_LT(near_points({{"radius", 1e-9}}), usual);
  EXPECT_GT(near_points({{"radius", 10.0}}), usual);
  // Pulses are 1 from the steady input, where there is none.
  EXPECT_GT(near_points({{"radius", 10.0}, {"input_radius", 1.01}}),
            near_points({{"radius", 10.0}, {"input_radius", 0.99}}));
  EXPECT_EQ(near_points({{"radius", 1e6}, {"input_radius", 1.01}}), 1);
}

TEST(LinearModelsAnalysis, FindsTheJacobianInSmallOrbitsAndNotInLargeOnes) {
  const io::Dataset result =
      analyze("linear_models", bits(2), {{"sizes", std::vector<double>{1e-6, 1}}, {"steps", 5}});
  const Vector slowest = result.arrays.at("slowest").as_vector();
  const Matrix difference = result.arrays.at("fit_difference").as_matrix();
  const Matrix fitted = result.arrays.at("fit_slowest").as_matrix();
  const Matrix errors = result.arrays.at("fit_eigenvalue_error").as_matrix();
  ASSERT_GE(slowest.size(), 4);
  for (Index p = 0; p < slowest.size(); ++p) {
    // Second order in the size, relative to a scale of about 2.
    EXPECT_LT(difference(p, 0), 1e-5);
    EXPECT_LT(errors(p, 0), 1e-5);
    EXPECT_NEAR(fitted(p, 0), slowest(p), 1e-5);
    EXPECT_GT(difference(p, 1), 1e-2);
  }
  EXPECT_EQ(result.arrays.at("dmd_difference").as_matrix().col(0).size(), slowest.size());
  EXPECT_LT((result.arrays.at("dmd_difference").as_matrix() - difference).norm(),
            1e-9);  // of rank 5 in two dimensions
}

TEST(LinearModelsAnalysis, FitsStepsOfTrialsNearAPoint) {
  // Relaxation onto the points within a thousandth of the spread is linear to that order.
  const io::Dataset result = analyze("linear_models", bits(1), {{"radius", 1e-3}, {"rank", 1}});
  const auto pairs = integers(result, "trial_pairs");
  const Matrix difference = result.arrays.at("trial_difference").as_matrix();
  ASSERT_GE(pairs.size(), 2u);
  Index fitted = 0;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    EXPECT_EQ(std::isnan(difference(static_cast<Index>(p), 0)), pairs[p] <= 2);
    if (pairs[p] <= 2) continue;
    EXPECT_LT(difference(static_cast<Index>(p), 0), 5e-3);
    ++fitted;
  }
  EXPECT_GE(fitted, 2);
}

/// x_{t+1} = x + dt/tau (-x + W x + B u): one point at each input, (I - W)^-1 B u, and one
/// Jacobian.
io::Dataset of_linear_network(const std::string& analysis, const Matrix& W,
                              const std::map<std::string, Value>& given) {
  cells::Network network = bits(W.rows());
  network.settings =
      Settings(cells::cell_kind("leaky_rate").schema, {{"units", W.rows()},
                                                       {"activation", std::string("identity")},
                                                       {"form", std::string("current")},
                                                       {"self_connections", true},
                                                       {"sigma", 0.0}});
  network.parameters["recurrent"] = W;
  network.parameters["input"] = Matrix::Identity(W.rows(), 1);
  network.parameters["readout"] = Matrix::Identity(1, W.rows());
  network.parameters["readout_bias"] = Matrix::Zero(1, 1);
  const auto& kind = tasks::task_kind("perception");
  const auto task = kind.make(Settings(kind.schema), network.dt());
  const Settings settings(analysis_kind(analysis).schema, given);
  return analysis_kind(analysis).run({*task, network, network, {}, settings, 1, 2, {}});
}

io::Dataset overlap_of_linear_network(const Matrix& W) {
  return of_linear_network("overlap", W, {{"dim", 1}});
}

TEST(OverlapAnalysis, MeasuresPointsThatMoveWithTheInputAndDirectionsThatDoNot) {
  const Matrix W = Vector{{0.5, 0.1, -0.2}}.asDiagonal();
  const io::Dataset result = overlap_of_linear_network(W);
  const double scale = result.attributes["scale"].get<double>();
  const Matrix distance = result.arrays.at("distance").as_matrix();
  ASSERT_EQ(distance.rows(), 3);  // no input, 0.5, 0.8
  EXPECT_NEAR(distance(0, 1), 2 * 0.5 / scale, 1e-9);
  EXPECT_NEAR(distance(1, 2), 2 * 0.3 / scale, 1e-9);
  EXPECT_NEAR(distance(2, 1), distance(1, 2), 1e-9);
  const Matrix angle = result.arrays.at("angle").as_matrix();
  EXPECT_LT(angle(0, 1) + angle(1, 2) + angle(2, 0), 1e-6);
  // The mean angle between random lines in three dimensions is 1 rad; 100 draws of sd 0.44.
  EXPECT_NEAR(result.attributes["chance_angle"].get<double>(), 1, 0.2);
  EXPECT_TRUE(std::isnan(distance(0, 0)));
}

TEST(OverlapAnalysis, KeepsPairsOfModesTogether) {
  Matrix W = Matrix::Zero(3, 3);
  W.topLeftCorner(2, 2) << 0.6, -1, 1, 0.6;  // the slowest modes are a pair: a plane
  const io::Dataset result = overlap_of_linear_network(W);
  const Matrix angle = result.arrays.at("angle").as_matrix();
  EXPECT_LT(angle(0, 1), 1e-6);
}

TEST(ReversibilityAnalysis, FindsDetailedBalanceInUnitsThatDoNotSeeEachOther) {
  const io::Dataset result = analyze("reversibility", bits(2));
  for (const char* prefix : {"", "trial_"}) {
    const std::string start = prefix;
    EXPECT_LT(result.arrays.at(start + "entropy_production").as_vector().maxCoeff(), 1e-9);
    EXPECT_LT(result.arrays.at(start + "asymmetry").as_vector().maxCoeff(), 1e-9);
  }
  const Vector contraction = result.arrays.at("contraction").as_vector();
  const auto unstable = integers(result, "unstable"), passing = integers(result, "passing");
  const auto ending = integers(result, "ending");
  std::int64_t ended = 0;
  for (std::size_t p = 0; p < unstable.size(); ++p) {
    const auto up = static_cast<double>(unstable[p]);
    const double expected =
        ((2 - up) * std::log(slope_at(rest())) + up * std::log(slope_at(0))) / dt;
    EXPECT_NEAR(contraction(static_cast<Index>(p)), expected, 1e-6);
    EXPECT_LE(ending[p], passing[p]);
    if (unstable[p] > 0) {
      EXPECT_EQ(ending[p], 0);
    }
    ended += ending[p];
  }
  EXPECT_GT(ended, 0);
}

TEST(ReversibilityAnalysis, MeasuresTheEntropyProductionOfARotation) {
  // J = rho R(angle), the same everywhere: 4 rho^2 sin^2 angle / (1 - rho^2) nats a step.
  Matrix W(2, 2);
  W << 0.2, -3, 3, 0.2;
  const double real = 1 + dt / tau * (0.2 - 1), imaginary = dt / tau * 3;
  const double rho2 = real * real + imaginary * imaginary;
  const double expected = 4 * imaginary * imaginary / (1 - rho2) / dt;
  const io::Dataset result = of_linear_network("reversibility", W, {{"samples", 20}});
  for (const char* name : {"entropy_production", "trial_entropy_production"}) {
    const Vector rate = result.arrays.at(name).as_vector();
    ASSERT_GE(rate.size(), 2);
    EXPECT_LT((rate.array() - expected).abs().maxCoeff(), 1e-8 * expected) << name;
  }
  const Vector contraction = result.arrays.at("trial_contraction").as_vector();
  EXPECT_EQ(contraction.size(), 20);
  EXPECT_LT((contraction.array() - std::log(rho2) / dt).abs().maxCoeff(), 1e-9);
}

TEST(DynamicsAnalyses, EndWhenTheyAreAskedToStop) {
  for (const char* name : {"fixed_points", "lyapunov", "connections", "continuation",
                           "local_information", "linear_models", "overlap", "reversibility"}) {
    std::map<std::string, Value> settings;
    if (std::string(name) == "continuation") settings["direction"] = std::vector<double>{0.1};
    int calls = 0;
    const auto stop = [&](double) { return ++calls < 3; };
    EXPECT_NO_THROW(analyze(name, bits(1, -0.5), settings, stop)) << name;
    EXPECT_GE(calls, 3) << name;
  }
}

}  // namespace
}  // namespace nullcline::study
