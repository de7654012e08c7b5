// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// An n-dimensional array in C order, the last index fastest, as NumPy and HDF5 have it.
struct Array {
  using Data = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>,
                            std::vector<std::uint8_t>>;
  std::vector<Index> shape;  ///< Empty for a scalar.
  Data data;                 ///< As many entries as the product of `shape`.

  Index size() const;              ///< The product of `shape`; 1 for a scalar.
  std::string dtype() const;       ///< "float32", "float64", "int64" or "uint8".
  std::string shape_text() const;  ///< "(3, 4)", for messages.

  /// A mathematical matrix A(i, j) as an array of shape (rows, cols), and back (any real dtype).
  static Array matrix(In<Matrix> A);
  static Array matrix(In<MatrixX<float>> A);
  static Array vector(In<Vector> v);
  static Array scalar(double value);
  static Array integers(const std::vector<std::int64_t>& values);
  Matrix as_matrix() const;  ///< Throws std::invalid_argument unless two-dimensional.
  Vector as_vector() const;  ///< Throws std::invalid_argument unless one-dimensional.

  /// A batch over time, N x (T B) column-major, as an array of shape (T, B, N), and back: no
  /// entry moves.
  static Array sequence(In<Matrix> X, Index steps, Index batch);
  static Array sequence(In<MatrixX<float>> X, Index steps, Index batch);
  /// Any array of shape (..., N) as an N x (product of the rest) matrix.
  Matrix as_columns() const;
};

using Arrays = std::map<std::string, Array>;

}  // namespace nullcline
