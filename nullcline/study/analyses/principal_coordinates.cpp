// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/principal_coordinates.hpp"

#include <algorithm>
#include <vector>

#include "nullcline/representation/pca.hpp"

namespace nullcline::study {

PrincipalCoordinates principal_coordinates(In<Matrix> states, Index d) {
  const Index n = states.rows(), K = states.cols();
  PrincipalCoordinates at{Matrix::Zero(d, K), Vector::Zero(n), Matrix::Zero(n, d)};
  if (K > 0) at.mean = states.rowwise().mean();
  const Index known = K < 2 ? 0 : std::min({d, n, K});
  if (known > 0) {
    const std::vector<Matrix> trials = {states};
    at.basis.leftCols(known) = representation::pca(trials, {.dim = known}).basis;
  }
  at.coordinates = at.basis.transpose() * (states.colwise() - at.mean);
  return at;
}

}  // namespace nullcline::study
