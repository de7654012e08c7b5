// SPDX-License-Identifier: Apache-2.0
// The rate of a whole Lyapunov spectrum over that of the matrix product alone, one thread, turn by
// turn in one run.
//
//     benchmark_lyapunov [N [ORBITS [ROUNDS]]]
//
// Useful flops: 2 N^3 a step for J Q, 8 N^3 / 3 for each QR (Q is wanted). What else a step costs,
// tanh, building J, checks for NaN, counts as none, nor do the QR of the
// transient. The product is multiply() of two N x N matrices.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "nullcline/cells/network.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/map.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace {

using namespace nullcline;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Matrix normal(Index rows, Index columns, double sd, std::uint64_t seed) {
  Matrix A(rows, columns);
  RandomStream stream({.seed = seed});
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())}, sd);
  return A;
}

/// A random network: the Euler step x + a (-x + J tanh(x)), a = dt / tau, or tanh(J x).
cells::Network random_network(const std::string& cell, Index n, double gain) {
  cells::Network network;
  network.cell = cell;
  std::map<std::string, Value> settings = {{"units", std::int64_t{n}}, {"activation", "tanh"}};
  const Matrix J = normal(n, n, gain / std::sqrt(static_cast<double>(n)), 1);
  const Matrix input = Matrix::Zero(n, 1), bias = Matrix::Zero(n, 1);
  if (cell == "leaky_rate") {
    settings.insert({{"form", "current"}, {"tau", 1.0}, {"dt", 0.1}});
    network.parameters = {{"recurrent", J}, {"input", input}, {"bias", bias}};
  } else {
    network.parameters = {
        {"weight_hh_l0", J}, {"weight_ih_l0", input}, {"bias_hh_l0", bias}, {"bias_ih_l0", bias}};
  }
  network.parameters["readout"] = Matrix::Zero(1, n);
  network.parameters["readout_bias"] = Matrix::Zero(1, 1);
  network.settings = Settings(cells::cell_kind(cell).schema, settings);
  cells::validate(network);
  return network;
}

/// Gflop/s of the product in a turn of about `seconds`.
double product_rate(const Matrix& A, const Matrix& B, double seconds) {
  const double n = static_cast<double>(A.rows());
  double sum = 0;
  Index count = 0;
  const auto start = Clock::now();
  while (seconds_since(start) < seconds) {
    for (int i = 0; i < 8; ++i) sum += multiply(A, B)(0, 0);
    count += 8;
  }
  const double elapsed = seconds_since(start);
  return std::isfinite(sum) ? 2e-9 * n * n * n * static_cast<double>(count) / elapsed : 0;
}

struct Turn {
  double rate;      ///< Gflop/s
  double products;  ///< of which J Q
  dynamics::LyapunovSpectrum spectrum;
};

Turn spectrum_rate(const Map& map, const Matrix& starts, dynamics::LyapunovOptions options) {
  const double n = static_cast<double>(map.dim()), B = static_cast<double>(starts.cols());
  const auto start = Clock::now();
  Turn turn{0, 0, dynamics::lyapunov_spectrum(map, starts, options)};
  const double elapsed = seconds_since(start);
  const double flops =
      2 * n * n * n * static_cast<double>(turn.spectrum.steps + options.transient) * B;
  const double of_qr = 8.0 / 3 * n * n * n * static_cast<double>(turn.spectrum.orthonormalizations);
  turn.rate = 1e-9 * (flops + of_qr) / elapsed;
  turn.products = 1e-9 * flops / elapsed;
  return turn;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Case {
  const char* name;
  const char* cell;
  dynamics::TangentMethod tangents;
};

}  // namespace

int main(int argc, char** argv) {
  const Index n = argc > 1 ? std::atol(argv[1]) : 200;
  const Index orbits = argc > 2 ? std::atol(argv[2]) : 1;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  if (n < 1 || orbits < 1 || rounds < 1) {
    fmt::print(stderr, "usage: {} [N [ORBITS [ROUNDS]]]\n", argv[0]);
    return 2;
  }
  using dynamics::TangentMethod;
  const Case cases[] = {
      {"rate network, Euler dt = 0.1 tau, g = 2", "leaky_rate", TangentMethod::automatic},
      {"the same, tangents pushed", "leaky_rate", TangentMethod::push_forward},
      {"vanilla network, g = 2", "vanilla", TangentMethod::automatic},
      {"the same, tangents pushed", "vanilla", TangentMethod::push_forward},
  };
  fmt::print("N = {}, {} orbit(s), all {} exponents, one thread; median of {} rounds\n", n, orbits,
             n, rounds);
  fmt::print("{:48} {:>9} {:>9} {:>7} {:>9} {:>9} {:>12} {:>12}\n", "", "product", "spectrum",
             "ratio", "J Q alone", "interval", "lambda_1", "lambda_N");
  for (const Case& c : cases) {
    const cells::Network network = random_network(c.cell, n, 2);
    const auto driven = cells::driven_map(network);
    const FrozenMap map(*driven, Vector::Zero(1));
    const Matrix starts = normal(n, orbits, 1, 2), A = normal(n, n, 1, 3), B = normal(n, n, 1, 4);
    const dynamics::LyapunovOptions options = {.dt = network.dt(),
                                               .transient = 200,
                                               .steps = 1024,
                                               .determinant_checks = 0,
                                               .tangents = c.tangents};
    std::vector<double> products, spectra, ratios, alone;
    dynamics::LyapunovSpectrum found;
    for (int round = 0; round < rounds; ++round) {
      const double before = product_rate(A, B, 0.2);
      Turn turn = spectrum_rate(map, starts, options);
      const double after = product_rate(A, B, 0.2);
      products.push_back((before + after) / 2);
      spectra.push_back(turn.rate);
      ratios.push_back(turn.rate / products.back());
      alone.push_back(turn.products / products.back());
      found = std::move(turn.spectrum);
    }
    fmt::print(
        "{:48} {:9.1f} {:9.1f} {:6.1f}% {:8.1f}% {:9.1f} {:12.4f} {:12.4f}\n", c.name,
        median(products), median(spectra), 100 * median(ratios), 100 * median(alone),
        static_cast<double>(found.steps * orbits) / static_cast<double>(found.orthonormalizations),
        found.exponents(0), found.exponents(n - 1));
  }
  return 0;
}
