// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/line_attractor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/orbits/detail/line_spectra.hpp"
#include "nullcline/dynamics/orbits/detail/neighbor_graph.hpp"
#include "nullcline/dynamics/orbits/detail/principal_curve.hpp"

namespace nullcline::dynamics {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void check(const Map& map, In<Matrix> points, const LineAttractorOptions& options) {
  const LineCriteria& criteria = options.criteria;
  require(points.rows() == map.dim() && map.dim() > 0,
          "find_line_attractor: points must be (dimension of map, P)");
  require(points.allFinite(), "find_line_attractor: the points must be finite");
  require(options.readout.size() == 0 || options.readout.size() == map.dim(),
          "find_line_attractor: the readout must have the dimension of the map");
  require(options.input_effects.cols() == 0 || options.input_effects.rows() == map.dim(),
          "find_line_attractor: input_effects must be (dimension of map, q)");
  require(options.dt > 0 && options.neighbors >= 0 && options.samples >= 2 &&
              options.drift_samples >= 3 && options.drift_tolerance >= 0,
          "find_line_attractor: need dt > 0, neighbors >= 0, samples >= 2, drift_samples >= 3, "
          "drift_tolerance >= 0");
  require(criteria.min_points >= 3 && criteria.merge_distance >= 0 && criteria.largest_gap > 0 &&
              criteria.fraction > 0 && criteria.fraction <= 1 && criteria.aspect_ratio > 0 &&
              criteria.marginal > 0 && criteria.slow_ratio > 0,
          "find_line_attractor: a criterion is out of its range");
}

Matrix columns(In<Matrix> X, const std::vector<Index>& which) {
  Matrix chosen(X.rows(), static_cast<Index>(which.size()));
  for (Index i = 0; i < chosen.cols(); ++i) chosen.col(i) = X.col(which[at(i)]);
  return chosen;
}

Matrix block(const Matrix& distances, const std::vector<Index>& which) {
  return columns(columns(distances, which).transpose(), which);
}

/// The first principal component, and what an even line with this variance along it would be long.
struct Axis {
  Vector direction;
  double variance_explained = 0;
  double extent = 0;
};

std::optional<Axis> principal_axis(In<Matrix> X) {
  Axis axis{Vector::Zero(X.rows())};
  if (X.cols() == 0) return axis;
  const Vector mean = X.rowwise().mean();
  const auto decomposition = attempt(svd, X.colwise() - mean);
  if (!decomposition) return std::nullopt;
  axis.direction = decomposition->U.col(0);
  const double total = decomposition->values.squaredNorm();
  const double first = decomposition->values(0) * decomposition->values(0);
  if (total > 0) axis.variance_explained = first / total;
  axis.extent = std::sqrt(12 * first / static_cast<double>(X.cols()));
  return axis;
}

/// m towards larger readouts, else with a positive largest entry.
void orient(Vector& axis, const Vector& readout) {
  Index largest = 0;
  axis.cwiseAbs().maxCoeff(&largest);
  double sign = axis(largest);
  if (readout.size() > 0 && std::abs(axis.dot(readout)) > 1e-10 * readout.norm()) {
    sign = axis.dot(readout);
  }
  if (sign < 0) axis = -axis;
}

double median(Vector values) {
  if (values.size() == 0) return 0;
  std::sort(values.data(), values.data() + values.size());
  return values(values.size() / 2);
}

void describe_axis(const Axis& axis, In<Matrix> points, const LineAttractorOptions& options,
                   LineAttractor& result) {
  result.axis = axis.direction;
  result.variance_explained = axis.variance_explained;
  orient(result.axis, options.readout);
  result.null_overlap = 1 / std::sqrt(static_cast<double>(points.rows()));
  if (options.readout.size() > 0 && options.readout.norm() > 0) {
    result.readout_alignment = result.axis.dot(options.readout) / options.readout.norm();
  }
  result.input_alignments = Vector::Zero(options.input_effects.cols());
  for (Index j = 0; j < options.input_effects.cols(); ++j) {
    const double size = options.input_effects.col(j).norm();
    if (size > 0) {
      result.input_alignments(j) = result.axis.dot(options.input_effects.col(j)) / size;
    }
  }
}

Vector speeds_of(const Map& map, In<Matrix> points, double dt) {
  Matrix images(points.rows(), points.cols());
  if (points.cols() > 0) map.step(points, images);
  return (images - points).colwise().norm().transpose() / dt;
}

/// Members by theta, and the places for the spectra, from a curve and its direction.
void parametrize(const detail::PrincipalCurve& curve, double direction,
                 const std::vector<Index>& points, Index S, LineAttractor& result) {
  const double length = curve.length();
  const auto Q = static_cast<Index>(points.size());
  std::vector<Index> order(points.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return direction * curve.positions(a) < direction * curve.positions(b);
  });
  result.theta.resize(Q);
  result.members.clear();
  for (Index i = 0; i < Q; ++i) {
    const Index point = order[at(i)];
    result.members.push_back(points[at(point)]);
    result.theta(i) = direction * (2 * curve.positions(point) / length - 1);
  }
  LineSpectra& spectra = result.spectra;
  spectra.theta.resize(S);
  spectra.states.resize(curve.nodes.rows(), S);
  spectra.tangents.resize(curve.nodes.rows(), S);
  for (Index j = 0; j < S; ++j) {
    const double part = static_cast<double>(j) / static_cast<double>(curve.closed ? S : S - 1);
    const double s = length * (direction > 0 ? part : 1 - part);
    spectra.theta(j) = 2 * part - 1;
    spectra.states.col(j) = curve.state(s);
    spectra.tangents.col(j) = direction * curve.tangent(s);
  }
}

/// +1 if the curve runs along the axis from its beginning to its end, else -1.
double direction_of(const detail::PrincipalCurve& curve, const Vector& axis) {
  const Index last = curve.nodes.cols() - 1;
  const Index end = curve.closed ? last / 2 : last;
  return axis.dot(curve.nodes.col(end) - curve.nodes.col(0)) < 0 ? -1 : 1;
}

/// The points of the longest chain: which they are, where, and how far apart.
struct Chain {
  std::vector<Index> members;
  Matrix X;
  Matrix distances;
};

Chain longest_chain(In<Matrix> points, double extent, const LineCriteria& criteria,
                    LineAttractor& result) {
  const Matrix distances = detail::pairwise_distances(points);
  const double rounding = 1e-9 * (1 + points.colwise().norm().maxCoeff());
  const auto distinct =
      detail::distinct_columns(distances, std::max(criteria.merge_distance * extent, rounding));
  const Matrix apart = block(distances, distinct);
  const auto longest = detail::largest_component(apart, criteria.largest_gap * extent);
  result.distinct = static_cast<Index>(distinct.size());
  result.chain_fraction =
      static_cast<double>(longest.size()) / static_cast<double>(result.distinct);
  Chain chain;
  for (const Index i : longest) chain.members.push_back(distinct[at(i)]);
  chain.X = columns(points, chain.members);
  chain.distances = block(apart, longest);
  return chain;
}

/// Measures the local dimension in the finest neighborhoods, then in wider ones as long as it is
/// not 1 (a line with noise is thick at a fine scale); where it is, the order of the points.
std::optional<detail::CurveOrder> order_if_curve(const Chain& chain,
                                                 const LineAttractorOptions& options,
                                                 LineAttractor& result) {
  const Index P = chain.X.cols();
  const bool is_given = options.neighbors > 0;
  const Index finest = is_given ? options.neighbors : std::max<Index>(4, P / 10);
  const Index widest = is_given ? finest : std::max(finest, P / 4);
  for (Index k = finest; k <= widest; k *= 2) {
    const detail::NeighborGraph graph = detail::neighbor_graph(chain.distances, k);
    const double dimension = median(detail::local_dimensions(chain.X, graph, options.threads));
    const bool is_curve = std::lround(dimension) == 1;
    if (k == finest || is_curve) result.local_dimension = dimension;
    if (is_curve) return detail::order_along_curve(graph);
  }
  return std::nullopt;
}

/// The curve, and whether theta runs with its arclength (1) or against it (-1).
struct Line {
  detail::PrincipalCurve curve;
  double direction = 1;
};

Line fit_line(const Chain& chain, const detail::CurveOrder& order,
              const LineAttractorOptions& options, LineAttractor& result) {
  Line line{detail::fit_principal_curve(chain.X, order)};
  line.direction = direction_of(line.curve, result.axis);
  result.closed = line.curve.closed;
  result.length = line.curve.length();
  result.thickness =
      std::sqrt(line.curve.distances.squaredNorm() / static_cast<double>(chain.X.cols()));
  result.aspect_ratio = result.thickness > 0 ? result.length / result.thickness
                                             : std::numeric_limits<double>::infinity();
  parametrize(line.curve, line.direction, chain.members, options.samples, result);
  return line;
}

/// Up to S of the points, evenly by index.
void sample_points(In<Matrix> points, Index S, LineAttractor& result) {
  const Index count = std::min(S, points.cols());
  result.spectra.states.resize(points.rows(), count);
  result.spectra.theta = Vector::Zero(count);
  for (Index j = 0; j < count; ++j) {
    result.spectra.states.col(j) = points.col(j * points.cols() / count);
  }
}

LineVerdict verdict_of(const LineAttractor& result, Index dimension, const LineCriteria& criteria) {
  if (result.distinct < criteria.min_points || result.chain_fraction < criteria.fraction) {
    return LineVerdict::isolated_points;
  }
  if (result.marginal_fraction < 1 - criteria.fraction) return LineVerdict::isolated_points;
  if (result.slow_fraction < criteria.fraction) return LineVerdict::none;
  if (dimension > 1) return LineVerdict::plane_or_more;
  return result.aspect_ratio >= criteria.aspect_ratio ? LineVerdict::line : LineVerdict::none;
}

bool any_finite(const LineSpectra& spectra) {
  return std::any_of(spectra.finite.begin(), spectra.finite.end(), [](auto f) { return f != 0; });
}

}  // namespace

const char* name_of(LineVerdict verdict) {
  switch (verdict) {
    case LineVerdict::line:
      return "line";
    case LineVerdict::isolated_points:
      return "isolated_points";
    case LineVerdict::plane_or_more:
      return "plane_or_more";
    case LineVerdict::none:
      return "none";
  }
  return "";
}

const char* name_of(LineStatus status) {
  switch (status) {
    case LineStatus::completed:
      return "completed";
    case LineStatus::cancelled:
      return "cancelled";
    case LineStatus::not_finite:
      return "not_finite";
    case LineStatus::not_converged:
      return "not_converged";
  }
  return "";
}

LineAttractor find_line_attractor(const Map& map, In<Matrix> points,
                                  const LineAttractorOptions& options) {
  check(map, points, options);
  LineAttractor result;
  result.derivatives = map.derivatives();
  result.speeds = speeds_of(map, points, options.dt);
  if (points.cols() == 0) return result;

  const auto whole = principal_axis(points);
  if (!whole) {
    result.status = LineStatus::not_converged;
    return result;
  }
  const Chain chain = longest_chain(points, whole->extent, options.criteria, result);
  const auto axis = principal_axis(chain.X);
  if (!axis) {
    result.status = LineStatus::not_converged;
    return result;
  }
  describe_axis(*axis, chain.X, options, result);
  std::optional<detail::CurveOrder> order;
  if (chain.X.cols() >= options.criteria.min_points) {
    order = order_if_curve(chain, options, result);
  }
  const Index dimension = std::max<Index>(1, std::lround(result.local_dimension));
  std::optional<Line> line;
  if (order) {
    line = fit_line(chain, *order, options, result);
  } else {
    sample_points(chain.X, options.samples, result);
  }

  if (!detail::take_spectra(map, options, dimension, result)) {
    result.status = LineStatus::cancelled;
  } else if (!any_finite(result.spectra)) {
    result.status = LineStatus::not_finite;
  } else {
    if (line) detail::take_drift(map, options, line->curve, line->direction, result);
    result.verdict = verdict_of(result, dimension, options.criteria);
  }
  return result;
}

}  // namespace nullcline::dynamics
