// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/invariant_circle.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

constexpr Index curve_points = 256;

void check(const Map& map, In<Vector> start, const InvariantCircleOptions& options) {
  require(start.size() == map.dim() && start.size() >= 1,
          "find_invariant_circle: start must have the dimension of the map");
  require(options.transient >= 0 && options.samples >= 256,
          "find_invariant_circle: need transient >= 0 and samples >= 256");
  require(options.max_period >= 1 && options.max_period < options.samples,
          "find_invariant_circle: need 1 <= max_period < samples");
  require(options.harmonics >= 1 && options.harmonics < options.samples / 8,
          "find_invariant_circle: need 1 <= harmonics < samples / 8");
  require(options.tolerance > 0 && options.escape_radius > 0,
          "find_invariant_circle: need tolerance > 0 and escape_radius > 0");
}

/// The states after the transient, and the growth of a tangent along them.
struct Record {
  Matrix states;  // (n, samples)
  double exponent = 0;
  std::optional<OrbitVerdict> end;  // why there are none
};

Record record_orbit(const Map& map, In<Vector> start, const InvariantCircleOptions& options) {
  Record record{Matrix(map.dim(), options.samples), 0, std::nullopt};
  const Index n = map.dim(), all = options.transient + options.samples;
  Vector x = start, next(n), tangent = Vector::Constant(n, 1.0).normalized(), pushed(n);
  double growth = 0;
  for (Index t = 0; t < all; ++t) {
    if (options.progress && t % 1024 == 0 &&
        !options.progress(static_cast<double>(t) / static_cast<double>(all))) {
      record.end = OrbitVerdict::cancelled;
    } else if (!x.allFinite()) {
      record.end = OrbitVerdict::not_finite;
    } else if (x.norm() > options.escape_radius) {
      record.end = OrbitVerdict::escaped;
    }
    if (record.end) return record;
    if (t >= options.transient) {
      record.states.col(t - options.transient) = x;
      map.push_forward(x, tangent, pushed);
      const double length = pushed.norm();
      if (length > 0 && std::isfinite(length)) {
        tangent = pushed / length;
        growth += std::log(length);
      }
    }
    map.step(x, next);
    x.swap(next);
  }
  record.exponent = growth / static_cast<double>(options.samples);
  return record;
}

/// The weights of a weighted Birkhoff average over `count` terms, of sum 1.
Vector birkhoff_weights(Index count) {
  Vector w(count);
  for (Index t = 0; t < count; ++t) {
    const double s = (static_cast<double>(t) + 0.5) / static_cast<double>(count);
    w(t) = std::exp(-1 / (s * (1 - s)));
  }
  return w / w.sum();
}

/// The angles about the mean in the plane of the two leading principal components, in turns;
/// nullopt where these are not to be had.
std::optional<Vector> angles_in_plane(const Matrix& states) {
  const Matrix centered = states.colwise() - states.rowwise().mean();
  const auto system = attempt(symmetric_eigen, multiply(centered, centered, false, true));
  if (!system) return std::nullopt;
  const Matrix plane = centered.transpose() * system->vectors.rightCols(2);
  Vector theta(states.cols());
  for (Index t = 0; t < theta.size(); ++t) {
    theta(t) = std::atan2(plane(t, 0), plane(t, 1)) / (2 * std::numbers::pi);
  }
  return theta;
}

/// The steps of the angle, lifted by a cut in the middle of the largest gap that they leave on the
/// circle; nullopt if they leave none of a fiftieth of a turn.
std::optional<Vector> lifted_steps(const Vector& theta) {
  const Index N = theta.size() - 1;
  Vector steps = theta.tail(N) - theta.head(N);
  steps.array() -= steps.array().floor();
  Vector sorted = steps;
  std::sort(sorted.begin(), sorted.end());
  double gap = sorted(0) + 1 - sorted(N - 1), cut = sorted(N - 1) + 0.5 * gap;
  for (Index i = 1; i < N; ++i) {
    if (sorted(i) - sorted(i - 1) <= gap) continue;
    gap = sorted(i) - sorted(i - 1);
    cut = sorted(i - 1) + 0.5 * gap;
  }
  if (!(gap >= 0.02)) return std::nullopt;
  for (double& step : steps) {
    if (step > cut) step -= 1;
  }
  return steps;
}

void find_rotation_number(const Matrix& states, InvariantCircle& circle) {
  if (states.rows() < 2) return;
  const auto angles = angles_in_plane(states);
  if (!angles) return;
  const auto steps = lifted_steps(*angles);
  if (!steps) return;
  const Index N = steps->size(), half = N / 2;
  double rho = birkhoff_weights(N).dot(*steps);
  circle.rotation_error = std::abs(rho - birkhoff_weights(half).dot(steps->tail(half)));
  rho -= std::floor(rho);
  circle.rotation_number = std::min(rho, 1 - rho);
  circle.winds = true;
}

/// c_m, m = 0 .. M (n, M + 1); c_{-m} is the conjugate.
ComplexMatrix curve_coefficients(const Matrix& states, double rho, Index M) {
  const Index N = states.cols();
  const Vector w = birkhoff_weights(N);
  ComplexMatrix c(states.rows(), M + 1);
  Matrix waves(N, 2);
  for (Index m = 0; m <= M; ++m) {
    for (Index t = 0; t < N; ++t) {
      const double turns = std::remainder(static_cast<double>(m * t) * rho, 1.0);
      waves(t, 0) = w(t) * std::cos(2 * std::numbers::pi * turns);
      waves(t, 1) = -w(t) * std::sin(2 * std::numbers::pi * turns);
    }
    const Matrix sums = states * waves;
    c.col(m).real() = sums.col(0);
    c.col(m).imag() = sums.col(1);
  }
  return c;
}

/// gamma at s = i / curve_points + shift.
Matrix curve_at(const ComplexMatrix& c, double shift) {
  Matrix curve(c.rows(), curve_points);
  ComplexVector waves(c.cols());
  for (Index i = 0; i < curve_points; ++i) {
    const double s = static_cast<double>(i) / static_cast<double>(curve_points) + shift;
    for (Index m = 0; m < c.cols(); ++m) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(m) * s;
      waves(m) = (m == 0 ? 1.0 : 2.0) * std::polar(1.0, angle);
    }
    curve.col(i) = (c * waves).real();
  }
  return curve;
}

void fit_curve(const Map& map, const Matrix& states, Index harmonics, InvariantCircle& circle) {
  const ComplexMatrix c = curve_coefficients(states, circle.rotation_number, harmonics);
  circle.curve = curve_at(c, 0);
  circle.extent =
      (circle.curve.colwise() - circle.curve.rowwise().mean()).colwise().norm().maxCoeff();
  Matrix image(states.rows(), curve_points);
  map.step(circle.curve, image);
  circle.residual = (image - curve_at(c, circle.rotation_number)).colwise().norm().maxCoeff();
}

/// Periods worth a try, ascending: 1, those after which the orbit returns, the denominators.
std::vector<Index> candidate_periods(const Matrix& states, const InvariantCircle& circle,
                                     Index max_period) {
  std::vector<Index> periods = {1};
  const Index last = states.cols() - 1;
  const double near = 1e-6 * (1 + states.col(last).norm());
  for (Index q = 2; q <= max_period; ++q) {
    if ((states.col(last) - states.col(last - q)).norm() <= near) {
      periods.push_back(q);
      break;
    }
  }
  if (circle.winds) {
    for (const auto& fraction : convergents(circle.rotation_number, max_period)) {
      periods.push_back(fraction.denominator);
    }
  }
  std::sort(periods.begin(), periods.end());
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  return periods;
}

double distance_to(const Cycle& cycle, const Matrix& states, Index t) {
  return (cycle.states.colwise() - states.col(t)).colwise().norm().minCoeff();
}

/// The orbit is on the cycle, or is coming nearer to it.
bool is_attracted(const Matrix& states, const Cycle& cycle) {
  const Index last = states.cols() - 1;
  const double now = distance_to(cycle, states, last);
  if (now <= 1e-8 * (1 + states.col(last).norm())) return true;
  if (cycle.stability != Stability::stable) return false;
  return now < 0.5 * distance_to(cycle, states, last / 2) &&
         distance_to(cycle, states, last / 2) < 0.5 * distance_to(cycle, states, 0);
}

bool find_period(const Map& map, const Matrix& states, Index max_period, InvariantCircle& circle) {
  std::vector<Matrix> guesses;
  for (const Index q : candidate_periods(states, circle, max_period)) {
    guesses.emplace_back(states.rightCols(q));
  }
  Cycles found = find_cycles(map, guesses);
  for (Cycle& cycle : found.cycles) {
    if (cycle.unstable > 0 || !is_attracted(states, cycle)) continue;
    circle.period = cycle.period;
    circle.cycle = std::move(cycle);
    return true;
  }
  return false;
}

}  // namespace

const char* name_of(OrbitVerdict verdict) {
  switch (verdict) {
    case OrbitVerdict::periodic:
      return "periodic";
    case OrbitVerdict::invariant_circle:
      return "invariant_circle";
    case OrbitVerdict::neither:
      return "neither";
    case OrbitVerdict::undecided:
      return "undecided";
    case OrbitVerdict::escaped:
      return "escaped";
    case OrbitVerdict::not_finite:
      return "not_finite";
    case OrbitVerdict::cancelled:
      return "cancelled";
  }
  return "";
}

std::vector<Convergent> convergents(double rho, Index largest) {
  std::vector<Convergent> result;
  if (!(std::abs(rho) < 1e9)) return result;
  Index p_before = 1, q_before = 0, p = static_cast<Index>(std::floor(rho)), q = 1;
  double rest = rho - std::floor(rho);
  while (q <= largest) {
    result.push_back({p, q});
    if (rest < 1e-12) break;
    const double inverse = 1 / rest;
    const double whole = std::floor(inverse);
    if (whole > static_cast<double>(largest)) break;
    rest = inverse - whole;
    const auto a = static_cast<Index>(whole);
    p_before = std::exchange(p, a * p + p_before);
    q_before = std::exchange(q, a * q + q_before);
  }
  return result;
}

InvariantCircle find_invariant_circle(const Map& map, In<Vector> start,
                                      const InvariantCircleOptions& options) {
  check(map, start, options);
  InvariantCircle circle;
  Record record = record_orbit(map, start, options);
  if (record.end) {
    circle.verdict = *record.end;
    return circle;
  }
  circle.exponent = record.exponent;
  find_rotation_number(record.states, circle);
  if (circle.winds) {
    const auto best = convergents(circle.rotation_number, options.max_period).back();
    circle.numerator = best.numerator;
    circle.denominator = best.denominator;
    fit_curve(map, record.states, options.harmonics, circle);
  }
  if (find_period(map, record.states, options.max_period, circle)) {
    circle.verdict = OrbitVerdict::periodic;
  } else if (circle.winds && circle.residual <= options.tolerance * circle.extent) {
    circle.verdict = OrbitVerdict::invariant_circle;
  } else if (record.exponent * static_cast<double>(options.samples) > 50) {
    circle.verdict = OrbitVerdict::neither;
  }
  return circle;
}

}  // namespace nullcline::dynamics
