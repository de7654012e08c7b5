// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/cells/layer.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {

/// The map of one layer with m inputs and the matrices M_k of its stages: a StagedFunction
/// that is TangentStepping, by the layer's own kernel if it has one, else by its push-forwards.
std::unique_ptr<DrivenMap> layer_map(const Layer& layer, std::vector<Matrix> M, Index m);

}  // namespace nullcline::cells
