// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::tasks {

/// The 20 rules of Yang, Joglekar, Song, Newsome & Wang (2019, "Task representations in neural
/// networks trained to perform many cognitive tasks"), with the statistics of the code that they
/// published (gyyang/multitask). One difference: they draw the times once a batch, we once a trial.
///
/// All trials have a fixation, up to two stimuli on two rings (modalities), and a response, which
/// is an angle on the output's ring, or to go on fixating.
enum class Family {
  go,                ///< Stimulus, then fixation goes off: respond to (anti: away from) it.
  react_go,          ///< Respond as soon as the stimulus comes.
  delay_go,          ///< The stimulus is gone before fixation is.
  decision,          ///< Two stimuli together: respond to the stronger one.
  context_decision,  ///< The same on both rings, one of which counts, or their sum.
  delay_decision,    ///< Two stimuli one after the other.
  context_delay_decision,
  match,     ///< Respond to the second stimulus if it is (or is not) at the first one's angle.
  category,  ///< The same for the halves of the circle, [0, pi) and [pi, 2 pi).
};

struct BatteryRule {
  std::string name;
  Family family;
  bool anti = false;     ///< Of the go families.
  int modality = 2;      ///< That counts for a decision: 0, 1, or 2 for the sum of both.
  bool go_match = true;  ///< Of match and category: respond on a match, or else on a non-match.
};

/// In the order of their rule inputs.
const std::vector<BatteryRule>& battery_rules();

struct Stimulus {
  double angle;  ///< rad, in [0, 2 pi).
  int modality;  ///< 0 or 1.
  double strength;
  Index on, off;  ///< Steps.
};

struct BatteryTrial {
  Index rule = 0;  ///< Of battery_rules().
  std::vector<Stimulus> stimuli;
  Index fixation_off = 0;  ///< Of the fixation input.
  Index response = 0;      ///< From this step on the response is asked for.
  bool go = true;          ///< Respond at `angle`, or keep fixating.
  double angle = 0;
  Index steps = 0;
};

/// A trial of a rule; strengths of decisions differ by 2 x coherence, theirs times `coherence`.
BatteryTrial random_battery_trial(Index rule, double coherence, double dt, RandomStream& stream);

/// The trial of fixed times of their tests: the (stronger, matching) first stimulus at `angle`, the
/// second of a decision opposite. With `mismatch`, of match and category: the second one opposite.
/// The ring that does not count for a decision says the contrary.
BatteryTrial probe_battery_trial(Index rule, double angle, bool mismatch, double coherence,
                                 double dt);

/// Steps of the longest trial of a rule.
Index longest_battery_trial(Index rule, double dt);

}  // namespace nullcline::tasks
