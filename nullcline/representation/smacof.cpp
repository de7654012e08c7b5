// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/smacof.hpp"

#include <fmt/core.h>

#include <cmath>
#include <mutex>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/distances.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/mds.hpp"

namespace nullcline::representation {
namespace {

void check(const Matrix& delta, const SmacofOptions& options) {
  if (options.dim < 1 || options.starts < 0 || options.max_iterations < 1 ||
      !(options.tolerance > 0)) {
    throw std::invalid_argument(
        fmt::format("smacof: dim ({}), max_iterations ({}) and tolerance ({}) must be positive, "
                    "starts ({}) not negative",
                    options.dim, options.max_iterations, options.tolerance, options.starts));
  }
  if (options.starts == 0 && !options.start_at_classical) {
    throw std::invalid_argument("smacof: no start at all: starts is 0, start_at_classical false");
  }
  if (options.weights.size() > 0 && options.weights.rows() != delta.rows()) {
    throw std::invalid_argument(fmt::format("smacof: weights are {} x {} for {} objects",
                                            options.weights.rows(), options.weights.cols(),
                                            delta.rows()));
  }
}

/// Whether pairs of positive weight tie all objects together.
bool is_connected(const Matrix& weights) {
  std::vector<Index> reached = {0};
  std::vector<bool> known(static_cast<std::size_t>(weights.rows()), false);
  known[0] = true;
  for (std::size_t next = 0; next < reached.size(); ++next) {
    for (Index j = 0; j < weights.rows(); ++j) {
      if (known[static_cast<std::size_t>(j)] || weights(reached[next], j) == 0) continue;
      known[static_cast<std::size_t>(j)] = true;
      reached.push_back(j);
    }
  }
  return static_cast<Index>(reached.size()) == weights.rows();
}

/// V^+ = (V + 1 1' s)^-1 - 1 1' / (s K^2), s > 0 of the size of V; empty without weights.
Matrix pseudo_inverse(const Matrix& weights) {
  if (weights.size() == 0) return {};
  if (!is_connected(weights)) {
    throw std::invalid_argument("smacof: pairs of positive weight leave the objects in parts");
  }
  const double K = static_cast<double>(weights.rows());
  Matrix V = -weights;
  V.diagonal() = weights.rowwise().sum();
  const double s = V.diagonal().mean() / K;
  V.array() += s;
  const auto inverse = solve_positive_definite(V, Matrix::Identity(V.rows(), V.cols()));
  if (!inverse) {
    throw std::invalid_argument("smacof: weights range too widely to tie the objects together");
  }
  return inverse->array() - 1 / (s * K * K);
}

/// One problem: distances and weights.
class Majorization {
 public:
  Majorization(Matrix delta, Matrix weights)
      : delta_(std::move(delta)),
        weights_(std::move(weights)),
        inverse_(pseudo_inverse(weights_)) {}

  struct Transform {
    Matrix points;      // G(X)
    double stress = 0;  // Of X.
  };

  Transform operator()(const Matrix& X) const {
    const Index K = delta_.rows();
    Transform result{Matrix::Zero(X.rows(), K), 0};
    for (Index j = 0; j < K; ++j) {
      for (Index i = 0; i < j; ++i) {
        const auto difference = X.col(i) - X.col(j);
        const double distance = difference.norm(), w = weight(i, j);
        result.stress += w * (delta_(i, j) - distance) * (delta_(i, j) - distance);
        if (distance == 0) continue;
        const double pull = w * delta_(i, j) / distance;
        result.points.col(i) += pull * difference;
        result.points.col(j) -= pull * difference;
      }
    }
    if (inverse_.size() == 0) {
      result.points /= static_cast<double>(K);
    } else {
      result.points = (result.points * inverse_).eval();
    }
    return result;
  }

  double stress_1(const Matrix& X, double stress) const {
    double squares = 0;
    for (Index j = 0; j < X.cols(); ++j) {
      for (Index i = 0; i < j; ++i) squares += weight(i, j) * (X.col(i) - X.col(j)).squaredNorm();
    }
    return squares > 0 ? std::sqrt(stress / squares) : 0;
  }

 private:
  double weight(Index i, Index j) const { return weights_.size() == 0 ? 1.0 : weights_(i, j); }

  Matrix delta_, weights_, inverse_;
};

/// Counts the iterations of all starts, in any thread. A start that ends counts as all of its.
class Iterations {
 public:
  Iterations(Index starts, const SmacofOptions& options)
      : all_(static_cast<double>(starts * (options.max_iterations + 1))),
        progress_(options.progress) {}

  /// Whether to go on.
  bool done(Index more) {
    if (!progress_) return true;
    const std::lock_guard lock(mutex_);
    done_ += static_cast<double>(more);
    if (goes_on_) goes_on_ = progress_(std::min(1.0, done_ / all_));
    return goes_on_;
  }

 private:
  double all_, done_ = 0;
  const Progress& progress_;
  bool goes_on_ = true;
  std::mutex mutex_;
};

struct Descent {
  SmacofAttempt attempt;
  Matrix points;
};

Descent descend(const Majorization& transform, SmacofStart kind, Matrix start,
                const SmacofOptions& options, Iterations& iterations) {
  Descent result{{}, std::move(start)};
  result.attempt.kind = kind;
  for (Index iteration = 0;; ++iteration) {
    auto next = transform(result.points);
    result.attempt.stress.push_back(next.stress);
    const double norm = next.points.norm();
    const double moved = (next.points - result.points).norm();
    result.attempt.step = norm > 0 ? moved / norm : moved;
    if (result.attempt.step <= options.tolerance) {
      result.attempt.status = SmacofStatus::converged;
      iterations.done(options.max_iterations + 1 - iteration);
      return result;
    }
    const bool goes_on = iterations.done(1);
    if (iteration == options.max_iterations) return result;
    if (!goes_on) {
      result.attempt.status = SmacofStatus::canceled;
      return result;
    }
    result.points = std::move(next.points);
  }
}

Matrix random_start(Index dim, Index K, double scale, std::uint64_t seed, std::uint64_t number) {
  RandomStream stream({.seed = seed, .purpose = Purpose::optimizer_starts, .step = number});
  Matrix X(dim, K);
  for (double& entry : X.reshaped()) entry = scale * stream.normal();
  return X.colwise() - Vector(X.rowwise().mean());
}

Matrix classical_start(const Matrix& delta, Index dim) {
  const Index most = std::min(dim, delta.rows());
  Matrix X = Matrix::Zero(dim, delta.rows());
  X.topRows(most) = classical_mds(delta, {.dim = most}).points;
  return X;
}

/// X turned to its principal axes about its mean.
Matrix principal_axes(const Matrix& X) {
  const Matrix centered = X.colwise() - Vector(X.rowwise().mean());
  const Matrix axes = symmetric_eigen(centered * centered.transpose()).vectors.rowwise().reverse();
  Matrix rows = (axes.transpose() * centered).transpose();
  detail::orient_columns(rows);
  return rows.transpose();
}

}  // namespace

const char* name_of(SmacofStart kind) {
  return kind == SmacofStart::classical ? "classical" : "random";
}

const char* name_of(SmacofStatus status) {
  switch (status) {
    case SmacofStatus::converged:
      return "converged";
    case SmacofStatus::max_iterations:
      return "max_iterations";
    case SmacofStatus::canceled:
      return "canceled";
  }
  return "unknown";
}

Smacof smacof(In<Matrix> distances, const SmacofOptions& options) {
  const Matrix delta = detail::checked_pairs(distances, 1, "smacof: distances");
  check(delta, options);
  const Matrix weights = options.weights.size() == 0
                             ? Matrix()
                             : detail::checked_pairs(options.weights, 1, "smacof: weights");
  const Majorization transform(delta, weights);
  const Index K = delta.rows(), first = options.start_at_classical ? 1 : 0;
  // Normal points of this scale have distances whose square has the mean of delta^2.
  const double pairs = static_cast<double>(K * std::max<Index>(K - 1, 1));
  const double scale =
      std::sqrt(delta.squaredNorm() / pairs / (2 * static_cast<double>(options.dim)));

  Iterations iterations(first + options.starts, options);
  std::vector<Descent> all(static_cast<std::size_t>(first + options.starts));
  parallel_for(first + options.starts, options.threads, [&](Index k) {
    const bool classical = k < first;
    Matrix start = classical ? classical_start(delta, options.dim)
                             : random_start(options.dim, K, scale, options.seed,
                                            static_cast<std::uint64_t>(k - first));
    all[static_cast<std::size_t>(k)] =
        descend(transform, classical ? SmacofStart::classical : SmacofStart::random,
                std::move(start), options, iterations);
  });

  Smacof result;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::size_t best = static_cast<std::size_t>(result.best);
    if (all[k].attempt.stress.back() < all[best].attempt.stress.back()) {
      result.best = static_cast<Index>(k);
    }
  }
  const Descent& best = all[static_cast<std::size_t>(result.best)];
  result.points = principal_axes(best.points);
  result.stress = best.attempt.stress.back();
  result.stress_1 = transform.stress_1(best.points, result.stress);
  result.status = best.attempt.status;
  for (Descent& descent : all) result.attempts.push_back(std::move(descent.attempt));
  return result;
}

}  // namespace nullcline::representation
