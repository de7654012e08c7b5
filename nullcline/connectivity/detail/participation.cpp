// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/detail/participation.hpp"

namespace nullcline::connectivity::detail {

double participation(In<Vector> values) {
  const double largest = values.cwiseAbs().maxCoeff();
  if (largest == 0) return 0;
  const Vector squares = (values / largest).array().square();
  return squares.sum() * squares.sum() / squares.squaredNorm();
}

}  // namespace nullcline::connectivity::detail
