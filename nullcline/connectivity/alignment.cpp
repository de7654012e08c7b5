// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/alignment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <unsupported/Eigen/SpecialFunctions>

#include "nullcline/connectivity/detail/square.hpp"
#include "nullcline/core/attempt.hpp"

namespace nullcline::connectivity {
namespace {

/// An orthonormal basis of the columns of A (n, p) up to rounding; nothing where LAPACK gives up.
std::optional<Matrix> column_basis(In<Matrix> A) {
  if (A.size() == 0) return Matrix(A.rows(), 0);
  const auto parts = attempt(svd, A);
  if (!parts) return std::nullopt;
  const double rounding = static_cast<double>(std::max(A.rows(), A.cols())) *
                          std::numeric_limits<double>::epsilon() * parts->values(0);
  const Index rank = (parts->values.array() > rounding).count();
  return Matrix(parts->U.leftCols(rank));
}

/// side: D for what it writes, D' for what it reads; vectors (n, k) its left singular vectors.
Overlap overlap(In<Matrix> side, In<Matrix> vectors, In<Matrix> basis) {
  const Index n = side.rows(), p = basis.cols();
  Overlap result;
  result.dim = p;
  if (p == 0) return result;
  result.energy = (basis.transpose() * side).squaredNorm() / side.squaredNorm();
  result.expected = static_cast<double>(p) / static_cast<double>(n);
  result.projections = (basis.transpose() * vectors).colwise().squaredNorm().cwiseMin(1.0);
  result.p_values =
      result.projections.unaryExpr([&](double x) { return random_projection_p_value(x, p, n); });
  return result;
}

}  // namespace

double random_projection_p_value(double x, Index p, Index n) {
  if (p < 0 || n < 1 || p > n || !(x >= 0 && x <= 1)) {
    throw std::invalid_argument(fmt::format(
        "random_projection_p_value: x = {} must be in [0, 1], and 0 <= p = {} <= n = {}", x, p, n));
  }
  if (x == 0 || p == n) return 1;
  if (p == 0 || x == 1) return 0;
  // 1 - I_x(a, b) = I_{1 - x}(b, a) loses nothing where it is small.
  using Scalar = Eigen::Array<double, 1, 1>;
  const Scalar a(0.5 * static_cast<double>(n - p)), b(0.5 * static_cast<double>(p)), at(1 - x);
  return Eigen::betainc(a, b, at).value();
}

Alignment change_alignment(In<Matrix> change, In<Matrix> inputs, In<Matrix> readout,
                           Index leading) {
  detail::require_square("change_alignment", change, 1);
  const Index n = change.rows();
  if (inputs.rows() != n || readout.cols() != n || !inputs.allFinite() || !readout.allFinite() ||
      leading < 1 || change.squaredNorm() == 0) {
    throw std::invalid_argument(fmt::format(
        "change_alignment: of a change {} x {} (norm {}), inputs are {} x {} and the readout {} x "
        "{}; they must be finite, n x p and m x n, the change not zero, and leading ({}) >= 1",
        n, n, change.norm(), inputs.rows(), inputs.cols(), readout.rows(), readout.cols(),
        leading));
  }
  const auto parts = attempt(svd, change);
  const auto inputs_span = column_basis(inputs), readout_span = column_basis(readout.transpose());
  if (!parts || !inputs_span || !readout_span) {
    Alignment unknown;
    unknown.known = false;
    return unknown;
  }
  const Index k = std::min(leading, n);
  const auto written = parts->U.leftCols(k), read = parts->V.leftCols(k);
  const Matrix &input_basis = *inputs_span, &readout_basis = *readout_span;
  const Matrix transposed = change.transpose();
  return {.singular_values = parts->values.head(k),
          .writes_to_readout = overlap(change, written, readout_basis),
          .writes_to_inputs = overlap(change, written, input_basis),
          .reads_from_readout = overlap(transposed, read, readout_basis),
          .reads_from_inputs = overlap(transposed, read, input_basis)};
}

}  // namespace nullcline::connectivity
