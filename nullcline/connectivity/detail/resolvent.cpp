// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/detail/resolvent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::connectivity::detail {
namespace {

constexpr double tolerance = 1e-10;  // of the residual of the Ritz pair, relative to its value

/// The largest eigenvalue of the real symmetric tridiagonal matrix with `diagonal` (k) and
/// `beside` (k - 1), and the last entry of its vector of norm 1.
struct Ritz {
  double value, last;
};
std::optional<Ritz> largest(const std::vector<double>& diagonal,
                            const std::vector<double>& beside) {
  const auto k = static_cast<Index>(diagonal.size());
  Matrix tridiagonal = Matrix::Zero(k, k);
  for (Index i = 0; i < k; ++i) {
    tridiagonal(i, i) = diagonal[static_cast<std::size_t>(i)];
    if (i > 0) tridiagonal(i, i - 1) = beside[static_cast<std::size_t>(i - 1)];
  }
  const auto pairs = attempt(symmetric_eigen, tridiagonal);
  if (!pairs) return std::nullopt;
  return Ritz{pairs->values(k - 1), pairs->vectors(k - 1, k - 1)};
}

}  // namespace

Resolvent::Resolvent(In<Matrix> A)
    : start_(A.rows()), norm_(std::numeric_limits<double>::quiet_NaN()) {
  auto schur = attempt(complex_schur, A);
  const auto values = attempt(singular_values, A);
  if (!schur || !values) return;
  T_ = std::move(*schur);
  norm_ = (*values)(0);
  RandomStream stream({.seed = 0, .purpose = Purpose::surrogates});
  for (auto& entry : start_) {
    const double real = stream.normal();
    entry = {real, stream.normal()};
  }
  start_.normalize();
}

double Resolvent::smallest_singular_value(std::complex<double> z) const {
  const Index n = T_.rows();
  ComplexMatrix R = -T_;
  R.diagonal().array() += z;
  if ((R.diagonal().array() == std::complex<double>(0)).any()) return 0;
  const auto upper = R.triangularView<Eigen::Upper>();

  ComplexMatrix basis(n, n);
  std::vector<double> diagonal, beside;
  basis.col(0) = start_;
  for (Index k = 0;; ++k) {
    ComplexVector next = basis.col(k);
    upper.adjoint().solveInPlace(next);
    upper.solveInPlace(next);
    if (!next.allFinite()) return 0;  // 1 / sigma^2 overflows
    diagonal.push_back(next.dot(basis.col(k)).real());
    const auto known = basis.leftCols(k + 1);
    for (int pass = 0; pass < 2; ++pass) next -= known * (known.adjoint() * next).eval();
    const double length = next.norm();
    const bool last = k + 1 == n;
    // Ritz values settle geometrically: they need not be known after every step.
    if (last || k % 4 == 3 || length <= tolerance * diagonal.back()) {
      const auto ritz = largest(diagonal, beside);
      if (!ritz) return std::numeric_limits<double>::quiet_NaN();
      if (last || length * std::abs(ritz->last) <= tolerance * ritz->value) {
        return 1 / std::sqrt(ritz->value);
      }
    }
    beside.push_back(length);
    basis.col(k + 1) = next / length;
  }
}

}  // namespace nullcline::connectivity::detail
