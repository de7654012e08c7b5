// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/layer_map.hpp"

#include <utility>

#include "nullcline/cells/staged_function.hpp"

namespace nullcline::cells {
namespace {

class TangentMap final : public StagedFunction<DrivenMap>, public TangentStepping {
 public:
  TangentMap(const Layer& layer, const std::vector<Matrix>& M, Index m)
      : StagedFunction<DrivenMap>(layer.step_double, M, m), make_(layer.tangents), M_(M.front()) {}
  std::unique_ptr<TangentOrbits> tangent_orbits(const TangentColumns& columns,
                                                Precision precision) const override {
    return make_(M_, columns, precision);
  }

 private:
  TangentMaker make_;
  Matrix M_;
};

}  // namespace

std::unique_ptr<DrivenMap> layer_map(const Layer& layer, std::vector<Matrix> M, Index m) {
  if (layer.tangents) return std::make_unique<TangentMap>(layer, M, m);
  return std::make_unique<StagedFunction<DrivenMap>>(layer.step_double, std::move(M), m);
}

}  // namespace nullcline::cells
