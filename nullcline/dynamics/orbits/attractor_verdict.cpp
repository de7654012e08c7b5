// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/orbits/detail/recurrence.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double nearest_fixed_point = 1e-4;  // times 1 + |x|
constexpr double no_motion = 1e-11;           // times 1 + |x|
constexpr double largest_excess = 1;          // of statistical errors of a torus over ln(T) / T
constexpr double turns_back = 0.9;            // closest return of chaos, in many dimensions too
constexpr double nearly_returns = 0.25;       // closest return of a torus
constexpr double share_of_spectrum = 0.8;     // of progress

Vector displacement(const Map& map, const Vector& x) {
  Vector y(x.size());
  map.step(x, y);
  return y - x;
}

/// |x* - x| for the fixed point x* that Newton's method reaches from x without hesitation, if all
/// its multipliers are < 1 in modulus; else infinite.
double distance_to_stable_point(const Map& map, const Vector& x) {
  const double scale = 1 + x.norm(), rounding = 8 * eps * std::sqrt(static_cast<double>(x.size()));
  Vector y = x;
  double before = infinity;
  for (int i = 0; i < 20; ++i) {
    const Vector f = displacement(map, y);
    const Matrix J = map.jacobian(y);
    if (!f.allFinite() || !J.allFinite()) return infinity;
    const bool at_rest = f.norm() <= rounding * scale;
    if (at_rest || before <= 1e-13 * scale) {
      const auto lambda = attempt(eigenvalues, J);
      return lambda && lambda->cwiseAbs().maxCoeff() < 1 ? (y - x).norm() : infinity;
    }
    const auto d = solve(J - Matrix::Identity(x.size(), x.size()), -f);
    if (!d || !d->allFinite() || d->norm() > before / 4) return infinity;
    y += *d;
    before = d->norm();
  }
  return infinity;
}

/// Counts exponents by their bars.
void count_exponents(const VerdictOptions& options, double floor, AttractorVerdict& verdict) {
  const LyapunovSpectrum& spectrum = verdict.spectrum;
  verdict.bars = options.error_bar * spectrum.standard_errors.array() + floor;
  for (Index i = 0; i < verdict.bars.size(); ++i) {
    const double lambda = spectrum.exponents(i), bar = verdict.bars(i);
    if (std::isfinite(lambda) && std::abs(lambda) <= bar) {
      ++verdict.zero;
    } else {
      ++(lambda > 0 ? verdict.positive : verdict.negative);
    }
  }
}

void look_for_return(const Map& map, const VerdictOptions& options,
                     const std::function<bool()>& keep_going, AttractorVerdict& verdict) {
  const auto search = options.flow ? detail::first_crossing : detail::first_return;
  const auto found = search(map, verdict.state, options.recurrence * verdict.diameter,
                            options.longest_period, keep_going);
  if (!found) {
    verdict.closest_return = detail::closest_return(map, verdict.state, verdict.diameter,
                                                    options.longest_period, keep_going);
    return;
  }
  verdict.period = found->steps * options.dt;
  verdict.period_steps = static_cast<Index>(std::lround(found->steps));
  verdict.return_distance = found->distance;
}

AttractorKind kind_of(const AttractorVerdict& verdict, const VerdictOptions& options, bool at_rest,
                      double floor) {
  if (verdict.correction <= nearest_fixed_point * (1 + verdict.state.norm())) {
    return AttractorKind::fixed_point;
  }
  if (at_rest) {
    return verdict.positive == 0 ? AttractorKind::fixed_point : AttractorKind::undecided;
  }
  if (verdict.period > 0) {
    const bool possible = verdict.positive == 0 && (!options.flow || verdict.zero > 0);
    return possible ? AttractorKind::cycle : AttractorKind::undecided;
  }
  if (verdict.positive > 0) {
    return verdict.closest_return <= turns_back ? AttractorKind::chaos : AttractorKind::undecided;
  }
  const bool sharp = verdict.zero > 0 &&
                     verdict.bars.head(verdict.zero).maxCoeff() <= (1 + largest_excess) * floor;
  const Index needed = options.flow ? 2 : 1;
  const bool returns = verdict.closest_return <= nearly_returns;
  return sharp && returns && verdict.zero >= needed ? AttractorKind::torus
                                                    : AttractorKind::undecided;
}

void check(const Map& map, In<Vector> start, const VerdictOptions& options) {
  require(start.size() == map.dim() && map.dim() > 0,
          "attractor_verdict: start must have the dimension of the map");
  require(std::isfinite(options.dt) && options.dt > 0, "attractor_verdict: need dt > 0");
  require(options.exponents > 0 && options.transient >= 0 && options.steps > 0 &&
              options.longest_period > 0 && options.recurrence > 0 && options.error_bar > 0 &&
              options.escape_radius > 0,
          "attractor_verdict: need exponents, steps, longest_period, recurrence, error_bar, "
          "escape_radius > 0 and transient >= 0");
}

}  // namespace

const char* name_of(AttractorKind kind) {
  switch (kind) {
    case AttractorKind::fixed_point:
      return "fixed_point";
    case AttractorKind::cycle:
      return "cycle";
    case AttractorKind::torus:
      return "torus";
    case AttractorKind::chaos:
      return "chaos";
    case AttractorKind::diverged:
      return "diverged";
    case AttractorKind::undecided:
      return "undecided";
  }
  return "";
}

AttractorVerdict attractor_verdict(const Map& map, In<Vector> start,
                                   const VerdictOptions& options) {
  check(map, start, options);
  bool going = true;
  const auto report = [&](double fraction) {
    going = going && (!options.progress || options.progress(fraction));
    return going;
  };
  AttractorVerdict verdict;
  verdict.spectrum = lyapunov_spectrum(
      map, start,
      {.dt = options.dt,
       .exponents = std::min(options.exponents, map.dim()),
       .transient = options.transient,
       .steps = options.steps,
       .determinant_checks = 0,
       .error_bar = options.error_bar,
       .escape_radius = options.escape_radius,
       .seed = options.seed,
       .progress = [&](double fraction) { return report(share_of_spectrum * fraction); }});
  verdict.state = verdict.spectrum.final_states.col(0);
  if (verdict.spectrum.status[0] != OrbitStatus::done) {
    if (verdict.spectrum.status[0] == OrbitStatus::diverged) {
      verdict.kind = AttractorKind::diverged;
    }
    return verdict;
  }
  const auto steps = static_cast<double>(verdict.spectrum.steps);
  const double floor = std::log(steps) / (steps * options.dt);
  count_exponents(options, floor, verdict);

  const auto keep_going = [&] { return report(share_of_spectrum); };
  const double scale = 1 + verdict.state.norm();
  verdict.residual = displacement(map, verdict.state).norm();
  verdict.correction = distance_to_stable_point(map, verdict.state);
  verdict.diameter = detail::orbit_diameter(map, verdict.state, options.longest_period, keep_going);
  if (!std::isfinite(verdict.diameter) || !std::isfinite(verdict.residual)) return verdict;
  const bool at_rest = verdict.diameter <= no_motion * scale;
  if (!at_rest && verdict.correction > nearest_fixed_point * scale) {
    look_for_return(map, options, keep_going, verdict);
  }
  if (!going) return verdict;
  report(1);
  verdict.kind = kind_of(verdict, options, at_rest, floor);
  return verdict;
}

}  // namespace nullcline::dynamics
