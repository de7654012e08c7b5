// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/centrality.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "nullcline/connectivity/graph.hpp"
#include "nullcline/core/attempt.hpp"

namespace nullcline::connectivity {
namespace {

constexpr double shift = 1e-6;  // sigma = (1 + shift) rho.
constexpr int most_iterations = 100;
constexpr double settled = 1e-13;  // Change of the scores in an iteration, their sum being 1.

Matrix magnitudes(In<Matrix> W) {
  if (W.rows() < 1 || W.rows() != W.cols() || !W.allFinite()) {
    throw std::invalid_argument(fmt::format(
        "centrality: the weights are {} x {}, must be a finite n x n", W.rows(), W.cols()));
  }
  return W.cwiseAbs();
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// |lambda| of the largest eigenvalue, which is rho, as A >= 0; NaN where LAPACK gives up.
double spectral_radius_of(In<Matrix> A) {
  if (!has_cycle(A)) return 0;
  const auto values = attempt(eigenvalues, A);
  return values ? std::abs((*values)(0)) : nan;
}

Centrality as_parts(const Vector& strengths) {
  const double sum = strengths.sum();
  if (sum == 0) return {Vector(), CentralityStatus::undefined};
  return {strengths / sum, CentralityStatus::found};
}

Centrality perron_vector(In<Matrix> A, double rho, bool strongly_connected) {
  if (rho == 0) return {Vector(), CentralityStatus::undefined};
  if (std::isnan(rho)) return {Vector(), CentralityStatus::not_converged};
  const Index n = A.rows();
  const Matrix shifted = (1 + shift) * rho * Matrix::Identity(n, n) - A;
  Vector x = Vector::Constant(n, 1 / static_cast<double>(n));
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    const std::optional<Matrix> solution = solve(shifted, x);
    if (!solution) break;
    // What is negative is rounding: the inverse has no negative entry.
    Vector next = solution->col(0).cwiseMax(0);
    const double sum = next.sum();
    if (!(sum > 0) || !std::isfinite(sum)) break;
    next /= sum;
    const double moved = (next - x).lpNorm<1>();
    x = std::move(next);
    if (moved <= settled) {
      return {x, strongly_connected ? CentralityStatus::found : CentralityStatus::reducible};
    }
  }
  return {Vector(), CentralityStatus::not_converged};
}

KatzCentrality katz_of(In<Matrix> A, double rho, const KatzOptions& options) {
  if (!(options.fraction >= 0 && options.fraction < 1)) {
    throw std::invalid_argument(fmt::format(
        "katz_centrality: fraction is {}, must be 0 <= fraction < 1", options.fraction));
  }
  const Index n = A.rows();
  if (std::isnan(rho)) return {Vector::Constant(n, nan), nan};
  const double limit = rho > 0 ? rho : A.rowwise().sum().maxCoeff();
  const double alpha = limit > 0 ? options.fraction / limit : 0;
  const auto x = solve(Matrix::Identity(n, n) - alpha * A, Vector::Ones(n));
  if (!x) {
    throw std::runtime_error(
        fmt::format("katz_centrality: I - {} A is singular to working precision", alpha));
  }
  return {x->col(0) / x->sum(), alpha};
}

}  // namespace

const char* name_of(CentralityStatus status) {
  switch (status) {
    case CentralityStatus::found:
      return "found";
    case CentralityStatus::reducible:
      return "reducible";
    case CentralityStatus::undefined:
      return "undefined";
    case CentralityStatus::not_converged:
      return "not_converged";
  }
  return "unknown";
}

Centrality in_strength(In<Matrix> W) { return as_parts(magnitudes(W).rowwise().sum()); }

Centrality out_strength(In<Matrix> W) {
  return as_parts(magnitudes(W).colwise().sum().transpose());
}

Centrality eigenvector_centrality(In<Matrix> W) {
  const Matrix A = magnitudes(W);
  return perron_vector(A, spectral_radius_of(A), is_strongly_connected(A));
}

KatzCentrality katz_centrality(In<Matrix> W, const KatzOptions& options) {
  const Matrix A = magnitudes(W);
  return katz_of(A, spectral_radius_of(A), options);
}

Vector pagerank(In<Matrix> W, const PageRankOptions& options) {
  const double d = options.damping;
  if (!(d >= 0 && d < 1)) {
    throw std::invalid_argument(fmt::format("pagerank: damping is {}, must be 0 <= d < 1", d));
  }
  Matrix P = magnitudes(W);
  const Index n = P.rows();
  const double each = 1 / static_cast<double>(n);
  for (Index j = 0; j < n; ++j) {
    const double out = P.col(j).sum();
    if (out > 0) {
      P.col(j) /= out;
    } else {
      P.col(j).setConstant(each);
    }
  }
  // (I - d P) x = (1 - d) / n 1; I - d P is strictly diagonally dominant by columns.
  const Matrix x =
      solve(Matrix::Identity(n, n) - d * P, Vector::Constant(n, (1 - d) * each)).value();
  return x.col(0) / x.sum();
}

Centralities centralities(In<Matrix> W, const KatzOptions& katz, const PageRankOptions& rank) {
  const Matrix A = magnitudes(W);
  Centralities result;
  result.spectral_radius = spectral_radius_of(A);
  result.strongly_connected = is_strongly_connected(A);
  result.in_strength = in_strength(A);
  result.out_strength = out_strength(A);
  result.eigenvector = perron_vector(A, result.spectral_radius, result.strongly_connected);
  result.katz = katz_of(A, result.spectral_radius, katz);
  result.pagerank = pagerank(A, rank);
  return result;
}

}  // namespace nullcline::connectivity
