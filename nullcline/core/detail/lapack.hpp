// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cblas.h>

#include <algorithm>
#include <complex>
#include <mutex>
#include <stdexcept>
#include <string>

#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/types.hpp"

/// What the functions of linear_algebra.hpp share to call LAPACK.
namespace nullcline::detail {

constexpr int column_major = LAPACK_COL_MAJOR;

inline lapack_int extent(Index n) { return static_cast<lapack_int>(n); }
inline lapack_int stride(In<Matrix> A) {
  return extent(std::max<Index>({1, A.rows(), A.outerStride()}));
}

inline void use_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

/// What every function here does first.
inline void begin(In<Matrix> A, bool shape_is_right, const char* name) {
  use_one_thread();
  if (!shape_is_right) throw std::invalid_argument(std::string(name) + ": wrong shape");
  if (!A.allFinite()) throw std::invalid_argument(std::string(name) + ": entries not finite");
}

inline bool is_square(In<Matrix> A) { return A.rows() == A.cols(); }

/// LAPACK's verdict: 0 is success, > 0 not converged, < 0 out of memory.
inline void check(lapack_int info, const char* name) {
  if (info == 0) return;
  const std::string routine = std::string("LAPACK's ") + name;
  if (info > 0) throw NotConverged(routine + " did not converge");
  throw std::runtime_error(routine + " failed");
}

}  // namespace nullcline::detail
