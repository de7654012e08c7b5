// SPDX-License-Identifier: Apache-2.0
// Integration of white noise: u(t) = m + (sigma / sqrt(dt)) n(t) with n ~ N(0, 1) and a mean m of
// the trial, N(0, drift^2); the output is the integral, y(t) = dt sum_{s <= t} u(s), whose standard
// deviation at time t is sqrt(sigma^2 t + drift^2 t^2), whatever dt. All numbers are our choice.
#include <fmt/format.h>

#include <cmath>
#include <span>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Walk {
  double mean = 0;
  VectorX<float> noise;  // (T), or empty
};

class NoiseIntegration final : public TrialTask<Walk> {
 public:
  NoiseIntegration(const Settings& settings, double dt)
      : dt_(dt),
        steps_(steps_in(settings.number("duration"), dt)),
        noise_(settings.number("noise") / std::sqrt(dt)),
        drift_(settings.number("drift")) {
    if (steps_ < 1) throw Error("", "duration", "less than a step", "at least dt");
    if (noise_ == 0 && drift_ == 0) throw Error("", "noise", "0", "noise or drift above 0");
  }

  std::vector<Channel> inputs() const override {
    return {{"noise", "white, about a mean of the trial, per second"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"integral", "of the input over time, from the start"}};
  }
  Index steps() const override { return steps_; }

  /// None: the noise is what is to be integrated.
  Vector input_noise() const override { return Vector::Zero(1); }

  std::vector<SteadyInput> steady_inputs() const override {
    return {{"no input", Vector::Zero(1)}};
  }

  /// Constant inputs.
  std::vector<InputManifold> input_manifolds() const override {
    return {linear_manifold({{"input, 1/s", -probe(), probe()}}, Vector::Zero(1),
                            Matrix::Ones(1, 1), steps_)};
  }

 protected:
  std::vector<Walk> draw(RandomStream& stream, Index batch) const override {
    std::vector<Walk> all(static_cast<std::size_t>(batch));
    for (Walk& walk : all) {
      walk.mean = drift_ * stream.normal();
      walk.noise.resize(steps_);
      stream.fill_normal(
          std::span<float>(walk.noise.data(), static_cast<std::size_t>(walk.noise.size())));
    }
    return all;
  }

  Index write(const Walk& walk, TrialWriter& trial) const override {
    double integral = 0;
    for (Index t = 0; t < steps_; ++t) {
      double u = walk.mean;
      if (walk.noise.size() > 0) u += noise_ * static_cast<double>(walk.noise(t));
      trial.add_input(0, t, u);
      trial.target(0, t) = integral += u * dt_;
    }
    trial.set_weight(0, steps_, 1);
    trial.set_scored(0, steps_);
    return steps_;
  }

  /// Constant inputs whose integral ends at up to two standard deviations of the training's.
  Named named() const override {
    Named all;
    for (const double fraction : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
      all.emplace_back(fmt::format("{:.3g} / s", fraction * probe()), Walk{fraction * probe(), {}});
    }
    return all;
  }

 private:
  double probe() const {
    const double T = static_cast<double>(steps_) * dt_;
    return 2 * std::sqrt(noise_ * noise_ * dt_ / T + drift_ * drift_);
  }

  double dt_;
  Index steps_;
  double noise_, drift_;
};

}  // namespace

TaskKind noise_integration() {
  return {
      "noise_integration",
      "integrate white noise",
      {{"duration", 1.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"noise", 0.3,
        "1/sqrt(s), sigma: the input has standard deviation sigma / sqrt(dt) (our choice)", 0, 1e6},
       {"drift", 0.5, "1/s, standard deviation of the mean of a trial (our choice)", 0, 1e6}},
      [](const Settings& settings, double dt) {
        return std::make_unique<NoiseIntegration>(settings, dt);
      }};
}

}  // namespace nullcline::tasks::kinds
