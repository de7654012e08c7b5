// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

namespace nullcline::dynamics::detail {

struct Bracket {
  double low, value_low;    ///< f(low)
  double high, value_high;  ///< f(high), of the other sign
};

struct Zero {
  double at = 0;             ///< The abscissa where |f| was least, of those computed.
  double low = 0, high = 0;  ///< The last bracket.
  bool jumps = false;        ///< f does not vanish there: it jumps from one sign to the other.
};

/// A change of sign of f in a bracket, by regula falsi with the Illinois modification, and
/// bisection wherever three steps did not quarter the bracket. Ends when |f| <= value_tolerance, or
/// the bracket is as narrow as `tolerance` > 0, or where f has no value.
Zero find_sign_change(const std::function<std::optional<double>(double)>& f, Bracket bracket,
                      double tolerance, double value_tolerance);

}  // namespace nullcline::dynamics::detail
