// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <Eigen/Core>

namespace nullcline {

using Index = Eigen::Index;

/// Analysis is double; `cells` and `training` are templates over Real = float, double.
template <class Real>
using VectorX = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
template <class Real>
using MatrixX = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = VectorX<double>;
using Matrix = MatrixX<double>;
using ComplexVector = Eigen::VectorXcd;
using ComplexMatrix = Eigen::MatrixXcd;

/// Argument conventions of every public signature: `In<T>` is read, `Out<T>` has its final shape
/// already and is overwritten, `InOut<T>` is updated in place. None allocates or copies.
///
/// Batches are matrices with one state a column. T time steps of N x B matrices back to back,
/// an N x (T B) column-major matrix, are exactly a C-order (T, B, N) array.
///
/// The stride of `In` is the one that Eigen::Ref<const T> has, but named by a type: left to Eigen
/// it is an expression over T, which clang 14 mangles by what a file saw first, T or const T, so
/// that a template over Real declared in one file is not found in another.
template <class T>
struct RefStride {
  using type =
      std::conditional_t<T::IsVectorAtCompileTime, Eigen::InnerStride<1>, Eigen::OuterStride<>>;
};
template <class T>
using In = const Eigen::Ref<const T, 0, typename RefStride<T>::type>&;
template <class T>
using Out = Eigen::Ref<T>;
template <class T>
using InOut = Eigen::Ref<T>;

}  // namespace nullcline
