// SPDX-License-Identifier: Apache-2.0
#include "warp.hpp"

#include <algorithm>

#include "arrays_in.hpp"

namespace nullcline::python {

Tangents read_tangents(const py::handle& object, const std::string& name) {
  const DoubleArray array = read_array(object, name, {{"K"}, {"S"}, {"m"}, {"n"}});
  Tangents result{array.shape(0), array.shape(1), array.shape(2), Matrix()};
  const Columns given = columns(array);
  const Index K = result.points, S = result.steps, m = result.dim;
  result.values.resize(given.rows(), given.cols());
  for (Index k = 0; k < K; ++k) {
    for (Index s = 0; s < S; ++s) {
      result.values.middleCols((s * K + k) * m, m) = given.middleCols((k * S + s) * m, m);
    }
  }
  return result;
}

py::array points_first(In<Matrix> values, Index K, Index S, Shape shape) {
  shape.insert(shape.begin(), {K, S});
  py::array_t<double> result(shape);
  const Index size = K * S > 0 ? values.size() / (K * S) : 0;
  const Matrix packed = values;
  for (Index s = 0; s < S; ++s) {
    for (Index k = 0; k < K; ++k) {
      std::copy_n(packed.data() + (s * K + k) * size, size,
                  result.mutable_data() + (k * S + s) * size);
    }
  }
  return result;
}

}  // namespace nullcline::python
