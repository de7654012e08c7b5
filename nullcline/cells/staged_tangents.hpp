// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/cells/staged.hpp"
#include "nullcline/core/tangent_orbits.hpp"

namespace nullcline::cells {

/// Orbits of a staged step and their first derivatives in float, M_k as StagedStep has them:
///
///     v_k = M_k [q_k; u; 1],  dv_k = M_k [q_k' dr_k; du; 0],  dr_{k+1} = combine_k' [dv_k; dr_k],
///
/// states and tangents as one matrix product. Throws std::invalid_argument where second derivatives
/// are asked for: unit functions have them in double alone.
std::unique_ptr<TangentOrbits> single_tangents(const StagedStep<float>& step,
                                               const std::vector<Matrix>& M,
                                               const TangentColumns& columns);

}  // namespace nullcline::cells
