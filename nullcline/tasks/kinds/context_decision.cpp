// SPDX-License-Identifier: Apache-2.0
// Contextual evidence integration of the 2025 warping paper (section 4.3 of our notes): evidence
// e_1, e_2, constant over 10 s, and a one-hot context that names the relevant one; at the last
// step, and only there, the output is the sign of the relevant evidence, with sign(0) = 0. The
// evidence is on a grid of 11 x 11 levels from -0.2 to 0.2, and has Brownian noise: u dt = e dt +
// sigma dW with sigma = 0.5 sqrt(s), which is white noise of sd sigma / sqrt(dt) a step. The
// context has none.
//
// A batch goes through the 2 x 11 x 11 grid in random order; 726 trials are the paper's batch.
#include <fmt/format.h>

#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/tasks/manifolds.hpp"
#include "nullcline/tasks/measures.hpp"
#include "nullcline/tasks/time.hpp"
#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks::kinds {
namespace {

struct Evidence {
  Index context;  // 0 or 1
  double levels[2];
};

class ContextDecision final : public TrialTask<Evidence> {
 public:
  ContextDecision(const Settings& settings, double dt)
      : steps_(steps_in(settings.number("duration"), dt)),
        levels_(settings.integer("levels")),
        largest_(settings.number("largest")),
        diffusion_(settings.number("input_noise")),
        dt_(dt) {
    if (steps_ < 1) throw Error("", "duration", "less than a step", "at least dt");
  }

  std::vector<Channel> inputs() const override {
    return {{"evidence 1", "constant, with noise; relevant in context 1"},
            {"evidence 2", "constant, with noise; relevant in context 2"},
            {"context 1", "1 in context 1, else 0"},
            {"context 2", "1 in context 2, else 0"}};
  }
  std::vector<Channel> outputs() const override {
    return {{"choice", "sign of the relevant evidence, asked for at the last step only"}};
  }
  Index steps() const override { return steps_; }
  Vector input_noise() const override {
    const double sd = diffusion_ / std::sqrt(dt_);
    return Vector{{sd, sd, 0, 0}};
  }

  std::vector<SteadyInput> steady_inputs() const override {
    std::vector<SteadyInput> all;
    for (Index context = 0; context < 2; ++context) {
      for (const int sign : {0, 1, -1}) {
        Vector input = Vector::Unit(4, 2 + context);
        input(context) = sign * largest_;
        all.push_back({fmt::format("context {}: {:.3g}", context + 1, input(context)), input});
      }
    }
    return all;
  }

  std::vector<InputManifold> input_manifolds() const override {
    std::vector<InputManifold> all;
    for (Index context = 0; context < 2; ++context) {
      all.push_back(linear_manifold(
          {{"evidence 1", -largest_, largest_}, {"evidence 2", -largest_, largest_}},
          Vector::Unit(4, 2 + context), Matrix::Identity(4, 2), steps_));
      all.back().name = fmt::format("context {}", context + 1);
      all.back().decision = {context, [context](In<Vector> kappa) { return kappa(context); }};
    }
    return all;
  }

  Performance performance() const override {
    return {
        "accuracy",
        fmt::format("fraction of trials of relevant evidence other than 0 whose last output has "
                    "its sign; with this noise an ideal integrator reaches {:.3f} over the "
                    "grid, and the criterion is chance plus 0.8 of the way to it (our choice)",
                    ideal()),
        0.5 + 0.8 * (ideal() - 0.5), true};
  }
  double score(const Trials& trials, In<Matrix> outputs) const override {
    return trial_accuracy(trials, outputs, 0);
  }

 protected:
  std::vector<Evidence> draw(RandomStream& stream, Index batch) const override {
    std::vector<Evidence> all;
    for (const Index k : shuffled(2 * levels_ * levels_, batch, stream)) {
      all.push_back({k % 2, {level(k / 2 % levels_), level(k / 2 / levels_)}});
    }
    return all;
  }

  Index write(const Evidence& evidence, TrialWriter& trial) const override {
    for (Index i = 0; i < 2; ++i) trial.add_input(i, 0, steps_, evidence.levels[i]);
    trial.add_input(2 + evidence.context, 0, steps_, 1);
    const double relevant = evidence.levels[evidence.context];
    trial.set_target(0, 0, steps_, relevant > 0 ? 1 : relevant < 0 ? -1 : 0);
    trial.set_weight(steps_ - 1, steps_, 1);
    trial.set_scored(steps_ - 1, steps_);
    return steps_;
  }

  Named named() const override {
    Named all;
    for (Index context = 0; context < 2; ++context) {
      for (const double e1 : {largest_, -largest_}) {
        for (const double e2 : {largest_, -largest_}) {
          all.emplace_back(fmt::format("context {}: {:.3g}, {:.3g}", context + 1, e1, e2),
                           Evidence{context, {e1, e2}});
        }
      }
    }
    return all;
  }

 private:
  /// Level i of the grid; the middle one is exactly 0.
  double level(Index i) const {
    const Index twice = 2 * i - (levels_ - 1);
    return largest_ * static_cast<double>(twice) / static_cast<double>(levels_ - 1);
  }

  /// Accuracy of the sign of the integral of the noisy evidence: the mean over the levels e > 0 of
  /// Phi(e sqrt(T) / sigma).
  double ideal() const {
    if (diffusion_ == 0) return 1;
    double sum = 0, count = 0;
    for (Index i = 0; i < levels_; ++i) {
      if (level(i) <= 0) continue;
      const double z = level(i) * std::sqrt(static_cast<double>(steps_) * dt_) / diffusion_;
      sum += std::erfc(-z / std::sqrt(2.0)) / 2;
      count += 1;
    }
    return sum / count;
  }

  Index steps_, levels_;
  double largest_, diffusion_, dt_;
};

}  // namespace

TaskKind context_decision() {
  return {"context_decision",
          "tell at the end the sign of the one of two noisy evidences that the context names",
          {{"duration", 10.0, "s, of a trial (2025: 10, with tau = 1)", 1e-3, 1e6},
           {"levels", std::int64_t{11}, "of each evidence, from -largest to largest (2025: 11)", 2,
            1000},
           {"largest", 0.2, "largest evidence (2025: 0.2)", 1e-9, 1e6},
           {"input_noise", 0.5,
            "sqrt(s), sigma of the Brownian noise of both evidences (2025: 0.5)", 0, 1e6}},
          [](const Settings& settings, double dt) {
            return std::make_unique<ContextDecision>(settings, dt);
          }};
}

}  // namespace nullcline::tasks::kinds
