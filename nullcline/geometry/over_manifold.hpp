// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/geometry/curvature.hpp"
#include "nullcline/geometry/pullback_metric.hpp"

namespace nullcline::geometry {

/// What is known of points and kept steps, without their tangents: column s K + k as everywhere.
template <class Quantity>
struct OverManifold {
  Index points = 0;          ///< K
  std::vector<Index> steps;  ///< (S)
  Quantity value;
  Derivatives derivatives = Derivatives::exact;
  bool cancelled = false;  ///< Then what was not reached is NaN, not_finite.
};

/// The pullback metric of a driven map over a manifold of inputs. Each block's tangents are
/// forgotten when its metric is known: memory does not grow with the states.
OverManifold<PullbackMetric> pullback_metric(const DrivenMap& F, const ManifoldInputs& inputs,
                                             const SensitivityOptions& options = {},
                                             const Progress& progress = {});

/// The same of the curvature, by second sensitivities; options.second is taken as true.
OverManifold<Curvature> curvature(const DrivenMap& F, const ManifoldInputs& inputs,
                                  const SensitivityOptions& options = {},
                                  const Progress& progress = {});

}  // namespace nullcline::geometry
