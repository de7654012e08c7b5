// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/slow_time_scales.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unit_circle = 1e-9;  // | |lambda| - 1 | up to this is marginal, as in linearize

/// Steps of the orbit from x until |F(x) - x| is twice what it was.
double doubling_steps(const Map& map, In<Vector> x, Index max_steps) {
  Matrix state = x, next(x.size(), 1);
  double first = 0;
  for (Index t = 0; t <= max_steps; ++t) {
    map.step(state, next);
    const double moved = (next - state).norm();
    if (t == 0) first = moved;
    if (!(moved <= 2 * first)) return static_cast<double>(t);  // or no longer finite
    state.swap(next);
  }
  return infinity;
}

/// pi / sqrt(alpha beta - mu^2 / 4), steps; infinite where nothing bends the speed, or the normal
/// form has fixed points. Empty without a real eigenvalue nearest to 1, or without eigenvalues.
std::optional<double> parabola_steps(const Map& map, In<Vector> x, In<Vector> d, const Matrix& J) {
  const auto modes = attempt(eigen, J);
  if (!modes) return std::nullopt;
  Index channel = 0;
  (modes->values.array() - 1.0).abs().minCoeff(&channel);
  if (modes->values(channel).imag() != 0) return std::nullopt;
  const Vector r = modes->vectors.col(channel).real(), l = modes->left_vectors.col(channel).real();
  const double mu = modes->values(channel).real() - 1;
  const double alpha_beta =
      l.dot(d) * r.dot(map.second_derivative(x, l) * r) / (2 * l.dot(r) * l.dot(r));
  const double least = alpha_beta - mu * mu / 4;
  return least > 0 ? std::numbers::pi / std::sqrt(least) : infinity;
}

/// decay and escape of the modes beside the channel.
void take_modes(const Linearization& linear, double dt, SlowTimeScale& scale) {
  const ComplexVector& lambda = linear.eigenvalues;
  Index channel = 0;
  (lambda.array() - 1.0).abs().minCoeff(&channel);
  scale.escape = infinity;
  for (Index i = 0; i < lambda.size(); ++i) {
    if (i == channel) continue;
    const double modulus = std::abs(lambda(i));
    if (std::abs(modulus - 1) <= unit_circle) {
      scale.decay = infinity;
    } else if (modulus < 1) {
      scale.decay = std::max(scale.decay, modulus > 0 ? -dt / std::log(modulus) : 0);
    } else {
      scale.escape = std::min(scale.escape, dt / std::log(modulus));
    }
  }
}

SlowGrade grade_of(const SlowTimeScale& scale) {
  if (std::isinf(scale.passage)) return SlowGrade::drift;
  if (scale.passage <= scale.decay) return SlowGrade::shallow;
  return scale.escape < scale.passage ? SlowGrade::saddle : SlowGrade::ghost;
}

SlowTimeScale scale_of(const Map& map, In<Vector> x, SearchStatus kind,
                       const SlowTimeOptions& options) {
  Matrix image(x.size(), 1);
  map.step(x, image);
  const Vector d = image - x;
  require(!(d.norm() == 0), "slow_time_scales: a step from a slow point must not be 0");
  const Linearization linear = linearize(map, x, options.dt);
  SlowTimeScale scale;
  if (!d.allFinite() || linear.status != SpectrumStatus::known) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, nan, nan, SlowGrade::unknown};
  }
  scale.dwell = options.dt * doubling_steps(map, x, options.max_steps);
  std::optional<double> steps;
  if (kind == SearchStatus::slow_point) steps = parabola_steps(map, x, d, linear.jacobian);
  scale.passage = steps ? options.dt * *steps : 4 * scale.dwell;
  take_modes(linear, options.dt, scale);
  scale.grade = grade_of(scale);
  return scale;
}

}  // namespace

const char* name_of(SlowGrade grade) {
  static constexpr const char* names[] = {"ghost", "saddle", "shallow", "drift", "unknown"};
  return names[static_cast<int>(grade)];
}

std::vector<SlowTimeScale> slow_time_scales(const Map& map, const SlowPoints& points,
                                            const SlowTimeOptions& options) {
  const auto P = static_cast<Index>(points.kinds.size());
  require(points.states.cols() == P && (P == 0 || points.states.rows() == map.dim()),
          "slow_time_scales: the points must be those of a search on this map");
  require(options.dt > 0 && options.max_steps > 0,
          "slow_time_scales: need dt > 0 and max_steps > 0");
  std::vector<SlowTimeScale> scales(points.kinds.size());
  parallel_for(P, options.threads, [&](Index p) {
    const auto i = static_cast<std::size_t>(p);
    scales[i] = scale_of(map, points.states.col(p), points.kinds[i], options);
  });
  return scales;
}

}  // namespace nullcline::dynamics
