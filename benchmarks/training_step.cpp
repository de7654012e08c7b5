// SPDX-License-Identifier: Apache-2.0
// One side of training_step.py: milliseconds of a whole training step (fresh trials and noise,
// forward, backward, Adam) of the leaky ReLU network of the 2021 note on one thread in float, and
// the rate of the recurrent products beside the rate of the same product alone.
//
//     benchmark_training_step UNITS BATCH STEPS REPEATS
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <vector>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/training/trainer.hpp"

namespace {

using namespace nullcline;

double median_seconds(int repeats, const std::function<void()>& body) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    const auto start = Clock::now();
    body();
    times.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
  return times[static_cast<std::size_t>(repeats / 2)];
}

/// GFLOP/s of W X with W packed, (n, n) times (n, batch).
double product_rate(Index n, Index batch, int repeats) {
  const MatrixX<float> W = MatrixX<float>::Constant(n, n, 0.5f);
  const MatrixX<float> X = MatrixX<float>::Constant(n, batch, 0.25f);
  MatrixX<float> Y(n, batch);
  PackedMatrix<float> packed;
  packed.pack(W);
  constexpr int calls = 200;
  const double seconds = median_seconds(repeats, [&] {
    for (int i = 0; i < calls; ++i) {
      multiply_packed(packed, X.data(), 1, n, batch, Y.data(), n, false);
    }
  });
  return 2e-9 * static_cast<double>(n * n * batch) * calls / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: {} UNITS BATCH STEPS REPEATS\n", argv[0]);
    return 2;
  }
  const Index n = std::atol(argv[1]), batch = std::atol(argv[2]), steps = std::atol(argv[3]);
  const int repeats = std::atoi(argv[4]);
  const auto& cell = cells::cell_kind("leaky_rate");
  const auto& kind = tasks::task_kind("perception");
  const auto task =
      kind.make(Settings(kind.schema, {{"duration", 0.01 * static_cast<double>(steps)}}), 0.01);
  RandomStream stream({1, 1, Purpose::initial_weights, 0});
  const auto network = cells::make_network(
      cell.name, Settings(cell.schema, {{"units", std::int64_t{n}}}), 1, 1, stream);
  training::Trainer<float> trainer(
      network, *task,
      Settings(training::training_schema(),
               {{"steps", std::int64_t{1'000'000}}, {"batch", std::int64_t{batch}}}),
      1, 1);
  for (int i = 0; i < 3; ++i) trainer.step();  // caches, page faults, clock
  const double seconds = median_seconds(repeats, [&] { trainer.step(); });
  const double rate = 6e-9 * static_cast<double>(n * n * batch * steps) / seconds;
  const double limit = product_rate(n, batch, repeats);
  fmt::print("{:.4f} {:.2f} {:.2f}\n", 1e3 * seconds, rate, limit);
  return 0;
}
