// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/geometry/input_manifold.hpp"
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

namespace nullcline::geometry {

/// Input functions u(t; kappa) at any kappa of a domain: for the columns of kappa (m, B), inputs of
/// B points with their tangents, and second derivatives if `order` is 2.
struct InputFunctions {
  Domain domain;
  std::function<ManifoldInputs(In<Matrix> kappa, int order)> at;
};

/// The states x_t(kappa) of x_{t+1} = F(x_t, u_t(kappa)) at one step t: the slice of the manifold
/// of driven states that geodesics at a fixed time live on. Derivatives are exact for the discrete
/// dynamics where F's are (see sensitivities.hpp).
class DrivenSlice final : public ImmersedManifold {
 public:
  struct Options {
    Index step = 0;        ///< t, 1 .. T
    Vector start = {};     ///< x_0 (n), the same for all kappa; empty: 0.
    Threads threads = {};  ///< Over blocks of points in one call.
  };

  /// Refers to F. Throws std::invalid_argument on a domain that is none, or a step below 1.
  DrivenSlice(const DrivenMap& F, InputFunctions inputs, Options options);

  const Domain& domain() const override { return inputs_.domain; }
  Index ambient_dim() const override { return F_.state_dim(); }
  Jets jets(In<Matrix> kappa, int order) const override;
  Derivatives derivatives() const override { return F_.derivatives(); }

 private:
  const DrivenMap& F_;
  InputFunctions inputs_;
  Options options_;
};

}  // namespace nullcline::geometry
