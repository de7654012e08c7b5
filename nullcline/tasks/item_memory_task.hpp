// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/tasks/trial_task.hpp"

namespace nullcline::tasks {

/// Angles to remember, and the delay after them, in s.
struct Items {
  double delay = 0;
  std::vector<double> angles;  // rad, K of them
};

/// Tasks that show K angles, one after the other, and after a delay d and a go cue ask for
/// something about them, in slots of 0.5 s; from the 2025 warping paper (section 4.4 of our notes),
/// whose K is 2:
///
///     slot      0       1     2       ..  2 K    + d    + d + 1   + d + 2 ..
///     input     item 1  -     item 2      delay  go     -         -
///     output    0       0     0           0      free   free      report slots, see below
///
/// An item is (cos, sin) of its angle. After the reports, one slot is free, and then the output is
/// to be 0 for `silence` seconds. The loss is the mean square of the output over the steps that ask
/// for 0, plus the mean squared error over the report steps: each with weight 1 / count.
///
/// A batch goes through delays x angles^K in random order: with K = 2, 4 x 36 = 144 trials are the
/// paper's batch; what is smaller than the grid has no trial twice. Angles are multiples of 60
/// degrees, all turned by one random angle, N(0, 2 rad^2): so differences of the angles stay on
/// the lattice (`rotation = "common"`). Turning each item by itself is the cleaner design:
/// "independent" draws all uniformly.
class ItemMemoryTask : public TrialTask<Items> {
 public:
  ItemMemoryTask(const Settings& settings, double dt, Index items, Index report_slots);

  std::vector<Channel> inputs() const override;
  Index steps() const override;
  Vector input_noise() const override;
  std::vector<SteadyInput> steady_inputs() const override;

  /// The torus (theta_1, .., theta_K) at the longest delay.
  std::vector<InputManifold> input_manifolds() const override;

  /// The mean angle between output and target over the report steps.
  Performance performance() const override;
  double score(const Trials& trials, In<Matrix> outputs) const override;

  static Schema common_schema();

 protected:
  /// The angle that report `slot` asks for, in rad; NaN for a slot that asks for nothing.
  virtual double reported(const Items& items, Index slot) const = 0;

  std::vector<Items> draw(RandomStream& stream, Index batch) const override;
  Index write(const Items& items, TrialWriter& trial) const override;
  Named named() const override;

 private:
  Index step(double slots, double seconds) const;  ///< The step at slots + seconds.
  Index length(double delay) const;

  double delay_start() const { return 2 * static_cast<double>(items_); }  ///< In slots.

  double dt_;
  Index items_, report_slots_;
  double slot_, silence_;
  std::vector<double> delays_;
  Index angles_;
  std::string rotation_;
  double input_noise_;
  double longest_;
};

}  // namespace nullcline::tasks
