// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/transitions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses, const Landmarks& landmarks,
           const TransitionOptions& options) {
  require(rest.size() == map.input_dim(), "transitions: rest must have the size of an input");
  require(pulses.rows() == map.input_dim(), "transitions: pulses must be (size of an input, R)");
  require(landmarks.points.cols() == 0 || landmarks.points.rows() == map.state_dim(),
          "transitions: points must be (dimension of map, P)");
  require(std::ssize(landmarks.linearizations) == landmarks.points.cols(),
          "transitions: need one linearization for each point");
  require(options.duration > 0 && options.amplitudes > 0,
          "transitions: need duration > 0 and amplitudes > 0");
  require(options.amplitude_limit > 0 && std::isfinite(options.amplitude_limit) &&
              options.tolerance > 0,
          "transitions: need amplitude_limit > 0, finite, and tolerance > 0");
}

/// One stable point and one pulse.
struct Case {
  Index from, pulse;
};

std::vector<Case> cases_of(const Landmarks& landmarks, Index pulses) {
  std::vector<Case> cases;
  for (Index p = 0; p < landmarks.points.cols(); ++p) {
    if (landmarks.linearizations[at(p)].stability != Stability::stable) continue;
    for (Index r = 0; r < pulses; ++r) cases.push_back({p, r});
  }
  return cases;
}

class PulseExperiment {
 public:
  PulseExperiment(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses,
                  const Landmarks& landmarks, const TransitionOptions& options)
      : map_(map),
        at_rest_(map, rest),
        rest_(rest),
        pulses_(pulses),
        landmarks_(landmarks),
        options_(options) {
    if (!landmarks_.metrics.empty()) return;
    landmarks_.metrics = contraction_metrics(landmarks_.linearizations, options.settle.threads);
  }

  /// The end of each case with its pulse times its amplitude. `progress` replaces that of options.
  Settled ends(const std::vector<Case>& cases, const Vector& amplitudes,
               const Progress& progress) const {
    Matrix X(map_.state_dim(), amplitudes.size()), next = X;
    Matrix U(map_.input_dim(), amplitudes.size());
    for (Index i = 0; i < amplitudes.size(); ++i) {
      const Case& c = cases[at(i)];
      X.col(i) = landmarks_.points.col(c.from);
      U.col(i) = rest_ + amplitudes(i) * pulses_.col(c.pulse);
    }
    for (Index t = 0; t < options_.duration; ++t) {
      map_.evaluate(X, U, next);
      X.swap(next);
    }
    SettleOptions settling = options_.settle;
    settling.progress = progress;
    return settle(at_rest_, X, landmarks_, settling);
  }

 private:
  const DrivenMap& map_;
  FrozenMap at_rest_;
  Vector rest_;
  Matrix pulses_;
  Landmarks landmarks_;
  const TransitionOptions& options_;
};

bool any_cancelled(const Settled& settled) {
  return std::find(settled.ends.begin(), settled.ends.end(), OrbitEnd::cancelled) !=
         settled.ends.end();
}

/// The thresholds of all cases, bracketed together.
class Bracketing {
 public:
  Bracketing(const PulseExperiment& experiment, std::vector<Case> cases,
             const TransitionOptions& options)
      : experiment_(experiment), cases_(std::move(cases)), options_(options) {
    for (const Case& c : cases_) result_.table.push_back({.from = c.from, .pulse = c.pulse});
  }

  Thresholds run() {
    scan();
    const double ratio = 1 / (static_cast<double>(options_.amplitudes) * options_.tolerance);
    const int halvings = std::clamp(static_cast<int>(std::ceil(std::log2(ratio))), 0, 60);
    for (int i = 0; i < halvings && !stopped_; ++i) {
      halve(0.5 + 0.5 * i / halvings, 0.5 / halvings);
    }
    result_.cancelled = stopped_;
    return std::move(result_);
  }

 private:
  /// Progress of a part that is `share` of the whole and begins at `begin`. A part is done in spite
  /// of a wish to stop at its end; the next does not begin.
  Progress part(double begin, double share) {
    if (!options_.settle.progress) return {};
    return [=, this](double done) {
      const double fraction = begin + share * done;
      const bool go_on = options_.settle.progress(fraction);
      stopped_ = stopped_ || (!go_on && fraction < 1);
      return go_on;
    };
  }

  bool leads_elsewhere(const Settled& settled, std::size_t i, Index from) const {
    return settled.landmark[i] != from && settled.ends[i] != OrbitEnd::cancelled;
  }

  void put_above(Threshold& threshold, double amplitude, const Settled& settled, std::size_t i) {
    const bool given =
        settled.ends[i] == OrbitEnd::fixed_point || settled.ends[i] == OrbitEnd::cycle;
    threshold.above = amplitude;
    threshold.to = given ? settled.landmark[i] : -1;
    threshold.end = settled.ends[i];
  }

  void scan() {
    const Index K = options_.amplitudes;
    std::vector<Case> cases;
    Vector amplitudes(std::ssize(cases_) * K);
    for (Index i = 0; i < amplitudes.size(); ++i) {
      cases.push_back(cases_[at(i / K)]);
      amplitudes(i) =
          options_.amplitude_limit * static_cast<double>(i % K + 1) / static_cast<double>(K);
    }
    const Settled settled = experiment_.ends(cases, amplitudes, part(0, 0.5));
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      Threshold& threshold = result_.table[c];
      for (Index k = 0; k < K && !threshold.found; ++k) {
        const std::size_t i = c * at(K) + at(k);
        if (settled.ends[i] == OrbitEnd::cancelled) break;
        threshold.found = leads_elsewhere(settled, i, threshold.from);
        if (threshold.found) {
          put_above(threshold, amplitudes(static_cast<Index>(i)), settled, i);
        } else {
          threshold.above = threshold.below = amplitudes(static_cast<Index>(i));
          threshold.to = threshold.from;
          threshold.end = OrbitEnd::fixed_point;
        }
      }
    }
  }

  void halve(double begin, double share) {
    std::vector<std::size_t> open;
    std::vector<Case> cases;
    for (std::size_t c = 0; c < cases_.size(); ++c) {
      if (!result_.table[c].found) continue;
      open.push_back(c);
      cases.push_back(cases_[c]);
    }
    Vector middle(std::ssize(open));
    for (std::size_t i = 0; i < open.size(); ++i) {
      const Threshold& threshold = result_.table[open[i]];
      middle(static_cast<Index>(i)) = (threshold.below + threshold.above) / 2;
    }
    const Settled settled = experiment_.ends(cases, middle, part(begin, share));
    for (std::size_t i = 0; i < open.size(); ++i) {
      Threshold& threshold = result_.table[open[i]];
      const double amplitude = middle(static_cast<Index>(i));
      if (settled.ends[i] == OrbitEnd::cancelled) continue;
      if (leads_elsewhere(settled, i, threshold.from)) {
        put_above(threshold, amplitude, settled, i);
      } else {
        threshold.below = amplitude;
      }
    }
  }

  const PulseExperiment& experiment_;
  std::vector<Case> cases_;
  const TransitionOptions& options_;
  Thresholds result_;
  bool stopped_ = false;
};

}  // namespace

Transitions transition_table(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses,
                             const Landmarks& landmarks, const TransitionOptions& options) {
  check(map, rest, pulses, landmarks, options);
  const std::vector<Case> cases = cases_of(landmarks, pulses.cols());
  const PulseExperiment experiment(map, rest, pulses, landmarks, options);
  const Settled settled =
      experiment.ends(cases, Vector::Ones(std::ssize(cases)), options.settle.progress);
  Transitions result{{}, settled.new_points, settled.new_cycles, any_cancelled(settled)};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    result.table.push_back({cases[i].from, cases[i].pulse, settled.landmark[i], settled.ends[i]});
  }
  return result;
}

Thresholds pulse_thresholds(const DrivenMap& map, In<Vector> rest, In<Matrix> pulses,
                            const Landmarks& landmarks, const TransitionOptions& options) {
  check(map, rest, pulses, landmarks, options);
  const PulseExperiment experiment(map, rest, pulses, landmarks, options);
  return Bracketing(experiment, cases_of(landmarks, pulses.cols()), options).run();
}

}  // namespace nullcline::dynamics
