// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::geometry::detail {

/// R (m, m), upper triangular with diagonal >= 0, of A = Q R for the few columns of A (n, m): by
/// Gram and Schmidt, each column again until it loses no more to those before it, so that R has
/// the digits of Householder's. A column that depends on those before it to the last bit has
/// R_jj = 0.
Matrix small_factor(In<Matrix> A);

/// The singular values of such an R, descending; of two, in closed form.
Vector factor_singular_values(In<Matrix> R);

}  // namespace nullcline::geometry::detail
