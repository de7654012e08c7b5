// SPDX-License-Identifier: Apache-2.0
// The frequency-cued sine wave of "Universality and individuality in neural dynamics"
// [Maheswaranathan et al. 2019, section 2.3]: a static input names one of 51 frequencies, the
// output is the sine,
//
//     u = j / cues + 0.25,   y(t) = sin(2 pi f_j t),   f_j evenly spaced,   j = 1 .. cues.
//
// 51 cues and their levels are those of Sussillo & Barak (2013); 1 to 30 Hz those of Huang et al.
// (2025), who name the 2019 paper as their source. The paper gives neither step nor length.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "nullcline/tasks/sines.hpp"
#include "nullcline/tasks/time.hpp"

namespace nullcline::tasks::kinds {
namespace {

class CuedSine final : public TrialTask<Index> {
 public:
  CuedSine(const Settings& settings, double dt)
      : cues_(settings.integer("cues")),
        offset_(settings.number("offset")),
        lowest_(settings.number("lowest")),
        highest_(settings.number("highest")),
        input_noise_(settings.number("input_noise")) {
    check_frequencies(lowest_, highest_, dt);
    const Index steps = steps_in(settings.number("duration"), dt);
    check_settling(0, steps);
    sines_.resize(steps, cues_);
    for (Index j = 0; j < cues_; ++j) {
      for (Index t = 0; t < steps; ++t) {
        sines_(t, j) = std::sin(2 * std::numbers::pi * frequency(j) * static_cast<double>(t) * dt);
      }
    }
  }

  std::vector<Channel> inputs() const override {
    return {{"cue", "constant level that names the frequency"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"sine", "of the frequency named, its phase 0 at the start"}};
  }
  Index steps() const override { return sines_.rows(); }
  Vector input_noise() const override { return Vector::Constant(1, input_noise_); }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all;
    for (Index j = 0; j < cues_; ++j) all.push_back({name(j), Vector::Constant(1, level(j))});
    return all;
  }

  std::vector<InputManifold> input_manifolds() const override {
    return {linear_manifold({{"cue", level(0), level(cues_ - 1)}}, Vector::Zero(1),
                            Matrix::Ones(1, 1), steps())};
  }

 protected:
  std::vector<Index> draw(RandomStream& stream, Index batch) const override {
    return shuffled(cues_, batch, stream);
  }

  Index write(const Index& cue, TrialWriter& trial) const override {
    trial.add_input(0, 0, steps(), level(cue));
    for (Index t = 0; t < steps(); ++t) trial.target(0, t) = sines_(t, cue);
    trial.set_weight(0, steps(), 1);
    trial.set_scored(0, steps());
    return steps();
  }

  Named named() const override {
    Named all;
    for (Index j = 0; j < cues_; ++j) all.emplace_back(name(j), j);
    return all;
  }

 private:
  double level(Index j) const {
    return static_cast<double>(j + 1) / static_cast<double>(cues_) + offset_;
  }
  double frequency(Index j) const {
    return lowest_ + (highest_ - lowest_) * static_cast<double>(j) / static_cast<double>(cues_ - 1);
  }
  std::string name(Index j) const { return fmt::format("cue {}: {:.3g} Hz", j + 1, frequency(j)); }

  Index cues_;
  double offset_, lowest_, highest_, input_noise_;
  Matrix sines_;  // (T, cues)
};

}  // namespace

TaskKind cued_sine() {
  return {
      "cued_sine",
      "emit a sine of one of many frequencies, named by a constant input",
      {{"cues", std::int64_t{51}, "frequencies (2019: 51)", 2, 10'000},
       {"offset", 0.25, "of the cue's level j / cues + offset (2013: 0.25)", -1e6, 1e6},
       {"lowest", 1.0, "Hz, of the first cue", 0, 1e6},
       {"highest", 30.0, "Hz, of the last cue; at most half of 1 / dt", 1e-6, 1e6},
       {"duration", 1.0, "s, of a trial (our choice)", 1e-3, 1e6},
       {"input_noise", 0.0, "standard deviation of the white noise of the cue (our choice)", 0,
        1e6}},
      [](const Settings& settings, double dt) { return std::make_unique<CuedSine>(settings, dt); }};
}

}  // namespace nullcline::tasks::kinds
