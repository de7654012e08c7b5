// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/lu.hpp"
#include "nullcline/dynamics/points/damped_newton.hpp"

namespace nullcline::dynamics::detail {

/// The search of damped_newton.hpp turned inside out, so that many advance together: it says at
/// which state it wants F, and goes on when it is told. Jacobians and factorizations are its own.
///
/// Before a Newton step it takes, where it is given one, the step s = -C G(x) of somebody else's
/// C ~ (dG/dx)^-1 at a known root. It keeps it if |G| falls to a quarter: what Kantorovich's
/// condition for the convergence of Newton's method to that root, beta L |s| <= 1/2, promises for
/// one step [Ortega & Rheinboldt 1970, 12.6]. Such a step costs two products with a vector.
class RootSearch {
 public:
  /// `bound` is the map's state_bound(): a start outside of the box is put on its surface, and who
  /// leaves it by far, or arrives at a root that lies outside and so is one by rounding alone, as
  /// where a gate saturates, has escaped. All but `start` must outlive the search.
  /// `lu` is room to factor in, which searches that take turns may share.
  RootSearch(const Map& map, const Vector& bound, In<Vector> start, const RootOptions& options,
             Lu& lu);

  bool done() const { return done_; }

  /// Whether a step from a known root would be taken next: then offer() one, or decline().
  bool wants_offer() const { return !done_ && phase_ == Phase::offered; }
  void offer(In<Vector> step);
  void decline() { propose_own(); }

  /// Where F is wanted; valid unless done() or wants_offer().
  const Vector& trial() const { return trial_; }
  void digest(In<Vector> F);

  void cancel() { end(SearchStatus::cancelled); }
  const Vector& state() const { return here_.x; }
  const Vector& difference() const { return here_.G; }  ///< G at state().
  Root result() const { return {here_.x, here_.residual, iterations_, status_}; }

 private:
  enum class Phase { start, offered, offer, newton, damped };
  struct Point {
    Vector x, G;  // G = F(x) - x
    double residual = 0;
  };

  void accept(Point there);
  void propose_own();
  void propose_newton();
  void try_newton();
  void give_up_newton();
  void propose_damped();
  void try_damped();
  void end(SearchStatus status);
  void end_without_step();
  bool is_at_floor() const;
  bool is_outside(const Vector& x) const;
  bool is_stalling() const;

  const Map& map_;
  const Vector& bound_;
  const RootOptions& options_;
  Phase phase_ = Phase::start;
  bool done_ = false;
  SearchStatus status_ = SearchStatus::stalled;
  Point here_;
  Vector trial_;
  std::vector<double> history_;  // residuals of the accepted states
  Index iterations_ = 0, newton_pause_ = 0, newton_backoff_ = 1;

  Matrix A_, normal_;      // dG/dx and A'A, kept until a step is accepted
  double size_of_A_ = -1;  // |A|_F of the last A; -1: there was none
  Lu& lu_;
  Vector newton_step_;
  double fraction_ = 1;    // of it
  Vector gradient_;        // A'G
  double damping_ = 1e-3;  // mu relative to the largest diagonal entry of A'A
  double scale_ = 0, mu_ = 0, growth_ = 2, predicted_ = 0;
};

constexpr double domain_slack = 1.5;  ///< Times the box of state_bound() that a search may use.

/// Whether a root x lies outside of the box of state_bound() by more than rounding: then it is
/// none.
inline bool is_spurious(In<Vector> x, const Vector& bound) {
  return !(x.array().abs() <= (1 + 1e-9) * bound.array()).all();
}

/// 4 eps sqrt(n) (1 + |x|) max(1, |A|_F / sqrt(n)): what residual rounding may leave.
double rounding_floor(double norm_of_state, double frobenius_norm, Index n);

/// dG/dx = J - I.
Matrix jacobian_of_difference(const Map& map, In<Vector> x);

}  // namespace nullcline::dynamics::detail
