// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/pseudospectrum.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <stdexcept>

#include "nullcline/connectivity/detail/resolvent.hpp"
#include "nullcline/connectivity/detail/square.hpp"

namespace nullcline::connectivity {
namespace {

struct Rectangle {
  double left, right, bottom, top;
};

bool is_given(const PseudospectrumOptions& options) {
  return options.left != 0 || options.right != 0 || options.bottom != 0 || options.top != 0;
}

void check(const PseudospectrumOptions& options) {
  const bool box =
      !is_given(options) || (options.left < options.right && options.bottom < options.top);
  if (options.resolution >= 2 && box) return;
  throw std::invalid_argument(fmt::format(
      "pseudospectrum: resolution ({}) must be >= 2, left ({}) < right ({}) and bottom ({}) < "
      "top ({}), or all four 0",
      options.resolution, options.left, options.right, options.bottom, options.top));
}

Rectangle rectangle(const ComplexVector& eigenvalues, double norm,
                    const PseudospectrumOptions& options) {
  if (is_given(options)) return {options.left, options.right, options.bottom, options.top};
  const double low = eigenvalues.real().minCoeff(), high = eigenvalues.real().maxCoeff();
  const double across = std::max(high - low, 2 * eigenvalues.imag().maxCoeff());
  const double margin = norm > 0 ? std::max(0.25 * across, 0.1 * norm) : 1;
  const double middle = 0.5 * (low + high), half = 0.5 * across + margin;
  return {middle - half, middle + half, -half, half};
}

Pseudospectrum unknown(In<Matrix> A, const PseudospectrumOptions& options) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Index points = options.resolution;
  Pseudospectrum result;
  result.real = result.imaginary = Vector::Constant(points, nan);
  result.distance = Matrix::Constant(points, points, nan);
  result.eigenvalues = ComplexVector::Constant(A.rows(), {nan, nan});
  result.norm = nan;
  result.known = false;
  return result;
}

}  // namespace

Pseudospectrum pseudospectrum(In<Matrix> A, const PseudospectrumOptions& options,
                              const Progress& progress) {
  detail::require_square("pseudospectrum", A, 1);
  check(options);
  const detail::Resolvent resolvent(A);
  Pseudospectrum result;
  if (!resolvent.known()) return unknown(A, options);
  result.eigenvalues = resolvent.schur().diagonal();
  result.norm = resolvent.norm();
  const Rectangle box = rectangle(result.eigenvalues, result.norm, options);
  const Index points = options.resolution;
  result.real = Vector::LinSpaced(points, box.left, box.right);
  result.imaginary = Vector::LinSpaced(points, box.bottom, box.top);
  result.distance.setConstant(points, points, std::numeric_limits<double>::quiet_NaN());

  // Of a real matrix conjugate points are alike.
  const bool mirrored = box.bottom == -box.top;
  const Index rows = mirrored ? (points + 1) / 2 : points;
  std::atomic<Index> finished = 0;
  std::atomic<bool> stop = false;
  parallel_for(rows, options.threads, [&](Index i) {
    if (stop) return;
    for (Index j = 0; j < points; ++j) {
      result.distance(i, j) =
          resolvent.smallest_singular_value({result.real(j), result.imaginary(i)});
    }
    if (mirrored) result.distance.row(points - 1 - i) = result.distance.row(i);
    const double fraction = static_cast<double>(++finished) / static_cast<double>(rows);
    if (progress && !progress(fraction)) stop = true;
  });
  result.cancelled = finished < rows;
  if (!result.cancelled) result.known = !result.distance.hasNaN();
  return result;
}

}  // namespace nullcline::connectivity
