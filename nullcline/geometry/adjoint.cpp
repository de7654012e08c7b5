// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/adjoint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

constexpr Index block_points = 64;

/// Points first .. first + count - 1 with q covectors each.
struct BackwardBlock {
  const DrivenMap& F;
  const ManifoldInputs& inputs;
  Index first, count, q, step;

  Index column(Index t) const { return t * inputs.points + first; }

  /// x_0 .. x_{step - 1}, one below the other in time.
  Matrix states(In<Vector> start) const {
    Matrix X(F.state_dim(), count * std::max<Index>(step, 1));
    X.leftCols(count) = start.replicate(1, count);
    for (Index t = 0; t + 1 < step; ++t) {
      F.evaluate(X.middleCols(t * count, count), inputs.inputs.middleCols(column(t), count),
                 X.middleCols((t + 1) * count, count));
    }
    return X;
  }

  void run(In<Vector> start, In<Matrix> covectors, AdjointProducts& result) const {
    const Matrix X = states(start);
    const Index m = inputs.dim, here = first * q, width = count * q;
    Matrix lambda = covectors.middleCols(here, width), next = lambda;
    Matrix pulled(F.input_dim(), width);
    for (Index t = step - 1; t >= 0; --t) {
      F.pull_back(X.middleCols(t * count, count), inputs.inputs.middleCols(column(t), count),
                  lambda, next, pulled);
      lambda.swap(next);
      for (Index k = 0; k < count; ++k) {
        const auto du = inputs.tangents.middleCols((column(t) + k) * m, m);
        result.products.middleCols(here + k * q, q).noalias() +=
            du.transpose() * pulled.middleCols(k * q, q);
      }
      if (result.influence.size() > 0) {
        result.influence.middleCols(t * inputs.points * q + here, width) = pulled;
      }
    }
  }
};

}  // namespace

AdjointProducts adjoint_products(const DrivenMap& F, const ManifoldInputs& inputs,
                                 In<Matrix> covectors, const SensitivityOptions& options,
                                 bool influence) {
  const std::vector<Index> steps = checked_steps(F, inputs, options);
  const Index K = inputs.points, q = covectors.cols() / K;
  if (q < 1 || covectors.cols() != K * q || covectors.rows() != F.state_dim() ||
      options.steps.size() > 1) {
    throw std::invalid_argument(
        fmt::format("adjoint_products: covectors {} x {} of {} points of {} states, at {} steps; "
                    "must be n x K q, at one step",
                    covectors.rows(), covectors.cols(), K, F.state_dim(), options.steps.size()));
  }
  const Vector start =
      options.start.size() > 0 ? options.start : Vector(Vector::Zero(F.state_dim()));
  const Index step = steps.back();
  AdjointProducts result{Matrix::Zero(inputs.dim, K * q),
                         influence ? Matrix::Zero(F.input_dim(), step * K * q) : Matrix()};
  parallel_for((K + block_points - 1) / block_points, options.threads, [&](Index b) {
    const Index first = b * block_points;
    const BackwardBlock block{F, inputs, first, std::min(block_points, K - first), q, step};
    block.run(start, covectors, result);
  });
  return result;
}

}  // namespace nullcline::geometry
