// SPDX-License-Identifier: Apache-2.0
// The eigenvalue problems of linear_algebra.hpp.
#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "nullcline/core/detail/lapack.hpp"
#include "nullcline/core/hessenberg.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline {

using detail::begin;
using detail::check;
using detail::column_major;
using detail::extent;
using detail::is_square;

namespace {

// eigenvalues: above so many rows LAPACK's iteration by many shifts at once is the faster one.
constexpr Index own_iteration = 300;

/// A first eigenvalue of dgeev: a real one, or the half with Im > 0 of a conjugate pair.
struct Block {
  Index first;
  std::complex<double> value;
};

/// The eigenvalues wr + i wi, each pair as one block, in the order that the header promises.
std::vector<Block> sorted_blocks(const Vector& wr, const Vector& wi) {
  std::vector<Block> blocks;
  for (Index j = 0; j < wr.size(); j += wi(j) == 0 ? 1 : 2) blocks.push_back({j, {wr(j), wi(j)}});
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    const double modulus_a = std::abs(a.value), modulus_b = std::abs(b.value);
    if (modulus_a != modulus_b) return modulus_a > modulus_b;
    if (a.value.real() != b.value.real()) return a.value.real() > b.value.real();
    return a.value.imag() > b.value.imag();
  });
  return blocks;
}

ComplexVector sorted_values(const std::vector<Block>& blocks, Index n) {
  ComplexVector values(n);
  Index j = 0;
  for (const Block& block : blocks) {
    values(j++) = block.value;
    if (block.value.imag() != 0) values(j++) = std::conj(block.value);
  }
  return values;
}

/// dgeev stores the vectors of a pair v, conj(v) as two real columns, Re v and Im v.
ComplexMatrix sorted_vectors(const std::vector<Block>& blocks, const Matrix& packed) {
  ComplexMatrix vectors(packed.rows(), packed.cols());
  Index j = 0;
  for (const Block& block : blocks) {
    if (block.value.imag() == 0) {
      vectors.col(j++) = packed.col(block.first).cast<std::complex<double>>();
    } else {
      vectors.col(j).real() = packed.col(block.first);
      vectors.col(j).imag() = packed.col(block.first + 1);
      vectors.col(j + 1) = vectors.col(j).conjugate();
      j += 2;
    }
  }
  return vectors;
}

/// Balanced, as dgeev does it, and reduced to Hessenberg form by LAPACK. False if the iteration
/// does not converge, or on entries whose squares may overflow or vanish: dgeev scales those.
bool eigenvalues_by_own_iteration(In<Matrix> A, Vector& wr, Vector& wi) {
  const double largest = A.cwiseAbs().maxCoeff();
  if (!(largest == 0 || (largest > 1e-140 && largest < 1e140))) return false;
  const lapack_int n = extent(A.rows());
  Matrix work = A;
  lapack_int low = 0, high = 0;
  Vector scale(A.rows()), tau(A.rows());
  check(LAPACKE_dgebal(column_major, 'B', n, work.data(), n, &low, &high, scale.data()), "dgebal");
  check(LAPACKE_dgehrd(column_major, n, low, high, work.data(), n, tau.data()), "dgehrd");
  wr = work.diagonal();  // which these are where balancing has isolated them
  wi.setZero();
  const Index first = low - 1, size = high - first;
  Matrix H = work.block(first, first, size, size);
  for (Index j = 0; j + 2 < size; ++j) H.col(j).tail(size - j - 2).setZero();
  return hessenberg_eigenvalues(H, wr.segment(first, size), wi.segment(first, size));
}

}  // namespace

SymmetricEigen symmetric_eigen(In<Matrix> A) {
  begin(A, is_square(A), "symmetric_eigen");
  SymmetricEigen result{Vector(A.rows()), A};
  if (A.size() == 0) return result;
  const lapack_int n = extent(A.rows());
  check(LAPACKE_dsyevd(column_major, 'V', 'L', n, result.vectors.data(), n, result.values.data()),
        "dsyevd");
  return result;
}

GeneralEigen eigen(In<Matrix> A) {
  begin(A, is_square(A), "eigen");
  const Index n = A.rows();
  Matrix work = A, left(n, n), right(n, n);
  Vector wr(n), wi(n);
  if (n > 0) {
    const lapack_int size = extent(n);
    check(LAPACKE_dgeev(column_major, 'V', 'V', size, work.data(), size, wr.data(), wi.data(),
                        left.data(), size, right.data(), size),
          "dgeev");
  }
  const auto blocks = sorted_blocks(wr, wi);
  return {sorted_values(blocks, n), sorted_vectors(blocks, right), sorted_vectors(blocks, left)};
}

ComplexVector eigenvalues(In<Matrix> A) {
  begin(A, is_square(A), "eigenvalues");
  const Index n = A.rows();
  Vector wr(n), wi(n);
  if (n == 0) return ComplexVector();
  if (n > own_iteration || !eigenvalues_by_own_iteration(A, wr, wi)) {
    Matrix work = A;
    const lapack_int size = extent(n);
    check(LAPACKE_dgeev(column_major, 'N', 'N', size, work.data(), size, wr.data(), wi.data(),
                        nullptr, 1, nullptr, 1),
          "dgeev");
  }
  return sorted_values(sorted_blocks(wr, wi), n);
}

}  // namespace nullcline
