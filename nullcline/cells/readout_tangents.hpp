// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/network.hpp"

namespace nullcline::cells {

// What a readout y = D R(x) + c sees of tangents of the states: its Jacobian H = D dR/dx, at C
// states (S, C). Their m tangents each are (S, C m).

/// H v of every tangent.                                                        (n_out, C m)
Matrix output_tangents(const Network& network, In<Matrix> states, In<Matrix> tangents);

/// dR/dx v, in the space of features (of rates, where the readout is of rates).  (F, C m)
Matrix feature_tangents(const Network& network, In<Matrix> states, In<Matrix> tangents);

/// The rows of H as columns, those of state c in c n_out .. (c + 1) n_out - 1.   (S, C n_out)
Matrix readout_directions(const Network& network, In<Matrix> states);

/// |H|, the largest singular value, from the directions.                         (C)
Vector readout_norms(In<Matrix> directions, Index outputs);

}  // namespace nullcline::cells
