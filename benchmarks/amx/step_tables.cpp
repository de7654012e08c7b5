// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>

#include "nullcline/training/settings.hpp"
#include "nullcline/training/trainer.hpp"
#include "quiet_cpu.hpp"
#include "rate.hpp"
#include "step.hpp"
#include "tables.hpp"
#include "timing.hpp"

namespace nullcline::amx {
namespace {

struct Contender {
  std::string name;
  KernelMaker kernel;
};

std::vector<Contender> contenders(const Kernels& kernels) {
  std::vector<Contender> all = {{"float, the engine's kernel", cells::fused::rate<float>}};
  for (const int products : {6, 3}) {
    all.push_back({fmt::format("{}, {} products", kernels.name, products),
                   [&kernels, products](const cells::fused::RateOptions& options) {
                     return rate(options, kernels, products);
                   }});
  }
  return all;
}

/// Errors of gradients on several batches, over the norm and the rms of the exact one. A unit that
/// stands within an error of the kink of ReLU may fall on the other side, which no precision
/// forgives: hence the median over batches beside the worst.
void print_gradients(const Case& it, const std::vector<Contender>& all) {
  constexpr Index batches = 5;
  std::vector<Matrix> exact_gradients;
  for (const Contender& contender : all) {
    Step step(it, 1, contender.kernel);
    std::vector<double> rms, largest;
    for (Index k = 0; k < batches; ++k) {
      const Matrix gradient = step.gradient(k).cast<double>();
      if (k == std::ssize(exact_gradients)) exact_gradients.push_back(reference_gradient(step, k));
      const Matrix& exact = exact_gradients[static_cast<std::size_t>(k)];
      const Matrix difference = gradient - exact;
      const double scale = exact.norm() / std::sqrt(static_cast<double>(exact.size()));
      rms.push_back(difference.norm() / exact.norm());
      largest.push_back(difference.cwiseAbs().maxCoeff() / scale);
    }
    fmt::print(
        "  gradient, {:28} error: rms {:.2e} (worst of {} batches {:.2e}), largest entry "
        "{:.2e} (worst {:.2e})\n",
        contender.name, median(rms), batches, *std::max_element(rms.begin(), rms.end()),
        median(largest), *std::max_element(largest.begin(), largest.end()));
  }
}

void print_times(const Case& it, const std::vector<Contender>& all, const Effort& effort) {
  const Levels task(it.steps);
  training::Trainer<float> trainer(start_of(it, 1), task, settings_of(it), 1, 1);
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::function<void()>> bodies;
  for (const Contender& contender : all) {
    steps.push_back(std::make_unique<Step>(it, 1, contender.kernel));
    bodies.push_back([step = steps.back().get()] { step->step(); });
  }
  // The same steps as the trainer's: the tenth loss.
  for (int k = 0; k < 10; ++k) trainer.step();
  fmt::print("  loss of step 10: trainer {}", trainer.losses().back());
  for (std::size_t i = 0; i < all.size(); ++i) {
    double loss = 0;
    for (int k = 0; k < 10; ++k) loss = steps[i]->step();
    fmt::print(", {} {}", all[i].name, loss);
  }
  fmt::print("\n");
  const auto rounds = all_seconds_in_turns(bodies, effort.rounds, effort.turn);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    std::vector<double> own, ratio;
    for (const auto& round : rounds) {
      own.push_back(1e3 * round[i]);
      ratio.push_back(round[0] / round[i]);
    }
    fmt::print(
        "  step, {:28} {:7.3f} ms, quartiles {:.3f} .. {:.3f}, least {:.3f}; times float {:.3f}, "
        "quartiles {:.3f} .. {:.3f}, range {:.3f} .. {:.3f}, {} rounds\n",
        all[i].name, median(own), quantile(own, 0.25), quantile(own, 0.75), quantile(own, 0),
        median(ratio), quantile(ratio, 0.25), quantile(ratio, 0.75), quantile(ratio, 0),
        quantile(ratio, 1), ratio.size());
  }
}

}  // namespace

void print_steps(const Kernels& kernels, const Effort& effort) {
  const Effort brief = {9, effort.turn < 1e-3 ? effort.turn : 1e-3};
  for (const Case& it : {Case{64, 32, 100}, Case{128, 64, 100}, Case{256, 64, 100}}) {
    fmt::print("\nWhole training step, leaky rate network with ReLU, N = {}, B = {}, T = {}\n",
               it.units, it.batch, it.steps);
    move_to_quiet_cpu(kernels);
    print_peaks(kernels, brief);
    const auto all = contenders(kernels);
    print_gradients(it, all);
    print_times(it, all, effort);
  }
}

}  // namespace nullcline::amx
