// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/detail/simplex_minimum.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <vector>

namespace nullcline::dynamics::detail {
namespace {

/// The minimum on the affine hull of the vertices in `support`: K w + c = level, sum w = 1.
Vector affine_minimum(In<Matrix> K, In<Vector> c, const std::vector<Index>& support) {
  const auto m = static_cast<Index>(support.size());
  Matrix bordered = Matrix::Zero(m + 1, m + 1);
  Vector right = Vector::Zero(m + 1);
  double largest = 0;
  for (const Index i : support) largest = std::max(largest, K(i, i));
  const double ridge = 1e-14 * largest;  // vertices may be affinely dependent
  for (Index i = 0; i < m; ++i) {
    const Index row = support[static_cast<std::size_t>(i)];
    for (Index j = 0; j < m; ++j) bordered(i, j) = K(row, support[static_cast<std::size_t>(j)]);
    bordered(i, i) += ridge;
    bordered(i, m) = bordered(m, i) = largest > 0 ? largest : 1;
    right(i) = -c(row);
  }
  right(m) = largest > 0 ? largest : 1;
  return bordered.partialPivLu().solve(right).head(m);
}

}  // namespace

Vector simplex_minimum(In<Matrix> K, In<Vector> c) {
  const Index m = K.rows();
  Index first = 0;
  (0.5 * K.diagonal() + c).minCoeff(&first);
  std::vector<Index> support{first};
  Vector w = Vector::Zero(m);
  w(first) = 1;
  const double tolerance = 1e-12 * (K.diagonal().maxCoeff() + c.cwiseAbs().maxCoeff());

  for (Index round = 0; round < 10 * m; ++round) {
    const Vector slope = K * w + c;
    Index steepest = 0;
    if (slope.minCoeff(&steepest) >= slope.dot(w) - tolerance ||
        std::find(support.begin(), support.end(), steepest) != support.end()) {
      break;
    }
    support.push_back(steepest);
    while (true) {
      const Vector wanted = affine_minimum(K, c, support);
      if (wanted.minCoeff() > 0) {
        for (std::size_t i = 0; i < support.size(); ++i) {
          w(support[i]) = wanted(static_cast<Index>(i));
        }
        break;
      }
      double step = 1;
      std::size_t leaving = 0;
      for (std::size_t i = 0; i < support.size(); ++i) {
        const double now = w(support[i]), then = wanted(static_cast<Index>(i));
        if (then <= 0 && now / (now - then + 1e-300) <= step) {
          step = now / (now - then + 1e-300);
          leaving = i;
        }
      }
      for (std::size_t i = 0; i < support.size(); ++i) {
        w(support[i]) += step * (wanted(static_cast<Index>(i)) - w(support[i]));
      }
      w(support[leaving]) = 0;
      support.erase(support.begin() + static_cast<std::ptrdiff_t>(leaving));
      if (support.size() == 1) {
        w.setZero();
        w(support.front()) = 1;
        break;
      }
    }
  }
  return w / w.sum();
}

}  // namespace nullcline::dynamics::detail
