// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/representation/detail/lbfgs_memory.hpp"
#include "nullcline/representation/grassmann.hpp"

namespace nullcline::representation::detail {

/// The ascent that grassmann.hpp describes, which keeps (2 memory n d) numbers of its last steps.
class GrassmannAscent {
 public:
  /// Keeps a reference to f.
  GrassmannAscent(const SubspaceFunction& f, In<Matrix> start, const GrassmannOptions& options);

  GrassmannMaximum climb();

  /// A point of the manifold with what f is there.
  struct Point {
    Matrix V;
    double value = 0;
    Matrix gradient;  // Tangent.
  };

 private:
  GrassmannStatus climb_until_it_ends();
  bool step();  // False if no step makes f larger.
  Matrix direction();

  const SubspaceFunction& f_;
  GrassmannOptions options_;
  Matrix start_;
  std::optional<Point> current_;  // None where f is not defined at the start.
  LbfgsMemory memory_;
  Index iterations_ = 0, evaluations_ = 1;
};

}  // namespace nullcline::representation::detail
