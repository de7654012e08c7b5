// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

/// What covectors w see of the sensitivities, without the sensitivities: backwards from step t,
///
///     lambda_t = w,   lambda_s = F_x' lambda_{s+1},   <w, a_i(t)> = sum_s <F_u' lambda_{s+1}, du_s
///     / dkappa_i>.
///
/// One pass back serves all coordinates, so it is the cheaper way where m is larger than the number
/// of covectors; it keeps the states of a block of points.
struct AdjointProducts {
  Matrix products;   ///< (m, K q) <w, a_i> of covector number r of point k in column k q + r.
  Matrix influence;  ///< (n_in, t K q) F_u' lambda_{s+1}, step by step: d<w, x_t> / du_s.
};

/// covectors (n, K q) at the step options.steps names, one alone, else T; q >= 1. `influence` is
/// left empty unless wanted. Of the options `start`, `steps` and `threads` count. Throws
/// std::invalid_argument as `sensitivities` does.
AdjointProducts adjoint_products(const DrivenMap& F, const ManifoldInputs& inputs,
                                 In<Matrix> covectors, const SensitivityOptions& options = {},
                                 bool influence = false);

}  // namespace nullcline::geometry
