// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/types.hpp"

namespace nullcline::representation::detail {

/// Products of matrices of n rows and a few columns, by core/thin_product.hpp, whose rounding they
/// have: for these Eigen would first pack what is read once. Columns are contiguous.

/// A' B (d, K) of A (n, d) and B (n, K).
Matrix transposed_times(In<Matrix> A, In<Matrix> B);

/// C += A B: A (n, K), B (K, d), C (n, d).
void add_product(In<Matrix> A, In<Matrix> B, InOut<Matrix> C);

}  // namespace nullcline::representation::detail
