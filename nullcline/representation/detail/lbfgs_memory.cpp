// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/lbfgs_memory.hpp"

#include <algorithm>
#include <limits>

#include "nullcline/representation/detail/tall_products.hpp"

namespace nullcline::representation::detail {

LbfgsMemory::LbfgsMemory(Index size, Index capacity)
    : capacity_(capacity),
      steps_(size, capacity),
      changes_(size, capacity),
      step_change_(capacity, capacity),
      change_change_(capacity, capacity) {}

void LbfgsMemory::add(In<Vector> step, In<Vector> change) {
  const double curvature = step.dot(change);
  if (!(curvature > std::numeric_limits<double>::epsilon() * step.norm() * change.norm())) return;
  if (!empty() && !products_known_) {
    keep_products(transposed_times(steps_.leftCols(count_), changes_.col(newest_)),
                  transposed_times(changes_.leftCols(count_), changes_.col(newest_)));
  }
  newest_ = empty() ? 0 : (newest_ + 1) % capacity_;
  count_ = std::max(count_, newest_ + 1);
  steps_.col(newest_) = step;
  changes_.col(newest_) = change;
  products_known_ = false;
}

/// Products of the last pair's y with all s and y.
void LbfgsMemory::keep_products(In<Vector> with_steps, In<Vector> with_changes) {
  step_change_.row(newest_).head(count_).setZero();
  step_change_.col(newest_).head(count_) = with_steps;
  change_change_.row(newest_).head(count_) = with_changes.transpose();
  change_change_.col(newest_).head(count_) = with_changes;
  products_known_ = true;
}

Vector LbfgsMemory::solve(In<Vector> gradient) {
  if (empty()) return gradient;
  const Index m = count_;
  Matrix both(gradient.size(), 2);
  both << gradient, changes_.col(newest_);
  // Columns S'g, S'y and Y'g, Y'y.
  const Matrix with_steps = transposed_times(both, steps_.leftCols(m)).transpose();
  const Matrix with_changes = transposed_times(both, changes_.leftCols(m)).transpose();
  if (!products_known_) keep_products(with_steps.col(1), with_changes.col(1));

  const auto R = step_change_.topLeftCorner(m, m);
  const auto YY = change_change_.topLeftCorner(m, m);
  const double gamma = R(newest_, newest_) / YY(newest_, newest_);
  const auto place = [&](Index age) { return (newest_ - age + m) % m; };  // Age 0: the last pair.
  // Zeros of R stand for the triangle, so that whole columns can be taken.
  Vector rest = with_steps.col(0), u(m), c = Vector::Zero(m);
  for (Index age = 0; age < m; ++age) {
    const Index j = place(age);
    u(j) = rest(j) / R(j, j);
    rest -= u(j) * R.col(j);
  }
  const Vector right = R.diagonal().cwiseProduct(u) + gamma * (YY * u - with_changes.col(0));
  for (Index age = m; age-- > 0;) {
    const Index j = place(age);
    c(j) = (right(j) - R.col(j).dot(c)) / R(j, j);
  }
  Matrix result = gamma * gradient;
  u *= -gamma;
  add_product(changes_.leftCols(m), u, result);
  add_product(steps_.leftCols(m), c, result);
  return result;
}

}  // namespace nullcline::representation::detail
