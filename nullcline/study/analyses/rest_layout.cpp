// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/rest_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/points/fixed_points.hpp"
#include "nullcline/representation/clustering.hpp"

namespace nullcline::study {
namespace {

/// The step from which a condition has another input than at its start; 0 where it has one alone,
/// -1 where it has more than two.
Index switch_of(In<Matrix> inputs) {
  Index at = 0;
  for (Index t = 1; t < inputs.cols(); ++t) {
    if (inputs.col(t) == inputs.col(t - 1)) continue;
    if (at != 0) return -1;
    at = t;
  }
  return at;
}

Index find_column(In<Matrix> columns, In<Vector> wanted) {
  for (Index i = 0; i < columns.cols(); ++i) {
    if (columns.col(i) == wanted) return i;
  }
  return -1;
}

void append(Matrix& columns, In<Matrix> more) {
  columns.conservativeResize(more.rows(), columns.cols() + more.cols());
  columns.rightCols(more.cols()) = more;
}

/// The states (n, steps) of one trial at a constant input.
Matrix held(const cells::Network& network, In<Vector> input, In<Vector> start, Index steps) {
  return cells::simulate(network, input.replicate(1, steps), start);
}

struct RestPoint {
  Vector state;
  double modulus;  // the largest of the eigenvalues there; NaN where they are not known
};

std::optional<RestPoint> fixed_point(const cells::Network& network, In<Vector> input,
                                     In<Vector> start) {
  const auto driven = cells::driven_map(network);
  const FrozenMap map(*driven, input);
  dynamics::FixedPointOptions options;
  options.dt = network.dt();
  const auto found = dynamics::find_fixed_points(map, start, options);
  if (found.states.cols() != 1) return std::nullopt;
  const Vector state = found.states.col(0);
  const auto values = attempt(eigenvalues, map.jacobian(state));
  return RestPoint{
      state, values ? values->cwiseAbs().maxCoeff() : std::numeric_limits<double>::quiet_NaN()};
}

/// NaN where no direction has a length.
double mean_angle(In<Matrix> directions, In<Matrix> space) {
  double sum = 0;
  Index count = 0;
  for (const auto& direction : directions.colwise()) {
    if (direction.isZero(0)) continue;
    sum += principal_angles(direction, space)(0);
    ++count;
  }
  return sum / static_cast<double>(count);
}

/// Of the points that have a label.
double mean_silhouette(In<Matrix> points, const std::vector<int>& labels) {
  std::vector<Index> labelled, classes;
  for (Index k = 0; k < points.cols(); ++k) {
    if (labels[static_cast<std::size_t>(k)] == 0) continue;
    labelled.push_back(k);
    classes.push_back(labels[static_cast<std::size_t>(k)]);
  }
  const Index count = std::ssize(labelled);
  Matrix D(count, count);
  for (Index i = 0; i < count; ++i) {
    for (Index j = 0; j < count; ++j) {
      D(i, j) = (points.col(labelled[static_cast<std::size_t>(i)]) -
                 points.col(labelled[static_cast<std::size_t>(j)]))
                    .norm();
    }
  }
  return representation::silhouette(D, classes).mean;
}

}  // namespace

std::optional<RestLayout> rest_layout(const AnalysisContext& context, const cells::Network& network,
                                      Index transient) {
  const Vector start = cells::initial_state(network);
  const Index n = start.size(), steps = context.task.steps();
  const auto conditions = context.task.conditions();
  Matrix inputs(network.input_dim(), 0);
  RestLayout layout{Matrix(n, 0), Matrix(n, 0), Matrix(n, 0), Matrix(n, 0), {}};
  std::vector<double> moduli;
  for (const auto& condition : conditions) {
    const Vector input = condition.inputs.col(0);
    if (switch_of(condition.inputs) < 0 || find_column(inputs, input) >= 0) continue;
    const Matrix states = held(network, input, start, steps);
    const auto point = fixed_point(network, input, states.rightCols(1));
    if (!point) return std::nullopt;
    append(inputs, input);
    append(layout.points, point->state);
    moduli.push_back(point->modulus);
    append(layout.onsets, states.col(std::min(transient, steps) - 1) - start);
  }
  if (inputs.cols() < 2) return std::nullopt;
  layout.moduli = Eigen::Map<const Vector>(moduli.data(), std::ssize(moduli));
  for (const auto& condition : conditions) {
    const Index at = switch_of(condition.inputs);
    if (at <= 0) continue;
    const Vector from = layout.points.col(find_column(inputs, condition.inputs.col(0)));
    const Matrix orbit =
        held(network, condition.inputs.col(at), from, condition.inputs.cols() - at);
    append(layout.switches, orbit.col(std::min(transient, orbit.cols()) - 1) - from);
    append(layout.orbits, orbit);
  }
  return layout;
}

RestLayout projected(const RestLayout& layout, In<Matrix> V) {
  const auto into = [&](const Matrix& X) -> Matrix { return V.transpose() * X; };
  return {into(layout.points), into(layout.onsets), into(layout.switches), into(layout.orbits), {}};
}

TransientAngles transient_angles(const RestLayout& layout) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const Index n = layout.points.rows(), P = layout.points.cols();
  if (P > n) return {none, none, none};
  const Vector origin = layout.points.col(0);
  const Matrix line = orthonormal_basis(layout.points.rightCols(P - 1).colwise() - origin);
  TransientAngles angles{mean_angle(layout.onsets, line), none, mean_angle(layout.switches, line)};
  if (layout.orbits.cols() == 0 || P == n) return angles;
  Matrix off = layout.orbits.colwise() - origin;
  off -= line * (line.transpose() * off);
  Matrix plane(line.rows(), line.cols() + 1);
  plane << line, svd(off).U.col(0);
  angles.onset_to_plane = mean_angle(layout.onsets, plane);
  return angles;
}

LayerSeparation layer_separation(In<Matrix> points, const std::vector<int>& labels) {
  const Index K = points.cols();
  if (static_cast<Index>(labels.size()) != K) {
    throw std::invalid_argument("layer_separation: as many labels as points are needed");
  }
  Matrix means = Matrix::Zero(points.rows(), 2);
  double counts[2] = {0, 0};
  for (Index k = 0; k < K; ++k) {
    const int label = labels[static_cast<std::size_t>(k)];
    if (label == 0) continue;
    means.col(label > 0 ? 0 : 1) += points.col(k);
    ++counts[label > 0 ? 0 : 1];
  }
  if (counts[0] < 2 || counts[1] < 2) {
    throw std::invalid_argument("layer_separation: each label needs two points");
  }
  means.col(0) /= counts[0];
  means.col(1) /= counts[1];
  const Vector m = means.col(0) - means.col(1);
  const double distance = m.norm();
  if (!(distance > 0)) throw std::invalid_argument("layer_separation: the two means are one point");

  LayerSeparation result;
  const Vector middle = means.rowwise().mean();
  result.along = (points.colwise() - middle).transpose() * m * (2 / (distance * distance));
  double squares = 0, least = std::numeric_limits<double>::infinity(), greatest = -least;
  for (Index k = 0; k < K; ++k) {
    const int label = labels[static_cast<std::size_t>(k)];
    if (label == 0) continue;
    squares += std::pow(result.along(k) - label, 2);
    if (label > 0) least = std::min(least, result.along(k));
    if (label < 0) greatest = std::max(greatest, result.along(k));
  }
  result.ratio = 2 / std::sqrt(squares / (counts[0] + counts[1] - 2));
  result.gap = (least - greatest) / 2;
  result.silhouette = mean_silhouette(points, labels);
  return result;
}

}  // namespace nullcline::study
