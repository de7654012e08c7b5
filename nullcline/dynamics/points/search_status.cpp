// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/search_status.hpp"

namespace nullcline::dynamics {

const char* name_of(SearchStatus status) {
  switch (status) {
    case SearchStatus::fixed_point:
      return "fixed_point";
    case SearchStatus::rounding_limited:
      return "rounding_limited";
    case SearchStatus::slow_point:
      return "slow_point";
    case SearchStatus::kink:
      return "kink";
    case SearchStatus::flat:
      return "flat";
    case SearchStatus::stalled:
      return "stalled";
    case SearchStatus::escaped:
      return "escaped";
    case SearchStatus::max_iterations:
      return "max_iterations";
    case SearchStatus::not_finite:
      return "not_finite";
    case SearchStatus::cancelled:
      return "cancelled";
  }
  return "";
}

}  // namespace nullcline::dynamics
