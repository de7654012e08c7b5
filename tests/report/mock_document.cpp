// SPDX-License-Identifier: Apache-2.0
#include "mock_document.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <numeric>
#include <utility>

#include "nullcline/core/random.hpp"

namespace nullcline::report {
namespace {

using io::Dataset;
using io::Json;

constexpr double dt = 0.01;
constexpr Index steps = 200;

struct Task {
  std::string name, meaning;
  Index units, inputs;
  std::vector<std::string> conditions;
  /// The input of a condition at a time in [0, 1), and the target that belongs to it.
  std::function<std::vector<double>(Index, double)> input;
  std::function<double(const std::vector<double>&)> target;
};

Task perception() {
  return {"perception",
          "One input switches between two levels; the output is the level that it has not.",
          128,
          1,
          {"0.8 -> 0.5", "0.5 -> 0.8"},
          [](Index c, double t) { return std::vector<double>{(t < 0.5) == (c == 0) ? 0.8 : 0.5}; },
          [](const std::vector<double>& u) { return 1.3 - u[0]; }};
}

Task decision() {
  static constexpr double pairs[4][4] = {
      {0.3, 0.7, 0.7, 0.3}, {0.7, 0.3, 0.3, 0.7}, {0.4, 0.6, 0.8, 0.2}, {0.6, 0.4, 0.2, 0.8}};
  return {"decision",
          "Two inputs switch; the output is high while input 1 is the larger one, else low.",
          256,
          2,
          {"low then high", "high then low", "1 < 2 -> 1 > 2", "weak high, strong low"},
          [](Index c, double t) {
            const double* pair = pairs[c] + (t < 0.5 ? 0 : 2);
            return std::vector<double>{pair[0], pair[1]};
          },
          [](const std::vector<double>& u) { return u[0] > u[1] ? 1.0 : 0.2; }};
}

/// An array of the given shape, entry by entry in C order.
Array fill(std::vector<Index> shape, const std::function<double()>& next) {
  Array array{std::move(shape), std::vector<double>()};
  auto& data = std::get<std::vector<double>>(array.data);
  data.resize(static_cast<std::size_t>(array.size()));
  std::generate(data.begin(), data.end(), next);
  return array;
}

Array list(const std::vector<double>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

Dataset training(RandomStream& random) {
  std::vector<std::int64_t> step;
  std::vector<double> loss;
  for (std::int64_t s = 0; s <= 2000; s += 20) {
    step.push_back(s);
    loss.push_back((0.3 * std::exp(-static_cast<double>(s) / 150) + 4e-4) *
                   std::exp(0.15 * random.normal()));
  }
  Dataset result;
  result.arrays["step"] = Array::integers(step);
  result.arrays["loss"] = list(loss);
  result.attributes = {{"steps", 2000}, {"batch", 64}, {"learning_rate", 0.001}};
  return result;
}

/// A leaky integrator after the target stands for the trained output.
Dataset outputs(const Task& task, RandomStream& random) {
  const auto C = static_cast<Index>(task.conditions.size());
  std::vector<double> time, inputs, targets, trained, deviation, untrained, error;
  for (Index t = 0; t < steps; ++t) time.push_back(dt * static_cast<double>(t));
  for (Index c = 0; c < C; ++c) {
    double z = 0.1 * random.normal(), flat = 0.2 * random.normal(), sum = 0;
    for (Index t = 0; t < steps; ++t) {
      const auto u = task.input(c, static_cast<double>(t) / steps);
      const double target = task.target(u);
      z += 0.15 * (target - z) + 0.003 * random.normal();
      flat += 0.05 * (0.3 * u[0] - flat);
      inputs.insert(inputs.end(), u.begin(), u.end());
      targets.push_back(target);
      trained.push_back(z);
      deviation.push_back(0.02 + 0.01 * random.uniform());
      untrained.push_back(flat);
      sum += (z - target) * (z - target);
    }
    error.push_back(sum / steps);
  }
  std::vector<std::string> names;
  for (Index i = 0; i < task.inputs; ++i) names.push_back("input " + std::to_string(i + 1));
  const std::vector<Index> shape{C, steps, 1};
  Dataset result;
  result.arrays = {{"time", list(time)},
                   {"inputs", {{C, steps, task.inputs}, inputs}},
                   {"targets", {shape, targets}},
                   {"trained", {shape, trained}},
                   {"trained_sd", {shape, deviation}},
                   {"untrained", {shape, untrained}},
                   {"error", list(error)}};
  result.attributes = {{"conditions", task.conditions},
                       {"input_names", names},
                       {"output_names", {"output"}},
                       {"trials", 64}};
  return result;
}

/// Where a latent state goes for an input: two layers, one a choice.
Vector rest(const std::vector<double>& u) {
  const double second = u.size() > 1 ? u[1] : 0.65;
  Vector x(3);
  x << 4 * (u[0] - second), 2 * (u[0] + second), u[0] > second ? 1.5 : -1.5;
  return x;
}

Array trajectories(const Task& task, double gain, RandomStream& random) {
  std::vector<double> data;
  for (Index c = 0; c < static_cast<Index>(task.conditions.size()); ++c) {
    Vector x = 0.2 * Vector::NullaryExpr(3, [&] { return random.normal(); }), v = Vector::Zero(3);
    for (Index t = 0; t < steps; ++t) {
      const Vector pull = gain * rest(task.input(c, static_cast<double>(t) / steps)) - x;
      v += 0.02 * pull - 0.12 * v;
      v(0) += 0.006 * pull(2);
      v(2) -= 0.006 * pull(0);
      x += v;
      data.insert(data.end(), x.begin(), x.end());
    }
  }
  return {{static_cast<Index>(task.conditions.size()), steps, 3}, data};
}

Array grid(double gain, RandomStream& random) {
  std::vector<double> data;
  for (int i = 0; i < 11; ++i) {
    for (int j = 0; j < 11; ++j) {
      Vector x = gain * rest({0.2 + 0.06 * i, 0.2 + 0.06 * j});
      x(0) += 0.3 * std::sin(0.5 * j) + 0.01 * random.normal();
      data.insert(data.end(), x.begin(), x.end());
    }
  }
  return {{11, 11, 3}, data};
}

Dataset latent(const Task& task, bool is_dca, RandomStream& random) {
  Dataset result;
  for (const auto& [stage, gain] : {std::pair("trained", 1.0), std::pair("untrained", 0.4)}) {
    const std::string prefix = std::string(stage) + "_";
    const Matrix raw =
        Matrix::NullaryExpr(task.units, 3, [&](Index, Index) { return random.normal(); });
    const Matrix basis =
        Eigen::HouseholderQR<Matrix>(raw).householderQ() * Matrix::Identity(task.units, 3);
    result.arrays[prefix + "basis"] = Array::matrix(basis);
    result.arrays[prefix + "mean"] = fill({task.units}, [&] { return 0.1 * random.uniform(); });
    result.arrays[prefix + "trajectories"] = trajectories(task, gain, random);
    if (is_dca) {
      result.arrays[prefix + "starts"] = fill({10}, [&] { return 3 + 0.2 * random.uniform(); });
      result.attributes[prefix + "predictive_information"] = 3 * gain + random.uniform();
      result.arrays[prefix + "curve_dims"] = list({gain, 1.8 * gain, 2.4 * gain, 2.7 * gain});
      result.arrays[prefix + "curve_window"] = list({1, 2, 5, 10});
      result.arrays[prefix + "curve_windows"] =
          list({2 * gain, 2.2 * gain, 2.4 * gain, 2.5 * gain});
    } else {
      result.arrays[prefix + "variance"] = list({0.61, 0.24, 0.08, 0.03, 0.01});
    }
    if (task.inputs == 2) {
      result.arrays[prefix + "grid"] = grid(gain, random);
      const std::vector<double> levels{0.2,  0.26, 0.32, 0.38, 0.44, 0.5,
                                       0.56, 0.62, 0.68, 0.74, 0.8};
      result.arrays["grid_levels1"] = result.arrays["grid_levels2"] = list(levels);
    }
  }
  if (is_dca) result.attributes.update({{"window", 5}, {"dim", 3}});
  return result;
}

/// Conjugate pairs in a disk of this radius around `center`.
std::vector<std::complex<double>> disk(Index n, double center, double radius,
                                       RandomStream& random) {
  std::vector<std::complex<double>> values;
  while (static_cast<Index>(values.size()) + 1 < n) {
    const auto z =
        std::polar(radius * std::sqrt(random.uniform()), 2 * std::numbers::pi * random.uniform());
    values.push_back(center + z);
    values.push_back(center + std::conj(z));
  }
  if (static_cast<Index>(values.size()) < n) values.emplace_back(center + 0.3 * radius);
  return values;
}

Dataset fixed_points(const Task& task, const Dataset& dca, RandomStream& random) {
  const Matrix basis = dca.arrays.at("trained_basis").as_matrix();
  const Vector mean = dca.arrays.at("trained_mean").as_vector();
  const bool is_decision = task.inputs == 2;
  const std::vector<std::vector<double>> levels =
      is_decision ? std::vector<std::vector<double>>{{0.3, 0.7}, {0.7, 0.3}, {0.5, 0.5}}
                  : std::vector<std::vector<double>>{{0.5}, {0.8}};
  const std::vector<std::string> names =
      is_decision ? std::vector<std::string>{"inputs 0.3, 0.7", "inputs 0.7, 0.3", "no input"}
                  : std::vector<std::string>{"input 0.5", "input 0.8"};
  Matrix states(task.units, 0);
  std::vector<double> input, residual, speed, real, imaginary;
  std::vector<std::int64_t> index, unstable, kind, found, degree;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    for (std::int64_t k = 0; k < (l == 2 ? 5 : 2); ++k) {  // one of each kind for the third input
      states.conservativeResize(Eigen::NoChange, states.cols() + 1);
      Vector place = rest(levels[l]);
      place(2) -= 1.2 * static_cast<double>(k);
      states.rightCols(1) = mean + basis * place;
      auto values = disk(task.units, 0.9, 0.09, random);
      for (std::int64_t u = 0; u < k; ++u)
        values[static_cast<std::size_t>(u)] = 1.02 + 0.01 * static_cast<double>(u);
      for (const auto z : values) {
        real.push_back(z.real());
        imaginary.push_back(z.imag());
      }
      input.insert(input.end(), levels[l].begin(), levels[l].end());
      index.push_back(static_cast<std::int64_t>(l));
      kind.push_back(k);
      unstable.push_back(k);
      degree.push_back(k % 2 == 0 ? 1 : -1);
      found.push_back(40 / (k + 1));
      residual.push_back(k == 4 ? 3e-4 : 1e-13 * random.uniform());
      speed.push_back(k == 4 ? 4.5e-4 : 1e-22);
    }
  }
  const auto P = static_cast<Index>(index.size());
  std::vector<std::int64_t> certified;
  std::vector<double> exists, unique;
  for (const std::int64_t k : kind) {
    certified.push_back(k < 3);
    exists.push_back(k < 3 ? 1e-14 * (1 + random.uniform()) : 0);
    unique.push_back(k < 3 ? 1e-3 * (1 + random.uniform()) : 0);
  }
  Json completeness = Json::array();
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const int points = l == 2 ? 4 : 2, sure = std::min(points, 3);
    completeness.push_back({{"input", names[l]},
                            {"starts", 64},
                            {"fixed_points", points},
                            {"degree_sum", l == 2 ? 1 : 0},
                            {"certified", sure},
                            {"trapping_box", l > 0},
                            {"unseen", {{"estimate", 0.5}, {"lower", 0.0}, {"upper", 3.5}}}});
  }
  Dataset result;
  result.arrays = {{"states", Array::matrix(Matrix(states.transpose()))},
                   {"input", {{P, task.inputs}, input}},
                   {"input_index", Array::integers(index)},
                   {"residual", list(residual)},
                   {"speed", list(speed)},
                   {"unstable", Array::integers(unstable)},
                   {"kind", Array::integers(kind)},
                   {"multiplicity", Array::integers(found)},
                   {"degree", Array::integers(degree)},
                   {"certified", Array::integers(certified)},
                   {"radius_exists", list(exists)},
                   {"radius_unique", list(unique)},
                   {"eigenvalues_real", {{P, task.units}, real}},
                   {"eigenvalues_imag", {{P, task.units}, imaginary}}};
  result.attributes = {{"dt", dt},
                       {"tau", 0.1},
                       {"inputs", names},
                       {"starts", 200},
                       {"completeness", completeness},
                       {"statuses", {{"fixed_point", 188}, {"slow_point", 9}, {"diverged", 3}}}};
  return result;
}

/// Four points, what is known of them by the analyses of points that trials visit.
Dataset visited_points(RandomStream& random) {
  Dataset result;
  result.arrays = {{"input_index", Array::integers({0, 0, 1, 1})},
                   {"kind", Array::integers({0, 1, 0, 4})}};
  result.attributes = {{"inputs", {"inputs 0.3, 0.7", "inputs 0.7, 0.3"}}, {"dt", dt}};
  const auto numbers = [&](double scale, Index count) {
    std::vector<double> values;
    for (Index i = 0; i < count; ++i) values.push_back(scale * (0.5 + random.uniform()));
    return values;
  };
  result.arrays["weight"] = list(numbers(0.2, 4));
  result.arrays["information"] = list(numbers(50, 4));
  result.arrays["slow_information"] = list(numbers(4, 4));
  result.arrays["size"] = list({0.01, 0.1, 1});
  for (const char* name : {"fit_difference", "dmd_difference"}) {
    result.arrays[name] = {{4, 3}, numbers(0.1, 12)};
  }
  result.arrays["trial_difference"] = {{4, 1}, numbers(0.1, 4)};
  for (const char* name : {"distance", "chance_distance", "angle"}) {
    result.arrays[name] = {{2, 2}, numbers(1, 4)};
  }
  result.attributes["chance_angle"] = 1.4;
  return result;
}

/// Two orbits, one chaotic and one at rest, and what was known of them as they went on.
Dataset lyapunov(RandomStream& random) {
  constexpr Index k = 6, C = 64;
  std::vector<double> times, exponents, errors, bars, history;
  for (Index c = 1; c <= C; ++c) times.push_back(static_cast<double>(c));
  for (const double first : {0.8, -0.5}) {
    for (Index i = 0; i < k; ++i) {
      exponents.push_back(first - 0.4 * static_cast<double>(i * i));
      errors.push_back(0.01 + 0.03 * random.uniform());
      bars.push_back(3 * errors.back() + 0.1);
    }
    for (Index c = 1; c <= C; ++c) {
      for (Index i = 0; i < k; ++i) {
        history.push_back(first - 0.4 * static_cast<double>(i * i) +
                          random.normal() / static_cast<double>(c));
      }
    }
  }
  Dataset result;
  result.arrays = {{"input_index", Array::integers({0, 1})},
                   {"verdict", Array::integers({3, 0})},
                   {"exponents", {{2, k}, exponents}},
                   {"standard_errors", {{2, k}, errors}},
                   {"bars", {{2, k}, bars}},
                   {"times", list(times)},
                   {"history", {{2, C, k}, history}},
                   {"period", list({0, 0})}};
  for (const char* name : {"dimension", "dimension_error", "dimension_is_bound", "entropy_rate",
                           "entropy_rate_error"}) {
    result.arrays[name] = list({name == std::string("dimension") ? 2.3 : 0.1, 0});
  }
  result.attributes = {
      {"inputs", {"inputs 0.3, 0.7", "inputs 0.7, 0.3"}},
      {"verdicts", {"fixed_point", "cycle", "torus", "chaos", "diverged", "undecided"}},
      {"steps", 20000},
      {"dt", dt}};
  return result;
}

/// The cube of three bits: a node for each label in {-1, 0, 1}^3, which leads to all labels in
/// which some of its zeros are replaced.
Dataset connections() {
  std::vector<std::int64_t> label, unstable, edges, found;
  std::vector<double> output, position, weight;
  const auto bit = [](std::int64_t v, int i) {
    return (v / (i == 0 ? 1 : i == 1 ? 3 : 9)) % 3 - 1;
  };
  for (std::int64_t v = 0; v < 27; ++v) {
    unstable.push_back(0);
    for (int i = 0; i < 3; ++i) {
      label.push_back(bit(v, i));
      output.push_back(0.98 * static_cast<double>(bit(v, i)));
      position.push_back(3 * static_cast<double>(bit(v, i)) + 0.2 * static_cast<double>(v % 2));
      unstable.back() += bit(v, i) == 0;
    }
    for (std::int64_t w = 0; w < 27; ++w) {
      bool leads = v != w, ends = true;
      for (int i = 0; i < 3; ++i) {
        leads = leads && (bit(v, i) == 0 || bit(v, i) == bit(w, i));
        ends = ends && bit(w, i) != 0;
      }
      if (!leads) continue;
      edges.insert(edges.end(), {v, w});
      weight.push_back(ends ? std::pow(0.5, unstable.back()) : 0);
      found.push_back(ends ? 1 : (v + w) % 2 == 0 ? 3 : 4);
    }
  }
  Dataset result;
  const auto E = static_cast<Index>(weight.size());
  result.arrays = {{"positions", {{27, 3}, position}},
                   {"output", {{27, 3}, output}},
                   {"label", {{27, 3}, label}},
                   {"unstable", Array::integers(unstable)},
                   {"cycle", Array::integers(std::vector<std::int64_t>(27))},
                   {"input_index", Array::integers(std::vector<std::int64_t>(27))},
                   {"edges", {{E, 2}, edges}},
                   {"weight", list(weight)},
                   {"found", Array::integers(found)}};
  result.attributes = {
      {"inputs", {"no input"}},
      {"found", {"branch", "sampled", "edge", "aimed", "implied"}},
      {"graphs",
       {{{"input", "no input"},
         {"undecided_orbits", 2},
         {"flip_flop_distance", {{"labeled", 0.12}, {"labeled_edges", 1.4}, {"unlabeled", 0}}}}}}};
  return result;
}

/// A curve with two folds, and beside it a branch of cycles.
Dataset continuation() {
  std::vector<double> parameter, modulus, coordinates, output;
  std::vector<std::int64_t> branch, unstable;
  const auto add = [&](std::int64_t b, double p, double x, bool is_stable) {
    branch.push_back(b);
    parameter.push_back(p);
    output.push_back(x);
    coordinates.insert(coordinates.end(), {2 * x, x * x, 0.1 * x});
    unstable.push_back(is_stable ? 0 : 1);
    modulus.push_back(is_stable ? 0.9 : 1.05);
  };
  const auto folded = [](double x) { return 0.5 + 0.3 * (x * x * x - 3 * x) / 2; };
  for (int i = 0; i <= 100; ++i) {
    const double x = -2 + 0.04 * i;
    if (folded(x) >= 0 && folded(x) <= 1) add(0, folded(x), x, std::abs(x) >= 1);
  }
  for (int i = 0; i <= 30; ++i) add(1, 0.5 + i / 60.0, 2.5 + std::sqrt(i / 100.0), true);
  Dataset result;
  const auto P = static_cast<Index>(parameter.size());
  const std::vector<double> at = {-1, 1, 2.5};
  result.arrays = {
      {"parameter", list(parameter)},
      {"branch", Array::integers(branch)},
      {"unstable", Array::integers(unstable)},
      {"largest_modulus", list(modulus)},
      {"coordinates", {{P, 3}, coordinates}},
      {"output", {{P, 1}, output}},
      {"period", Array::integers({1, 2})},
      {"first_end", Array::integers({0, 4})},
      {"last_end", Array::integers({0, 0})},
      {"special_kind", Array::integers({0, 0, 2})},
      {"special_parameter", list({folded(-1), folded(1), 0.5})},
      {"special_coordinates", {{3, 3}, std::vector<double>{-2, 1, -0.1, 2, 1, 0.1, 5, 6.25, 0.25}}},
      {"special_output", {{3, 1}, at}}};
  result.attributes = {
      {"from", "inputs 0.3, 0.7"},
      {"to", "inputs 0.7, 0.3"},
      {"output_names", {"output"}},
      {"special_kinds", {"fold", "branch_point", "period_doubling", "neimark_sacker", "corner"}},
      {"ends", {"parameter_bound", "state_bound", "closed", "joined", "branched"}},
      {"complete", true},
      {"starts", 4}};
  return result;
}

/// Angles that shrink with the dimension, and two layers.
Dataset subspaces(const Task& task, RandomStream& random) {
  constexpr Index D = 3;
  const auto angles = [&](Index cols, double first) {
    std::vector<double> data;
    for (Index d = 0; d < D; ++d) {
      for (Index k = 0; k < cols; ++k) {
        const double angle = first - 0.1 * static_cast<double>(d - k) - 0.1 * random.uniform();
        data.push_back(k <= d ? std::min(angle, 1.57) : std::nan(""));
      }
    }
    return Array{{D, cols}, data};
  };
  Dataset result;
  for (const char* name :
       {"training_dca", "training_pca", "trained_conditions", "untrained_conditions"}) {
    result.arrays[name] = angles(D, 1.3);
  }
  for (const auto& [name, first] : {std::pair("low", 1.3), {"median", 1.4}, {"high", 1.5}}) {
    result.arrays[std::string("random_") + name] = angles(D, first);
    result.arrays[std::string("random_readout_") + name] = angles(1, first);
  }
  result.attributes = {{"dims", D}, {"window", 5}, {"transient", 0.05}};
  for (const std::string stage : {"trained", "untrained"}) {
    result.arrays[stage + "_readout_dca"] = angles(1, 1.4);
    result.arrays[stage + "_readout_pca"] = angles(1, 1.2);
    for (const char* space : {"units", "dca"}) {
      for (const char* kind : {"onset_to_line", "onset_to_plane", "switch_to_line"}) {
        result.attributes["transients"][stage][space][kind] = 1.5 * random.uniform();
      }
      if (task.inputs != 2) continue;
      result.attributes["layers"][stage][space] = {
          {"ratio", 4.0}, {"gap", random.uniform()}, {"silhouette", 0.5 * random.uniform()}};
      std::vector<double> along;
      for (int i = 0; i < 25; ++i) along.push_back((i / 5 > i % 5) - (i / 5 < i % 5));
      result.arrays[stage + "_layers_" + space] = {{5, 5}, along};
      result.arrays["grid_levels1"] = result.arrays["grid_levels2"] = list({0, 1, 2, 3, 4});
    }
  }
  return result;
}

Array plane(const std::vector<std::complex<double>>& values) {
  std::vector<double> data;
  for (const auto z : values) data.insert(data.end(), {z.real(), z.imag()});
  return {{static_cast<Index>(values.size()), 2}, data};
}

Dataset connectivity(const Task& task, RandomStream& random) {
  const Index N = task.units;
  const double sd = 1 / std::sqrt(static_cast<double>(N));
  std::vector<double> edges;
  for (int i = 0; i <= 60; ++i) edges.push_back(5 * sd * (i / 30.0 - 1));
  std::vector<std::int64_t> before(60), after(60);
  std::vector<double> change;
  const auto count = [&](double w, std::vector<std::int64_t>& counts) {
    const double place = (w / (5 * sd) + 1) * 30;
    if (0 <= place && place < 60) ++counts[static_cast<std::size_t>(place)];
  };
  for (Index i = 0; i < N * N; ++i) {
    const double w = sd * random.normal();
    const double delta = sd * (-0.15 + 0.2 * std::pow(random.normal(), 3));
    count(w, before);
    count(w + delta, after);
    if (i % 8 == 0) change.push_back(std::abs(delta));
  }
  std::sort(change.begin(), change.end(), std::greater<>());
  std::vector<double> singular;
  for (Index i = 0; i < N; ++i) {
    singular.push_back(2.5 * std::exp(-static_cast<double>(i) / 2) +
                       0.2 * (1 - static_cast<double>(i) / static_cast<double>(N)));
  }
  auto eigenvalues = disk(N, 0, 1, random);
  Dataset result;
  result.arrays = {{"edges", list(edges)},
                   {"before", Array::integers(before)},
                   {"after", Array::integers(after)},
                   {"change_sorted", list(change)},
                   {"change_singular_values", list(singular)},
                   {"eigenvalues_before", plane(eigenvalues)},
                   {"eigenvalues_change", plane(disk(N, 0, 0.2, random))}};
  eigenvalues[0] = {-1.4, 0.6};
  eigenvalues[1] = {-1.4, -0.6};
  result.arrays["eigenvalues_after"] = plane(eigenvalues);
  result.arrays["rank_singular_values"] = list({2.7, 1.6, 0.9, 0.5});
  result.arrays["rank_null_means"] = list({0.8, 0.7, 0.6, 0.5});
  result.arrays["rank_null_maxima"] = list({0.9, 0.75, 0.7, 0.55});
  result.arrays["error_by_rank"] = list({12, 3, 0.4, 0.06, 0.05, 0.045});
  for (const char* measure : {"in_strength", "out_strength", "eigenvector", "katz", "pagerank"}) {
    std::vector<double> low, high;
    for (Index i = 0; i < N; ++i) {
      low.push_back(0.01 * std::exp(0.6 * random.normal()));
      high.push_back(1e-4 / low.back() * std::exp(0.5 * random.normal()));
    }
    result.arrays[std::string("centrality_") + measure + "_before"] = list(low);
    result.arrays[std::string("centrality_") + measure + "_after"] = list(high);
  }
  result.attributes = {{"mean_before", 0.0},
                       {"mean_after", -0.15 * sd},
                       {"sd_before", sd},
                       {"sd_after", 1.2 * sd},
                       {"rank_against_shuffled", 3},
                       {"functional_rank", 2},
                       {"error_of_all", 0.04},
                       {"departure_before_operator", 1.9},
                       {"departure_after_operator", 2.4},
                       {"departure_before_frobenius", 8.1},
                       {"departure_after_frobenius", 9.7},
                       {"relative_change", 0.41},
                       {"effective_rank", 6.3}};
  return result;
}

NetworkEntry network(const Task& task, Index i, const MockOptions& options) {
  NetworkEntry entry;
  entry.seed = 1000 + static_cast<std::uint64_t>(i);
  RandomStream random({entry.seed, static_cast<std::uint64_t>(task.units)});
  entry.id = std::to_string(10 + i) + "41c9e2a70b" + task.name.substr(0, 1) + options.text;
  entry.status = "trained" + options.text;
  const bool has_reached = i != 7;
  entry.metrics = {{"error", has_reached ? 4e-4 + 1e-4 * random.uniform() : 6.1e-3},
                   {"criterion", 1e-3},
                   {"reached", has_reached},
                   {"final_loss", 4.5e-4},
                   {"predictive_information", 3 + random.uniform()}};
  entry.results["training"] = training(random);
  entry.results["outputs"] = outputs(task, random);
  entry.results["pca"] = latent(task, false, random);
  entry.results["dca"] = latent(task, true, random);
  entry.results["subspaces"] = subspaces(task, random);
  entry.results["fixed_points"] = fixed_points(task, entry.results["dca"], random);
  entry.results["connectivity"] = connectivity(task, random);
  if (task.inputs == 2) {
    entry.results["lyapunov"] = lyapunov(random);
    for (const char* name : {"local_information", "linear_models", "overlap"}) {
      entry.results[name] = visited_points(random);
    }
    entry.results["connections"] = connections();
    entry.results["continuation"] = continuation();
  }
  entry.results.erase(options.without);
  return entry;
}

}  // namespace

Document mock_document(const MockOptions& options) {
  Document document;
  document.title = "Mock study" + options.text;
  document.description = "Drawn numbers in the shapes of a real study." + options.text;
  document.version = "0.0.0" + options.text;
  document.study = {{"title", "Mock study" + options.text},
                    {"seed", 1000},
                    {"training", {{"steps", 2000}, {"batch", 64}, {"learning_rate", 0.001}}},
                    {"analyses", {{"dca", {{"dim", 3}, {"window", 5}, {"starts", 10}}}}},
                    {"tasks", Json::array({{{"name", "perception"}, {"levels", {0.5, 0.8}}},
                                           {{"name", "decision"}, {"high", 1.0}, {"low", 0.2}}})}};
  for (const Task& task : {perception(), decision()}) {
    Group group;
    group.name = task.name;
    group.task = {{"name", task.name},
                  {"meaning", task.meaning + options.text},
                  {"inputs", task.inputs},
                  {"outputs", 1},
                  {"settings", {{"noise", 0.1}, {"duration", dt * steps}}}};
    for (Index i = 0; i < options.networks; ++i) {
      group.networks.push_back(network(task, i, options));
    }
    document.groups.push_back(std::move(group));
  }
  return document;
}

}  // namespace nullcline::report
