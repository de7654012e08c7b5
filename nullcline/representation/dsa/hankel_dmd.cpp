// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/hankel_dmd.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

void check(std::span<const Matrix> trials, const HankelDmdOptions& options) {
  if (options.delays < 1 || options.interval < 1 || options.rank < 0 || !(options.ridge >= 0)) {
    throw std::invalid_argument(
        fmt::format("hankel_dmd: delays ({}) and interval ({}) must be positive, rank ({}) and "
                    "ridge ({}) not negative",
                    options.delays, options.interval, options.rank, options.ridge));
  }
  const Index least = (options.delays - 1) * options.interval + 2;
  for (const Matrix& trial : trials) {
    if (trial.cols() < least) {
      throw std::invalid_argument(
          fmt::format("hankel_dmd: a trial of {} steps, needs {} for {} delays of {}", trial.cols(),
                      least, options.delays, options.interval));
    }
  }
}

/// H, and where each trial ends in it.
struct Delayed {
  Matrix H;                 // (n q, samples)
  std::vector<Index> ends;  // columns
};

Delayed delayed_states(std::span<const Matrix> trials, const Vector& mean,
                       const HankelDmdOptions& options) {
  const Index n = mean.size(), reach = (options.delays - 1) * options.interval;
  Delayed result;
  Index samples = 0;
  for (const Matrix& trial : trials) {
    samples += trial.cols() - reach;
    result.ends.push_back(samples);
  }
  result.H.resize(n * options.delays, samples);
  Index first = 0;
  for (const Matrix& trial : trials) {
    const Index columns = trial.cols() - reach;
    for (Index delay = 0; delay < options.delays; ++delay) {
      result.H.block(delay * n, first, n, columns) =
          trial.middleCols(reach - delay * options.interval, columns).colwise() - mean;
    }
    first += columns;
  }
  return result;
}

/// All columns but the last, or the first, of each trial.
Matrix without_ends(const Matrix& Y, const std::vector<Index>& ends, bool last) {
  Matrix result(Y.rows(), Y.cols() - static_cast<Index>(ends.size()));
  Index first = 0, to = 0;
  for (const Index end : ends) {
    const Index columns = end - first - 1;
    result.middleCols(to, columns) = Y.middleCols(first + (last ? 0 : 1), columns);
    to += columns;
    first = end;
  }
  return result;
}

}  // namespace

HankelDmd hankel_dmd(std::span<const Matrix> trials, const HankelDmdOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "hankel_dmd");
  check(trials, options);
  const Vector mean =
      options.center ? detail::mean_of(trials, shape) : Vector(Vector::Zero(shape.dim));
  const Delayed delayed = delayed_states(trials, mean, options);
  Svd factors = svd(delayed.H);

  HankelDmd result;
  result.singular_values = std::move(factors.values);
  const Vector& S = result.singular_values;
  const double larger = static_cast<double>(std::max(delayed.H.rows(), delayed.H.cols()));
  const double least = larger * std::numeric_limits<double>::epsilon() * S(0);
  const Index most = (S.array() > least).count();
  if (most == 0) throw std::invalid_argument("hankel_dmd: the data are zero throughout");
  result.rank = options.rank == 0 ? most : std::min(options.rank, most);
  result.explained = S.head(result.rank).squaredNorm() / S.squaredNorm();
  result.basis = factors.U.leftCols(result.rank);

  Matrix Y = factors.V.leftCols(result.rank).transpose();
  if (options.coordinates == DmdCoordinates::principal) {
    Y = (S.head(result.rank).asDiagonal() * Y).eval();
  }
  const Matrix past = without_ends(Y, delayed.ends, true);
  const Matrix future = without_ends(Y, delayed.ends, false);
  // A' by least squares: past' A' = future', with rows sqrt(ridge) I below past'.
  const double added = std::sqrt(options.ridge / static_cast<double>(result.rank)) * past.norm();
  Matrix rows = Matrix::Zero(past.cols() + result.rank, result.rank);
  Matrix values = Matrix::Zero(rows.rows(), result.rank);
  rows.topRows(past.cols()) = past.transpose();
  rows.bottomRows(result.rank).diagonal().setConstant(added);
  values.topRows(past.cols()) = future.transpose();
  const Svd solver = svd(rows);
  const double cut = larger * std::numeric_limits<double>::epsilon() * solver.values(0);
  const Vector inverse =
      (solver.values.array() > cut).select(solver.values.cwiseInverse(), Vector::Zero(result.rank));
  result.A = (solver.V * (inverse.asDiagonal() * multiply(solver.U, values, true))).transpose();
  result.eigenvalues = eigenvalues(result.A);
  const double left = (future - multiply(result.A, past)).norm();
  result.relative_error = left > 0 ? left / future.norm() : 0;
  return result;
}

}  // namespace nullcline::representation
