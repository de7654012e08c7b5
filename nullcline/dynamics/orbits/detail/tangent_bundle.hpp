// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/core/packed_product.hpp"
#include "nullcline/dynamics/orbits/detail/orbit_stepper.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::dynamics::detail {

/// A group of orbits, each with k tangents, which are pushed along and made orthonormal again. An
/// orbit that fails leaves the group, and the others go on.
class TangentBundle {
 public:
  /// Orbits `first` .. `first + X.cols() - 1`; the first tangents of each are random, of a stream
  /// of its own.
  TangentBundle(std::unique_ptr<OrbitStepper> stepper, In<Matrix> X, Index first, Index k,
                const LyapunovOptions& options);

  /// `steps` steps, in intervals that each end with a QR; the last ends with the last step. The
  /// ln R_ii of all intervals are added to growth (k, B), column b for orbit first + b. With
  /// `check`, the sum rule is tested in the first interval.
  void advance(Index steps, Matrix& growth, bool check);

  const Matrix& states() const { return X_; }    ///< (n, alive)
  const Matrix& tangents() const { return V_; }  ///< (n, alive k), orthonormal after `advance`
  const Matrix& last_R() const { return R_; }    ///< (k, k), of the last orbit's last interval

  /// Counts `resolved`, factorizations and determinants from here on.
  void begin_measurement();

  bool empty() const { return alive_.empty(); }
  bool checkable() const { return k_ == stepper_->dim(); }
  Index first() const { return first_; }
  const std::vector<OrbitStatus>& status() const { return status_; }    ///< (B), of first + b
  const DeterminantCheck& determinant() const { return determinant_; }  ///< mean: the sum, in nats
  Matrix final_states() const;  ///< (n, B), of a failed orbit the one at which it failed.
  Index interval() const { return interval_; }
  Index orthonormalizations() const { return orthonormalizations_; }
  Index resolved() const { return resolved_; }
  TangentMethod method() const { return method_; }

 private:
  void step();
  TangentMethod choose_method();
  void push();
  void remove_failed();
  void orthonormalize(Index steps, Matrix& growth);
  void adapt_interval(double ratio_per_step);
  void add_determinants();
  void compare_determinants(Index column, double sum, Index steps);

  std::unique_ptr<OrbitStepper> stepper_;
  const LyapunovOptions& options_;
  Index first_, k_, time_ = 0, interval_ = 1, orthonormalizations_ = 0, resolved_;
  double log_spread_;   // allowed in an interval
  double fastest_ = 0;  // growth apart per step, relative to that
  TangentMethod method_;
  std::vector<Index> alive_;  // numbers of the orbits that the columns of X_ are
  std::vector<OrbitStatus> status_;
  Matrix X_, Y_, V_, W_, R_, failed_;
  PackedMatrix<double> packed_;  // J
  bool checking_ = false;
  Vector log_determinants_;  // (alive), sums over the present interval
  DeterminantCheck determinant_;
};

}  // namespace nullcline::dynamics::detail
