// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/certificate.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <limits>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"
#include "tests/dynamics/analytic_maps.hpp"
#include "tests/dynamics/enclosed_maps.hpp"
#include "tests/dynamics/random_matrix.hpp"
#include "tests/dynamics/scyfi_cases.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Three bits x = tanh(2 x) along the columns of an orthonormal Q (n, 3), to rounding of Q, and
/// the 27 candidates Q b, b_i = 0 or +-0.957504024077 (known to 12 digits).
struct FlipFlop {
  static constexpr double bit = 0.957504024077;
  EnclosedTanhMap map;
  Matrix candidates = Matrix(0, 0);

  explicit FlipFlop(Index n) : FlipFlop(orthonormal_basis(random_matrix(n, 3, 1, 5)), n) {}

 private:
  FlipFlop(const Matrix& Q, Index n) : map(padded(Q), 2 * padded(Q).transpose()) {
    candidates.resize(n, 27);
    for (int k = 0; k < 27; ++k) {
      const Vector b = bit * (Vector(3) << k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1).finished();
      candidates.col(k) = Q * b;
    }
  }
  static Matrix padded(const Matrix& Q) {
    Matrix A = Matrix::Zero(Q.rows(), Q.rows());
    A.leftCols(3) = Q;
    return A;
  }
};

int unstable_bits(int k) { return (k % 3 == 1) + (k / 3 % 3 == 1) + (k / 9 == 1); }

TEST(Certificate, ProvesThePointsOfPiecewiseLinearNetworksAndNoneOnAKink) {
  for (const ScyfiCase& known : scyfi_cases()) {
    const PiecewiseLinearMap map = known.map();
    // 1e-8 off, as far as the eight digits may be.
    const Certificate proof = certify(map, known.point, {.stability = true});
    ASSERT_EQ(proof.status, CertificateStatus::certified) << known.w;
    EXPECT_LT(proof.radius_exists, 1e-6);  // 5e-9 |(I - J)^-1|
    EXPECT_GT(proof.radius_unique, proof.radius_exists);
    const Matrix A = Matrix::Identity(2, 2) - map.jacobian(known.point);
    EXPECT_EQ(proof.degree, A.determinant() > 0 ? 1 : -1);
    EXPECT_EQ(proof.unstable > 0, known.largest_modulus > 1);
  }
  // x' = relu(2 x) rests at 0, on its kink, with slopes 0 and 2 at its sides.
  const auto kink = PiecewiseLinearMap::vanilla(Matrix::Constant(1, 1, 2), Vector::Zero(1));
  EXPECT_NE(certify(kink, Vector::Zero(1)).status, CertificateStatus::certified);
}

TEST(Certificate, OfTheFlipFlopProvesAll27PointsTheirDegreesAndTheirIndices) {
  const FlipFlop net(20);
  const auto proofs = certify_all(net.map, net.candidates, {.stability = true});
  for (int k = 0; k < 27; ++k) {
    const Certificate& proof = proofs[static_cast<std::size_t>(k)];
    ASSERT_EQ(proof.status, CertificateStatus::certified) << k;
    // The bit is known to 5e-13, which 1 / (1 - .1664) makes little larger.
    EXPECT_LT(proof.radius_exists, 2e-12) << k;
    EXPECT_GT(proof.radius_unique, 1e-3) << k;
    EXPECT_LE(proof.newton_step, proof.radius_exists);
    EXPECT_LT(proof.contraction, 1e-6);  // slopes change by some r over a box of r = 1e-8
    EXPECT_EQ(proof.unstable, unstable_bits(k));
    EXPECT_EQ(proof.degree, unstable_bits(k) % 2 == 0 ? 1 : -1);
  }
  for (Index a = 0; a < 27; ++a) {
    for (Index b = 0; b < a; ++b) {  // a box that holds one fixed point holds no other
      const double distance =
          (net.candidates.col(a) - net.candidates.col(b)).cwiseAbs().maxCoeff() + 2e-12;
      EXPECT_LT(proofs[static_cast<std::size_t>(a)].radius_unique, distance);
    }
  }
  const ProvenPoints points = merge_by_proof(net.candidates, proofs);
  EXPECT_EQ(points.groups.size(), 27u);
  EXPECT_TRUE(points.distinct);

  const TrappingBox trap = find_trapping_box(net.map);
  ASSERT_EQ(trap.status, TrappingStatus::proven);
  const DegreeStatement all = degree_statement(trap, net.candidates, proofs);
  EXPECT_EQ(all.verdict, DegreeVerdict::consistent);
  EXPECT_EQ(all.sum, 1);
  EXPECT_EQ(all.points, 27);
  const DegreeStatement one_less =
      degree_statement(trap, net.candidates.leftCols(26), {proofs.begin(), proofs.begin() + 26});
  EXPECT_EQ(one_less.verdict, DegreeVerdict::missing);
}

TEST(Certificate, OfHenonsMapHoldsTheFixedPointsOfTheClosedForm) {
  // 1.4 x^2 + 0.7 x - 1 = 0, y = 0.3 x, with the doubles 1.4 and 0.3 in long double.
  const long double a = 1.4, b = 0.3, root = std::sqrt((1 - b) * (1 - b) + 4 * a);
  const auto map = enclosed_henon_map();
  for (const long double sign : {1.0L, -1.0L}) {
    const long double x = (-(1 - b) + sign * root) / (2 * a), y = b * x;
    const Vector at = (Vector(2) << static_cast<double>(x), static_cast<double>(y)).finished();
    const Certificate proof = certify(map, at, {.stability = true});
    ASSERT_EQ(proof.status, CertificateStatus::certified);
    EXPECT_LE(std::abs(at(0) - x), proof.radius_exists);
    EXPECT_LE(std::abs(at(1) - y), proof.radius_exists);
    EXPECT_LT(proof.radius_exists, 20 * eps);
    EXPECT_EQ(proof.unstable, 1);
    // The other is 1.76 away; J is linear in x, kappa = 2.8 r |C|, so that about 1 / (2.8 |C|)
    // holds.
    EXPECT_GT(proof.radius_unique, 0.2);
    EXPECT_LT(proof.radius_unique, 1.77);
    EXPECT_EQ(proof.degree, x > 0 ? 1 : -1);  // 1 - 0.3 + 2.8 x
  }
}

TEST(Certificate, OfAPointBesideTheRootHoldsTheRootOrIsRefused) {
  const auto map = enclosed_henon_map();
  const long double a = 1.4, b = 0.3, root = std::sqrt((1 - b) * (1 - b) + 4 * a);
  const long double x = (-(1 - b) + root) / (2 * a);
  int certified = 0, refused = 0;
  for (const double shift : {1e-12, 1e-6, 1e-3, 1e-2, 0.3, 0.6}) {
    const Vector at =
        (Vector(2) << static_cast<double>(x) + shift, static_cast<double>(b * x)).finished();
    const Certificate proof = certify(map, at);
    if (proof.status == CertificateStatus::certified) {
      ++certified;
      EXPECT_LE(std::abs(at(0) - x), proof.radius_exists);
      EXPECT_GT(proof.radius_exists, 0.9 * shift);
      EXPECT_LT(proof.radius_exists, 2 * shift + 20 * eps);
    } else {
      ++refused;
      EXPECT_EQ(proof.status, CertificateStatus::not_contracting);
      EXPECT_EQ(proof.radius_exists, 0);
    }
  }
  EXPECT_GE(certified, 3);
  EXPECT_GE(refused, 1);
}

TEST(Certificate, IsRefusedAtADoubleRootAndOnALineOfFixedPoints) {
  const auto square = [](Interval x) { return x * x; };
  const auto map = enclosed_scalar_map(square, [](Interval x) { return Interval(2.0) * x; });
  EXPECT_EQ(certify(map, Vector::Zero(1)).status, CertificateStatus::singular);
  for (const double x : {1e-12, 1e-8, -1e-4, 0.1}) {
    EXPECT_EQ(certify(map, Vector::Constant(1, x)).status, CertificateStatus::not_contracting) << x;
  }
  // No fixed point at all: x + x^2 + 1e-12.
  const auto none = enclosed_scalar_map([](Interval x) { return x * x + Interval(1e-12); },
                                        [](Interval x) { return Interval(2.0) * x; });
  for (const double x : {0.0, 1e-7, 1e-6, -1e-5}) {
    EXPECT_NE(certify(none, Vector::Constant(1, x)).status, CertificateStatus::certified) << x;
  }
  // (x, y) -> (x, y / 2) and the same turned by an angle: fixed along a line.
  for (const double angle : {0.0, 0.4}) {
    const double c = std::cos(angle), s = std::sin(angle);
    const double xx = c * c + 0.5 * s * s, xy = 0.5 * c * s, yy = s * s + 0.5 * c * c;
    const EnclosedMap line(
        2,
        [=](const Box& x) -> Box {
          return {Interval(xx) * x[0] + Interval(xy) * x[1],
                  Interval(xy) * x[0] + Interval(yy) * x[1]};
        },
        [=](const Box&) -> Box {
          return {xx, xy, xy, yy};
        });
    const Certificate proof = certify(line, (Vector(2) << c, s).finished());
    EXPECT_NE(proof.status, CertificateStatus::certified);
  }
}

TEST(Certificate, OfRootsThatNearlyCoincideTellsThemApartOrIsRefused) {
  // x + x^2 - d^2: roots +-d, slope 1 + 2 x. kappa(r) = r / |x|: unique up to d, exactly.
  for (const double d : {1e-2, 1e-5, 1e-7}) {
    const auto map =
        enclosed_scalar_map([d](Interval x) { return x * x - Interval(d) * Interval(d); },
                            [](Interval x) { return Interval(2.0) * x; });
    const Matrix candidates = (Matrix(1, 4) << d, -d, d * (1 + 1e-12), -d * (1 - 1e-12)).finished();
    const auto proofs = certify_all(map, candidates, {.attempts = 30});
    int certified = 0;
    for (const Certificate& proof : proofs) {
      certified += proof.status == CertificateStatus::certified;
      EXPECT_LE(proof.radius_unique, d * (1 + 1e-9));
      EXPECT_TRUE(d != 1e-2 || proof.radius_unique > 0.8 * d);
    }
    if (d == 1e-7) continue;  // F(x) is known to 1e-16 x, which is no smaller than d^2 / 4
    ASSERT_EQ(certified, 4);
    const ProvenPoints points = merge_by_proof(candidates, proofs);
    EXPECT_EQ(points.groups.size(), 2u);
    EXPECT_TRUE(points.distinct);
    EXPECT_EQ(proofs[0].degree, -1);
    EXPECT_EQ(proofs[1].degree, 1);
  }
}

TEST(Certificate, AgreesWithTheEigenvaluesAtRandomNetworks) {
  // The origin of x -> A tanh(B x) is a fixed point, exactly.
  int positive = 0, negative = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Index n = 10 + static_cast<Index>(seed);
    const Matrix A = Matrix::Identity(n, n);
    const EnclosedTanhMap map(
        A, random_matrix(n, n, 1.5 / std::sqrt(static_cast<double>(n)), 100 + seed));
    const Vector zero = Vector::Zero(n);
    const Certificate proof = certify(map, zero, {.stability = true});
    const Linearization linear = linearize(map, zero, 1);
    ASSERT_EQ(proof.status, CertificateStatus::certified);
    EXPECT_LT(proof.radius_exists, 1e-200);
    EXPECT_EQ(proof.degree, linear.degree);
    EXPECT_EQ(proof.unstable, linear.unstable);
    (proof.degree > 0 ? positive : negative) += 1;
  }
  EXPECT_GT(positive, 0);
  EXPECT_GT(negative, 0);
}

// Roots to 1e-18 by Newton in long double: they must lie in the boxes of existence, around
// candidates that are off by 1e-14 to 1e-5.
TEST(Certificate, HoldsTheRootsOfRandomNetworksInLongDouble) {
  using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  const Index n = 12;
  int certified = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Matrix A = random_matrix(n, n, 1, 200 + seed), B = random_matrix(n, n, 0.5, 300 + seed);
    const EnclosedTanhMap map(A, B);
    const FixedPoints found = find_fixed_points(map, random_matrix(n, 10, 1, 400 + seed));
    for (Index p = 0; p < found.states.cols(); ++p) {
      Long x = found.states.col(p).cast<long double>();
      for (int i = 0; i < 4; ++i) {
        const Long t =
            (B.cast<long double>() * x).unaryExpr([](long double v) { return std::tanh(v); });
        const Long slope = (1 - t.array().square()).matrix();
        const Long J = A.cast<long double>() * slope.col(0).asDiagonal() * B.cast<long double>();
        x += (Long::Identity(n, n) - J).lu().solve(A.cast<long double>() * t - x);
      }
      for (const double shift : {0.0, 1e-14, 1e-9, 1e-5}) {
        const Vector at = found.states.col(p) + shift * random_matrix(n, 1, 1, seed).normalized();
        const Certificate proof = certify(map, at);
        if (proof.status != CertificateStatus::certified) continue;
        ++certified;
        const long double distance = (at.cast<long double>() - x).cwiseAbs().maxCoeff();
        EXPECT_LE(distance, static_cast<long double>(proof.radius_exists)) << shift;
        EXPECT_LE(proof.radius_exists, 3 * proof.newton_step);
      }
    }
  }
  EXPECT_GT(certified, 40);
}

TEST(Certificate, OfAReluMapHoldsWithinOneLinearRegionOnly) {
  const auto slope = [](const Box& x) -> Box {
    const Interval on = x[0].lo > 0 ? Interval(1.0) : x[0].hi <= 0 ? Interval(0.0) : Interval(0, 1);
    return {Interval(-3.0) * on};
  };
  // x -> 1 - 3 relu(x): x* = 1/4 with slope -3, and I - J in {1, 4}: kappa is 0 up to the kink and
  // 3/4 beyond, so that the point is unique everywhere.
  const EnclosedMap steep(
      1,
      [](const Box& x) -> Box {
        return {Interval(1.0) -
                Interval(3.0) * Interval(std::max(x[0].lo, 0.0), std::max(x[0].hi, 0.0))};
      },
      slope);
  const Certificate whole = certify(steep, Vector::Constant(1, 0.25), {.largest_radius = 100});
  EXPECT_EQ(whole.status, CertificateStatus::certified);
  EXPECT_EQ(whole.radius_unique, 100);
  // x -> 3 relu(x) - 1/2: x* = 1/4 and x* = -1/2 in the two regions; unique up to the kink.
  const EnclosedMap two(
      1,
      [](const Box& x) -> Box {
        return {Interval(3.0) * Interval(std::max(x[0].lo, 0.0), std::max(x[0].hi, 0.0)) -
                Interval(0.5)};
      },
      [slope](const Box& x) -> Box { return {-slope(x)[0]}; });
  const Matrix both = (Matrix(1, 2) << 0.25, -0.5).finished();
  const auto proofs = certify_all(two, both, {.attempts = 40});
  ASSERT_EQ(proofs[0].status, CertificateStatus::certified);
  ASSERT_EQ(proofs[1].status, CertificateStatus::certified);
  EXPECT_LT(proofs[0].radius_unique, 0.25);
  EXPECT_GT(proofs[0].radius_unique, 0.8 * 0.25);
  EXPECT_LT(proofs[1].radius_unique, 0.5);
  EXPECT_GT(proofs[1].radius_unique, 0.8 * 0.5);
  EXPECT_EQ(proofs[0].degree + proofs[1].degree, 0);
  EXPECT_EQ(certify(two, Vector::Zero(1)).status, CertificateStatus::not_contracting);
}

TEST(Certificate, NamesWhatStandsInItsWay) {
  const CallableMap plain(2, [](In<Vector> x) { return Vector(0.5 * x); });
  EXPECT_EQ(certify(plain, Vector::Zero(2)).status, CertificateStatus::no_enclosure);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto broken = enclosed_scalar_map([=](Interval) { return Interval(nan); },
                                          [=](Interval) { return Interval(nan); });
  EXPECT_EQ(certify(broken, Vector::Zero(1)).status, CertificateStatus::not_finite);
  EXPECT_EQ(certify(enclosed_henon_map(), Vector::Constant(2, nan)).status,
            CertificateStatus::not_finite);
  EXPECT_EQ(certify(enclosed_henon_map(), Vector::Constant(2, 1e200)).status,
            CertificateStatus::not_finite);
  EXPECT_THROW(certify(plain, Vector::Zero(3)), std::invalid_argument);
  EXPECT_THROW(certify(plain, Vector::Zero(2), {.largest_radius = 0}), std::invalid_argument);
  EXPECT_THROW(certify_all(plain, Matrix(3, 2)), std::invalid_argument);
  EXPECT_THROW(merge_by_proof(Matrix(2, 1), {}), std::invalid_argument);
  EXPECT_TRUE(certify_all(plain, Matrix(2, 0)).empty());
}

TEST(Certificate, IsTheSameForAnyNumberOfThreadsAndStopsWhenAsked) {
  const FlipFlop net(12);
  const auto one = certify_all(net.map, net.candidates, {.threads = {1}});
  const auto two = certify_all(net.map, net.candidates, {.threads = {2}});
  for (std::size_t k = 0; k < one.size(); ++k) {
    EXPECT_EQ(one[k].radius_exists, two[k].radius_exists);
    EXPECT_EQ(one[k].radius_unique, two[k].radius_unique);
    EXPECT_EQ(one[k].contraction, two[k].contraction);
  }
  const auto stopped =
      certify_all(net.map, net.candidates, {.progress = [](double f) { return f < 0.3; }});
  EXPECT_EQ(stopped.front().status, CertificateStatus::certified);
  EXPECT_EQ(stopped.back().status, CertificateStatus::cancelled);
  EXPECT_LT(merge_by_proof(net.candidates, stopped).groups.size(), 27u);
}

TEST(ProvenPoints, LeavesOpenWhatIsNeitherProvenDistinctNorTheSame) {
  Certificate proof;
  proof.status = CertificateStatus::certified;
  proof.radius_exists = 0.1;
  proof.radius_unique = 0.12;
  proof.degree = 1;
  const Matrix near = (Matrix(1, 2) << 0, 0.15).finished();
  const ProvenPoints open = merge_by_proof(near, {proof, proof});
  EXPECT_EQ(open.groups.size(), 2u);
  EXPECT_FALSE(open.distinct);
  Certificate wide = proof;
  wide.radius_unique = 0.3;
  EXPECT_EQ(merge_by_proof(near, {proof, wide}).groups.size(), 1u);
  const Matrix apart = (Matrix(1, 2) << 0, 0.25).finished();
  EXPECT_TRUE(merge_by_proof(apart, {proof, proof}).distinct);
  const TrappingBox trap{TrappingStatus::proven, box_around(Vector::Zero(1), 1)};
  EXPECT_EQ(degree_statement(trap, near, {proof, proof}).verdict, DegreeVerdict::undecided);
  EXPECT_EQ(degree_statement(trap, apart, {proof, proof}).verdict, DegreeVerdict::missing);
  EXPECT_EQ(degree_statement({}, apart, {proof, proof}).verdict, DegreeVerdict::undecided);
  // A candidate without a proof may be the point that the others lack.
  EXPECT_EQ(degree_statement(trap, apart, {Certificate{}, proof}).verdict,
            DegreeVerdict::undecided);
  EXPECT_EQ(degree_statement(trap, apart, {Certificate{}, Certificate{}}).verdict,
            DegreeVerdict::undecided);
  // What straddles the edge of the box decides nothing, what lies outside does not count.
  const Matrix edge = (Matrix(1, 2) << 0, 1.05).finished(),
               out = (Matrix(1, 2) << 0, 1.5).finished();
  EXPECT_EQ(degree_statement(trap, edge, {proof, proof}).verdict, DegreeVerdict::undecided);
  EXPECT_EQ(degree_statement(trap, out, {proof, proof}).verdict, DegreeVerdict::consistent);
}

}  // namespace
}  // namespace nullcline::dynamics
