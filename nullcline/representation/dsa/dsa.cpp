// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/dsa.hpp"

namespace nullcline::representation {

Dsa dsa(std::span<const Matrix> X, std::span<const Matrix> Y, const DsaOptions& options) {
  Dsa result{hankel_dmd(X, options.dmd), hankel_dmd(Y, options.dmd), {}};
  result.alignment = align(result.X.A, result.Y.A, options.alignment);
  return result;
}

}  // namespace nullcline::representation
