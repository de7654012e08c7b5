// SPDX-License-Identifier: Apache-2.0
// LAPACK does not fail when asked to, so its functions are taken from here, and fail, all or one of
// them, while a `Failing` lives. To be included by one source of a program.
#pragma once

#include <dlfcn.h>

#include <atomic>
#include <complex>
#include <string_view>

#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

namespace {

/// Of the function that fails; empty for all, null for none.
std::atomic<const char*> failing = nullptr;
constexpr lapack_int not_converged = 1;

bool fails(std::string_view name) {
  const char* const which = failing;
  return which != nullptr && (*which == '\0' || which == name);
}

template <class Function>
Function* of_library(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

lapack_int LAPACKE_dgehrd(int layout, lapack_int n, lapack_int low, lapack_int high, double* A,
                          lapack_int lda, double* tau) {
  if (fails("LAPACKE_dgehrd")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_dgehrd)>("LAPACKE_dgehrd");
  return real(layout, n, low, high, A, lda, tau);
}

lapack_int LAPACKE_dgeev(int layout, char left, char right, lapack_int n, double* A, lapack_int lda,
                         double* wr, double* wi, double* L, lapack_int ldl, double* V,
                         lapack_int ldv) {
  if (fails("LAPACKE_dgeev")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_dgeev)>("LAPACKE_dgeev");
  return real(layout, left, right, n, A, lda, wr, wi, L, ldl, V, ldv);
}

lapack_int LAPACKE_dgesdd(int layout, char job, lapack_int m, lapack_int n, double* A,
                          lapack_int lda, double* s, double* U, lapack_int ldu, double* V,
                          lapack_int ldv) {
  if (fails("LAPACKE_dgesdd")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_dgesdd)>("LAPACKE_dgesdd");
  return real(layout, job, m, n, A, lda, s, U, ldu, V, ldv);
}

lapack_int LAPACKE_dsyevd(int layout, char job, char part, lapack_int n, double* A, lapack_int lda,
                          double* w) {
  if (fails("LAPACKE_dsyevd")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_dsyevd)>("LAPACKE_dsyevd");
  return real(layout, job, part, n, A, lda, w);
}

lapack_int LAPACKE_zgees(int layout, char job, char sort, LAPACK_Z_SELECT1 select, lapack_int n,
                         lapack_complex_double* A, lapack_int lda, lapack_int* count,
                         lapack_complex_double* w, lapack_complex_double* V, lapack_int ldv) {
  if (fails("LAPACKE_zgees")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_zgees)>("LAPACKE_zgees");
  return real(layout, job, sort, select, n, A, lda, count, w, V, ldv);
}

lapack_int LAPACKE_dgees(int layout, char job, char sort, LAPACK_D_SELECT2 select, lapack_int n,
                         double* A, lapack_int lda, lapack_int* count, double* wr, double* wi,
                         double* V, lapack_int ldv) {
  if (fails("LAPACKE_dgees")) return not_converged;
  static const auto real = of_library<decltype(LAPACKE_dgees)>("LAPACKE_dgees");
  return real(layout, job, sort, select, n, A, lda, count, wr, wi, V, ldv);
}

}  // extern "C"

namespace nullcline {

struct Failing {
  explicit Failing(const char* only = "") { failing = only; }
  ~Failing() { failing = nullptr; }
};

}  // namespace nullcline
