// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/numpy.h>

#include <string>
#include <vector>

#include "bindings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// Entries of NumPy as the library wants them: a C-order (..., n) array is an n x (...)
/// column-major matrix, so that nothing has to move.
using DoubleArray = py::array_t<double, py::array::c_style>;
using Columns = Eigen::Map<const Matrix>;

/// What a dimension of an argument must be: `size`, or anything if that is negative.
struct Extent {
  std::string letter;
  Index size = -1;
};

/// `object` as float64 in C order: the array itself if it is that, else a converted copy. Throws
/// Error (field: `name`) on another shape, and on entries that are not real numbers.
DoubleArray read_array(const py::handle& object, const std::string& name,
                       const std::vector<Extent>& shape);

/// The array as a matrix of as many rows as its last dimension has entries; a view.
Columns columns(const DoubleArray& array);

/// A copy of a (rows, cols) array as a matrix of that shape.
Matrix read_matrix(const py::handle& object, const std::string& name, const Extent& rows,
                   const Extent& cols);

/// The same, where a vector of `rows` entries is a matrix of one column.
Matrix read_parameter(const py::handle& object, const std::string& name);

/// A copy of a vector; None is `size` zeros.
Vector read_vector_or_zeros(const py::handle& object, const std::string& name, Index size);

/// Recordings: (T, n) is one trial, (T, B, n) are B trials, a list or tuple of (T_i, n) as many.
/// Copies, as the library takes matrices here.
std::vector<Matrix> read_trials(const py::handle& object, const std::string& name);

}  // namespace nullcline::python
