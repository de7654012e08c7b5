// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <numbers>
#include <string>
#include <vector>

#include "benchmarks/raw_doubles.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/tangent_orbits.hpp"
#include "nullcline/geometry/over_manifold.hpp"

// benchmark_geometry WEIGHTS OUT
//
// The geometry of a rate network, x <- x + h (-x + W tanh(x) + B u), of 128 units under inputs of
// two coordinates, over a SIDE x SIDE grid, at the last of STEPS steps. WEIGHTS are W (128, 128)
// and B (128, 2), column by column, raw doubles. For each line `WHAT SIDE STEPS` of standard input
// one line of JSON, and the result in OUT:
//
//     float, double     the metric, in that precision; evidence that is held
//     all               the metric of every step, in double
//     curvature         K; two angles, shown one after the other
//     stencil           K by differences of order 4 of the states, 25 of them a point
//     grid              K by Brioschi's formula, from central differences of the metric over the
//     grid rate_float, rate_double    Gflop/s of the product alone, W by 192 columns

namespace {

using namespace nullcline;

constexpr Index n = 128;
constexpr double h = 0.05;

cells::Network network(const std::vector<double>& weights) {
  cells::Network result;
  result.cell = "leaky_rate";
  result.settings = Settings(cells::cell_kind("leaky_rate").schema, {{"units", std::int64_t{n}},
                                                                     {"activation", "tanh"},
                                                                     {"form", "current"},
                                                                     {"tau", 1.0},
                                                                     {"dt", h}});
  result.parameters = {{"recurrent", Eigen::Map<const Matrix>(weights.data(), n, n)},
                       {"input", Eigen::Map<const Matrix>(weights.data() + n * n, n, 2)},
                       {"bias", Matrix::Zero(n, 1)},
                       {"readout", Matrix::Zero(1, n)},
                       {"readout_bias", Matrix::Zero(1, 1)}};
  cells::validate(result);
  return result;
}

using Angles = std::array<double, 2>;

/// Two items one after the other, a quarter of the time each: which is shown at step t, or -1.
int item_shown(Index t, Index T) {
  const Index quarter = 4 * t / T;
  return quarter == 0 ? 0 : quarter == 2 ? 1 : -1;
}

/// Evidence: u = kappa in [-1, 1]^2, held; or angles.
geometry::ManifoldInputs inputs(Index side, Index T, bool angles) {
  const Index K = side * side;
  geometry::ManifoldInputs result{K, 2, Matrix::Zero(2, T * K), Matrix::Zero(2, T * K * 2), {}};
  if (angles) result.second = Matrix::Zero(2, T * K * 3);
  for (Index t = 0; t < T; ++t) {
    for (Index k = 0; k < K; ++k) {
      const Index at[2] = {k / side, k % side}, c = t * K + k;
      if (!angles) {
        for (Index i = 0; i < 2; ++i) {
          result.inputs(i, c) = -1 + 2 * static_cast<double>(at[i]) / static_cast<double>(side - 1);
          result.tangents(i, 2 * c + i) = 1;
        }
        continue;
      }
      const int item = item_shown(t, T);
      if (item < 0) continue;
      const double angle =
          2 * std::numbers::pi * static_cast<double>(at[item]) / static_cast<double>(side);
      result.inputs.col(c) << std::cos(angle), std::sin(angle);
      result.tangents.col(2 * c + item) << -std::sin(angle), std::cos(angle);
      result.second.col(3 * c + 2 * item) << -std::cos(angle), -std::sin(angle);
    }
  }
  return result;
}

template <class Real>
double product_rate(const Matrix& W) {
  const Index columns = 192;
  PackedMatrix<Real> packed;
  packed.pack(W.cast<Real>());
  const MatrixX<Real> B = MatrixX<Real>::Random(n, columns);
  MatrixX<Real> C(n, columns);
  Index count = 0;
  const double start = seconds();
  while (seconds() - start < 0.1) {
    for (int i = 0; i < 20; ++i, ++count) {
      multiply_packed(packed, B.data(), 1, n, columns, C.data(), n, false);
    }
  }
  return 2e-9 * static_cast<double>(n * n * columns * count) / (seconds() - start);
}

/// States at angles, as many as there are, by the kernel that steps the sensitivities too.
Matrix states(const DrivenMap& map, const std::vector<Angles>& points, Index T) {
  const auto orbits = tangent_orbits(map, {0, false});
  const auto C = static_cast<Index>(points.size());
  Matrix X = Matrix::Zero(n, C), U(2, C);
  orbits->start(X);
  for (Index t = 0; t < T; ++t) {
    const int item = item_shown(t, T);
    U.setZero();
    for (Index c = 0; item >= 0 && c < C; ++c) {
      const double angle = points[static_cast<std::size_t>(c)][static_cast<std::size_t>(item)];
      U.col(c) << std::cos(angle), std::sin(angle);
    }
    orbits->step(U);
  }
  orbits->read(X);
  return X;
}

double angle_of(Index k, Index side) {
  return 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(side);
}

/// First and second differences of order 4 at five points, and the equation of Gauss.
Vector stencil_curvature(const DrivenMap& map, Index side, Index T) {
  // eps^(1/6): truncation h^4 and rounding eps / h^2 are of one size.
  const double h_angle = 6e-3;
  const Eigen::Matrix<double, 5, 1> first{1.0 / 12, -8.0 / 12, 0, 8.0 / 12, -1.0 / 12};
  const Eigen::Matrix<double, 5, 1> second{-1.0 / 12, 16.0 / 12, -30.0 / 12, 16.0 / 12, -1.0 / 12};
  Vector K(side * side);
  const Index block = 8;
  for (Index begin = 0; begin < K.size(); begin += block) {
    const Index count = std::min(block, K.size() - begin);
    std::vector<Angles> points;
    for (Index k = begin; k < begin + count; ++k) {
      for (int i = -2; i <= 2; ++i) {
        for (int j = -2; j <= 2; ++j) {
          points.push_back(
              {angle_of(k / side, side) + i * h_angle, angle_of(k % side, side) + j * h_angle});
        }
      }
    }
    const Matrix X = states(map, points, T);
    Matrix tangents = Matrix::Zero(n, 2 * count), bent = Matrix::Zero(n, 3 * count);
    for (Index k = 0; k < count; ++k) {
      for (Index i = 0; i < 5; ++i) {
        for (Index j = 0; j < 5; ++j) {
          const auto x = X.col(25 * k + 5 * i + j);
          if (j == 2) tangents.col(2 * k) += first(i) / h_angle * x;
          if (i == 2) tangents.col(2 * k + 1) += first(j) / h_angle * x;
          if (j == 2) bent.col(3 * k) += second(i) / (h_angle * h_angle) * x;
          bent.col(3 * k + 1) += first(i) * first(j) / (h_angle * h_angle) * x;
          if (i == 2) bent.col(3 * k + 2) += second(j) / (h_angle * h_angle) * x;
        }
      }
    }
    K.segment(begin, count) = geometry::curvature(tangents, bent, 2).gaussian;
  }
  return K;
}

/// Brioschi's formula with central differences of the metric, which is exact, over the grid.
Vector grid_curvature(const DrivenMap& map, const geometry::ManifoldInputs& angles, Index side,
                      Index T) {
  const Matrix G = geometry::pullback_metric(map, angles, {.steps = {T}}).value.metric;
  const double h_angle = angle_of(1, side);
  Vector K(side * side);
  for (Index i = 0; i < side; ++i) {
    for (Index j = 0; j < side; ++j) {
      const auto at = [&](Index entry, Index di, Index dj) {
        return G(entry, (i + di + side) % side * side + (j + dj + side) % side);
      };
      const auto u = [&](Index e) { return (at(e, 1, 0) - at(e, -1, 0)) / (2 * h_angle); };
      const auto v = [&](Index e) { return (at(e, 0, 1) - at(e, 0, -1)) / (2 * h_angle); };
      const double squared = h_angle * h_angle;
      K(i * side + j) = geometry::brioschi_curvature(
          {.E = at(0, 0, 0),
           .F = at(1, 0, 0),
           .G = at(3, 0, 0),
           .E_u = u(0),
           .E_v = v(0),
           .F_u = u(1),
           .F_v = v(1),
           .G_u = u(3),
           .G_v = v(3),
           .E_vv = (at(0, 0, 1) - 2 * at(0, 0, 0) + at(0, 0, -1)) / squared,
           .F_uv = (at(1, 1, 1) - at(1, 1, -1) - at(1, -1, 1) + at(1, -1, -1)) / (4 * squared),
           .G_uu = (at(3, 1, 0) - 2 * at(3, 0, 0) + at(3, -1, 0)) / squared});
    }
  }
  return K;
}

Matrix compute(const std::string& what, const DrivenMap& map,
               const geometry::ManifoldInputs& inputs, Index side, Index T) {
  geometry::SensitivityOptions options;
  options.dt = h;
  if (what != "all") options.steps = {T};
  if (what == "float") options.precision = Precision::single;
  if (what == "curvature") return geometry::curvature(map, inputs, options).value.gaussian;
  if (what == "stencil") return stencil_curvature(map, side, T);
  if (what == "grid") return grid_curvature(map, inputs, side, T);
  return geometry::pullback_metric(map, inputs, options).value.metric;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: benchmark_geometry WEIGHTS OUT\n";
    return 2;
  }
  const std::vector<double> weights = read_doubles(argv[1]);
  const Eigen::Map<const Matrix> W(weights.data(), n, n);
  const auto map = cells::driven_map(network(weights));
  std::string what;
  Index side = 0, T = 0;
  while (std::cin >> what >> side >> T) {
    if (what == "rate_float" || what == "rate_double") {
      const double rate = what == "rate_float" ? product_rate<float>(W) : product_rate<double>(W);
      std::cout << fmt::format(R"({{"rate": {}}})", rate) << std::endl;
      continue;
    }
    const bool angles = what == "curvature" || what == "grid";
    const geometry::ManifoldInputs given = inputs(side, T, angles);
    const double start = seconds();
    const Matrix result = compute(what, *map, given, side, T);
    const double took = seconds() - start;
    std::ofstream(argv[2], std::ios::binary)
        .write(reinterpret_cast<const char*>(result.data()),
               static_cast<std::streamsize>(result.size() * static_cast<Index>(sizeof(double))));
    std::cout << fmt::format(R"({{"seconds": {}}})", took) << std::endl;
  }
}
