// SPDX-License-Identifier: Apache-2.0
#include "arrays_in.hpp"

#include "nullcline/core/errors.hpp"

namespace nullcline::python {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text = "(";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ", ") + parts[i];
  return text + (parts.size() == 1 ? ",)" : ")");
}

std::string shape_of(const py::array& array) {
  std::vector<std::string> parts;
  for (py::ssize_t i = 0; i < array.ndim(); ++i) parts.push_back(std::to_string(array.shape(i)));
  return "shape " + joined(parts);
}

std::string shape_of(const std::vector<Extent>& shape) {
  std::vector<std::string> parts;
  for (const Extent& extent : shape) {
    parts.push_back(extent.size < 0 ? extent.letter : std::to_string(extent.size));
  }
  return "shape " + joined(parts);
}

bool fits(const py::array& array, const std::vector<Extent>& shape) {
  if (array.ndim() != static_cast<py::ssize_t>(shape.size())) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool any = shape[i].size < 0;
    if (!any && array.shape(static_cast<py::ssize_t>(i)) != shape[i].size) return false;
  }
  return true;
}

/// `object` as an array of real numbers of any kind, shape and order.
py::array real_array(const py::handle& object, const std::string& name) {
  py::array array = py::module_::import("numpy").attr("asarray")(object);
  if (std::string("fiub").find(array.dtype().kind()) == std::string::npos) {
    throw Error("", name, "dtype " + py::str(array.dtype()).cast<std::string>(), "real numbers");
  }
  return array;
}

DoubleArray in_c_order(const py::array& array) {
  constexpr int flags =
      py::array::c_style | py::array::forcecast | py::detail::npy_api::NPY_ARRAY_ALIGNED_;
  py::object converted = py::array_t<double, flags>::ensure(array);
  if (!converted) throw py::error_already_set();
  return converted;
}

/// Trial b of a (T, B, n) array, (n, T).
Matrix trial(const DoubleArray& array, Index b) {
  const Index steps = array.shape(0), batch = array.shape(1);
  return columns(array)(Eigen::all, Eigen::seqN(b, steps, batch));
}

}  // namespace

DoubleArray read_array(const py::handle& object, const std::string& name,
                       const std::vector<Extent>& shape) {
  const py::array array = real_array(object, name);
  if (!fits(array, shape)) throw Error("", name, shape_of(array), shape_of(shape));
  return in_c_order(array);
}

Columns columns(const DoubleArray& array) {
  const Index rows = array.ndim() == 0 ? 1 : array.shape(array.ndim() - 1);
  Index cols = 1;
  for (py::ssize_t i = 0; i + 1 < array.ndim(); ++i) cols *= array.shape(i);
  return {array.data(), rows, cols};
}

Matrix read_matrix(const py::handle& object, const std::string& name, const Extent& rows,
                   const Extent& cols) {
  return columns(read_array(object, name, {rows, cols})).transpose();
}

Matrix read_parameter(const py::handle& object, const std::string& name) {
  const py::array array = real_array(object, name);
  if (array.ndim() == 1) return columns(in_c_order(array));
  if (array.ndim() == 2) return columns(in_c_order(array)).transpose();
  throw Error("", name, shape_of(array), "one or two dimensions");
}

Vector read_vector_or_zeros(const py::handle& object, const std::string& name, Index size) {
  if (object.is_none()) return Vector::Zero(size);
  return columns(read_array(object, name, {{"n", size}}));
}

std::vector<Matrix> read_trials(const py::handle& object, const std::string& name) {
  std::vector<Matrix> trials;
  if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object)) {
    for (const py::handle& entry : object) {
      const std::string field = name + "[" + std::to_string(trials.size()) + "]";
      const Index units = trials.empty() ? -1 : trials[0].rows();
      trials.emplace_back(columns(read_array(entry, field, {{"T"}, {"n", units}})));
    }
    return trials;
  }
  const py::array array = real_array(object, name);
  if (array.ndim() == 2) {
    trials.emplace_back(columns(in_c_order(array)));
  } else if (array.ndim() == 3) {
    const DoubleArray sequence = in_c_order(array);
    for (Index b = 0; b < sequence.shape(1); ++b) trials.push_back(trial(sequence, b));
  } else {
    throw Error("", name, shape_of(array), "shape (T, n) or (T, B, n), or a list of (T, n)");
  }
  return trials;
}

}  // namespace nullcline::python
