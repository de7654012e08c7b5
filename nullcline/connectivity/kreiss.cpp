// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/kreiss.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "nullcline/connectivity/detail/resolvent.hpp"
#include "nullcline/connectivity/detail/square.hpp"

namespace nullcline::connectivity {
namespace {

constexpr Index refined = 4;            // points of the grid
constexpr double smallest_step = 1e-6;  // of a refinement, of its first one
constexpr double lowest_height = 1e-8;  // of |A|_2, or 1: below, rounding says what is outside
constexpr double far = 100;             // heights end at this multiple of |A|_2: K - 1 < 1 / far

/// Points outside of the unit circle or right of the imaginary axis, by their foot on it, `along`,
/// and their height above it.
struct HalfPlane {
  const detail::Resolvent& resolvent;
  Dynamics dynamics;
  double lowest;
  std::atomic<bool>& lost;  // LAPACK gave up at a point

  std::complex<double> point(double along, double height) const {
    return dynamics == Dynamics::map ? (1 + height) * std::polar(1.0, along)
                                     : std::complex<double>(height, along);
  }
  /// sigma_min(z I - A)
  double smallest(double along, double height) const {
    const double sigma = resolvent.smallest_singular_value(point(along, height));
    if (std::isnan(sigma)) lost = true;
    return sigma;
  }
  double value(double along, double height) const { return height / smallest(along, height); }
};

struct Candidate {
  double along = 0, log_height = 0, value = 1;
};

/// Uphill in steps along both coordinates, halved where neither helps: derivative-free, as the
/// smallest singular value has kinks.
Candidate refine(const HalfPlane& plane, Candidate best, double along_step, double height_step) {
  for (double scale = 0.5; scale > smallest_step;) {
    const Candidate before = best;
    for (const double sign : {-1.0, 1.0}) {
      for (const bool sideways : {true, false}) {
        Candidate next = before;
        (sideways ? next.along : next.log_height) +=
            sign * scale * (sideways ? along_step : height_step);
        next.log_height = std::max(next.log_height, std::log(plane.lowest));
        next.value = plane.value(next.along, std::exp(next.log_height));
        if (next.value > best.value) best = next;
      }
    }
    if (!(best.value > before.value)) scale *= 0.5;
  }
  return best;
}

double spectral(const ComplexVector& eigenvalues, Dynamics dynamics) {
  return dynamics == Dynamics::map ? eigenvalues.cwiseAbs().maxCoeff()
                                   : eigenvalues.real().maxCoeff();
}

}  // namespace

Kreiss kreiss_constant(In<Matrix> A, const KreissOptions& options) {
  detail::require_square("kreiss_constant", A, 1);
  if (options.angles < 2 || options.heights < 2) {
    throw std::invalid_argument(
        fmt::format("kreiss_constant: angles ({}) and heights ({}) must be "
                    ">= 2",
                    options.angles, options.heights));
  }
  const bool map = options.dynamics == Dynamics::map;
  const detail::Resolvent resolvent(A);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Kreiss result;
  if (!resolvent.known()) {
    result.constant = result.upper_bound = result.spectral = nan;
    result.known = false;
    return result;
  }
  result.spectral = spectral(resolvent.schur().diagonal(), options.dynamics);
  const double scale = std::max(resolvent.norm(), 1.0);
  std::atomic<bool> lost = false;
  const HalfPlane plane{resolvent, options.dynamics, lowest_height * scale, lost};
  const double rounding =
      static_cast<double>(A.rows()) * std::numeric_limits<double>::epsilon() * scale;
  if (result.spectral > (map ? 1 : 0) + rounding) {
    result.constant = result.upper_bound = std::numeric_limits<double>::infinity();
    return result;
  }

  // Conjugate points are alike; beyond |Im z| = 2 |A|_2 nothing of a flow is above 1.
  const double end = map ? std::numbers::pi : 2 * resolvent.norm();
  const Vector along = Vector::LinSpaced(options.angles, 0, end);
  const double top = std::log(far * scale);
  const double along_step = end / static_cast<double>(options.angles - 1);
  std::vector<Candidate> best(static_cast<std::size_t>(options.angles));
  std::vector<double> height_steps(best.size());
  parallel_for(options.angles, options.threads, [&](Index i) {
    const auto at = static_cast<std::size_t>(i);
    best[at].along = along(i);
    const double above_one = plane.smallest(along(i), 0) / 2;
    const double bottom = std::log(std::max(above_one, plane.lowest));
    height_steps[at] = std::max(top - bottom, 0.0) / static_cast<double>(options.heights - 1);
    for (Index j = 0; j < options.heights; ++j) {
      const double log_height = bottom + static_cast<double>(j) * height_steps[at];
      const double value = plane.value(along(i), std::exp(log_height));
      if (value > best[at].value) best[at] = {along(i), log_height, value};
    }
  });

  std::vector<std::size_t> order(best.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return best[a].value > best[b].value; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(refined)));
  parallel_for(static_cast<Index>(order.size()), options.threads, [&](Index i) {
    const std::size_t at = order[static_cast<std::size_t>(i)];
    if (best[at].value > 1) best[at] = refine(plane, best[at], along_step, height_steps[at]);
  });
  if (lost) {
    result.constant = result.upper_bound = nan;
    result.known = false;
    return result;
  }
  for (const std::size_t at : order) {
    if (!(best[at].value > result.constant)) continue;
    result.constant = best[at].value;
    result.point = plane.point(best[at].along, std::exp(best[at].log_height));
  }
  result.upper_bound = std::numbers::e * static_cast<double>(A.rows()) * result.constant;
  return result;
}

}  // namespace nullcline::connectivity
