// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/connections/detail/saddle_nodes.hpp"

namespace nullcline::dynamics::detail {

Index SaddleNodes::node_of(const Vector& x) {
  Index nearest = 0;
  if (points_.cols() > 0) (points_.colwise() - x).colwise().norm().minCoeff(&nearest);
  if (points_.cols() > 0 && same(points_.col(nearest), x)) return nearest;
  for (std::size_t s = 0; s < found_.size(); ++s) {
    if (same(x, found_[s])) return first_new_ + static_cast<Index>(s);
  }
  found_.push_back(x);
  return first_new_ + std::ssize(found_) - 1;
}

Matrix SaddleNodes::new_saddles() const {
  Matrix states(points_.rows(), std::ssize(found_));
  for (std::size_t s = 0; s < found_.size(); ++s) states.col(static_cast<Index>(s)) = found_[s];
  return states;
}

Vector SaddleNodes::state(Index node) const {
  return is_new(node) ? found_[static_cast<std::size_t>(node - first_new_)] : points_.col(node);
}

}  // namespace nullcline::dynamics::detail
