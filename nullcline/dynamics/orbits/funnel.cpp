// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/funnel.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics {
namespace {

/// The first visit of a trial: inside at times enter .. leave.
struct Visit {
  Index trial;
  Index enter;
  Index leave;
};

std::vector<Visit> first_visits(const Vector& distances, double radius, Index B) {
  const Index T = distances.size() / B;
  std::vector<Visit> visits;
  for (Index b = 0; b < B; ++b) {
    const auto is_inside = [&](Index t) { return distances(t * B + b) <= radius; };
    Index t = 0;
    while (t < T && !is_inside(t)) ++t;
    if (t == T) continue;
    Visit visit{b, t, t};
    while (visit.leave + 1 < T && is_inside(visit.leave + 1)) ++visit.leave;
    visits.push_back(visit);
  }
  return visits;
}

/// Root mean square distance of the states at one time of each visit from their mean.
template <class Time>
double spread(In<Matrix> states, Index B, const std::vector<Visit>& visits, const Time& time) {
  Matrix bundle(states.rows(), static_cast<Index>(visits.size()));
  for (Index i = 0; i < bundle.cols(); ++i) {
    const Visit& visit = visits[static_cast<std::size_t>(i)];
    bundle.col(i) = states.col(time(visit) * B + visit.trial);
  }
  const Vector mean = bundle.rowwise().mean();
  return std::sqrt((bundle.colwise() - mean).squaredNorm() / static_cast<double>(bundle.cols()));
}

void measure_passage(In<Matrix> states, const std::vector<Visit>& visits, Index p,
                     const FunnelOptions& options, Funnel& result) {
  result.passing[static_cast<std::size_t>(p)] = static_cast<Index>(visits.size());
  if (visits.empty()) return;
  const Index last = states.cols() / options.trials - 1;
  double steps = 0;
  for (const Visit& visit : visits) steps += static_cast<double>(visit.leave - visit.enter + 1);
  result.dwell(p) = steps / static_cast<double>(visits.size());
  if (visits.size() < 2) return;
  const double before = spread(states, options.trials, visits, [&](const Visit& visit) {
    return std::max<Index>(0, visit.enter - options.margin);
  });
  const double after = spread(states, options.trials, visits, [&](const Visit& visit) {
    return std::min(last, visit.leave + options.margin);
  });
  if (!std::isfinite(before) || !std::isfinite(after)) return;
  result.spread_before(p) = before;
  result.spread_after(p) = after;
  if (before > 0 && after > 0) result.log_contraction(p) = std::log(after / before);
}

void find_ends(const Matrix& end_distances, double radius, Funnel& result) {
  for (Index b = 0; b < end_distances.rows(); ++b) {
    Index nearest = -1;
    double least = radius;
    for (Index p = 0; p < end_distances.cols(); ++p) {
      if (end_distances(b, p) < least || (nearest < 0 && end_distances(b, p) <= least)) {
        nearest = p;
        least = end_distances(b, p);
      }
    }
    result.end_point.push_back(nearest);
    if (nearest >= 0) ++result.ending[static_cast<std::size_t>(nearest)];
  }
}

}  // namespace

Funnel funnel(In<Matrix> points, In<Matrix> states, const FunnelOptions& options) {
  require(points.rows() == states.rows(), "funnel: points and states must have one dimension");
  require(options.radius > 0 && options.margin >= 0, "funnel: need radius > 0 and margin >= 0");
  require(options.trials > 0 && states.cols() > 0 && states.cols() % options.trials == 0,
          "funnel: need states (n, T B) with T > 0 and B = trials > 0");
  const Index P = points.cols(), B = options.trials;
  Funnel result;
  result.passing.assign(static_cast<std::size_t>(P), 0);
  result.ending.assign(static_cast<std::size_t>(P), 0);
  result.dwell = result.spread_before = result.spread_after = result.log_contraction =
      Vector::Zero(P);
  Matrix end_distances = Matrix::Constant(B, P, 2 * options.radius);
  result.cancelled = !detail::over_items(P, options.threads, options.progress, [&](Index p) {
    const Vector distances = (states.colwise() - points.col(p)).colwise().norm().transpose();
    measure_passage(states, first_visits(distances, options.radius, B), p, options, result);
    end_distances.col(p) = distances.tail(B);
  });
  find_ends(end_distances, options.radius, result);
  return result;
}

}  // namespace nullcline::dynamics
