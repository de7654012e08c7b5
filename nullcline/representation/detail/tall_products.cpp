// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/tall_products.hpp"

#include <algorithm>

#include "nullcline/core/thin_product.hpp"

namespace nullcline::representation::detail {

Matrix transposed_times(In<Matrix> A, In<Matrix> B) {
  const Index d = A.cols(), K = B.cols();
  Matrix result(d, K);
  if (d <= thin_rows) {
    multiply_thin<double>(A, B.data(), B.outerStride(), K, result.data());
    return result;
  }
  Matrix part;
  for (Index first = 0; first < d; first += thin_rows) {
    const Index some = std::min(thin_rows, d - first);
    part.resize(some, K);
    multiply_thin<double>(A.middleCols(first, some), B.data(), B.outerStride(), K, part.data());
    result.middleRows(first, some) = part;
  }
  return result;
}

void add_product(In<Matrix> A, In<Matrix> B, InOut<Matrix> C) {
  for (Index first = 0; first < C.cols(); first += thin_rows) {
    const Index some = std::min(thin_rows, C.cols() - first);
    const Matrix rows = B.middleCols(first, some).transpose();
    add_thin_outer_product<double>(rows.data(), A.data(), A.outerStride(), A.cols(),
                                   C.middleCols(first, some));
  }
}

}  // namespace nullcline::representation::detail
