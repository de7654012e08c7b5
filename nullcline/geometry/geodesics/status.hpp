// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nullcline::geometry {

/// What became of a geodesic, or of a transport along a curve.
enum class GeodesicStatus {
  converged,
  not_converged,  ///< Not to the tolerance with the steps allowed.
  left_domain,    ///< It crosses an end of an interval.
  degenerate,     ///< The tangents at a point depend on each other: there is no metric there.
  not_finite,     ///< A state or a derivative is not a number.
};
const char* name_of(GeodesicStatus status);

}  // namespace nullcline::geometry
