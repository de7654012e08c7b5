// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/detail/exact_arrays.hpp"

#include <vector>

#include "nullcline/core/errors.hpp"

namespace nullcline::training::detail {

template <class Real>
Array exact_array(const MatrixX<Real>& A) {
  return {{A.cols(), A.rows()}, std::vector<Real>(A.data(), A.data() + A.size())};
}

template <class Real>
MatrixX<Real> exact_matrix(const io::Dataset& dataset, const std::string& name, Index rows,
                           Index cols, const std::filesystem::path& path) {
  const auto it = dataset.arrays.find(name);
  if (it == dataset.arrays.end()) throw Error(path.string(), name, "nothing", "an array");
  const auto* entries = std::get_if<std::vector<Real>>(&it->second.data);
  const auto& shape = it->second.shape;
  const bool fits =
      entries != nullptr && shape.size() == 2 && shape[1] == rows && (cols < 0 || shape[0] == cols);
  if (!fits) {
    throw Error(path.string(), name, it->second.dtype() + " of shape " + it->second.shape_text(),
                std::string(sizeof(Real) == 4 ? "float32" : "float64") + " of shape (" +
                    (cols < 0 ? "any" : std::to_string(cols)) + ", " + std::to_string(rows) + ")");
  }
  return Eigen::Map<const MatrixX<Real>>(entries->data(), rows, shape[0]);
}

template Array exact_array(const MatrixX<float>&);
template Array exact_array(const MatrixX<double>&);
template MatrixX<float> exact_matrix(const io::Dataset&, const std::string&, Index, Index,
                                     const std::filesystem::path&);
template MatrixX<double> exact_matrix(const io::Dataset&, const std::string&, Index, Index,
                                      const std::filesystem::path&);

}  // namespace nullcline::training::detail
