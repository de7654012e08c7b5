// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/principal_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr Index knots = 33;            // a ring has one every 11 degrees
constexpr Index segments_a_knot = 16;  // chords of the spline between two of them
constexpr int passes = 3;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// The farthest of the points that can be reached at all.
Index farthest(const Vector& lengths) {
  Index best = 0;
  for (Index i = 1; i < lengths.size(); ++i) {
    if (!std::isfinite(lengths(i))) continue;
    if (!std::isfinite(lengths(best)) || lengths(i) > lengths(best)) best = i;
  }
  return best;
}

bool is_closed(const NeighborGraph& graph, const Vector& from_end, double extent) {
  std::vector<std::uint8_t> blocked;
  for (const double length : from_end) blocked.push_back(length <= 0.2 * extent);
  const Index inside = farthest(from_end);
  const Index end = farthest(path_lengths(graph, inside, blocked));
  const Vector rest = path_lengths(graph, end, blocked);
  return rest(farthest(rest)) > 1.15 * extent;
}

/// The constant terms (n) of the polynomials in the columns of the design that fit X best, and the
/// square sum of what they leave.
struct LocalFit {
  Vector value;
  double residual = 0;
};

LocalFit local_fit(In<Matrix> X, In<Matrix> design) {
  Matrix normal = multiply(design, design, true);
  normal.diagonal().array() += 1e-12 * static_cast<double>(design.rows());  // coinciding positions
  const auto inverse_design = solve_positive_definite(normal, design.transpose());
  if (!inverse_design) return {X.rowwise().mean(), std::numeric_limits<double>::infinity()};
  const Matrix coefficients = multiply(X, *inverse_design, false, true);
  return {coefficients.col(0), (X - multiply(coefficients, design, false, true)).squaredNorm()};
}

/// The smoother's value at position s: that of a line through the window, or of a parabola where
/// that explains at least half of what the line leaves (else its ends would follow the noise).
Vector local_value(In<Matrix> X, In<Vector> positions, double s) {
  const double scale = (positions.array() - s).abs().maxCoeff();
  Matrix design(positions.size(), 3);
  for (Index i = 0; i < positions.size(); ++i) {
    const double p = scale > 0 ? (positions(i) - s) / scale : 0;
    design.row(i) << 1, p, p * p;
  }
  const LocalFit line = local_fit(X, design.leftCols(2)), parabola = local_fit(X, design);
  return parabola.residual <= 0.5 * line.residual ? parabola.value : line.value;
}

/// Points in order of position; a closed curve is continued by a window at both ends.
struct Sorted {
  Matrix X;
  Vector positions;
};

Sorted sort_points(In<Matrix> X, const CurveOrder& order, Index window) {
  const Index P = X.cols(), extra = order.closed ? window : 0;
  std::vector<Index> by_position(at(P));
  std::iota(by_position.begin(), by_position.end(), Index{0});
  std::stable_sort(by_position.begin(), by_position.end(),
                   [&](Index a, Index b) { return order.positions(a) < order.positions(b); });
  Sorted sorted{Matrix(X.rows(), P + 2 * extra), Vector(P + 2 * extra)};
  for (Index i = -extra; i < P + extra; ++i) {
    const Index point = by_position[at((i + P) % P)];
    const double turn = i < 0 ? -order.length : i >= P ? order.length : 0;
    sorted.X.col(i + extra) = X.col(point);
    sorted.positions(i + extra) = order.positions(point) + turn;
  }
  return sorted;
}

/// The smoothed curve at `knots` positions, evenly spaced; of a closed one the last is the first.
Matrix smooth(In<Matrix> X, const CurveOrder& order) {
  const Index P = X.cols();
  const Index window = std::min(P, std::max<Index>(5, P / 10));
  const Sorted sorted = sort_points(X, order, window);
  const Index total = sorted.positions.size();
  const double begin = order.closed ? 0 : sorted.positions(0);
  const double end = order.closed ? order.length : sorted.positions(total - 1);
  Matrix curve(X.rows(), knots);
  Index first = 0;
  for (Index k = 0; k < knots; ++k) {
    const double s = begin + (end - begin) * static_cast<double>(k) / (knots - 1);
    // The window of nearest positions slides to the right as long as that brings it nearer.
    while (first + window < total &&
           sorted.positions(first + window) - s < s - sorted.positions(first)) {
      ++first;
    }
    curve.col(k) =
        local_value(sorted.X.middleCols(first, window), sorted.positions.segment(first, window), s);
  }
  if (order.closed) curve.col(knots - 1) = curve.col(0);
  return curve;
}

/// A cubic through the knots with the slopes of their neighbors (Catmull & Rom 1974), as chords.
Matrix interpolate(const Matrix& curve, bool closed) {
  const auto slope = [&](Index k) -> Vector {
    if (k > 0 && k < knots - 1) return 0.5 * (curve.col(k + 1) - curve.col(k - 1));
    if (closed) return 0.5 * (curve.col(1) - curve.col(knots - 2));
    return k == 0 ? Vector(-1.5 * curve.col(0) + 2 * curve.col(1) - 0.5 * curve.col(2))
                  : Vector(1.5 * curve.col(k) - 2 * curve.col(k - 1) + 0.5 * curve.col(k - 2));
  };
  Matrix nodes(curve.rows(), (knots - 1) * segments_a_knot + 1);
  for (Index k = 0; k + 1 < knots; ++k) {
    const Vector left = slope(k), right = slope(k + 1);
    for (Index j = 0; j < segments_a_knot; ++j) {
      const double t = static_cast<double>(j) / segments_a_knot;
      nodes.col(k * segments_a_knot + j) =
          (1 + 2 * t) * (1 - t) * (1 - t) * curve.col(k) + t * (1 - t) * (1 - t) * left +
          t * t * (3 - 2 * t) * curve.col(k + 1) + t * t * (t - 1) * right;
    }
  }
  nodes.col(nodes.cols() - 1) = curve.col(knots - 1);
  return nodes;
}

Vector arclength_of(const Matrix& nodes) {
  Vector arclength(nodes.cols());
  arclength(0) = 0;
  for (Index j = 1; j < nodes.cols(); ++j) {
    arclength(j) = arclength(j - 1) + (nodes.col(j) - nodes.col(j - 1)).norm();
  }
  return arclength;
}

/// Each point's nearest place on the chords.
void project(In<Matrix> X, PrincipalCurve& curve) {
  curve.positions.resize(X.cols());
  curve.distances.resize(X.cols());
  for (Index i = 0; i < X.cols(); ++i) {
    Index node = 0;
    (curve.nodes.colwise() - X.col(i)).colwise().squaredNorm().minCoeff(&node);
    double least = std::numeric_limits<double>::infinity();
    for (Index j = std::max<Index>(0, node - 1); j <= node && j + 1 < curve.nodes.cols(); ++j) {
      const Vector chord = curve.nodes.col(j + 1) - curve.nodes.col(j);
      const double square = chord.squaredNorm();
      const double along = chord.dot(X.col(i) - curve.nodes.col(j));
      const double t = square > 0 ? std::clamp(along / square, 0.0, 1.0) : 0;
      const double distance = (X.col(i) - curve.nodes.col(j) - t * chord).norm();
      if (distance >= least) continue;
      least = distance;
      curve.distances(i) = distance;
      curve.positions(i) = curve.arclength(j) + t * std::sqrt(square);
    }
  }
}

/// The chord that holds arclength s, and how far along it.
std::pair<Index, double> locate(const Vector& arclength, double s) {
  const auto* begin = arclength.data();
  const auto* above = std::upper_bound(begin + 1, begin + arclength.size() - 1, s);
  const Index j = above - begin - 1;
  const double width = arclength(j + 1) - arclength(j);
  return {j, width > 0 ? std::clamp((s - arclength(j)) / width, 0.0, 1.0) : 0};
}

}  // namespace

CurveOrder order_along_curve(const NeighborGraph& graph) {
  CurveOrder order;
  const Index end = farthest(path_lengths(graph, 0));
  const Vector from_end = path_lengths(graph, end);
  const double extent = from_end(farthest(from_end));
  order.closed = is_closed(graph, from_end, extent);
  order.positions = from_end;
  order.length = extent;
  if (!order.closed) return order;

  // On a ring both ways lead away from the end: those nearer to a point a quarter along one way
  // than to its opposite come first.
  order.length = 2 * extent;
  Index quarter = 0;
  (from_end.array() - 0.5 * extent).abs().minCoeff(&quarter);
  const Vector from_quarter = path_lengths(graph, quarter);
  const Vector from_opposite = path_lengths(graph, farthest(from_quarter));
  for (Index i = 0; i < from_end.size(); ++i) {
    if (from_quarter(i) > from_opposite(i)) order.positions(i) = order.length - from_end(i);
  }
  return order;
}

Vector PrincipalCurve::state(double s) const {
  const auto [j, t] = locate(arclength, s);
  return (1 - t) * nodes.col(j) + t * nodes.col(j + 1);
}

Vector PrincipalCurve::tangent(double s) const {
  // The chords' directions, taken at their middles and interpolated between.
  const Index last = nodes.cols() - 2;
  const auto direction = [&](Index j) -> Vector {
    if (closed) j = (j + last + 1) % (last + 1);
    j = std::clamp<Index>(j, 0, last);
    return (nodes.col(j + 1) - nodes.col(j)).stableNormalized();
  };
  const auto [j, t] = locate(arclength, s);
  const Vector mixed = t < 0.5 ? (0.5 - t) * direction(j - 1) + (0.5 + t) * direction(j)
                               : (1.5 - t) * direction(j) + (t - 0.5) * direction(j + 1);
  return mixed.stableNormalized();
}

PrincipalCurve fit_principal_curve(In<Matrix> X, const CurveOrder& order) {
  PrincipalCurve curve;
  curve.closed = order.closed;
  CurveOrder current = order;
  for (int pass = 0; pass < passes; ++pass) {
    curve.nodes = interpolate(smooth(X, current), order.closed);
    curve.arclength = arclength_of(curve.nodes);
    project(X, curve);
    current.positions = curve.positions;
    current.length = curve.length();
  }
  return curve;
}

}  // namespace nullcline::dynamics::detail
