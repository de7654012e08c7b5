// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/line_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr double smallest_overlap = 1e-7;  // of unit vectors l and r: below it, no l' r = 1

double log_modulus(std::complex<double> lambda) { return std::log(std::abs(lambda)); }

/// Re r_1 and Re l_1 at one place, along its tangent if there is one.
void take_vectors(const GeneralEigen& system, Index place, LineSpectra& spectra) {
  ComplexVector r = system.vectors.col(0), l = system.left_vectors.col(0);
  const bool has_tangent = spectra.tangents.cols() > 0;
  if (has_tangent) {
    const Vector m = spectra.tangents.col(place);
    const std::complex<double> along = m.cast<std::complex<double>>().dot(r);
    spectra.overlaps(place) = std::min(1.0, std::abs(along));
    if (std::abs(along) > 0) r *= std::conj(along) / std::abs(along);
  }
  const std::complex<double> overlap = l.dot(r);
  if (std::abs(overlap) > smallest_overlap) {
    spectra.left.col(place) = (l / std::conj(overlap)).real();
  }
  spectra.right.col(place) = r.real();
}

void allocate(Index n, const LineAttractorOptions& options, LineSpectra& spectra) {
  const Index S = spectra.states.cols();
  spectra.leading = ComplexVector::Zero(S);
  spectra.second_moduli = Vector::Zero(S);
  spectra.overlaps = Vector::Zero(S);
  spectra.right = spectra.left = Matrix::Zero(n, S);
  spectra.input_selection = Matrix::Zero(S, options.input_effects.cols());
  spectra.finite.assign(static_cast<std::size_t>(S), 0);
}

/// l_1 with l_1' m = 1 at each place, the tangent where there is no such vector.
Matrix projectors(const LineSpectra& spectra) {
  Matrix result = spectra.tangents;
  for (Index j = 0; j < result.cols(); ++j) {
    const double along = spectra.left.col(j).dot(spectra.tangents.col(j));
    const bool is_real = spectra.leading(j).imag() == 0;
    if (is_real && std::abs(along) > 1e-6 * spectra.left.col(j).norm()) {
      result.col(j) = spectra.left.col(j) / along;
    }
  }
  return result;
}

/// Between two columns of values at even places from -1 to 1 (from -1 to before 1 on a ring).
Vector between(const Matrix& values, double theta, bool closed) {
  const Index S = values.cols();
  const double position = 0.5 * (theta + 1) * static_cast<double>(closed ? S : S - 1);
  const Index below = std::clamp<Index>(static_cast<Index>(position), 0, closed ? S - 1 : S - 2);
  const double t = position - static_cast<double>(below);
  return (1 - t) * values.col(below) + t * values.col((below + 1) % S);
}

/// Sign changes from one side of the floor to the other, with the line between as the drift.
std::vector<DriftZero> zeros_of(const LineDrift& drift, double length, bool closed) {
  std::vector<DriftZero> zeros;
  const Vector& v = drift.velocities;
  const Index D = v.size();
  Index last = -1;  // the last place above the floor
  const auto cross = [&](Index i, Index j, double turn) {
    const double width = drift.theta(j) + turn - drift.theta(i);
    const double slope = (v(j) - v(i)) / (0.5 * length * width);
    double theta = drift.theta(i) + width * v(i) / (v(i) - v(j));
    if (theta > 1) theta -= 2;
    zeros.push_back({theta, slope < 0, 1 / std::abs(slope)});
  };
  Index first = -1;
  for (Index j = 0; j < D; ++j) {
    if (std::abs(v(j)) <= drift.floor) continue;
    if (last >= 0 && v(last) * v(j) < 0) cross(last, j, 0);
    if (first < 0) first = j;
    last = j;
  }
  if (closed && first >= 0 && v(last) * v(first) < 0) cross(last, first, 2);
  std::sort(zeros.begin(), zeros.end(),
            [](const DriftZero& a, const DriftZero& b) { return a.theta < b.theta; });
  return zeros;
}

}  // namespace

SlowModes slow_modes(const ComplexVector& eigenvalues, Index dimension,
                     const LineCriteria& criteria) {
  const Index n = eigenvalues.size();
  const Index d = std::min(dimension, n);
  SlowModes result;
  result.at_least_one = std::abs(log_modulus(eigenvalues(0))) <= criteria.marginal;
  double slowest = 0;
  for (Index a = 0; a < d; ++a) {
    slowest = std::max(slowest, std::abs(log_modulus(eigenvalues(a))));
  }
  const bool is_monotone = d > 1 || (eigenvalues(0).imag() == 0 && eigenvalues(0).real() > 0);
  const double next = d < n ? log_modulus(eigenvalues(d)) : -1e300;
  result.as_many_as_dimensions = is_monotone && slowest <= criteria.marginal && next < 0 &&
                                 slowest <= criteria.slow_ratio * std::abs(next);
  return result;
}

bool take_spectra(const Map& map, const LineAttractorOptions& options, Index dimension,
                  LineAttractor& result) {
  LineSpectra& spectra = result.spectra;
  allocate(map.dim(), options, spectra);
  const Index S = spectra.states.cols();
  std::vector<SlowModes> slow(static_cast<std::size_t>(S));
  const bool all = over_items(S, options.threads, options.progress, [&](Index j) {
    const Matrix J = map.jacobian(spectra.states.col(j));
    const auto found = attempt(eigen, J);
    if (!found) return;
    const auto slot = static_cast<std::size_t>(j);
    const GeneralEigen& system = *found;
    spectra.finite[slot] = 1;
    spectra.leading(j) = system.values(0);
    const Index second = system.values(0).imag() == 0 ? 1 : 2;
    if (second < system.values.size()) spectra.second_moduli(j) = std::abs(system.values(second));
    take_vectors(system, j, spectra);
    slow[slot] = slow_modes(system.values, dimension, options.criteria);
  });
  if (!all) return false;
  if (options.input_effects.cols() > 0) {
    spectra.input_selection = multiply(spectra.left, options.input_effects, true);
  }
  const auto total = static_cast<double>(S);
  for (const SlowModes& modes : slow) {
    result.slow_fraction += modes.as_many_as_dimensions / total;
    result.marginal_fraction += modes.at_least_one / total;
  }
  return true;
}

void take_drift(const Map& map, const LineAttractorOptions& options, const PrincipalCurve& curve,
                double direction, LineAttractor& result) {
  const Index n = map.dim(), D = options.drift_samples;
  LineDrift& drift = result.drift;
  drift.theta.resize(D);
  Matrix places(n, D), tangents(n, D), images(n, D);
  for (Index j = 0; j < D; ++j) {
    const double part = static_cast<double>(j) / static_cast<double>(curve.closed ? D : D - 1);
    const double s = curve.length() * (direction > 0 ? part : 1 - part);
    drift.theta(j) = 2 * part - 1;
    places.col(j) = curve.state(s);
    tangents.col(j) = direction * curve.tangent(s);
  }
  map.step(places, images);
  const Matrix left = projectors(result.spectra);
  drift.velocities = Vector::Zero(D);
  drift.floor = options.drift_tolerance * curve.length() / options.dt;
  Index standing = 0;
  for (Index j = 0; j < D; ++j) {
    const Vector l = between(left, drift.theta(j), curve.closed);
    const double v = l.dot(images.col(j) - places.col(j)) / (l.dot(tangents.col(j)) * options.dt);
    if (std::isfinite(v)) drift.velocities(j) = v;
    standing += std::abs(drift.velocities(j)) <= drift.floor;
  }
  drift.standing = static_cast<double>(standing) / static_cast<double>(D);
  drift.zeros = zeros_of(drift, curve.length(), curve.closed);
  drift.leaves_at_begin = !curve.closed && drift.velocities(0) < -drift.floor;
  drift.leaves_at_end = !curve.closed && drift.velocities(D - 1) > drift.floor;
}

}  // namespace nullcline::dynamics::detail
