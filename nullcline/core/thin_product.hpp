// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// The most rows that a thin factor has.
inline constexpr Index thin_rows = 4;

/// Products with a factor of one to `thin_rows` rows, such as a readout: too thin for the tiles of
/// packed_product.hpp. R (n, K) has columns `ldr` >= n apart and is read once; vector code by
/// Highway. Each result is a sum of its own, which does not depend on K; lanes are summed first, so
/// its rounding depends on the width of the CPU's vectors.

/// Z = D R: D' (n, o), Z (o, K) column-major.
template <std::floating_point Real>
void multiply_thin(In<MatrixX<Real>> D_transposed, const Real* R, Index ldr, Index columns,
                   Real* Z);

/// G' += R E': E (o, K) column-major, G' (n, o). The K terms are summed first, then added.
template <std::floating_point Real>
void add_thin_outer_product(const Real* E, const Real* R, Index ldr, Index columns,
                            InOut<MatrixX<Real>> G_transposed);

/// Both in one pass over R, for matrices that no cache holds: Z' = R' D' and G' += R E'. Z' (K, o).
template <std::floating_point Real>
void multiply_thin_both(In<MatrixX<Real>> D_transposed, const Real* E, const Real* R, Index ldr,
                        Index columns, Out<MatrixX<Real>> Z_transposed,
                        InOut<MatrixX<Real>> G_transposed);

}  // namespace nullcline
