// SPDX-License-Identifier: Apache-2.0
// Context-dependent integration as in "Universality and individuality in neural dynamics"
// [Maheswaranathan et al. 2019, section 2.4]: two streams of white noise, and a one-hot context
// that names the one to integrate; the other is to be ignored. The paper gives no statistics; those
// here are of the generator that Sussillo published (computation-thru-dynamics: 25 steps of 0.04
// s):
//
//     x_i(t) = b_i + (sigma / sqrt(dt)) n_i(t),   b_i = 2 b (n'_i - 1/2),   n, n' ~ N(0, 1),
//     y(t) = sum_{s <= t} x_context(s),
//
// a sum of steps without dt. The mean of b_i is -b, for the 1/2 is taken off a normal number: the
// generator's, kept.
#include <fmt/format.h>

#include <cmath>
#include <span>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Streams {
  Index context = 0;     // 0 or 1
  MatrixX<float> noise;  // (2, T), or empty
  double bias[2] = {0, 0};
};

class ContextIntegration final : public TrialTask<Streams> {
 public:
  ContextIntegration(const Settings& settings, double dt)
      : steps_(steps_in(settings.number("duration"), dt)),
        noise_(settings.number("noise") / std::sqrt(dt)),
        bias_(settings.number("bias")),
        probe_(settings.number("probe")),
        probes_(settings.integer("probes")) {
    if (steps_ < 1) throw Error("", "duration", "less than a step", "at least dt");
    if (noise_ == 0 && bias_ == 0) throw Error("", "noise", "0", "noise or bias above 0");
  }

  std::vector<Channel> inputs() const override {
    return {{"stream 1", "integrated in context 1"},
            {"stream 2", "integrated in context 2"},
            {"context 1", "1 in context 1, else 0"},
            {"context 2", "1 in context 2, else 0"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"integral", "sum over the steps so far of the stream that the context names"}};
  }
  Index steps() const override { return steps_; }

  /// None: the noise of the streams is what is to be integrated.
  Vector input_noise() const override { return Vector::Zero(4); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"context 1", Vector::Unit(4, 2)}, {"context 2", Vector::Unit(4, 3)}};
  }

  /// Constant levels of both streams, in each context.
  std::vector<InputManifold> input_manifolds() const override {
    std::vector<InputManifold> all;
    for (Index context = 0; context < 2; ++context) {
      all.push_back(linear_manifold({{"stream 1", -probe_, probe_}, {"stream 2", -probe_, probe_}},
                                    Vector::Unit(4, 2 + context), Matrix::Identity(4, 2), steps_));
      all.back().name = fmt::format("context {}", context + 1);
      all.back().decision = {context, [context](In<Vector> kappa) { return kappa(context); }};
    }
    return all;
  }

 protected:
  std::vector<Streams> draw(RandomStream& stream, Index batch) const override {
    std::vector<Streams> all(static_cast<std::size_t>(batch));
    for (Streams& streams : all) {
      streams.context = static_cast<Index>(stream.below(2));
      for (double& bias : streams.bias) bias = 2 * bias_ * (stream.normal() - 0.5);
      streams.noise.resize(2, steps_);
      stream.fill_normal(
          std::span<float>(streams.noise.data(), static_cast<std::size_t>(streams.noise.size())));
    }
    return all;
  }

  Index write(const Streams& streams, TrialWriter& trial) const override {
    double sum = 0;
    for (Index t = 0; t < steps_; ++t) {
      for (Index i = 0; i < 2; ++i) {
        double x = streams.bias[i];
        if (streams.noise.size() > 0) x += noise_ * static_cast<double>(streams.noise(i, t));
        trial.add_input(i, t, x);
        if (i == streams.context) sum += x;
      }
      trial.target(0, t) = sum;
    }
    trial.add_input(2 + streams.context, 0, steps_, 1);
    trial.set_weight(0, steps_, 1);
    trial.set_scored(0, steps_);
    return steps_;
  }

  /// The probes: constant levels of the attended stream, none of the other, without noise.
  Named named() const override {
    Named all;
    for (Index context = 0; context < 2; ++context) {
      for (Index i = 0; i < probes_; ++i) {
        const double level =
            probe_ * (2 * static_cast<double>(i) / static_cast<double>(probes_ - 1) - 1);
        Streams streams;
        streams.context = context;
        streams.bias[context] = level;
        all.emplace_back(fmt::format("context {}: {:.3g}", context + 1, level), streams);
      }
    }
    return all;
  }

 private:
  Index steps_;
  double noise_, bias_, probe_;
  Index probes_;
};

}  // namespace

TaskKind context_integration() {
  return {
      "context_integration",
      "integrate the one of two noise streams that the context names",
      {{"duration", 1.0, "s, of a trial", 1e-3, 1e6},
       {"noise", 0.025, "sqrt(s), sigma: the streams have standard deviation sigma / sqrt(dt)", 0,
        1e6},
       {"bias", 0.01, "b, of the random mean of a stream", 0, 1e6},
       {"probe", 0.02, "largest level of the conditions' constant streams (our choice)", 1e-9, 1e6},
       {"probes", std::int64_t{9}, "levels from -probe to probe (our choice)", 2, 1000}},
      [](const Settings& settings, double dt) {
        return std::make_unique<ContextIntegration>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
