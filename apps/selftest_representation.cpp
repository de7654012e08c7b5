// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "apps/selftest_cases.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::apps {
namespace {

using Checks = std::vector<SelftestCheck>;
using representation::CrossCovariances;
using representation::LogDeterminant;

/// Independent AR(1)s x' = a x + e, Var e = 1: C(k) = a^k / (1 - a^2).
CrossCovariances ar1(const Vector& a, Index lags) {
  CrossCovariances result{Vector::Zero(a.size()), {}};
  for (Index k = 0; k < lags; ++k) {
    const Vector c = a.array().pow(static_cast<double>(k)) / (1 - a.array().square());
    result.lags.emplace_back(c.asDiagonal());
  }
  return result;
}

double information_of(double a) { return -0.5 * std::log(1 - a * a); }

Checks predictive_information() {
  Checks checks;
  const Matrix I = Matrix::Identity(1, 1);
  for (const double a : {0.5, -0.9}) {
    for (const Index T : {1, 10}) {
      const auto measured =
          representation::predictive_information(ar1(Vector::Constant(1, a), 2 * T), I, T);
      checks.push_back({(a > 0 ? "a = 0.5, T = " : "a = -0.9, T = ") + std::to_string(T),
                        information_of(a), measured.value_or(NAN), 1e-12});
    }
  }
  const auto white = representation::predictive_information(ar1(Vector::Zero(1), 10), I, 5);
  checks.push_back({"white noise", 0, white.value_or(NAN), 1e-13});
  return checks;
}

Checks log_determinants() {
  // log det of N steps: -log(1 - a^2), whatever N.
  const auto lags = ar1(Vector::Constant(1, 0.9), 50).lags;
  Checks checks;
  for (const auto method : {LogDeterminant::cholesky, LogDeterminant::levinson}) {
    const auto logs = representation::toeplitz_log_determinants(lags, method);
    checks.push_back({std::string("of 50 steps, ") + name_of(method), -std::log(1 - 0.81),
                      logs ? (*logs)(49) : NAN, 1e-11});
  }
  return checks;
}

/// At T = 1 PI is that of the canonical correlations of successive steps, |a|, and the best
/// subspace that of the d largest. (At T > 1 one direction may tell of two processes, and more.)
Checks dca() {
  const Vector a{{0.95, -0.9, 0.8, 0.5, 0.2, 0.1, 0}};
  const auto curve =
      representation::dca_curve(ar1(a, 6), {.dim = 3, .window = 1, .starts = 4, .ridge = 0});
  Checks checks;
  double known = 0;
  for (Index d = 1; d <= static_cast<Index>(curve.size()); ++d) {
    const auto& found = curve[static_cast<std::size_t>(d - 1)];
    known += information_of(a(d - 1));
    const std::string of = ", d = " + std::to_string(d);
    checks.push_back({"information" + of, known, found.predictive_information, 1e-10});
    checks.push_back({"angle to the truth" + of, 0,
                      principal_angles(found.projection, Matrix::Identity(7, d)).maxCoeff(), 1e-5});
  }
  checks.push_back({"dimensions", 3, static_cast<double>(curve.size()), 0});
  return checks;
}

}  // namespace

std::vector<SelftestCase> selftest_representation() {
  return {{"predictive information of AR(1)", "closed form", predictive_information},
          {"block-Toeplitz covariance of AR(1), a = 0.9", "closed form", log_determinants},
          {"DCA of seven independent AR(1)s, T = 1", "closed form", dca}};
}

}  // namespace nullcline::apps
