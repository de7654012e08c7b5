// SPDX-License-Identifier: Apache-2.0
#include "quiet_cpu.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "nullcline/core/aligned.hpp"
#include "nullcline/core/random.hpp"
#include "timing.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace nullcline::amx {
namespace {

/// A product with memory of its own.
class Sample {
 public:
  Sample(const Kernels& kernels, Index rows, Index inner, Index columns, int products)
      : kernels_(kernels),
        left_(numbers(factor_size(rows, inner, products))),
        right_(numbers(factor_size(columns, inner, products))),
        C_(numbers(rows * columns)) {
    RandomStream stream({7, 1, Purpose::analysis_starts, 0});
    AlignedVector<float> X(numbers(std::max(rows, columns) * inner));
    stream.fill_normal({X.data(), X.size()});
    kernels.split_rows(X.data(), inner, rows, inner, products, left_.data());
    kernels.split_columns(X.data(), columns, inner, columns, products, right_.data());
    product_ = {left_.data(), right_.data(), rows,  inner,   columns,
                C_.data(),    columns,       false, products};
  }
  void run() { kernels_.multiply(product_); }

 private:
  static std::size_t numbers(Index count) { return static_cast<std::size_t>(count); }

  const Kernels& kernels_;
  AlignedVector<std::uint16_t> left_, right_;
  AlignedVector<float> C_;
  Product product_{};
};

}  // namespace

void move_to_quiet_cpu(const Kernels& kernels) {
#ifdef __linux__
  static const cpu_set_t allowed = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    return set;
  }();
  Sample sample(kernels, 64, 128, 128, 6);
  double least = 0;
  int best = -1;
  fmt::print("us of a product (64, 128) (128, 128), 6 products, by CPU:");
  for (int cpu = 0; cpu < 64; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) continue;
    const double time = seconds_in_turns({[&] { sample.run(); }}, 7, 1e-3)[0];
    fmt::print(" {:.1f}", 1e6 * time);
    if (best < 0 || time < least) best = cpu, least = time;
  }
  if (best < 0) {
    fmt::print(" none could be chosen\n");
    return;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(best, &one);
  sched_setaffinity(0, sizeof one, &one);
  fmt::print("; on CPU {}\n", best);
#else
  (void)kernels;
#endif
}

}  // namespace nullcline::amx
