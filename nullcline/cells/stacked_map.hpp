// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "nullcline/cells/feature_function.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::cells {

struct MapLayer {
  std::unique_ptr<DrivenMap> map;
  FeatureFunction features;
};

/// Layers on top of each other as one map of their states, the first layer's on top of the vector:
///
///     x^l' = F_l(x^l, u^l),   u^0 = u,   u^{l+1} = R_l(x^l')
///
/// with all derivatives by the chain rule; with D_l = dx^l'/d(x, u), Z_l = d(x^l, u^l)/d(x, u) and
/// the adjoints lambda^l of x^l', mu^l of u^{l+1},
///
///     sum_k w_k d2x'_k = sum_l Z_l' F_l''(lambda^l) Z_l + D_l' R_l''(mu^l) D_l.
class StackedMap final : public DrivenMap {
 public:
  explicit StackedMap(std::vector<MapLayer> layers);

  Index state_dim() const override { return starts_.back(); }
  Index input_dim() const override { return layers_.front().map->input_dim(); }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                           In<Matrix> WU, Out<Matrix> D) const override;
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override;
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override;
  std::optional<Box> enclose(const Box& x, const Box& u) const override;
  std::optional<JacobianBalls> enclose_jacobians(const Box& x, const Box& u) const override;
  Derivatives derivatives() const override { return Derivatives::exact; }
  Vector state_bound() const override;

 private:
  /// The inputs of all layers; leaves the step in Y.
  std::vector<Matrix> inputs(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const;
  Index start(std::size_t l) const { return starts_[l]; }
  Index size(std::size_t l) const { return starts_[l + 1] - starts_[l]; }

  std::vector<MapLayer> layers_;
  std::vector<Index> starts_;  // first row of each layer, and of the one that is not there
};

/// A map whose input is a token, seen as a row of `embedding` (V, e); nothing depends smoothly on
/// the token, and df/du is 0.
class EmbeddedMap final : public DrivenMap {
 public:
  EmbeddedMap(std::unique_ptr<DrivenMap> map, Matrix embedding)
      : map_(std::move(map)), embedding_(std::move(embedding)) {}

  Index state_dim() const override { return map_->state_dim(); }
  Index input_dim() const override { return 1; }
  void evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const override;
  void push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                    Out<Matrix> W) const override;
  void second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU, In<Matrix> WX,
                           In<Matrix> WU, Out<Matrix> D) const override;
  void pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix> VU) const override;
  Jacobians jacobians(In<Vector> x, In<Vector> u) const override;
  Matrix second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const override;
  std::optional<Box> enclose(const Box& x, const Box& u) const override;
  std::optional<JacobianBalls> enclose_jacobians(const Box& x, const Box& u) const override;
  Derivatives derivatives() const override { return map_->derivatives(); }
  Vector state_bound() const override { return map_->state_bound(); }

 private:
  Matrix seen(In<Matrix> U) const;
  std::optional<Box> seen(const Box& u) const;  ///< Nothing if u is not one token.
  std::unique_ptr<DrivenMap> map_;
  Matrix embedding_;
};

}  // namespace nullcline::cells
