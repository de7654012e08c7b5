// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <vector>

#include "bindings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// A trial (n, T) as an array (T, n) of its own, which outlives what it was made of.
inline py::array_t<double> trial_out(const Matrix& X) {
  py::array_t<double> array({X.cols(), X.rows()});
  Eigen::Map<Matrix>(array.mutable_data(), X.rows(), X.cols()) = X;
  return array;
}

inline py::list trials_out(const std::vector<Matrix>& trials) {
  py::list result;
  for (const Matrix& trial : trials) result.append(trial_out(trial));
  return result;
}

inline py::array_t<double> vector_out(const Vector& v) {
  return py::array_t<double>(v.size(), v.data());
}

/// A matrix (rows, columns) as an array of the same shape, of its own.
inline py::array_t<double> matrix_out(const Matrix& A) {
  py::array_t<double> array({A.rows(), A.cols()});
  Eigen::Map<Matrix>(array.mutable_data(), A.cols(), A.rows()) = A.transpose();
  return array;
}

}  // namespace nullcline::python
