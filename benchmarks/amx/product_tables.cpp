// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "nullcline/cells/fused/factors.hpp"
#include "nullcline/core/aligned.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/random.hpp"
#include "tables.hpp"
#include "timing.hpp"

namespace nullcline::amx {
namespace {

using MatrixF = MatrixX<float>;
using Planes = AlignedVector<std::uint16_t>;
using Bodies = std::vector<std::function<void()>>;
constexpr int all_products[] = {6, 3, 1};

/// Independent for each `which`.
MatrixF normals(std::uint64_t which, Index rows, Index columns) {
  RandomStream stream({7, which, Purpose::analysis_starts, static_cast<std::uint64_t>(rows)});
  MatrixF A(rows, columns);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

Planes planes_for(Index outer, Index inner, int products) {
  return Planes(static_cast<std::size_t>(factor_size(outer, inner, products)));
}

/// Errors against double over the root mean square of the exact entries.
struct Errors {
  double largest, rms;
};
Errors errors_of(const MatrixF& C, const Matrix& exact) {
  const Matrix difference = C.cast<double>() - exact;
  const double scale = exact.norm() / std::sqrt(static_cast<double>(exact.size()));
  return {difference.cwiseAbs().maxCoeff() / scale, difference.norm() / exact.norm()};
}

/// Seconds and errors of float, then, for 6, 3, 1 products, with the splitting and without it.
void print_rows(double flops, const std::vector<double>& seconds, const char* splitting,
                const std::vector<Errors>& errors) {
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    const bool split = i % 2 == 1;
    std::string what = "float", error;
    if (i > 0) {
      what = fmt::format("{} products, {}", all_products[(i - 1) / 2],
                         split ? splitting : "both split before");
    }
    if (i == 0 || split) {
      const Errors& e = errors[(i + 1) / 2];
      error = fmt::format("   error: largest {:.1e}, rms {:.1e}", e.largest, e.rms);
    }
    fmt::print("  {:34} {:9.2f} us {:7.0f} Gflop/s {:6.2f} x float{}\n", what, 1e6 * seconds[i],
               1e-9 * flops / seconds[i], seconds[0] / seconds[i], error);
  }
}

/// C (N', B) = W (N', N) R (N, B): float by the engine's packed kernel, and by tiles, W split
/// before and R split with every product.
void print_forward(const Kernels& kernels, const Effort& effort, Index rows, Index n, Index B) {
  fmt::print("C ({0}, {2}) = W ({0}, {1}) R ({1}, {2})\n", rows, n, B);
  const MatrixF W = normals(0, rows, n) / std::sqrt(static_cast<float>(n)), R = normals(1, n, B);
  const Matrix exact = W.cast<double>() * R.cast<double>();
  PackedMatrix<float> packed;
  packed.pack(W);
  MatrixF C_float(rows, B), C_tiles[3];
  Bodies bodies = {
      [&] { multiply_packed(packed, R.data(), 1, n, B, C_float.data(), rows, false); }};
  Planes left[3], right[3];
  for (int i = 0; i < 3; ++i) {
    const int products = all_products[i];
    left[i] = planes_for(B, n, products);
    right[i] = planes_for(rows, n, products);
    C_tiles[i].resize(rows, B);
    kernels.split_columns(W.data(), rows, n, rows, products, right[i].data());
    const Product product{left[i].data(), right[i].data(), B,       n, rows, C_tiles[i].data(),
                          rows,           false,           products};
    bodies.push_back([&kernels, &R, n, B, products, product, to = left[i].data()] {
      kernels.split_rows(R.data(), n, B, n, products, to);
      kernels.multiply(product);
    });
    bodies.push_back([&kernels, product] { kernels.multiply(product); });
  }
  const auto seconds = seconds_in_turns(bodies, effort.rounds, effort.turn);
  const double flops = 2.0 * static_cast<double>(rows * n * B);
  print_rows(flops, seconds, "R split each time",
             {errors_of(C_float, exact), errors_of(C_tiles[0], exact), errors_of(C_tiles[1], exact),
              errors_of(C_tiles[2], exact)});
}

/// dW (N, N) += D X' over K columns: the engine's outer product and tiles, with the splitting of
/// both factors and without.
void print_outer(const Kernels& kernels, const Effort& effort, Index n, Index K) {
  fmt::print("dW ({0}, {0}) += D ({0}, {1}) X' ({1}, {0})\n", n, K);
  const MatrixF D = normals(0, n, K), X = normals(1, n, K);
  const Matrix exact = D.cast<double>() * X.cast<double>().transpose();
  MatrixF C = MatrixF::Zero(n, n);
  Bodies bodies = {
      [&] { cells::fused::add_outer_product(D.data(), n, n, K, X.data(), n, n, C.data(), n); }};
  Planes left[3], right[3];
  for (int i = 0; i < 3; ++i) {
    const int products = all_products[i];
    left[i] = planes_for(n, K, products);
    right[i] = planes_for(n, K, products);
    const Product product{left[i].data(), right[i].data(), n, K, n, C.data(), n, true, products};
    bodies.push_back([&, products, product, a = left[i].data(), b = right[i].data()] {
      kernels.split_transposed(X.data(), n, n, K, products, a);
      kernels.split_columns(D.data(), n, K, n, products, b);
      kernels.multiply(product);
    });
    bodies.push_back([&kernels, product] { kernels.multiply(product); });
  }
  const auto seconds = seconds_in_turns(bodies, effort.rounds, effort.turn);
  const double flops = 2.0 * static_cast<double>(n * n * K);
  std::vector<Errors> errors;
  for (std::size_t i = 0; i < 4; ++i) {
    C.setZero();
    bodies[i == 0 ? 0 : 2 * i - 1]();
    errors.push_back(errors_of(C, exact));
  }
  print_rows(flops, seconds, "both split each time", errors);
}

}  // namespace

void print_peaks(const Kernels& kernels, const Effort& effort) {
  constexpr Index rounds = 1000;
  const auto seconds = seconds_in_turns(
      {[] { spin_floats(rounds); }, [&] { kernels.spin(rounds); }}, effort.rounds, effort.turn);
  const double floats = rounds * 24 * 2 * 16 / seconds[0];
  const double tiles = rounds * 4.0 * 2 * 16 * 16 * 32 / seconds[1];
  fmt::print(
      "peak of one thread, Gflop/s: float {:.0f}, tiles {:.0f}: {:.1f} x, with 3 products "
      "{:.2f} x, with 6 {:.2f} x\n",
      1e-9 * floats, 1e-9 * tiles, tiles / floats, tiles / floats / 3, tiles / floats / 6);
}

void print_bits(const Kernels& kernels) {
  const Index rows = 64, inner = 96, columns = 160;
  const MatrixF A = normals(0, rows, inner), B = normals(1, columns, inner);
  MatrixF C(columns, rows), C_emulated(columns, rows);  // transposed
  Planes left = planes_for(rows, inner, 6), right = planes_for(columns, inner, 6);
  kernels.split_transposed(A.data(), rows, rows, inner, 6, left.data());
  kernels.split_columns(B.data(), columns, inner, columns, 6, right.data());
  Product product{left.data(),       right.data(), rows,  inner, columns,
                  C_emulated.data(), columns,      false, 6};
  emulated().multiply(product);
  product.C = C.data();
  kernels.multiply(product);
  fmt::print(
      "entries of a product ({}, {}) ({}, {}), 6 products, that differ from the emulation's: {} of "
      "{}; from double {:.1e}\n",
      rows, inner, inner, columns, (C.array() != C_emulated.array()).count(), C.size(),
      (C.cast<double>() - B.cast<double>() * A.cast<double>().transpose()).cwiseAbs().maxCoeff());
}

void print_products(const Kernels& kernels, const Effort& effort) {
  fmt::print(
      "\nProducts of a training step. The way back is a product of the forward shape. Errors "
      "over the rms of the exact entries.\n");
  for (const Index n : {64, 128, 256}) {
    for (const Index B : {32, 64}) print_forward(kernels, effort, n, n, B);
  }
  print_forward(kernels, effort, 3 * 128, 128, 64);  // a GRU's gates
  for (const Index n : {64, 128, 256}) print_outer(kernels, effort, n, 128);
}

/// Every function of a step with tiles, at its size, times the calls that a step makes.
void print_parts(const Kernels& kernels, const Effort& effort) {
  for (const Index n : {Index{128}, Index{256}}) {
    const Index B = 64, T = 100, ld = n + 16, chunk = 2 * B;
    const MatrixF W = normals(0, n, n) / std::sqrt(static_cast<float>(n)),
                  X = normals(1, ld, chunk);
    const MatrixF thin = normals(2, n, 4);
    MatrixF next(ld, B), carry = normals(3, n, B), noise = normals(4, n, B),
                         C = MatrixF::Zero(n, n);
    std::vector<std::uint16_t> slopes(static_cast<std::size_t>(n * B / 16));
    RandomStream stream({1, 1, Purpose::recurrent_noise, 0});
    for (const int products : {6, 3}) {
      Planes a = planes_for(B, n, products), a_next = a, w = planes_for(n, n, products);
      Planes left = planes_for(n, chunk, products), right = left;
      fmt::print("\nParts of a training step, N = {}, B = {}, T = {}, {} products, in L2:\n", n, B,
                 T, products);
      kernels.split_rows(X.data(), ld, B, n, products, a.data());
      kernels.split_columns(W.data(), n, n, n, products, w.data());
      const RateForward forward{a.data(),
                                w.data(),
                                X.data(),
                                next.data(),
                                a_next.data(),
                                thin.data(),
                                noise.data(),
                                slopes.data(),
                                n,
                                ld,
                                B,
                                4,
                                0.1F,
                                0.05F,
                                0,
                                products};
      const RateBackward backward{a.data(),
                                  w.data(),
                                  X.data() + n,
                                  next.data(),
                                  a_next.data(),
                                  thin.data(),
                                  slopes.data(),
                                  carry.data(),
                                  n,
                                  ld,
                                  B,
                                  3,
                                  0.1F,
                                  0,
                                  products};
      const Product outer{left.data(), right.data(), n, chunk, n, C.data(), n, true, products};
      const Product plain{a.data(), w.data(), B, n, n, next.data(), ld, false, products};
      const Bodies bodies = {
          [&] { kernels.multiply(plain); },
          [&] { kernels.forward(forward); },
          [&] { kernels.backward(backward); },
          [&] { kernels.split_transposed(X.data(), ld, n, chunk, products, left.data()); },
          [&] { kernels.split_columns(X.data(), ld, chunk, n, products, right.data()); },
          [&] { kernels.multiply(outer); },
          [&] { kernels.split_columns(W.data(), n, n, n, products, w.data()); },
          [&] {
            stream.seek_group(0);
            stream.fill_normal({noise.data(), static_cast<std::size_t>(n * B)});
          }};
      const char* names[] = {"product alone, split before",
                             "forward step",
                             "backward step",
                             "split of X' of two steps",
                             "split of delta of two steps",
                             "outer product of two steps",
                             "split of W",
                             "noise"};
      const Index calls[] = {T, T, T, T / 2, T / 2, T / 2, 2, T};
      const auto seconds = seconds_in_turns(bodies, effort.rounds, effort.turn);
      for (std::size_t i = 0; i < bodies.size(); ++i) {
        fmt::print("  {:30} {:8.2f} us, a training step {:7.3f} ms\n", names[i], 1e6 * seconds[i],
                   1e3 * seconds[i] * static_cast<double>(calls[i]));
      }
    }
  }
}

}  // namespace nullcline::amx
