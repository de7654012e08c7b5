// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/covariance_repair.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation {
namespace {

constexpr double taper_accuracy = 1e-6;

void check(const CrossCovariances& covariances, Index count,
           const CovarianceRepairOptions& options) {
  const auto lag_count = static_cast<Index>(covariances.lags.size());
  if (count < 1 || count > lag_count) {
    throw std::invalid_argument(
        fmt::format("repair_covariances: {} lags are wanted of {}", count, lag_count));
  }
  const Index n = covariances.dim();
  for (const Matrix& C : covariances.lags) {
    if (C.rows() == n && C.cols() == n && C.allFinite()) continue;
    throw std::invalid_argument(
        fmt::format("repair_covariances: a covariance is {} x {}, must be a finite {} x {}",
                    C.rows(), C.cols(), n, n));
  }
  if (!(options.smallest > 0 && options.smallest < 1)) {
    throw std::invalid_argument(fmt::format(
        "repair_covariances: smallest is {}, must be above 0 and below 1", options.smallest));
  }
  if (!(covariances.lags[0].trace() > 0)) {
    throw std::invalid_argument("repair_covariances: no unit has any variance");
  }
}

double smallest_eigenvalue(In<Matrix> C) { return symmetric_eigen(C).values(0); }

std::vector<Matrix> tapered(const std::vector<Matrix>& lags, double r) {
  std::vector<Matrix> result = lags;
  double factor = 1;
  for (std::size_t k = 1; k < result.size(); ++k) {
    factor *= r;
    result[k] *= factor;
  }
  return result;
}

/// Whether C_N - wanted I is positive definite.
bool is_above(const std::vector<Matrix>& lags, double wanted) {
  Matrix C = block_toeplitz(lags, static_cast<Index>(lags.size()));
  C.diagonal().array() -= wanted;
  return log_determinant(C).has_value();
}

void add_variance(RepairedCovariances& result, double variance) {
  if (!(variance > 0)) return;
  result.covariances.lags[0].diagonal().array() += variance;
  result.report.added_variance += variance;
  result.report.changed = true;
}

/// The largest r whose lags have no eigenvalue below `wanted`; those of r = 0 have none.
void taper(RepairedCovariances& result, double wanted) {
  const std::vector<Matrix>& lags = result.covariances.lags;
  if (is_above(lags, wanted)) return;
  double good = 0, bad = 1;
  while (bad - good > taper_accuracy) {
    const double middle = 0.5 * (good + bad);
    (is_above(tapered(lags, middle), wanted) ? good : bad) = middle;
  }
  result.covariances.lags = tapered(lags, good);
  result.report.taper = good;
  result.report.changed = true;
}

}  // namespace

const char* name_of(CovarianceRepair kind) {
  switch (kind) {
    case CovarianceRepair::none:
      return "none";
    case CovarianceRepair::floor:
      return "floor";
    case CovarianceRepair::taper:
      return "taper";
  }
  return "unknown";
}

CovarianceRepair covariance_repair_named(const std::string& name) {
  for (const auto kind :
       {CovarianceRepair::none, CovarianceRepair::floor, CovarianceRepair::taper}) {
    if (name == name_of(kind)) return kind;
  }
  throw std::invalid_argument(
      fmt::format("repair is '{}', must be 'none', 'floor' or 'taper'", name));
}

RepairedCovariances repair_covariances(const CrossCovariances& covariances, Index count,
                                       const CovarianceRepairOptions& options) {
  check(covariances, count, options);
  RepairedCovariances result{covariances, {}};
  std::vector<Matrix>& lags = result.covariances.lags;
  lags.resize(static_cast<std::size_t>(count));
  const double wanted = options.smallest * lags[0].trace() / static_cast<double>(covariances.dim());
  result.report.smallest_eigenvalue = smallest_eigenvalue(block_toeplitz(lags, count));
  if (options.kind == CovarianceRepair::floor) {
    add_variance(result, wanted - result.report.smallest_eigenvalue);
  } else if (options.kind == CovarianceRepair::taper) {
    // Twice what is wanted, so that there is an r above 0.
    const double least = smallest_eigenvalue(lags[0]);
    if (least < wanted) add_variance(result, 2 * wanted - least);
    taper(result, wanted);
  }
  return result;
}

}  // namespace nullcline::representation
