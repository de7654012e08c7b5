// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::dynamics::detail {

/// The standard error of the mean of correlated series (T, U), one series a column, by blocking
/// [Flyvbjerg & Petersen 1989, "Error estimates on averages of correlated data"]: neighbors in
/// time are averaged in pairs again and again. At each level the M means left are treated as
/// independent,
///
///     error^2 = sum (mean - overall mean)^2 / (M (M - 1)),
///
/// which is right once they are longer than the correlations. The answer is the larger of the two
/// coarsest levels with M >= 16 (each estimate is itself uncertain by 1 / sqrt(2 (M - 1)), 18 %);
/// with fewer than 16 values in all, the first level. Infinite where M < 2 or a value is not
/// finite.
double blocked_standard_error(In<Matrix> series);

}  // namespace nullcline::dynamics::detail
