// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/geodesic.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "nullcline/core/over_items.hpp"
#include "nullcline/geometry/geodesics/detail/discrete_geodesic.hpp"
#include "nullcline/geometry/geodesics/detail/line_length.hpp"

namespace nullcline::geometry {
namespace {

using detail::DiscreteGeodesic;

void check(const ImmersedManifold& manifold, In<Vector> from, In<Vector> to,
           const GeodesicOptions& options) {
  const Index m = manifold.dim();
  if (from.size() != m || to.size() != m || !contains(manifold.domain(), from) ||
      !contains(manifold.domain(), to)) {
    throw std::invalid_argument(
        fmt::format("geodesics_between: both points must be in the domain of {} coordinates", m));
  }
  if (options.segments < 2 || options.max_segments < options.segments || !(options.tolerance > 0) ||
      options.max_iterations < 1 || options.windings < 0) {
    throw std::invalid_argument(
        fmt::format("geodesics_between: segments {} to {}, tolerance {}, max_iterations {}, "
                    "windings {}",
                    options.segments, options.max_segments, options.tolerance,
                    options.max_iterations, options.windings));
  }
}

/// A path from `from` to `to` + whole periods; what its knots say of the winding.
struct Start {
  std::vector<Index> winding;
  Matrix path;
};

std::vector<Start> straight_starts(const Domain& domain, In<Vector> from, In<Vector> to,
                                   Index most) {
  const Index m = static_cast<Index>(domain.size());
  const Vector direct = shorter_way(domain, from, to);
  std::vector<Start> starts{{std::vector<Index>(domain.size(), 0), Matrix(m, 2)}};
  starts[0].path << from, from + direct;
  for (std::size_t i = 0; i < domain.size(); ++i) {
    if (!domain[i].periodic) continue;
    std::vector<Start> wound;
    for (const Start& start : starts) {
      for (Index by = -most; by <= most; ++by) {
        Start next = start;
        next.winding[i] = by;
        next.path(static_cast<Index>(i), 1) += static_cast<double>(by) * domain[i].extent();
        wound.push_back(std::move(next));
      }
    }
    starts = std::move(wound);
  }
  return starts;
}

Start given_start(const Domain& domain, In<Vector> from, In<Vector> to, const Matrix& path) {
  const Index m = static_cast<Index>(domain.size());
  if (path.rows() != m || path.cols() < 2 || !path.allFinite()) {
    throw std::invalid_argument(
        fmt::format("geodesics_between: a path to start with is {} x {}, must be {} x 2 or more",
                    path.rows(), path.cols(), m));
  }
  Start start{std::vector<Index>(domain.size(), 0), path};
  const Vector direct = shorter_way(domain, from, to), whole = path.rightCols(1) - path.leftCols(1);
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const auto row = static_cast<Index>(i);
    const double extent = domain[i].extent();
    const double rounds = domain[i].periodic ? std::round((whole(row) - direct(row)) / extent) : 0;
    const double shift =
        domain[i].periodic ? extent * std::round((from(row) - path(row, 0)) / extent) : 0;
    start.winding[i] = static_cast<Index>(rounds);
    start.path.row(row).array() += shift;
    const double ends = std::max(std::abs(whole(row) - direct(row) - rounds * extent),
                                 std::abs(start.path(row, 0) - from(row)));
    if (!(ends <= 1e-9 * extent)) {
      throw std::invalid_argument(fmt::format(
          "geodesics_between: a path to start with misses its ends by {} in coordinate {}", ends,
          i));
    }
  }
  return start;
}

/// Lengths along a path up to each knot, in kappa / extents.
Vector lengths_in_domain(const Domain& domain, const Matrix& path) {
  Vector along = Vector::Zero(path.cols());
  for (Index k = 1; k < path.cols(); ++k) {
    double squares = 0;
    for (std::size_t i = 0; i < domain.size(); ++i) {
      const auto row = static_cast<Index>(i);
      squares += std::pow((path(row, k) - path(row, k - 1)) / domain[i].extent(), 2);
    }
    along(k) = along(k - 1) + std::sqrt(squares);
  }
  return along;
}

/// The same on the manifold; not finite where it is not.
Vector lengths_on(const ImmersedManifold& manifold, const Matrix& path) {
  const Index m = manifold.dim();
  const Jets jets = manifold.jets(path, 1);
  Vector along = Vector::Zero(path.cols());
  for (Index k = 1; k < path.cols(); ++k) {
    const Vector step = path.col(k) - path.col(k - 1);
    along(k) = along(k - 1) + detail::line_length(jets.points.col(k) - jets.points.col(k - 1),
                                                  jets.tangents.middleCols((k - 1) * m, m) * step,
                                                  jets.tangents.middleCols(k * m, m) * step);
  }
  return along;
}

/// The path with P segments of equal length.
Matrix resampled(const Matrix& path, const Vector& along, Index P) {
  Matrix result(path.rows(), P + 1);
  Index k = 1;
  for (Index p = 0; p <= P; ++p) {
    const double at = along(path.cols() - 1) * static_cast<double>(p) / static_cast<double>(P);
    while (k + 1 < path.cols() && along(k) < at) ++k;
    const double width = along(k) - along(k - 1);
    const double t = width > 0 ? std::clamp((at - along(k - 1)) / width, 0.0, 1.0) : 0;
    result.col(p) = (1 - t) * path.col(k - 1) + t * path.col(k);
  }
  result.rightCols(1) = path.rightCols(1);
  return result;
}

/// P segments of about equal length on the manifold, as a geodesic's are.
Matrix spaced(const ImmersedManifold& manifold, const Matrix& path, Index P) {
  const Matrix fine = resampled(path, lengths_in_domain(manifold.domain(), path), 8 * P);
  const Vector along = lengths_on(manifold, fine);
  if (along.allFinite()) return resampled(fine, along, P);
  return resampled(fine, lengths_in_domain(manifold.domain(), fine), P);  // relax says what it is
}

/// Knots between all knots, by the cubic through four of them: Newton's method then has little to
/// do.
Matrix refined(const Matrix& knots) {
  const Index P = knots.cols() - 1;
  Matrix result(knots.rows(), 2 * P + 1);
  for (Index p = 0; p <= P; ++p) result.col(2 * p) = knots.col(p);
  for (Index p = 0; p < P; ++p) {
    result.col(2 * p + 1) = (knots.col(p) + knots.col(p + 1)) / 2;
    if (p == 0 || p + 1 == P) continue;
    result.col(2 * p + 1) =
        (9 * (knots.col(p) + knots.col(p + 1)) - knots.col(p - 1) - knots.col(p + 2)) / 16;
  }
  return result;
}

/// The length, the velocities at both ends, and the knots that the coarsest polygon has too.
Vector quantities(const DiscreteGeodesic& at, Index coarsest) {
  const Index m = at.knots.rows(), stride = (at.knots.cols() - 1) / coarsest;
  Vector all(1 + 2 * m + m * (coarsest + 1));
  all << std::sqrt(2 * at.energy), at.start_velocity, at.end_velocity,
      Matrix(at.knots(Eigen::all, Eigen::seq(0, Eigen::last, stride))).reshaped();
  return all;
}

/// The next row of the table of an error in even powers of 1 / P, P doubled: the entry k of a row
/// is free of the first k powers.
std::vector<Vector> next_row(const std::vector<Vector>& row, const Vector& value) {
  std::vector<Vector> next{value};
  double power = 1;
  for (const Vector& before : row) {
    power *= 4;
    next.push_back(next.back() + (next.back() - before) / (power - 1));
  }
  return next;
}

/// The entry of a row whose length changed least since the row before, and by how much: where the
/// coarsest polygons know nothing of the limit yet, entries that they are part of are no good.
std::pair<std::size_t, double> steadiest(const std::vector<Vector>& before,
                                         const std::vector<Vector>& row) {
  std::pair<std::size_t, double> best{0, row[0](0)};
  for (std::size_t k = 0; k < row.size() && !before.empty(); ++k) {
    const double change = std::abs(row[k](0) - before[std::min(k, before.size() - 1)](0));
    if (k == 0 || change < best.second) best = {k, change};
  }
  return best;
}

Geodesic converge(const ImmersedManifold& manifold, const Start& start,
                  const GeodesicOptions& options, const Cancellation& cancellation) {
  const Index m = manifold.dim();
  Geodesic result;
  result.winding = start.winding;
  Matrix knots = spaced(manifold, start.path, options.segments);
  result.path = knots;
  std::vector<Vector> row;
  for (Index P = options.segments; P <= options.max_segments; P *= 2) {
    if (!cancellation.keep_going()) return result;
    const DiscreteGeodesic found = detail::relax(manifold, knots, options.max_iterations);
    result.iterations += found.iterations;
    result.segments = P;
    result.status = found.status;
    if (found.status == GeodesicStatus::not_converged) {
      // The polygon may be too coarse to follow the manifold.
      knots = spaced(manifold, start.path, 2 * P);
      row.clear();
      continue;
    }
    if (found.status != GeodesicStatus::converged) return result;
    result.minimum = found.minimum;
    const std::vector<Vector> before =
        std::exchange(row, next_row(row, quantities(found, options.segments)));
    const auto [place, change] = steadiest(before, row);
    const Vector& best = row[place];
    result.length = best(0);
    result.start_velocity = best.segment(1, m);
    result.end_velocity = best.segment(1 + m, m);
    result.path = best.tail(best.size() - 1 - 2 * m).reshaped(m, options.segments + 1);
    result.error = change;
    if (row.size() > 2 && result.error <= options.tolerance * result.length) {
      return result;
    }
    result.status = GeodesicStatus::not_converged;
    knots = refined(found.knots);
  }
  return result;
}

}  // namespace

GeodesicSearch geodesics_between(const ImmersedManifold& manifold, In<Vector> from, In<Vector> to,
                                 const GeodesicOptions& options, const Progress& progress) {
  check(manifold, from, to, options);
  const Domain& domain = manifold.domain();
  std::vector<Start> starts = straight_starts(domain, from, to, options.windings);
  for (const Matrix& path : options.starts) starts.push_back(given_start(domain, from, to, path));

  GeodesicSearch search;
  search.all.resize(starts.size());
  Cancellation cancellation;
  search.cancelled = !over_items(
      static_cast<Index>(starts.size()), options.threads, progress, cancellation, [&](Index i) {
        const auto place = static_cast<std::size_t>(i);
        search.all[place] = converge(manifold, starts[place], options, cancellation);
      });
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (search.all[i].status != GeodesicStatus::converged) continue;
    if (search.shortest < 0 || search.all[i].length < search.best().length) {
      search.shortest = static_cast<Index>(i);
    }
  }
  return search;
}

}  // namespace nullcline::geometry
