// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// Dense linear algebra in double for matrices of some hundred rows: LAPACK through OpenBLAS,
/// which is called with one thread (threads belong to the level of networks and states).
/// Functions return by value and throw std::invalid_argument on a wrong shape or entries that
/// are not finite; an algorithm of LAPACK that does not converge throws NotConverged, attempt.hpp.

/// A B; A' B when `transpose_A`, A B' when `transpose_B`. By packed_product.hpp, a few columns by
/// BLAS.
Matrix multiply(In<Matrix> A, In<Matrix> B, bool transpose_A = false, bool transpose_B = false);

/// Solves A X = B by LU with partial pivoting; nullopt if A is exactly singular.
std::optional<Matrix> solve(In<Matrix> A, In<Matrix> B);

/// P A = L U with partial pivoting: L unit lower and U upper triangular, both in `factors`; row i
/// was exchanged with row exchanges[i] >= i, in order. A zero on the diagonal of U: A is singular.
struct LuFactors {
  Matrix factors;
  std::vector<int> exchanges;
  Matrix lower() const;
  Matrix upper() const;
  void restore_rows(InOut<Matrix> B) const;  ///< B <- P' B
  int permutation_sign() const;              ///< det P
};
LuFactors lu(In<Matrix> A);

/// A^-1 from the factors of A; nullopt if A is exactly singular or a pivot's inverse not finite.
std::optional<Matrix> inverse(const LuFactors& A);

/// Solves A X = B for symmetric positive definite A by Cholesky; nullopt if A is not positive
/// definite. Reads the lower triangle.
std::optional<Matrix> solve_positive_definite(In<Matrix> A, In<Matrix> B);

/// log det A of a symmetric positive definite A; nullopt if A is not positive definite. Reads the
/// lower triangle.
std::optional<double> log_determinant(In<Matrix> A);

/// ln|det A| by LU with partial pivoting; -infinity if A is exactly singular.
double log_abs_determinant(In<Matrix> A);

/// A = Q R by Householder reflections: Q (n, k) with orthonormal columns, R (k, k) upper triangular
/// with diagonal >= 0. A: (n, k), k <= n.
struct Qr {
  Matrix Q;
  Matrix R;
};
Qr qr(In<Matrix> A);

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

/// A = Q T Q' with T as above, the eigenvalues outside the unit circle first, `outside` of them.
struct OrderedSchur {
  Matrix Q, T;
  Index outside;
};
OrderedSchur unit_circle_schur(In<Matrix> A);

/// X of A X - X B = C for A (m, m) and B (n, n) in real Schur form without a common eigenvalue.
Matrix solve_sylvester(In<Matrix> A, In<Matrix> B, In<Matrix> C);

/// Q of A = Q R with R's diagonal >= 0: an orthonormal basis of the columns. A: (n, k), k <= n.
/// Where a column depends on those before it, Q goes on with a direction orthogonal to them.
Matrix orthonormal_basis(In<Matrix> A);

/// The principal angles between the column spaces of A and B, ascending, radians [Bjorck & Golub
/// 1973]: small angles by sines, large ones by cosines, so that all are accurate. (min(p, q))
/// A: (n, p), B: (n, q), p, q <= n, with independent columns, else std::invalid_argument.
Vector principal_angles(In<Matrix> A, In<Matrix> B);

}  // namespace nullcline
