// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/representation/detail/lbfgs_memory.hpp"
#include "nullcline/representation/grassmann.hpp"

namespace nullcline::representation::detail {

/// An ascent as grassmann.hpp says, that can be taken up again where it stopped, with the pairs it
/// has: (2 memory n d) numbers.
class GrassmannAscent {
 public:
  GrassmannAscent(SubspaceFunction f, In<Matrix> start, Index memory = GrassmannOptions().memory);

  /// Climbs until the gradient is at most this, or for so many iterations in all.
  void climb(double gradient_tolerance, Index max_iterations);

  /// What was reached; `undefined`, at the start, before.
  const GrassmannMaximum& maximum() const { return maximum_; }

  /// A point of the manifold with what f is there.
  struct Point {
    Matrix V;
    double value = 0;
    Matrix gradient;  // Tangent.
  };

 private:
  GrassmannStatus climb_on(double gradient_tolerance, Index max_iterations);
  bool step();  // False if no step makes f larger.
  Matrix direction();

  SubspaceFunction f_;
  std::optional<Point> current_;  // None where f is not defined at the start.
  LbfgsMemory memory_;
  GrassmannMaximum maximum_;
};

}  // namespace nullcline::representation::detail
