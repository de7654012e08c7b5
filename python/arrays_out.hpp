// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/complex.h>
#include <pybind11/numpy.h>

#include <string>
#include <vector>

#include "bindings.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::python {

/// Results as arrays that share their memory and keep `owner`, the Python object that they are
/// part of, alive.

/// An (n, P) matrix as a (P, n) array in C order: what is a column here is a row there.
template <class Real>
py::array rows(const MatrixX<Real>& A, const py::handle& owner) {
  constexpr py::ssize_t size = sizeof(Real);
  return py::array_t<Real>({A.cols(), A.rows()}, {A.rows() * size, size}, A.data(), owner);
}

/// An (n, m) matrix as an (n, m) array in Fortran order.
template <class Real>
py::array matrix(const MatrixX<Real>& A, const py::handle& owner) {
  constexpr py::ssize_t size = sizeof(Real);
  return py::array_t<Real>({A.rows(), A.cols()}, {size, A.rows() * size}, A.data(), owner);
}

/// An (n, T B) matrix as a (T, B, n) array in C order.
inline py::array sequence(const Matrix& X, Index steps, Index batch, const py::handle& owner) {
  constexpr py::ssize_t size = sizeof(double);
  const py::ssize_t n = X.rows();
  return py::array_t<double>({steps, batch, n}, {batch * n * size, n * size, size}, X.data(),
                             owner);
}

/// An Eigen vector or a std::vector of numbers.
template <class Vector>
py::array vector(const Vector& v, const py::handle& owner) {
  using Entry = std::remove_cvref_t<decltype(v[0])>;
  return py::array_t<Entry>({static_cast<py::ssize_t>(v.size())},
                            {static_cast<py::ssize_t>(sizeof(Entry))}, v.data(), owner);
}

/// Words as an array of str, a copy: (result.status == "escaped").sum() counts.
inline py::object words(const std::vector<std::string>& texts) {
  py::list list;
  for (const std::string& text : texts) list.append(text);
  return py::module_::import("numpy").attr("array")(list, py::arg("dtype") = "str");
}

/// Getters of properties that are such views of a member of Result.
template <class Result, class Member>
auto rows_of(Member Result::*member) {
  return [member](const py::object& self) { return rows(self.cast<Result&>().*member, self); };
}
template <class Result, class Member>
auto matrix_of(Member Result::*member) {
  return [member](const py::object& self) { return matrix(self.cast<Result&>().*member, self); };
}
template <class Result, class Member>
auto vector_of(Member Result::*member) {
  return [member](const py::object& self) { return vector(self.cast<Result&>().*member, self); };
}

}  // namespace nullcline::python
