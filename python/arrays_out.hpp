// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/complex.h>
#include <pybind11/numpy.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bindings.hpp"
#include "nullcline/core/map.hpp"
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

/// name_of each entry.
template <class Enum>
py::object names(const std::vector<Enum>& values) {
  std::vector<std::string> texts;
  for (const Enum value : values) texts.emplace_back(name_of(value));
  return words(texts);
}

/// Yes or no of each entry as an array of bool, a copy.
template <class Flags>
py::array_t<bool> flags(const Flags& values) {
  py::array_t<bool> array(static_cast<py::ssize_t>(values.size()));
  std::copy(values.begin(), values.end(), array.mutable_data());
  return array;
}

/// part(item) of each item, joined in one array along a new first dimension, a copy. `empty` is the
/// shape without items.
template <class Items, class Part>
py::object stacked(const Items& items, const py::handle& owner, std::vector<py::ssize_t> empty,
                   Part part) {
  const py::module_ numpy = py::module_::import("numpy");
  if (items.empty()) return numpy.attr("zeros")(empty);
  py::list list;
  for (const auto& item : items) list.append(part(item, owner));
  return numpy.attr("stack")(list);
}

/// part(item) of each item as a list.
template <class Items, class Part>
py::list list_of(const Items& items, const py::handle& owner, Part part) {
  py::list list;
  for (const auto& item : items) list.append(part(item, owner));
  return list;
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
template <class Result, class Member>
auto names_of(Member Result::*member) {
  return [member](const Result& self) { return names(self.*member); };
}
template <class Result, class Member>
auto flags_of(Member Result::*member) {
  return [member](const Result& self) { return flags(self.*member); };
}
template <class Result, class Member>
auto name_in(Member Result::*member) {
  return [member](const Result& self) { return name_of(self.*member); };
}
/// A list of the members of a std::vector<Matrix> (n, k), each as (k, n).
template <class Result>
auto row_list_of(std::vector<Matrix> Result::*member) {
  return [member](const py::object& self) {
    return list_of(self.cast<Result&>().*member, self,
                   [](const Matrix& A, const py::handle& owner) { return rows(A, owner); });
  };
}

/// A getter that views result.*part.*member by `view`, one of the below.
template <class Result, class Part, class Member, class View>
auto part_of(Part Result::*part, Member Part::*member, View view) {
  return [=](const py::object& self) { return view(self.cast<Result&>().*part.*member, self); };
}
constexpr auto as_rows = [](const auto& A, const py::object& self) { return rows(A, self); };
constexpr auto as_vector = [](const auto& v, const py::object& self) { return vector(v, self); };
constexpr auto as_names = [](const auto& v, const py::object&) { return names(v); };

inline const char* name_of(Derivatives derivatives) {
  return derivatives == Derivatives::exact ? "exact" : "finite_differences";
}

/// Where the Jacobians came from, of results with a member `derivatives`.
template <class Result>
const char* derivatives_of(const Result& self) {
  return name_of(self.derivatives);
}

}  // namespace nullcline::python
