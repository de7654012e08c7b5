// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/input_functions.hpp"

namespace nullcline::study {
namespace {

using tasks::InputManifold;

/// Columns t of `values` (n_in, T) into the columns (t K + k) of + i of `all`.
void put(Matrix& all, const Matrix& values, Index K, Index k, Index of, Index i) {
  for (Index t = 0; t < values.cols(); ++t) all.col((t * K + k) * of + i) = values.col(t);
}

geometry::ManifoldInputs inputs_at(const InputManifold& manifold, In<Matrix> kappa, int order) {
  const Index K = kappa.cols(), m = kappa.rows();
  geometry::ManifoldInputs result;
  result.points = K;
  result.dim = m;
  const Index pairs = order >= 2 ? result.pairs() : 0;
  for (Index k = 0; k < K; ++k) {
    const InputManifold::Point point = manifold.at(kappa.col(k));
    if (k == 0) {
      const Index rows = point.inputs.rows(), columns = point.inputs.cols() * K;
      result.inputs.resize(rows, columns);
      result.tangents.resize(rows, columns * m);
      result.second.resize(rows, columns * pairs);
    }
    put(result.inputs, point.inputs, K, k, 1, 0);
    for (Index i = 0; i < m; ++i) {
      put(result.tangents, point.first[static_cast<std::size_t>(i)], K, k, m, i);
    }
    for (Index pair = 0; pair < pairs; ++pair) {
      put(result.second, point.second[static_cast<std::size_t>(pair)], K, k, pairs, pair);
    }
  }
  return result;
}

}  // namespace

geometry::InputFunctions input_functions(const InputManifold& manifold) {
  geometry::InputFunctions result;
  for (const auto& [name, lowest, highest, periodic] : manifold.coordinates) {
    result.domain.push_back({lowest, highest, periodic});
  }
  result.at = [manifold](In<Matrix> kappa, int order) { return inputs_at(manifold, kappa, order); };
  return result;
}

}  // namespace nullcline::study
