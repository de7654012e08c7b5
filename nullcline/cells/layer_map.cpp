// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/layer_map.hpp"

#include <utility>

#include "nullcline/cells/staged_function.hpp"
#include "nullcline/cells/staged_tangents.hpp"

namespace nullcline::cells {
namespace {

/// The tangents of a map that it owns, by its push-forwards.
class PushedTangents final : public TangentOrbits {
 public:
  PushedTangents(const StagedStep<double>& step, const std::vector<Matrix>& M, Index m,
                 const TangentColumns& columns)
      : map_(step, M, m), orbits_(nullcline::tangent_orbits(map_, columns)) {}
  void start(In<Matrix> Z) override { orbits_->start(Z); }
  void step(In<Matrix> W) override { orbits_->step(W); }
  void read(Out<Matrix> Z) const override { orbits_->read(Z); }

 private:
  StagedFunction<DrivenMap> map_;
  std::unique_ptr<TangentOrbits> orbits_;
};

/// Tangents by the layer's own kernel; where it has none, in double by push-forwards.
class TangentMap final : public StagedFunction<DrivenMap>, public TangentStepping {
 public:
  TangentMap(const Layer& layer, const std::vector<Matrix>& M, Index m)
      : StagedFunction<DrivenMap>(layer.step_double, M, m),
        make_(layer.tangents),
        double_(layer.step_double),
        single_(layer.step_float),
        M_(M) {}

  std::unique_ptr<TangentOrbits> tangent_orbits(const TangentColumns& columns,
                                                Precision precision) const override {
    if (make_) return make_(M_.front(), columns, precision);
    if (precision == Precision::single) return single_tangents(single_, M_, columns);
    return std::make_unique<PushedTangents>(double_, M_, input_dim(), columns);
  }

 private:
  TangentMaker make_;
  StagedStep<double> double_;
  StagedStep<float> single_;
  std::vector<Matrix> M_;
};

}  // namespace

std::unique_ptr<DrivenMap> layer_map(const Layer& layer, std::vector<Matrix> M, Index m) {
  return std::make_unique<TangentMap>(layer, M, m);
}

}  // namespace nullcline::cells
