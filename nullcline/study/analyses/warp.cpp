// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/alignment.hpp"
#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/sensitivities.hpp"
#include "nullcline/geometry/topology.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Columns of a block of points, step by step, to their places among those of all points.
class Places {
 public:
  Places(Index steps, Index points, Index first, Index count)
      : steps_(steps), points_(points), first_(first), count_(count) {}

  void put(const Matrix& part, Matrix& whole) const {
    if (whole.size() == 0) whole.setConstant(part.rows(), steps_ * points_, unknown);
    for (Index s = 0; s < steps_; ++s) {
      whole.middleCols(s * points_ + first_, count_) = part.middleCols(s * count_, count_);
    }
  }
  void put(const Vector& part, Vector& whole) const {
    if (whole.size() == 0) whole.setConstant(steps_ * points_, unknown);
    for (Index s = 0; s < steps_; ++s) {
      whole.segment(s * points_ + first_, count_) = part.segment(s * count_, count_);
    }
  }
  void put(const std::vector<geometry::MetricStatus>& part,
           std::vector<geometry::MetricStatus>& whole) const {
    whole.resize(static_cast<std::size_t>(steps_ * points_), geometry::MetricStatus::not_finite);
    for (Index s = 0; s < steps_; ++s) {
      std::copy_n(part.begin() + s * count_, count_, whole.begin() + s * points_ + first_);
    }
  }
  void put(const geometry::PullbackMetric& part, geometry::PullbackMetric& whole) const {
    whole.dim = part.dim;
    put(part.metric, whole.metric);
    put(part.factor, whole.factor);
    put(part.eigenvalues, whole.eigenvalues);
    put(part.volume, whole.volume);
    put(part.condition, whole.condition);
    put(part.effective_dim, whole.effective_dim);
    put(part.stretch, whole.stretch);
    put(part.cosines, whole.cosines);
    put(part.status, whole.status);
  }

 private:
  Index steps_, points_, first_, count_;
};

/// |H|^2, the largest eigenvalue of H H', which is small.
double largest_square(const Matrix& H) {
  return Eigen::SelfAdjointEigenSolver<Matrix>(H * H.transpose(), Eigen::EigenvaluesOnly)
      .eigenvalues()(H.rows() - 1);
}

/// What the readout sees of the columns first .. first + count - 1 of a block.
struct Seen {
  Matrix metric, alignment;
  Vector visible;
};

Seen seen_at(const cells::Network& network, const geometry::Sensitivities& block, Index first,
             Index count) {
  const Matrix& D = network.parameter("readout");
  const Index m = block.dim, p = D.rows(), n = block.states.rows();
  Seen seen{Matrix::Constant(m * m, count, unknown), {}, Vector::Constant(count, unknown)};
  Matrix rows = Matrix::Constant(n, count * p, unknown);
  for (Index c = 0; c < count; ++c) {
    const auto A = block.tangents.middleCols((first + c) * m, m);
    if (!A.allFinite() || !block.states.col(first + c).allFinite()) continue;
    const Matrix H = D * cells::features_jacobian(network, block.states.col(first + c));
    rows.middleCols(c * p, p) = H.transpose();
    const Matrix through = H * A;
    seen.metric.col(c) = Matrix(through.transpose() * through).reshaped();
    const double all = largest_square(H) * A.squaredNorm();
    if (all > 0) seen.visible(c) = through.squaredNorm() / all;
  }
  seen.alignment =
      geometry::alignment(block.tangents.middleCols(first * m, count * m), m, rows, p).part;
  return seen;
}

/// Of all columns of a block, step by step.
void put_readout(const cells::Network& network, const geometry::Sensitivities& block,
                 const Places& places, Threads threads, Warp& warp) {
  const Index C = block.states.cols(), m = block.dim, count = block.points;
  Matrix metric(m * m, C), alignment(m, C);
  Vector visible(C);
  parallel_for(C / count, threads, [&](Index s) {
    const Seen seen = seen_at(network, block, s * count, count);
    metric.middleCols(s * count, count) = seen.metric;
    alignment.middleCols(s * count, count) = seen.alignment;
    visible.segment(s * count, count) = seen.visible;
  });
  places.put(metric, warp.readout_metric);
  places.put(alignment, warp.alignment);
  places.put(visible, warp.visible);
}

/// Eigenvalues of G^-1 Ric = (R'R)^-1 Ric, those of the symmetric R^-T Ric R^-1.
Matrix principal_ricci(const geometry::Curvature& found, const geometry::PullbackMetric& metric) {
  const Index m = metric.dim;
  Matrix values = Matrix::Constant(m, found.ricci.cols(), unknown);
  for (Index c = 0; c < values.cols(); ++c) {
    if (!found.ricci.col(c).allFinite()) continue;
    const auto R = metric.factor_at(c);
    const Matrix half = R.transpose().triangularView<Eigen::Lower>().solve(
        Matrix(found.ricci.col(c).reshaped(m, m)));
    const Matrix whole =
        R.transpose().triangularView<Eigen::Lower>().solve(Matrix(half.transpose()));
    values.col(c) = Eigen::SelfAdjointEigenSolver<Matrix>(whole, Eigen::EigenvaluesOnly)
                        .eigenvalues()
                        .reverse();
  }
  return values;
}

void put_curvature(const geometry::Sensitivities& block, const geometry::PullbackMetric& metric,
                   const Places& places, Warp& warp) {
  const Index m = block.dim;
  const auto found = geometry::curvature(block.tangents, block.second, m);
  places.put(Vector(found.mean_curvature.colwise().norm().transpose()), warp.mean_curvature);
  if (m > 1) places.put(m == 2 ? found.gaussian : found.scalar, warp.curvature);
  if (m > 2) places.put(principal_ricci(found, metric), warp.ricci);
}

}  // namespace

void check_size(const InputPoints& points, Index steps, Index most) {
  if (points.count * steps <= most) return;
  throw std::invalid_argument(fmt::format(
      "grid and times: {} points at {} times are more than {} in all", points.count, steps, most));
}

Warp warp_of(const cells::Network& network, const InputPoints& points, const WarpOptions& options,
             const Progress& progress) {
  check_size(points, std::ssize(options.steps), options.most);
  const auto map = cells::driven_map(network);
  Warp warp;
  warp.points = points.count;
  warp.dim = points.dim;
  warp.steps = options.steps;
  warp.units = map->state_dim();
  const bool curved = options.curvature && points.second;
  const Index S = warp.count(), m = points.dim;
  const Index columns = 1 + m + (curved ? m * (m + 1) / 2 : 0);
  const double bytes = 8 * static_cast<double>(map->state_dim() * S * columns);
  const Index block = std::max<Index>(64, static_cast<Index>(options.memory / bytes) / 64 * 64);
  geometry::SensitivityOptions how{.start = cells::initial_state(network),
                                   .second = curved,
                                   .steps = warp.steps,
                                   .dt = network.dt(),
                                   .threads = options.threads};
  for (Index first = 0; first < points.count; first += block) {
    const Index count = std::min(block, points.count - first);
    const Progress part = [&](double fraction) {
      const double done = static_cast<double>(first) + fraction * static_cast<double>(count);
      return !progress || progress(done / static_cast<double>(points.count));
    };
    const geometry::ManifoldInputs inputs = points.at(first, count, curved);
    warp.last_input = std::max(warp.last_input, geometry::last_dependence(inputs));
    const auto found = geometry::sensitivities(*map, inputs, how, part);
    // Asked once more: in the last block the points are all there when the callback says no.
    warp.cancelled = found.cancelled || !part(1);
    if (warp.cancelled) return warp;
    const Places places(S, points.count, first, count);
    const auto metric = geometry::pullback_metric(found.tangents, m);
    places.put(metric, warp.metric);
    places.put(Vector(found.velocities.colwise().norm().transpose()), warp.speed);
    if (curved) put_curvature(found, metric, places, warp);
    if (network.parameters.contains("readout")) {
      put_readout(network, found, places, options.threads, warp);
    }
    if (options.keep_states) places.put(found.states, warp.states);
  }
  return warp;
}

std::vector<Index> even_steps(Index T, Index count) {
  std::vector<Index> steps;
  const Index S = std::min(T, count);
  for (Index s = 1; s <= S; ++s) steps.push_back((s * T + S / 2) / S);
  return steps;
}

}  // namespace nullcline::study
