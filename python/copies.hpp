// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <vector>

#include "bindings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// A trial (n, T) as an array (T, n) of its own, which outlives what it was made of.
inline py::array_t<double> copied(const Matrix& X) {
  py::array_t<double> array({X.cols(), X.rows()});
  Eigen::Map<Matrix>(array.mutable_data(), X.rows(), X.cols()) = X;
  return array;
}

inline py::list copied(const std::vector<Matrix>& trials) {
  py::list result;
  for (const Matrix& trial : trials) result.append(copied(trial));
  return result;
}

}  // namespace nullcline::python
