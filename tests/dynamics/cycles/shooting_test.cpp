// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/detail/shooting.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>
#include <stdexcept>
#include <vector>

#include "nullcline/core/finite_differences.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/cycles/detail/flow_shooting.hpp"
#include "nullcline/dynamics/cycles/detail/product_eigenvalues.hpp"
#include "nullcline/dynamics/cycles/iterated_map.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"

namespace nullcline::dynamics::detail {
namespace {

CyclicSystem random_system(Index n, Index p, Index k, std::uint64_t seed) {
  CyclicSystem A;
  for (Index i = 0; i < k; ++i) {
    const auto s = seed + 2 * static_cast<std::uint64_t>(i);
    A.J.push_back(random_matrix(n, n, 1, s));
    if (p > 0) A.T.push_back(random_matrix(n, p, 1, s + 1));
  }
  if (p > 0) A.P = random_matrix(p, n + p, 1, seed + 1000);
  return A;
}

Matrix dense(const CyclicSystem& A) {
  const Index N = A.n() * A.k() + A.p();
  Matrix D(N, N);
  for (Index j = 0; j < N; ++j) D.col(j) = A.times(Vector::Unit(N, j));
  return D;
}

TEST(CyclicFactor, SolvesLikeADenseFactorization) {
  for (const Index p : {0, 1, 2}) {
    for (const Index k : {1, 2, 3, 7}) {
      const CyclicSystem A = random_system(4, p, k, 10);
      const Matrix D = dense(A);
      EXPECT_NEAR(A.squared_norm(), D.squaredNorm(), 1e-12 * D.squaredNorm());
      const Vector b = random_matrix(D.rows(), 1, 1, 5);
      EXPECT_LE((A.transposed_times(b) - D.transpose() * b).norm(), 1e-13 * D.norm() * b.norm());

      Vector right = b;
      const CyclicFactor qr = CyclicFactor::qr(A, right);
      const Vector z = qr.solve_triangular(right);
      EXPECT_LE((D * z - b).norm(), 1e-14 * D.norm() * z.norm());
      const double inverse = 1 / singular_values(D).minCoeff();
      EXPECT_LE(qr.inverse_norm(), inverse * (1 + 1e-9));
      EXPECT_GE(qr.inverse_norm(), 0.8 * inverse);

      const double mu = 0.1;
      const auto cholesky = CyclicFactor::cholesky(A, mu);
      ASSERT_TRUE(cholesky.has_value());
      Matrix normal = D.transpose() * D;
      normal.diagonal().array() += mu;
      const Vector w = cholesky->solve_normal(b);
      EXPECT_LE((normal * w - b).norm(), 1e-13 * normal.norm() * w.norm());
    }
  }
}

TEST(CyclicFactor, KeepsItsAccuracyWhereTheProductOfTheBlocksIsHuge) {
  CyclicSystem A = random_system(3, 0, 60, 7);
  for (Matrix& J : A.J) J *= 8;
  Vector right = random_matrix(180, 1, 1, 5);
  const Vector b = right;
  const CyclicFactor qr = CyclicFactor::qr(A, right);
  const Vector z = qr.solve_triangular(right);
  EXPECT_LE((A.times(z) - b).norm(), 1e-13 * std::sqrt(A.squared_norm()) * z.norm());
}

TEST(ProductEigenvalues, AreThoseOfTheProduct) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Index n = 1 + static_cast<Index>(seed % 7);
    std::vector<Matrix> factors;
    Matrix product = Matrix::Identity(n, n);
    for (std::uint64_t i = 0; i < 1 + seed % 4; ++i) {
      factors.push_back(random_matrix(n, n, 1, 100 * seed + i));
      product = factors.back() * product;
    }
    const ComplexVector values = product_eigenvalues(factors), expected = eigenvalues(product);
    for (Index j = 0; j < n; ++j) {
      double nearest = 1e300;
      for (Index l = 0; l < n; ++l) nearest = std::min(nearest, std::abs(values(j) - expected(l)));
      EXPECT_LE(nearest, 1e-10 * product.norm());
    }
    EXPECT_NEAR(values.prod().real() / product.determinant(), 1, 1e-9);
    for (Index j = 0; j < n; ++j) {  // pairs stand together, and are conjugate to the bit
      if (values(j).imag() == 0) continue;
      ASSERT_LT(j + 1, n);
      EXPECT_GT(values(j).imag(), 0);
      EXPECT_EQ(values(j + 1), std::conj(values(j)));
      ++j;
    }
  }
}

TEST(ProductEigenvalues, KeepTheSmallOnes) {
  // A_i = V_{i+1} diag(d) V_i^-1 with V_40 = V_0: eigenvalues d^40, from 1e12 to 1e-80.
  const Vector d = (Vector(3) << 2, 0.5, 0.01).finished();
  std::vector<Matrix> V, factors;
  for (std::uint64_t i = 0; i < 40; ++i) {
    V.push_back(orthonormal_basis(random_matrix(3, 3, 1, i)) +
                0.1 * random_matrix(3, 3, 1, 100 + i));
  }
  for (std::size_t i = 0; i < 40; ++i) {
    factors.emplace_back(V[(i + 1) % 40] * d.asDiagonal() * V[i].inverse());
  }
  const ComplexVector values = product_eigenvalues(factors);
  for (Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(values(j).real() / std::pow(d(j), 40), 1, 1e-10);
    EXPECT_EQ(values(j).imag(), 0);
  }
}

TEST(ProductEigenvalues, OfSingularFactorsHaveZeros) {
  Matrix A = random_matrix(3, 3, 1, 1), B = random_matrix(3, 3, 1, 2);
  A.col(1).setZero();
  const ComplexVector values = product_eigenvalues({A, B, A});
  EXPECT_LE(std::abs(values(2)), 1e-14 * std::abs(values(0)));
  EXPECT_NEAR(values.sum().real(), (A * B * A).trace(), 1e-12);
}

/// r' = r (1 - r^2) in the plane, turning by 1 + input.
class TurningFlow final : public Flow {
 public:
  Index state_dim() const override { return 2; }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override {
    for (Index b = 0; b < X.cols(); ++b) {
      const double g = 1 - X.col(b).squaredNorm(), omega = 1 + U(0, b);
      Y.col(b) << g * X(0, b) - omega * X(1, b), omega * X(0, b) + g * X(1, b);
    }
  }
};

TEST(FlowShooting, HasTheDerivativesOfFiniteDifferences) {
  const TurningFlow flow;
  const Index nodes = 3;
  const Vector u = Vector::Constant(1, 0.5), z = random_matrix(2 * nodes + 1, 1, 0.7, 3).cwiseAbs();
  const FlowShooting problem(flow, u, z.head(2), nodes, 5);
  const Matrix expected =
      finite_difference_jacobian([&](In<Vector> at) { return problem.residual(at); }, z);
  EXPECT_LE((dense(problem.linearize(z)) - expected).cwiseAbs().maxCoeff(), 1e-8);
}

TEST(IteratedMap, HasExactDerivatives) {
  const AnalyticMap map = henon_map();
  for (const Index k : {1, 2, 5}) {
    EXPECT_LE(check_derivatives(IteratedMap(map, k), Vector::Constant(2, 0.3)).largest(), 1e-6);
  }
  const Matrix W = random_matrix(4, 4, 0.6, 2);
  const AnalyticMap net = tanh_map(Matrix::Identity(4, 4), W.transpose(), Vector::Ones(4));
  EXPECT_LE(check_derivatives(IteratedMap(net, 3), Vector::Constant(4, 0.1)).largest(), 1e-7);
  EXPECT_EQ(IteratedMap(net, 3).derivatives(), Derivatives::exact);
  EXPECT_THROW(IteratedMap(net, 0), std::invalid_argument);
}

TEST(IteratedMap, IsTheMapAppliedAgain) {
  const AnalyticMap map = henon_map();
  const Matrix X = random_matrix(2, 5, 0.3, 1);
  Matrix Y(2, 5), Z(2, 5);
  map.step(X, Y);
  map.step(Y, Z);
  IteratedMap(map, 2).step(X, Y);
  EXPECT_EQ(Y, Z);
  EXPECT_EQ(orbit_of(map, X.col(3), 3).col(2), Z.col(3));
}

}  // namespace
}  // namespace nullcline::dynamics::detail
