// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/array.hpp"

#include <algorithm>
#include <type_traits>

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

template <class T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Real>
Array matrix_of(In<MatrixX<Real>> A) {
  std::vector<Real> data(static_cast<std::size_t>(A.size()));
  Eigen::Map<RowMajor<Real>>(data.data(), A.rows(), A.cols()) = A;
  return {{A.rows(), A.cols()}, std::move(data)};
}

template <class Real>
Array sequence_of(In<MatrixX<Real>> X, Index steps, Index batch) {
  require(steps >= 0 && batch >= 0 && X.cols() == steps * batch,
          "Array::sequence: need steps * batch columns");
  std::vector<Real> data(static_cast<std::size_t>(X.size()));
  Eigen::Map<MatrixX<Real>>(data.data(), X.rows(), X.cols()) = X;
  return {{steps, batch, X.rows()}, std::move(data)};
}

/// The entries as a rows x cols column-major matrix of double, in the order they lie.
Matrix columns_of(const Array::Data& data, Index rows, Index cols) {
  return std::visit(
      [&](const auto& entries) -> Matrix {
        using T = typename std::decay_t<decltype(entries)>::value_type;
        require(static_cast<Index>(entries.size()) == rows * cols,
                "Array: the number of entries does not match the shape");
        return Eigen::Map<const MatrixX<T>>(entries.data(), rows, cols).template cast<double>();
      },
      data);
}

}  // namespace

Index Array::size() const {
  Index product = 1;
  for (const Index extent : shape) product *= extent;
  return product;
}

std::string Array::dtype() const {
  static constexpr const char* names[] = {"float32", "float64", "int64", "uint8"};
  return names[data.index()];
}

std::string Array::shape_text() const {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  if (shape.size() == 1) text += ",";
  return text + ")";
}

Array Array::matrix(In<Matrix> A) { return matrix_of<double>(A); }
Array Array::matrix(In<MatrixX<float>> A) { return matrix_of<float>(A); }

Array Array::vector(In<Vector> v) { return {{v.size()}, std::vector<double>(v.begin(), v.end())}; }

Array Array::scalar(double value) { return {{}, std::vector<double>{value}}; }

Array Array::integers(const std::vector<std::int64_t>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

Matrix Array::as_matrix() const {
  require(shape.size() == 2, "Array::as_matrix: the array must be two-dimensional");
  return columns_of(data, shape[1], shape[0]).transpose();
}

Vector Array::as_vector() const {
  require(shape.size() == 1, "Array::as_vector: the array must be one-dimensional");
  return columns_of(data, shape[0], 1);
}

Array Array::sequence(In<Matrix> X, Index steps, Index batch) {
  return sequence_of<double>(X, steps, batch);
}
Array Array::sequence(In<MatrixX<float>> X, Index steps, Index batch) {
  return sequence_of<float>(X, steps, batch);
}

Matrix Array::as_columns() const {
  require(!shape.empty(), "Array::as_columns: the array must have a dimension");
  Index columns = 1;
  for (std::size_t i = 0; i + 1 < shape.size(); ++i) columns *= shape[i];
  return columns_of(data, shape.back(), columns);
}

}  // namespace nullcline
