// SPDX-License-Identifier: Apache-2.0
// What one thread of this machine can do in float: the rate of a small matrix product by the
// libraries at hand, the peak of fused multiply-adds in registers, and the rate of memory.
//
//     benchmark_rate ROWS INNER COLUMNS
//
// It writes "ready LIBRARIES" and answers lines on its input, rates in Gflop/s and GB/s:
//
//     product   C = A B, A (ROWS, INNER), B (INNER, COLUMNS): a rate for each library
//     peak      float vector multiply-adds and nothing else: the best and the median rate
//     memory    a = b + s c on arrays that fit L1, L2, and no cache: three rates
//     bfloat16  what a CPU has (avx512_bf16, amx); the register peak of vdpbf16ps, 0 without it;
//     and
//               the error of products of operands split into 1, 2, 3 bfloat16, beside float's
#include <cblas.h>
#include <cpuid.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <immintrin.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#ifdef HAVE_LIBXSMM
#include <libxsmm.h>
#endif

namespace {

using Clock = std::chrono::steady_clock;
using Matrix = Eigen::MatrixXf;

double seconds(const std::function<void()>& body) {
  const auto start = Clock::now();
  body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Rates {
  double median, best;
};

/// Rates of 15 runs of 5 ms or more, each as long as a step of training; a call of `body` does
/// `work`.
Rates rates(double work, const std::function<void()>& body) {
  int calls = 1;
  const auto run = [&] {
    return seconds([&] {
      for (int i = 0; i < calls; ++i) body();
    });
  };
  while (run() < 5e-3) calls *= 2;
  std::array<double, 15> times;
  std::ranges::generate(times, run);
  std::ranges::sort(times);
  const double all = 1e-9 * work * calls;
  return {all / times[times.size() / 2], all / times[0]};
}

/// Lets the compiler believe that `p` is read.
void used(const void* p) { asm volatile("" : : "g"(p) : "memory"); }

// The small product.

using Product = std::pair<std::string, std::function<void(const Matrix&, const Matrix&, Matrix&)>>;

void by_openblas(const Matrix& A, const Matrix& B, Matrix& C) {
  const auto m = static_cast<int>(C.rows()), n = static_cast<int>(C.cols()),
             k = static_cast<int>(A.cols());
  cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, A.data(), m, B.data(), k, 0,
              C.data(), m);
}

#ifdef HAVE_LIBXSMM
/// libxsmm's kernel for `m` rows of A at a time; those rows lie together, as a user who cares packs
/// them.
Product by_libxsmm(Eigen::Index rows, Eigen::Index inner, Eigen::Index columns, Eigen::Index m) {
  const auto at = [](Eigen::Index value) { return static_cast<libxsmm_blasint>(value); };
  const libxsmm_blasint lda = at(m), ldb = at(inner), ldc = at(rows);
  const float one = 1, zero = 0;
  const auto kernel = libxsmm_smmdispatch(at(m), at(columns), at(inner), &lda, &ldb, &ldc, &one,
                                          &zero, nullptr, nullptr);
  const std::string name = m == rows ? "libxsmm" : fmt::format("libxsmm/{}", m);
  if (kernel == nullptr) return {name, {}};
  return {name, [kernel, m](const Matrix& A, const Matrix& B, Matrix& C) {
            for (Eigen::Index i = 0; i < C.rows(); i += m) {
              kernel(A.data() + i * A.cols(), B.data(), C.data() + i);
            }
          }};
}
#endif

std::vector<Product> products([[maybe_unused]] Eigen::Index rows,
                              [[maybe_unused]] Eigen::Index inner,
                              [[maybe_unused]] Eigen::Index columns) {
  std::vector<Product> all = {
      {"openblas", by_openblas},
      {"eigen", [](const Matrix& A, const Matrix& B, Matrix& C) { C.noalias() = A * B; }}};
#ifdef HAVE_LIBXSMM
  libxsmm_init();
  all.push_back(by_libxsmm(rows, inner, columns, rows));
  if (rows > 64 && rows % 64 == 0) all.push_back(by_libxsmm(rows, inner, columns, 64));
#endif
  std::erase_if(all, [](const Product& product) { return !product.second; });
  return all;
}

// The limits of the core.

#if defined(__AVX512F__)
using Register = __m512;
Register multiply_add(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
#elif defined(__FMA__)
using Register = __m256;
Register multiply_add(Register a, Register b, Register c) { return _mm256_fmadd_ps(a, b, c); }
#else
using Register = __m128;
Register multiply_add(Register a, Register b, Register c) {
  return _mm_add_ps(_mm_mul_ps(a, b), c);
}
#endif

constexpr int rounds = 4096;

Rates peak() {
  constexpr int chains = 12;  // more than latency times units, fewer than registers
  constexpr int lanes_of_one = sizeof(Register) / sizeof(float);
  const auto body = [] {
    Register sums[chains] = {}, a = {}, b = {};
    for (Register& sum : sums) asm volatile("" : "+x"(sum));  // or all chains become one
    for (int i = 0; i < rounds; ++i) {
#pragma GCC unroll 12  // into registers
      for (Register& sum : sums) sum = multiply_add(a, b, sum);
      asm volatile("" : "+x"(a));  // not the same product again
    }
    Register total = {};
    for (const Register& sum : sums) total += sum;
    used(&total);
  };
  return rates(2.0 * lanes_of_one * chains * rounds, body);
}

double triad(std::size_t bytes) {
  const std::size_t n = bytes / (3 * sizeof(float));
  std::vector<float> a(n), b(n, 1.0f), c(n, 2.0f);
  return rates(static_cast<double>(bytes),
               [&] {
                 for (std::size_t i = 0; i < n; ++i) a[i] = b[i] + 0.5f * c[i];
                 used(a.data());
               })
      .best;
}

// bfloat16. Sixteen dot products of length K side by side, pairs of terms together: what vdpbf16ps
// takes.

bool cpu_has(unsigned leaf, unsigned subleaf, int which, int bit) {
  unsigned words[4] = {};
  if (!__get_cpuid_count(leaf, subleaf, &words[0], &words[1], &words[2], &words[3])) return false;
  return (words[which] >> bit) & 1;
}

constexpr int K = 128, lanes = 16, bfloat16_chains = 24;
using Floats = std::array<std::array<float, lanes>, K>;
using Halves = std::array<std::uint16_t, K * lanes>;  // pair k / 2, lane, k % 2

std::uint16_t to_bfloat16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
float to_float(std::uint16_t x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x) << 16);
}

/// x = the sum of three bfloat16, each what the ones before it leave.
std::array<Halves, 3> split(const Floats& x) {
  std::array<Halves, 3> parts;
  for (std::size_t k = 0; k < K; ++k) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      float rest = x[k][lane];
      for (Halves& part : parts) {
        const std::uint16_t high = to_bfloat16(rest);
        part[(k / 2 * lanes + lane) * 2 + k % 2] = high;
        rest -= to_float(high);
      }
    }
  }
  return parts;
}

using Sums = std::array<float, lanes>;

__attribute__((target("avx512f,avx512bf16"))) void add_dots_vector(const Halves& a, const Halves& b,
                                                                   Sums& sums) {
  __m512 sum = _mm512_loadu_ps(sums.data());
  for (std::size_t i = 0; i < a.size(); i += 2 * lanes) {
    sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_loadu_si512(&a[i]),
                           (__m512bh)_mm512_loadu_si512(&b[i]));
  }
  _mm512_storeu_ps(sums.data(), sum);
}

void add_dots_scalar(const Halves& a, const Halves& b, Sums& sums) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    float& sum = sums[i / 2 % lanes];
    sum = std::fma(to_float(a[i]), to_float(b[i]), sum);
  }
}

__attribute__((target("avx512f,avx512bf16"))) void dots_in_registers(Sums& result) {
  constexpr int chains = bfloat16_chains;
  __m512 sums[chains] = {};
  for (__m512& sum : sums) asm volatile("" : "+v"(sum));  // or all chains become one
  __m512i a = _mm512_set1_epi32(0x3f803f80);
  for (int i = 0; i < rounds; ++i) {
#pragma GCC unroll 24  // into registers
    for (__m512& sum : sums) sum = _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)a);
    asm volatile("" : "+v"(a));
  }
  __m512 total = sums[0];
  for (const __m512& sum : sums) total = _mm512_add_ps(total, sum);
  _mm512_storeu_ps(result.data(), total);
}

/// Largest error of a dot product of standard normals over the root mean square of all: by 1, 3, 6
/// products of split operands, small terms first, and by one float after the other.
std::array<double, 4> split_errors(bool vector) {
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  std::array<double, 4> largest = {};
  double squares = 0;
  constexpr int batches = 64;
  for (int batch = 0; batch < batches; ++batch) {
    Floats x, y;
    for (auto* values : {&x, &y}) {
      for (auto& of_k : *values) std::ranges::generate(of_k, [&] { return normal(generator); });
    }
    const auto a = split(x), b = split(y);
    const auto add = vector ? add_dots_vector : add_dots_scalar;
    const auto dots = [&](const std::vector<std::pair<int, int>>& terms) {
      Sums sums = {};
      for (const auto& [i, j] : terms) {
        add(a[static_cast<std::size_t>(i)], b[static_cast<std::size_t>(j)], sums);
      }
      return sums;
    };
    std::array<Sums, 4> found = {dots({{0, 0}}), dots({{0, 1}, {1, 0}, {0, 0}}),
                                 dots({{0, 2}, {1, 1}, {2, 0}, {0, 1}, {1, 0}, {0, 0}}), Sums{}};
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      double exact = 0;
      for (std::size_t k = 0; k < K; ++k) {
        exact += static_cast<double>(x[k][lane]) * static_cast<double>(y[k][lane]);
        found[3][lane] = std::fma(x[k][lane], y[k][lane], found[3][lane]);
      }
      squares += exact * exact;
      for (std::size_t i = 0; i < 4; ++i) {
        largest[i] = std::max(largest[i], std::abs(found[i][lane] - exact));
      }
    }
  }
  for (double& error : largest) error /= std::sqrt(squares / (batches * lanes));
  return largest;
}

std::string bfloat16_report() {
  const bool avx512 = cpu_has(7, 1, 0, 5), amx = cpu_has(7, 0, 3, 24) && cpu_has(7, 0, 3, 22);
  double dots_peak = 0;
  if (avx512) {
    Sums result;
    dots_peak = rates(4.0 * lanes * bfloat16_chains * rounds, [&] {
                  dots_in_registers(result);
                  used(result.data());
                }).best;
  }
  return fmt::format("{:d} {:d} {:.2f} {:.3e}", avx512, amx, dots_peak,
                     fmt::join(split_errors(avx512), " "));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: {} ROWS INNER COLUMNS\n", argv[0]);
    return 2;
  }
  const Eigen::Index rows = std::atol(argv[1]), inner = std::atol(argv[2]),
                     columns = std::atol(argv[3]);
  const auto all = products(rows, inner, columns);
  std::vector<std::string> names;
  for (const auto& [name, multiply] : all) names.push_back(name);
  fmt::print("ready {}\n", fmt::join(names, " "));
  std::fflush(stdout);

  const Matrix A = Matrix::Random(rows, inner), B = Matrix::Random(inner, columns);
  Matrix C = Matrix::Zero(rows, columns);
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "product") {
      std::vector<double> found;
      for (const auto& product : all) {
        found.push_back(rates(2.0 * static_cast<double>(rows * inner * columns), [&] {
                          product.second(A, B, C);
                          used(C.data());
                        }).median);
      }
      fmt::print("{:.3f}\n", fmt::join(found, " "));
    } else if (line == "peak") {
      const auto [median, best] = peak();
      fmt::print("{:.3f} {:.3f}\n", best, median);
    } else if (line == "memory") {
      fmt::print("{:.3f} {:.3f} {:.3f}\n", triad(24 << 10), triad(600 << 10), triad(192 << 20));
    } else if (line == "bfloat16") {
      fmt::print("{}\n", bfloat16_report());
    } else {
      fmt::print(stderr, "{}: product, peak, memory or bfloat16\n", line);
      return 2;
    }
    std::fflush(stdout);
  }
  return 0;
}
