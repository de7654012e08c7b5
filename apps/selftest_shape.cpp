// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "apps/selftest_cases.hpp"
#include "apps/selftest_systems.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/clustering.hpp"
#include "nullcline/representation/dsa/dsa.hpp"
#include "nullcline/representation/homology/persistent_homology.hpp"
#include "nullcline/representation/mds.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;

Matrix distances_of(const Matrix& X) {
  Matrix D = Matrix::Zero(X.cols(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) D.col(j) = (X.colwise() - X.col(j)).colwise().norm();
  return D;
}

Matrix polygon(Index n) {
  Matrix X(2, n);
  for (Index k = 0; k < n; ++k) {
    const double a = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
    X.col(k) << std::cos(a), std::sin(a);
  }
  return X;
}

Checks scaling() {
  const Matrix X = normal_matrix(3, 30, 1, 1);
  const auto mds = representation::classical_mds(distances_of(X), {.dim = 3});
  const Matrix D = distances_of(X) - distances_of(mds.points);
  return {{"error of distances", 0, D.cwiseAbs().maxCoeff(), 1e-13},
          {"positive eigenvalues", 3, static_cast<double>(mds.positive), 0}};
}

Checks variance() {
  const Matrix X{{1, 2, 3, 2, 3, 4, 6, 7, 8}};
  const std::vector<Index> labels = {0, 0, 0, 1, 1, 1, 2, 2, 2};
  const auto test = representation::permanova(distances_of(X), labels, {.permutations = 0});
  return {{"F", 21, test.pseudo_f, 1e-12}, {"R^2", 0.875, test.r_squared, 1e-14}};
}

Checks alignment() {
  const Matrix A = normal_matrix(6, 6, 1, 2), C = qr(normal_matrix(6, 6, 1, 3)).Q;
  const auto turned = representation::align(C * A * C.transpose(), A);
  const Matrix S = Vector{{3, 1, -2}}.asDiagonal(), Q = qr(normal_matrix(3, 3, 1, 4)).Q;
  const Matrix T = Vector{{2, 0, -1}}.asDiagonal();
  const auto sorted = representation::align(Q * S * Q.transpose(), T);
  return {{"|A - C A C'| after alignment", 0, turned.distance, 1e-8},
          {"of symmetric ones, sorted eigenvalues", std::sqrt(3.0), sorted.distance, 1e-12},
          {"its gap to the lower bound", 0, sorted.distance_gap(), 1e-12}};
}

Checks modes() {
  const double r = 0.97, w = 0.3;
  Matrix X(1, 60);
  for (Index t = 0; t < 60; ++t) {
    const double step = static_cast<double>(t);
    X(0, t) = std::pow(r, step) * std::cos(w * step);
  }
  const auto dmd = representation::hankel_dmd(std::vector<Matrix>{X}, {.delays = 4});
  return {{"modulus", r, std::abs(dmd.eigenvalues(0)), 1e-12},
          {"radians a step", w, std::arg(dmd.eigenvalues(0)), 1e-12}};
}

Checks loop() {
  const auto found = representation::persistent_homology(polygon(30));
  if (found.diagrams[1].size() != 1) return {{"loops", 1, NAN, 0}};
  const auto& bar = found.diagrams[1].front();
  return {{"birth", 2 * std::sin(std::numbers::pi / 30), bar.birth, 1e-14},
          {"death", std::sqrt(3.0), bar.death, 1e-14}};
}

Checks torus() {
  const Matrix circle = polygon(8);
  Matrix X(4, 64);
  for (Index i = 0; i < 64; ++i) X.col(i) << circle.col(i / 8), circle.col(i % 8);
  const auto betti =
      representation::persistent_homology(X, {.max_dimension = 2, .max_edge = 1.5}).betti_at(1.2);
  return {{"pieces", 1, static_cast<double>(betti[0]), 0},
          {"loops", 2, static_cast<double>(betti[1]), 0},
          {"voids", 1, static_cast<double>(betti[2]), 0}};
}

}  // namespace

std::vector<SelftestCase> selftest_shape() {
  const std::string closed = "closed form";
  return {{"MDS of 30 points in 3 dimensions", closed, scaling},
          {"PERMANOVA of three groups on a line", "analysis of variance by hand", variance},
          {"alignment of dynamics", "Hoffman & Wielandt 1953", alignment},
          {"delayed states of a damped oscillation", closed, modes},
          {"loop of a regular 30-gon", closed, loop},
          {"Clifford torus, 8 x 8 points", closed, torus}};
}

}  // namespace nullcline::apps
