// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/immersed_manifold.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

namespace nullcline::geometry {

Matrix bend(In<Matrix> second, In<Matrix> V, In<Matrix> W) {
  const Index m = V.rows(), B = V.cols(), pairs = m * (m + 1) / 2;
  if (W.rows() != m || W.cols() != B || second.cols() != B * pairs) {
    throw std::invalid_argument(
        fmt::format("bend: {} second derivatives and directions {} x {} and {} x {} do not fit",
                    second.cols(), m, B, W.rows(), W.cols()));
  }
  Matrix result = Matrix::Zero(second.rows(), B);
  for (Index b = 0; b < B; ++b) {
    for (Index i = 0, pair = b * pairs; i < m; ++i) {
      for (Index j = i; j < m; ++j, ++pair) {
        const double both = i == j ? V(i, b) * W(i, b) : V(i, b) * W(j, b) + V(j, b) * W(i, b);
        result.col(b) += both * second.col(pair);
      }
    }
  }
  return result;
}

FunctionManifold::FunctionManifold(Domain domain, Index ambient_dim, Function function)
    : domain_(std::move(domain)), ambient_dim_(ambient_dim), function_(std::move(function)) {
  check_domain("FunctionManifold", domain_);
  if (ambient_dim < 1) throw std::invalid_argument("FunctionManifold: n must be at least 1");
}

Jets FunctionManifold::jets(In<Matrix> kappa, int order) const {
  const Index m = dim(), B = kappa.cols(), pairs = m * (m + 1) / 2;
  Jets result{Matrix(ambient_dim_, B), Matrix(ambient_dim_, order >= 1 ? B * m : 0),
              Matrix(ambient_dim_, order >= 2 ? B * pairs : 0)};
  for (Index b = 0; b < B; ++b) {
    function_(kappa.col(b), order, result.points.col(b),
              result.tangents.middleCols(order >= 1 ? b * m : 0, order >= 1 ? m : 0),
              result.second.middleCols(order >= 2 ? b * pairs : 0, order >= 2 ? pairs : 0));
  }
  return result;
}

}  // namespace nullcline::geometry
