// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/geodesics/status.hpp"

namespace nullcline::geometry {

const char* name_of(GeodesicStatus status) {
  switch (status) {
    case GeodesicStatus::converged:
      return "converged";
    case GeodesicStatus::not_converged:
      return "not_converged";
    case GeodesicStatus::left_domain:
      return "left_domain";
    case GeodesicStatus::degenerate:
      return "degenerate";
    case GeodesicStatus::not_finite:
      return "not_finite";
  }
  return "unknown";
}

}  // namespace nullcline::geometry
