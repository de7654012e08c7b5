// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::study {

/// States in the space of their own first principal components.
struct PrincipalCoordinates {
  Matrix coordinates;  ///< (d, K) basis' (states - mean)
  Vector mean;         ///< (n)
  Matrix basis;        ///< (n, d)
};

/// Of states (n, K), K >= 0: exactly d coordinates, zeros (and zero columns of the basis) where
/// there are fewer components, as of a single state.
PrincipalCoordinates principal_coordinates(In<Matrix> states, Index d);

}  // namespace nullcline::study
