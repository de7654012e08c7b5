// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/cycles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/cycles/detail/product_eigenvalues.hpp"
#include "nullcline/dynamics/cycles/detail/shooting.hpp"
#include "nullcline/dynamics/detail/collect.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

void check(const Map& map, std::span<const Matrix> guesses, const CycleOptions& options) {
  for (const Matrix& guess : guesses) {
    require(guess.rows() == map.dim() && guess.cols() >= 1,
            "find_cycles: a guess must be (dimension of map, period), period >= 1");
  }
  require(map.dim() >= 1, "find_cycles: need a map of dimension >= 1");
  require(options.tolerance > 0, "find_cycles: need tolerance > 0");
  require(options.max_iterations > 0 && options.stall_iterations > 0,
          "find_cycles: need max_iterations > 0 and stall_iterations > 0");
  require(options.escape_radius >= 0 && options.multiplier_tolerance >= 0,
          "find_cycles: need escape_radius >= 0 and multiplier_tolerance >= 0");
}

/// F(x_i) - x_{i+1} = 0, the k states one after the other.
class MapShooting final : public detail::ShootingProblem {
 public:
  MapShooting(const Map& map, Index period) : map_(map), k_(period) {}

  Vector residual(In<Vector> z) const override {
    const auto X = states(z);
    Matrix G(map_.dim(), k_);
    map_.step(X, G);
    G.leftCols(k_ - 1) -= X.rightCols(k_ - 1);
    G.col(k_ - 1) -= X.col(0);
    return G.reshaped();
  }

  detail::CyclicSystem linearize(In<Vector> z) const override {
    const auto X = states(z);
    detail::CyclicSystem A;
    for (Index i = 0; i < k_; ++i) A.J.push_back(map_.jacobian(X.col(i)));
    return A;
  }

  double largest_state(In<Vector> z) const override {
    return states(z).colwise().norm().maxCoeff();
  }

 private:
  Eigen::Map<const Matrix> states(In<Vector> z) const {
    return Eigen::Map<const Matrix>(z.data(), map_.dim(), k_);
  }

  const Map& map_;
  Index k_;
};

/// Where the search from one guess ended.
struct End {
  Matrix states;
  double residual = std::numeric_limits<double>::infinity();
  double radius = 0;  // Newton's
  Index iterations = 0;
  CycleStatus status = CycleStatus::cancelled;
};

CycleStatus status_of(SearchStatus status) {
  switch (status) {
    case SearchStatus::fixed_point:
      return CycleStatus::cycle;
    case SearchStatus::rounding_limited:
      return CycleStatus::rounding_limited;
    case SearchStatus::escaped:
      return CycleStatus::escaped;
    case SearchStatus::max_iterations:
      return CycleStatus::max_iterations;
    case SearchStatus::not_finite:
      return CycleStatus::not_finite;
    case SearchStatus::cancelled:
      return CycleStatus::cancelled;
    default:
      return CycleStatus::stalled;
  }
}

/// The radius within which states are taken for the same one, see the header.
double reach(const Matrix& states, double radius) {
  const double size = 1 + states.colwise().norm().maxCoeff();
  return std::min(radius, 10 * std::cbrt(std::numeric_limits<double>::epsilon()) * size);
}

/// max_i |x_i - y_{i + shift}|.
double rotated_distance(const Matrix& X, const Matrix& Y, Index shift) {
  const Index k = X.cols();
  double largest = 0;
  for (Index i = 0; i < k; ++i) {
    largest = std::max(largest, (X.col(i) - Y.col((i + shift) % k)).norm());
  }
  return largest;
}

bool has_smaller_period(const Matrix& states, double radius) {
  const Index k = states.cols();
  const double distance = 2 * reach(states, radius);
  for (Index d = 1; d <= k / 2; ++d) {
    if (k % d == 0 && rotated_distance(states, states, d) <= distance) return true;
  }
  return false;
}

bool are_one_cycle(const End& a, const End& b) {
  const Index k = a.states.cols();
  if (b.states.cols() != k) return false;
  const double distance = reach(a.states, a.radius) + reach(b.states, b.radius);
  if ((a.states.rowwise().mean() - b.states.rowwise().mean()).norm() > distance) return false;
  for (Index shift = 0; shift < k; ++shift) {
    if ((a.states.col(0) - b.states.col(shift)).norm() <= distance &&
        rotated_distance(a.states, b.states, shift) <= distance) {
      return true;
    }
  }
  return false;
}

End search(const Map& map, const Matrix& guess, const RootOptions& options,
           const std::function<bool()>& keep_going) {
  const MapShooting problem(map, guess.cols());
  const auto found = detail::solve_shooting(problem, guess.reshaped(), options, keep_going);
  End end;
  end.states = found.z.reshaped(guess.rows(), guess.cols());
  end.residual = found.residual;
  end.radius = found.inverse_norm * (found.residual + found.floor);
  end.iterations = found.iterations;
  end.status = status_of(found.status);
  if (is_cycle(end.status) && has_smaller_period(end.states, end.radius)) {
    end.status = CycleStatus::smaller_period;
  }
  return end;
}

/// The same cycle, beginning with the state of least first coordinate.
Matrix rotated_to_first(const Matrix& states) {
  Index first = 0;
  states.row(0).minCoeff(&first);
  Matrix rotated(states.rows(), states.cols());
  const Index tail = states.cols() - first;
  rotated << states.rightCols(tail), states.leftCols(first);
  return rotated;
}

/// The states of `end` with all that is known of them.
Cycle describe(const Map& map, const End& end, double multiplier_tolerance) {
  Cycle cycle;
  cycle.states = rotated_to_first(end.states);
  cycle.period = end.states.cols();
  cycle.residual = MapShooting(map, cycle.period).residual(cycle.states.reshaped()).norm();
  cycle.radius = end.radius;
  std::vector<Matrix> J;
  for (Index i = 0; i < cycle.period; ++i) J.push_back(map.jacobian(cycle.states.col(i)));
  cycle.multipliers = detail::product_eigenvalues(J);
  const Moduli counts = count_moduli(cycle.multipliers, multiplier_tolerance);
  cycle.unstable = counts.unstable;
  cycle.stability = counts.stability;
  return cycle;
}

/// Ends that are one cycle: the best of them, and which.
struct Group {
  std::size_t best;
  std::vector<Index> starts;
};

std::vector<Group> merge(const std::vector<End>& ends) {
  std::vector<Group> groups;
  for (std::size_t k = 0; k < ends.size(); ++k) {
    if (!is_cycle(ends[k].status)) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
      return are_one_cycle(ends[other.best], ends[k]);
    });
    if (group == groups.end()) {
      groups.push_back({k, {static_cast<Index>(k)}});
      continue;
    }
    group->starts.push_back(static_cast<Index>(k));
    if (ends[k].residual < ends[group->best].residual) group->best = k;
  }
  std::sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    const Index k_a = ends[a.best].states.cols(), k_b = ends[b.best].states.cols();
    if (k_a != k_b) return k_a < k_b;
    if (a.starts.size() != b.starts.size()) return a.starts.size() > b.starts.size();
    return a.starts.front() < b.starts.front();
  });
  return groups;
}

double radius_of(std::span<const Matrix> guesses, double radius) {
  if (radius > 0) return radius;
  double largest = 0;
  for (const Matrix& guess : guesses) {
    largest = std::max(largest, detail::escape_radius(guess, 0));
  }
  return std::max(largest, 10.0);
}

Matrix orbit_within(const Map& map, In<Vector> start, Index length, double radius) {
  Matrix orbit(map.dim(), length);
  orbit.col(0) = start;
  for (Index i = 1; i < length; ++i) {
    map.step(orbit.col(i - 1), orbit.col(i));
    if (!(orbit.col(i).norm() <= radius)) orbit.col(i) = start;
  }
  return orbit;
}

}  // namespace

const char* name_of(CycleStatus status) {
  switch (status) {
    case CycleStatus::cycle:
      return "cycle";
    case CycleStatus::rounding_limited:
      return "rounding_limited";
    case CycleStatus::smaller_period:
      return "smaller_period";
    case CycleStatus::stalled:
      return "stalled";
    case CycleStatus::escaped:
      return "escaped";
    case CycleStatus::max_iterations:
      return "max_iterations";
    case CycleStatus::not_finite:
      return "not_finite";
    case CycleStatus::cancelled:
      return "cancelled";
  }
  return "";
}

Cycles find_cycles(const Map& map, std::span<const Matrix> guesses, const CycleOptions& options) {
  check(map, guesses, options);
  const RootOptions root{options.tolerance, options.max_iterations,
                         radius_of(guesses, options.escape_radius), options.stall_iterations};
  std::vector<End> ends(guesses.size());
  detail::Cancellation cancellation;
  const auto keep_going = [&] { return cancellation.keep_going(); };
  detail::over_items(static_cast<Index>(guesses.size()), options.threads, options.progress,
                     cancellation, [&](Index i) {
                       const auto j = static_cast<std::size_t>(i);
                       ends[j] = search(map, guesses[j], root, keep_going);
                     });

  Cycles result;
  result.derivatives = map.derivatives();
  result.start_residuals.resize(static_cast<Index>(ends.size()));
  for (std::size_t k = 0; k < ends.size(); ++k) {
    result.status.push_back(ends[k].status);
    result.iterations.push_back(ends[k].iterations);
    result.start_residuals(static_cast<Index>(k)) = ends[k].residual;
  }
  auto groups = merge(ends);
  result.cycles.resize(groups.size());
  result.cycle_of_start.assign(ends.size(), -1);
  parallel_for(static_cast<Index>(groups.size()), options.threads, [&](Index c) {
    const auto i = static_cast<std::size_t>(c);
    result.cycles[i] = describe(map, ends[groups[i].best], options.multiplier_tolerance);
  });
  for (std::size_t c = 0; c < groups.size(); ++c) {
    for (const Index k : groups[c].starts) {
      result.cycle_of_start[static_cast<std::size_t>(k)] = static_cast<Index>(c);
    }
    result.cycles[c].multiplicity = static_cast<Index>(groups[c].starts.size());
    result.cycles[c].starts = std::move(groups[c].starts);
  }
  return result;
}

Cycles find_cycles(const Map& map, Index period, In<Matrix> starts, const CycleOptions& options) {
  require(period >= 1, "find_cycles: need period >= 1");
  require(starts.rows() == map.dim(), "find_cycles: starts must be (dimension of map, K)");
  require(options.escape_radius >= 0, "find_cycles: need escape_radius >= 0");
  const double radius = detail::escape_radius(starts, options.escape_radius);
  std::vector<Matrix> guesses(static_cast<std::size_t>(starts.cols()));
  parallel_for(starts.cols(), options.threads, [&](Index k) {
    guesses[static_cast<std::size_t>(k)] = orbit_within(map, starts.col(k), period, radius);
  });
  CycleOptions same = options;
  same.escape_radius = radius;
  return find_cycles(map, guesses, same);
}

}  // namespace nullcline::dynamics
