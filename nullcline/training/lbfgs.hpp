// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/types.hpp"

namespace nullcline::training {

/// L-BFGS [Liu & Nocedal 1989] with the line search for the strong Wolfe conditions [Nocedal &
/// Wright 2006, algorithms 3.5 and 3.6, cubic interpolation] of minFunc and PyTorch, whose
/// iterations it takes:
///
///     d = -H g,  H from the last `history` pairs (s, y) with y's > 1e-10 by the two-loop
///     recursion, x <- x + t d,  f(x + t d) <= f + c1 t g'd,  |f'(x + t d)' d| <= c2 |g'd|.
///
/// In double; for a smooth f that is the same at each call (full batches).
struct LbfgsOptions {
  Index history = 100;  ///< >= 1
  double c1 = 1e-4;     ///< 0 < c1 < c2 < 1
  double c2 = 0.9;
  double tolerance_gradient = 1e-7;  ///< Largest |g_i| that counts as zero.
  double tolerance_change = 1e-9;    ///< Shortest bracket of t times largest |d_i|.
  Index line_search_steps = 25;      ///< Evaluations of a line search at most, about.
};

class Lbfgs {
 public:
  /// Returns f(x) and leaves df/dx in `gradient`, which has its size.
  using Function = std::function<double(In<Vector> x, Out<Vector> gradient)>;

  Lbfgs(const LbfgsOptions& options, Index size);

  enum class Status {
    moved,      ///< x is new, and f(x) lower unless rounding stops it.
    converged,  ///< |g| is at most the tolerance, or no direction goes down: x stayed.
    not_finite  ///< f(x) is not finite: x stayed.
  };

  /// One iteration from x, whose f is `value` and df/dx `gradient`; leaves there those of the new
  /// x.
  Status step(const Function& f, Vector& x, double& value, Vector& gradient);

  /// The whole memory, to be kept in a checkpoint: pairs as columns, the oldest first.
  struct State {
    Index iterations = 0;
    double step_length = 0, scale = 1;    // t, and H_0 = scale I
    Vector direction, previous_gradient;  // d, g of the iteration before
    Matrix s, y;                          // (size, pairs)
  };
  const State& state() const { return state_; }
  void restore(State state) { state_ = std::move(state); }

 private:
  void remember(const Vector& gradient);
  Vector direction(const Vector& gradient) const;

  LbfgsOptions options_;
  State state_;
};

}  // namespace nullcline::training
