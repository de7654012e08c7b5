// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/alignment.hpp"

#include <fmt/core.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

/// An orthonormal basis of the columns; no columns where all are 0 or one is not finite.
Matrix span_of(In<Matrix> directions) {
  if (!directions.allFinite() || directions.isZero(0)) return Matrix(directions.rows(), 0);
  const Eigen::JacobiSVD<Matrix> svd(directions, Eigen::ComputeThinU);
  const auto size = static_cast<double>(std::max(directions.rows(), directions.cols()));
  const double rounding = size * std::numeric_limits<double>::epsilon() * svd.singularValues()(0);
  return svd.matrixU().leftCols((svd.singularValues().array() > rounding).count());
}

}  // namespace

Alignment alignment(In<Matrix> tangents, Index m, In<Matrix> directions, Index p) {
  const Index C = m > 0 ? tangents.cols() / m : 0;
  const bool same = directions.cols() == p;
  if (m < 1 || p < 1 || tangents.cols() != C * m || directions.rows() != tangents.rows() ||
      (!same && directions.cols() != C * p)) {
    throw std::invalid_argument(
        fmt::format("alignment: tangents {} x {}, {} a point, and directions {} x {}, {} a point",
                    tangents.rows(), tangents.cols(), m, directions.rows(), directions.cols(), p));
  }
  const double none = std::numeric_limits<double>::quiet_NaN();
  Alignment result{Matrix::Constant(m * p, C, none), Matrix::Constant(m, C, none),
                   Matrix::Constant(m, C, none)};
  Matrix basis = same ? span_of(directions) : Matrix();
  for (Index c = 0; c < C; ++c) {
    const auto H = directions.middleCols(same ? 0 : c * p, p);
    if (!same) basis = span_of(H);
    for (Index i = 0; i < m; ++i) {
      const auto a = tangents.col(c * m + i);
      const double length = a.norm();
      if (!(length > 0) || !std::isfinite(length)) continue;
      double squares = 0;
      for (Index r = 0; r < p; ++r) {
        const double size = H.col(r).norm();
        if (!(size > 0) || !std::isfinite(size)) continue;
        const double cosine = H.col(r).dot(a) / (size * length);
        result.cosines(i * p + r, c) = cosine;
        squares += cosine * cosine;
      }
      if (basis.cols() == 0) continue;
      result.norm(i, c) = std::sqrt(squares);
      result.part(i, c) = (basis.transpose() * a).norm() / length;
    }
  }
  return result;
}

}  // namespace nullcline::geometry
