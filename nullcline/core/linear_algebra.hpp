// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// Dense linear algebra in double for matrices of some hundred rows: LAPACK through OpenBLAS,
/// which is called with one thread (threads belong to the level of networks and states).
/// Functions return by value and throw std::invalid_argument on a wrong shape or entries that
/// are not finite; an algorithm of LAPACK that does not converge throws std::runtime_error.

/// A B; A' B when `transpose_A`, A B' when `transpose_B`.
Matrix multiply(In<Matrix> A, In<Matrix> B, bool transpose_A = false, bool transpose_B = false);

/// Solves A X = B by LU with partial pivoting; nullopt if A is exactly singular.
std::optional<Matrix> solve(In<Matrix> A, In<Matrix> B);

/// P A = L U with partial pivoting: one factorization for several solves and the determinant.
struct Lu {
  Matrix factors;                  // (n, n) L below the diagonal, U on and above it
  std::vector<int> pivots;         // (n) as LAPACK's: row i was exchanged with row pivots[i] - 1
  int sign = 0;                    // of det A; 0 if A is exactly singular
  double log_abs_determinant = 0;  // log |det A|; -infinity if A is exactly singular
};
Lu lu(In<Matrix> A);

/// Solves A X = B with the factors of A. Singular factors are std::invalid_argument.
Matrix solve(const Lu& factored, In<Matrix> B);

/// Solves A X = B for symmetric positive definite A by Cholesky; nullopt if A is not positive
/// definite. Reads the lower triangle.
std::optional<Matrix> solve_positive_definite(In<Matrix> A, In<Matrix> B);

/// log det A of a symmetric positive definite A; nullopt if A is not positive definite. Reads the
/// lower triangle.
std::optional<double> log_determinant(In<Matrix> A);

/// A = V diag(values) V', values ascending, V orthonormal. Reads the lower triangle.
struct SymmetricEigen {
  Vector values;   // (n)
  Matrix vectors;  // (n, n)
};
SymmetricEigen symmetric_eigen(In<Matrix> A);

/// A V = V diag(values) and L^H A = diag(values) L^H; columns of V and L have norm 1. Sorted by
/// decreasing modulus, then decreasing real part; the two of a conjugate pair stand together, the
/// positive imaginary part first, and their vectors are conjugate too. Of a defective matrix some
/// columns of V are parallel to rounding.
struct GeneralEigen {
  ComplexVector values;        // (n)
  ComplexMatrix vectors;       // V (n, n)
  ComplexMatrix left_vectors;  // L (n, n)
};
GeneralEigen eigen(In<Matrix> A);
ComplexVector eigenvalues(In<Matrix> A);  ///< The values alone, several times faster.

/// A = U diag(values) V', values descending; thin: U (m, k), V (n, k), k = min(m, n).
struct Svd {
  Matrix U;
  Vector values;
  Matrix V;
};
Svd svd(In<Matrix> A);
Vector singular_values(In<Matrix> A);

/// T of the complex Schur form A = Q T Q^H, upper triangular.
ComplexMatrix complex_schur(In<Matrix> A);

/// T of the real Schur form A = Q T Q', block upper triangular: a conjugate pair of eigenvalues is
/// a 2 x 2 block with equal diagonal entries and off-diagonal ones of opposite signs.
Matrix real_schur(In<Matrix> A);

/// Q of A = Q R with R's diagonal >= 0: an orthonormal basis of the columns. A: (n, k), k <= n.
/// Where a column depends on those before it, Q goes on with a direction orthogonal to them.
Matrix orthonormal_basis(In<Matrix> A);

/// The principal angles between the column spaces of A and B, ascending, radians [Bjorck & Golub
/// 1973]: small angles by sines, large ones by cosines, so that all are accurate. (min(p, q))
/// A: (n, p), B: (n, q), p, q <= n, with independent columns, else std::invalid_argument.
Vector principal_angles(In<Matrix> A, In<Matrix> B);

}  // namespace nullcline
