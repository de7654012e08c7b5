// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::cells::detail {

/// A block of n rows of a matrix and a factor for each of them.
struct ScaledBlock {
  const double* rows;     // the block's first row in column 0
  const double* factors;  // (n)
};

/// sum_ij = f_j sum_t a_ti M_t,ij, t over `blocks` of one matrix whose columns are `stride` apart;
/// 0 where there are none. The blocks are read once: what takes time is their memory. Vector code
/// by Highway; each entry is one sum in the order of the blocks.
/// column_factors: (k)  sum: (n, k)
void sum_scaled_blocks(const std::vector<ScaledBlock>& blocks, Index stride,
                       In<Vector> column_factors, Out<Matrix> sum);

}  // namespace nullcline::cells::detail
