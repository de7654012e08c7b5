// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/tangent_bundle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/qr.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double forgetting = 0.99;                    // of the fastest growth, a QR
constexpr double largest_spread_of_differences = 1e4;  // whose errors are 1e-10, not 1e-16
constexpr double largest_log = 300;  // of a tangent's length: squares stay below overflow

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// By a sum, which is vectorized: a sum that overflows has diverged as well.
bool is_finite(In<Matrix> A) { return std::isfinite(A.sum()); }

Matrix random_tangents(Index n, Index k, Index orbit, const LyapunovOptions& options) {
  RandomStream random({options.seed, options.network, Purpose::lyapunov_tangents,
                       static_cast<std::uint64_t>(orbit)});
  Matrix A(n, k);
  random.fill_normal(std::span<double>(A.data(), at(A.size())));
  return orthonormal_basis(A);
}

/// How many of the first entries of R's diagonal stand above rounding.
Index above_rounding(const Vector& diagonal, Index n) {
  const double level = eps * static_cast<double>(n) * diagonal.maxCoeff();
  Index i = 0;
  while (i < diagonal.size() && diagonal(i) > level) ++i;
  return i;
}

}  // namespace

TangentBundle::TangentBundle(std::unique_ptr<OrbitStepper> stepper, In<Matrix> X, Index first,
                             Index k, const LyapunovOptions& options)
    : stepper_(std::move(stepper)),
      options_(options),
      first_(first),
      k_(k),
      resolved_(k),
      log_spread_(std::log(stepper_->derivatives() == Derivatives::exact
                               ? options.spread
                               : std::min(options.spread, largest_spread_of_differences))),
      method_(options.tangents),
      status_(at(X.cols()), OrbitStatus::done),
      X_(X),
      V_(X.rows(), X.cols() * k),
      failed_(X) {
  for (Index c = 0; c < X.cols(); ++c) {
    alive_.push_back(first + c);
    V_.middleCols(c * k, k) = random_tangents(X.rows(), k, first + c, options);
  }
  remove_failed();
}

void TangentBundle::begin_measurement() {
  resolved_ = k_;
  orthonormalizations_ = 0;
  determinant_ = {};
}

Matrix TangentBundle::final_states() const {
  Matrix states = failed_;
  for (Index c = 0; c < X_.cols(); ++c) states.col(alive_[at(c)] - first_) = X_.col(c);
  return states;
}

void TangentBundle::advance(Index steps, Matrix& growth, bool check) {
  checking_ = check;
  while (steps > 0 && !empty()) {
    const Index intervals = (steps + interval_ - 1) / interval_;
    const Index now = (steps + intervals - 1) / intervals;  // intervals as equal as they can be
    log_determinants_.setZero(X_.cols());
    for (Index i = 0; i < now && !empty(); ++i) step();
    orthonormalize(now, growth);
    checking_ = false;
    steps -= now;
  }
}

void TangentBundle::step() {
  stepper_->begin_step(time_, alive_);
  if (method_ == TangentMethod::automatic) method_ = choose_method();
  if (checking_) add_determinants();
  push();
  Y_.resize(X_.rows(), X_.cols());
  stepper_->step(X_, Y_);
  X_.swap(Y_);
  ++time_;
  remove_failed();
}

/// Of many tangents the Jacobian, whose n^2 numbers cost little beside the product, and which then
/// is a product of two matrices and nothing more. Of few push_forward, unless it differs from the
/// Jacobian by more than rounding though derivatives are called exact: then only the Jacobian is.
TangentMethod TangentBundle::choose_method() {
  if (stepper_->derivatives() != Derivatives::exact) return TangentMethod::push_forward;
  if (2 * k_ >= X_.rows()) return TangentMethod::jacobian;
  W_.resize(V_.rows(), V_.cols());
  stepper_->push_forward(X_, V_, W_);
  const Matrix product = stepper_->jacobian(X_.col(0), 0) * V_.leftCols(k_);
  const double difference = (W_.leftCols(k_) - product).norm();
  return difference > 1e-12 * product.norm() ? TangentMethod::jacobian
                                             : TangentMethod::push_forward;
}

void TangentBundle::push() {
  W_.resize(V_.rows(), V_.cols());
  if (method_ == TangentMethod::push_forward) {
    stepper_->push_forward(X_, V_, W_);
  } else {
    const Index n = X_.rows();
    for (Index c = 0; c < X_.cols(); ++c) {
      packed_.pack(stepper_->jacobian(X_.col(c), c));
      multiply_packed(packed_, V_.col(c * k_).data(), 1, n, k_, W_.col(c * k_).data(), n, false);
    }
  }
  V_.swap(W_);
}

/// Takes out the orbits whose state or tangents are of no use any more.
void TangentBundle::remove_failed() {
  Index kept = 0;
  for (Index c = 0; c < X_.cols(); ++c) {
    const double size = X_.col(c).stableNorm();
    OrbitStatus& status = status_[at(alive_[at(c)] - first_)];
    if (std::isnan(size)) {
      status = OrbitStatus::not_finite;
    } else if (size > options_.escape_radius) {
      status = OrbitStatus::diverged;
    } else if (!is_finite(V_.middleCols(c * k_, k_))) {
      status = OrbitStatus::not_finite;
    }
    if (status != OrbitStatus::done) {
      failed_.col(alive_[at(c)] - first_) = X_.col(c);
      continue;
    }
    if (kept < c) {
      X_.col(kept) = X_.col(c);
      V_.middleCols(kept * k_, k_) = V_.middleCols(c * k_, k_);
      alive_[at(kept)] = alive_[at(c)];
      if (checking_) log_determinants_(kept) = log_determinants_(c);
    }
    ++kept;
  }
  if (kept == X_.cols()) return;
  X_.conservativeResize(Eigen::NoChange, kept);
  V_.conservativeResize(Eigen::NoChange, kept * k_);
  alive_.resize(at(kept));
}

void TangentBundle::orthonormalize(Index steps, Matrix& growth) {
  double ratio = 0;  // to what the tangents may grow apart in an interval
  for (Index c = 0; c < X_.cols(); ++c) {
    R_.resize(k_, k_);
    qr_in_place(V_.middleCols(c * k_, k_), R_);
    const Vector diagonal = R_.diagonal(), logs = diagonal.array().log();
    growth.col(alive_[at(c)] - first_) += logs;
    ++orthonormalizations_;
    resolved_ = std::min(resolved_, above_rounding(diagonal, X_.rows()));
    if (checking_) compare_determinants(c, logs.sum(), steps);
    ratio = std::max({ratio, (logs.maxCoeff() - logs.minCoeff()) / log_spread_,
                      logs.cwiseAbs().maxCoeff() / largest_log});
  }
  adapt_interval(ratio / static_cast<double>(steps));
}

/// Growth comes in bursts: the interval follows the fastest of late, and becomes longer slowly.
void TangentBundle::adapt_interval(double ratio_per_step) {
  // Not above 1, where the interval is one step: an annihilated direction makes it infinite.
  fastest_ = std::clamp(std::max(ratio_per_step, forgetting * fastest_), 1e-9, 1.0);
  const double longest = std::min(1 + 1.25 * static_cast<double>(interval_),
                                  static_cast<double>(options_.longest_interval));
  interval_ = static_cast<Index>(std::clamp(1 / fastest_, 1.0, longest));
}

void TangentBundle::add_determinants() {
  for (Index c = 0; c < X_.cols(); ++c) {
    const Matrix J = stepper_->jacobian(X_.col(c), c);
    log_determinants_(c) +=
        is_finite(J) ? log_abs_determinant(J) : std::numeric_limits<double>::quiet_NaN();
  }
}

void TangentBundle::compare_determinants(Index column, double sum, Index steps) {
  const double expected = log_determinants_(column);
  if (!std::isfinite(expected) || !std::isfinite(sum)) return;
  const double duration = static_cast<double>(steps) * options_.dt;
  determinant_.steps += steps;
  determinant_.mean += expected;
  determinant_.discrepancy =
      std::max(determinant_.discrepancy, std::abs(sum - expected) / duration);
}

}  // namespace nullcline::dynamics::detail
