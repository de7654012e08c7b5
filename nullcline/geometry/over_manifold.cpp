// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/over_manifold.hpp"

#include <algorithm>
#include <limits>

namespace nullcline::geometry {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Columns c .. of `all` become those of `part`; `all` gets `columns` columns of NaN at first.
void place(const Matrix& part, Index c, Index columns, Matrix& all) {
  if (all.cols() != columns) all.setConstant(part.rows(), columns, none);
  all.middleCols(c, part.cols()) = part;
}
void place(const Vector& part, Index c, Index columns, Vector& all) {
  if (part.size() == 0) return;
  if (all.size() != columns) all.setConstant(columns, none);
  all.segment(c, part.size()) = part;
}

void place(const PullbackMetric& part, Index c, Index columns, PullbackMetric& all) {
  if (all.dim != part.dim) all.dim = part.dim;  // written before the threads start
  place(part.metric, c, columns, all.metric);
  place(part.factor, c, columns, all.factor);
  place(part.eigenvalues, c, columns, all.eigenvalues);
  place(part.volume, c, columns, all.volume);
  place(part.condition, c, columns, all.condition);
  place(part.effective_dim, c, columns, all.effective_dim);
  place(part.stretch, c, columns, all.stretch);
  place(part.cosines, c, columns, all.cosines);
  all.status.resize(static_cast<std::size_t>(columns), MetricStatus::not_finite);
  std::copy(part.status.begin(), part.status.end(), all.status.begin() + c);
}

void place(const Curvature& part, Index c, Index columns, Curvature& all) {
  place(part.gaussian, c, columns, all.gaussian);
  place(part.scalar, c, columns, all.scalar);
  place(part.sectional, c, columns, all.sectional);
  place(part.ricci, c, columns, all.ricci);
  place(part.mean_curvature, c, columns, all.mean_curvature);
}

/// `quantity`(part) of every block, in its place. What is to be written there exists before the
/// threads start: one point of it is made to have the shapes.
template <class Quantity, class Function>
OverManifold<Quantity> over_manifold(const DrivenMap& F, const ManifoldInputs& inputs,
                                     const SensitivityOptions& options, const Progress& progress,
                                     const Function& quantity) {
  OverManifold<Quantity> result;
  result.points = inputs.points;
  result.derivatives = F.derivatives();
  result.steps = checked_steps(F, inputs, options);
  SensitivityOptions without = options;
  without.velocities = false;
  const Index K = inputs.points, columns = static_cast<Index>(result.steps.size()) * K;
  const Index pairs = options.second ? inputs.pairs() : 0;
  Sensitivities nothing;
  nothing.dim = inputs.dim;
  nothing.tangents = Matrix::Constant(F.state_dim(), inputs.dim, none);
  nothing.second = Matrix::Constant(F.state_dim(), pairs, none);
  place(quantity(nothing), 0, columns, result.value);
  visit_sensitivities(
      F, inputs, without,
      [&](const SensitivityBlock& block) {
        place(quantity(block.part), block.step * K + block.first, columns, result.value);
      },
      progress, &result.cancelled);
  return result;
}

}  // namespace

OverManifold<PullbackMetric> pullback_metric(const DrivenMap& F, const ManifoldInputs& inputs,
                                             const SensitivityOptions& options,
                                             const Progress& progress) {
  return over_manifold<PullbackMetric>(F, inputs, options, progress, [](const Sensitivities& part) {
    return pullback_metric(part.tangents, part.dim);
  });
}

OverManifold<Curvature> curvature(const DrivenMap& F, const ManifoldInputs& inputs,
                                  const SensitivityOptions& options, const Progress& progress) {
  SensitivityOptions with_second = options;
  with_second.second = true;
  return over_manifold<Curvature>(F, inputs, with_second, progress, [](const Sensitivities& part) {
    return curvature(part.tangents, part.second, part.dim);
  });
}

}  // namespace nullcline::geometry
