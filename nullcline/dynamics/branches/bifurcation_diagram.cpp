// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/bifurcation_diagram.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/branches/detail/follow.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double same_point = 1e-5;  // relative distance of two special points that are one

using detail::Curve;
using detail::CurvePoint;

/// A branch to be followed from a special point of another.
struct Switch {
  Index junction;
  Index from;            // the branch on which it was found first
  SpecialPoint special;  // as found there
  Index depth;
};

class Builder {
 public:
  Builder(const MapFamily& family, const DiagramOptions& options)
      : family_(family), options_(options) {}

  Diagram run(const std::vector<DiagramStart>& starts) {
    for (const DiagramStart& start : starts) {
      diagram_.branch_of_start.push_back(follow_start(start));
    }
    while (!queue_.empty() && !cancelled_) {
      const Switch next = std::move(queue_.front());
      queue_.pop_front();
      follow_switch(next);
    }
    if (cancelled_ || !queue_.empty()) diagram_.complete = false;
    return std::move(diagram_);
  }

 private:
  Index follow_start(const DiagramStart& start) {
    if (cancelled_ || is_full()) return -1;
    const Curve& curve = curve_of(start.period);
    const auto found =
        detail::find_start(curve, start.state, start.parameter, options_.continuation);
    if (!found.point) return -1;
    const Index known = branch_through(found.point->z, start.period);
    if (known >= 0) return known;
    add(detail::follow_both(curve, *found.point, options_.continuation,
                            interruptions(start.period)),
        start.period, 0, -1);
    return last_branch();
  }

  void follow_switch(const Switch& at) {
    if (at.special.kind == SpecialKind::period_doubling) {
      follow_doubled(at);
    } else if (branch(at.from).period > junction(at.junction).period) {
      follow_shorter(at);
    } else {
      follow_crossing(at);
    }
  }

  /// The second branch at a branch point.
  void follow_crossing(const Switch& at) {
    if (at.special.crossing == Crossing::none || junction(at.junction).branches.size() > 1) return;
    const Index period = branch(at.from).period;
    const auto start = start_at(at.special, period);
    if (!start || is_known(*start, period, at.junction) || is_full()) return;
    Branch found =
        detail::follow_both(curve_of(period), *start, options_.continuation, interruptions(period));
    SpecialPoint origin = at.special;
    origin.tangent.swap(origin.second_tangent);
    origin.index = found.start;
    origin.arclength = 0;
    const auto place = std::find_if(found.special.begin(), found.special.end(),
                                    [](const SpecialPoint& point) { return point.arclength > 0; });
    found.special.insert(place, std::move(origin));
    add(std::move(found), period, at.depth, at.junction);
  }

  /// Cycles of twice the period.
  void follow_doubled(const Switch& at) {
    const Index period = 2 * branch(at.from).period;
    if (period > options_.max_period) return;
    const auto& there = junction(at.junction).branches;
    if (std::any_of(there.begin(), there.end(),
                    [&](Index b) { return branch(b).period == period; })) {
      return;
    }
    const auto start = start_at(at.special, period);
    if (!start || is_known(*start, period, at.junction) || is_full()) return;
    const Curve& curve = curve_of(period);
    const auto forward =
        detail::follow(curve, *start, options_.continuation, interruptions(period));
    detail::HalfBranch nothing;
    nothing.end = BranchEnd::branched;
    add(detail::assemble(curve, *start, forward, nothing, options_.continuation), period, at.depth,
        at.junction);
  }

  /// A branch of cycles ran into shorter ones that nobody had started from.
  void follow_shorter(const Switch& at) {
    const Index period = junction(at.junction).period;
    const auto& there = junction(at.junction).branches;
    if (std::any_of(there.begin(), there.end(),
                    [&](Index b) { return branch(b).period == period; })) {
      return;
    }
    const Curve& curve = curve_of(period);
    const auto found =
        detail::find_start(curve, at.special.state, at.special.parameter, options_.continuation);
    if (!found.point || branch_through(found.point->z, period) >= 0 || is_full()) return;
    add(detail::follow_both(curve, *found.point, options_.continuation, interruptions(period)),
        period, at.depth, at.junction);
  }

  /// The special point as the start of its second branch. That det [A; t'] vanishes there is told
  /// by sign = 0.
  std::optional<CurvePoint> start_at(const SpecialPoint& special, Index period) {
    Vector z(special.second_tangent.size());
    z << special.state, special.parameter;
    auto start =
        curve_of(period).describe(z, special.second_tangent, options_.continuation.eigenvalues);
    if (start) {
      start->tangent = special.second_tangent;
      start->sign = 0;
    }
    return start;
  }

  /// Does the branch that would start here lead along one that is there already?
  bool is_known(const CurvePoint& start, Index period, Index at) {
    const Curve& curve = curve_of(period);
    const Vector guess = start.z + options_.continuation.initial_step * start.tangent;
    const auto first = curve.correct(guess, start.tangent);
    if (first.status != detail::Correction::converged) return false;
    const Index known = branch_through(first.z, period);
    if (known < 0) return false;
    join(at, known);
    return true;
  }

  /// The branch of this period on which z lies, any point of its cycle; or -1.
  Index branch_through(const Vector& z, Index period) {
    for (Index b = 0; b < static_cast<Index>(diagram_.branches.size()); ++b) {
      if (branch(b).period != period) continue;
      Vector image = z;
      for (Index j = 0; j < period; ++j) {
        if (is_on(branch(b), image)) return b;
        image = next_of(image);
      }
    }
    return -1;
  }

  /// Corrects the nearest point of the branch into the hyperplane of z.
  bool is_on(const Branch& on, const Vector& z) {
    const Index n = family_.dim(), count = on.states.cols();
    if (count == 0) return false;
    Index nearest = 0;
    const Vector squared = (on.states.colwise() - z.head(n)).colwise().squaredNorm().transpose() +
                           (on.parameters.array() - z(n)).square().matrix();
    const double distance = std::sqrt(squared.minCoeff(&nearest));
    double spacing = 0;
    if (nearest > 0) spacing = on.arclength(nearest) - on.arclength(nearest - 1);
    if (nearest + 1 < count) {
      spacing = std::max(spacing, on.arclength(nearest + 1) - on.arclength(nearest));
    }
    const double close = same_point * (1 + z.norm());
    if (distance > spacing + close) return false;
    if (distance <= 1e-3 * close) return true;
    Vector there(n + 1);
    there << on.states.col(nearest), on.parameters(nearest);
    const Vector tangent = on.tangents.col(nearest);
    const auto corrected =
        curve_of(on.period).correct(there + tangent.dot(z - there) * tangent, tangent);
    return corrected.status == detail::Correction::converged && (corrected.z - z).norm() <= close;
  }

  void add(Branch found, Index period, Index depth, Index origin) {
    found.period = period;
    found.origin = origin;
    diagram_.branches.push_back(std::move(found));
    const Index index = last_branch();
    if (origin >= 0) join(origin, index);
    for (SpecialPoint& special : diagram_.branches.back().special) {
      if (special.kind != SpecialKind::branch_point &&
          special.kind != SpecialKind::period_doubling) {
        continue;
      }
      const Index least = least_period(special, period);
      special.junction = junction_at(special, least);
      if (special.junction >= 0) {
        join(special.junction, index);
        continue;
      }
      special.junction = static_cast<Index>(diagram_.junctions.size());
      diagram_.junctions.push_back(
          {special.kind, least, special.parameter, special.state, {index}});
      if (depth < options_.depth) queue_.push_back({special.junction, index, special, depth + 1});
    }
  }

  void join(Index at, Index with) {
    auto& branches = diagram_.junctions[static_cast<std::size_t>(at)].branches;
    if (std::find(branches.begin(), branches.end(), with) == branches.end()) {
      branches.push_back(with);
    }
  }

  Index junction_at(const SpecialPoint& special, Index period) const {
    Vector z(special.state.size() + 1);
    z << special.state, special.parameter;
    for (std::size_t i = 0; i < diagram_.junctions.size(); ++i) {
      const Junction& candidate = diagram_.junctions[i];
      if (candidate.period != period) continue;
      Vector there(z.size());
      there << candidate.state, candidate.parameter;
      for (Index j = 0; j < period; ++j) {
        if ((there - z).norm() <= same_point * (1 + z.norm())) return static_cast<Index>(i);
        there = next_of(there);
      }
    }
    return -1;
  }

  /// The least divisor d of the period with F^d(x) = x.
  Index least_period(const SpecialPoint& special, Index period) const {
    Vector z(special.state.size() + 1);
    z << special.state, special.parameter;
    Vector image = z;
    for (Index d = 1; d < period; ++d) {
      image = next_of(image);
      if (period % d == 0 && (image - z).norm() <= same_point * (1 + z.norm())) return d;
    }
    return period;
  }

  Vector next_of(const Vector& z) const {
    const Vector x = z.head(family_.dim());
    Vector image(family_.dim()), next(z.size());
    family_.step(x, z(family_.dim()), image);
    next << image, z(family_.dim());
    return next;
  }

  detail::Interruptions interruptions(Index period) {
    detail::Interruptions result;
    result.keep_going = [this] { return keep_going(); };
    if (period > 1) {
      result.joined = [this, period](const SpecialPoint& special) {
        return special.kind == SpecialKind::branch_point && least_period(special, period) < period;
      };
    }
    return result;
  }

  bool keep_going() {
    if (!options_.continuation.progress) return true;
    const double budget = 2 * static_cast<double>(options_.continuation.max_steps) *
                          static_cast<double>(options_.max_branches);
    if (!options_.continuation.progress(static_cast<double>(steps_++) / budget)) cancelled_ = true;
    return !cancelled_;
  }

  bool is_full() {
    const bool full = last_branch() + 1 >= options_.max_branches;
    if (full) diagram_.complete = false;
    return full;
  }

  const Curve& curve_of(Index period) {
    if (const auto known = curves_.find(period); known != curves_.end()) return known->second;
    const MapFamily* family = &family_;
    if (period > 1) {
      iterates_.push_back(std::make_unique<IteratedFamily>(family_, period));
      family = iterates_.back().get();
    }
    const ContinuationOptions& options = options_.continuation;
    return curves_.try_emplace(period, *family, options.tolerance, options.max_iterations)
        .first->second;
  }

  Index last_branch() const { return static_cast<Index>(diagram_.branches.size()) - 1; }
  const Branch& branch(Index b) const { return diagram_.branches[static_cast<std::size_t>(b)]; }
  const Junction& junction(Index j) const {
    return diagram_.junctions[static_cast<std::size_t>(j)];
  }

  const MapFamily& family_;
  const DiagramOptions& options_;
  Diagram diagram_;
  std::deque<Switch> queue_;
  std::vector<std::unique_ptr<IteratedFamily>> iterates_;
  std::map<Index, Curve> curves_;
  bool cancelled_ = false;
  Index steps_ = 0;
};

}  // namespace

Diagram bifurcation_diagram(const MapFamily& family, const std::vector<DiagramStart>& starts,
                            const DiagramOptions& options) {
  detail::check(options.continuation);
  require(options.depth >= 0 && options.max_period > 0 && options.max_branches > 0,
          "bifurcation_diagram: need depth >= 0, max_period > 0 and max_branches > 0");
  for (const DiagramStart& start : starts) {
    require(start.period > 0, "bifurcation_diagram: need period > 0");
  }
  return Builder(family, options).run(starts);
}

}  // namespace nullcline::dynamics
