// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/orbits/lyapunov.hpp"

namespace nullcline::dynamics::detail {

/// One step of a batch of orbits of a system that may be driven: a Map, or a DrivenMap with the
/// input of the present step. Column c of a batch is the orbit whose number is orbits[c].
class OrbitStepper {
 public:
  virtual ~OrbitStepper() = default;
  virtual Index dim() const = 0;
  virtual Derivatives derivatives() const = 0;

  /// The next three calls are at step t. Called for t = 0, 1, 2, ... in this order.
  virtual void begin_step(Index t, const std::vector<Index>& orbits) = 0;
  virtual void step(In<Matrix> X, Out<Matrix> Y) const = 0;
  virtual void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const = 0;
  virtual Matrix jacobian(In<Vector> x, Index column) const = 0;
};

std::unique_ptr<OrbitStepper> make_stepper(const Map& map);

/// For orbits `first` .. `first + count - 1`.
std::unique_ptr<OrbitStepper> make_stepper(const DrivenMap& map, const OrbitInput& input,
                                           Index orbits, Index first, Index count);

}  // namespace nullcline::dynamics::detail
