// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/detail/product_eigenvalues.hpp"

#include <Eigen/Jacobi>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <utility>

#include "nullcline/core/attempt.hpp"

namespace nullcline::dynamics::detail {
namespace {

using Complex = std::complex<double>;
using Rotation = Eigen::JacobiRotation<Complex>;

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double largest_exponent = 709;  // exp of it is near the largest double

/// value * exp(log): a product that does not overflow.
struct Scaled {
  Complex value = 1;
  double log = 0;

  void multiply(Complex factor) {
    value *= factor;
    const double size = std::abs(value);
    if (size == 0) return;
    value /= size;
    log += std::log(size);
  }
};

class PeriodicQr {
 public:
  explicit PeriodicQr(const std::vector<Matrix>& factors) : n_(factors.front().rows()) {
    for (const Matrix& factor : factors) {
      const double norm = factor.norm();
      const double scale = norm > 0 ? norm : 1;
      log_scale_ += std::log(scale);
      A_.push_back((factor / scale).cast<Complex>());
    }
  }

  /// False if the iteration did not end.
  bool run() {
    make_triangular();
    make_hessenberg();
    Index hi = n_ - 1, sweeps = 0;
    while (hi > 0) {
      const Index lo = start_of_window(hi);
      if (lo == hi) {
        --hi;
        sweeps = 0;
        continue;
      }
      if (++sweeps > 60) return false;
      sweep(lo, hi, sweeps % 10 == 0);
    }
    return true;
  }

  ComplexVector eigenvalues() const {
    ComplexVector values(n_);
    for (Index j = 0; j < n_; ++j) {
      Scaled product{1, log_scale_};
      for (const ComplexMatrix& factor : A_) product.multiply(factor(j, j));
      const double size = std::exp(std::min(product.log, largest_exponent));
      values(j) = product.value == 0.0 ? 0.0 : product.value * size;
    }
    return values;
  }

 private:
  /// A_1, ..., A_{k-1} to upper triangular form, and A_0 to whatever comes of it.
  void make_triangular() {
    for (std::size_t f = 1; f < A_.size(); ++f) {
      const Eigen::HouseholderQR<ComplexMatrix> qr(A_[f]);
      A_[f] = qr.matrixQR().triangularView<Eigen::Upper>();
      next(f).applyOnTheRight(qr.householderQ());
    }
  }

  void make_hessenberg() {
    for (Index j = 0; j + 2 < n_; ++j) {
      for (Index i = n_ - 1; i >= j + 2; --i) eliminate(i - 1, j);
    }
  }

  ComplexMatrix& next(std::size_t f) { return A_[(f + 1) % A_.size()]; }

  /// Rotates rows p, p + 1 of A_0 so that A_0(p + 1, j) = 0.
  void eliminate(Index p, Index j) {
    Rotation G;
    Complex r;
    G.makeGivens(A_[0](p, j), A_[0](p + 1, j), &r);
    rotate(p, G);
    A_[0](p, j) = r;
    A_[0](p + 1, j) = 0;
  }

  /// A_0 <- G^H A_0 on rows p, p + 1, and on through the others, which stay triangular, to the
  /// columns of A_0.
  void rotate(Index p, Rotation G) {
    A_[0].applyOnTheLeft(p, p + 1, G.adjoint());
    for (std::size_t f = 1; f < A_.size(); ++f) {
      A_[f].applyOnTheRight(p, p + 1, G);
      Complex r;
      G.makeGivens(A_[f](p, p), A_[f](p + 1, p), &r);
      A_[f].applyOnTheLeft(p, p + 1, G.adjoint());
      A_[f](p, p) = r;
      A_[f](p + 1, p) = 0;
    }
    A_[0].applyOnTheRight(p, p + 1, G);
  }

  /// The first row of the unreduced block that ends at `hi`.
  Index start_of_window(Index hi) {
    for (Index j = hi; j > 0; --j) {
      const double size = std::abs(A_[0](j, j)) + std::abs(A_[0](j - 1, j - 1));
      if (std::abs(A_[0](j, j - 1)) <= eps * (size > 0 ? size : 1)) {
        A_[0](j, j - 1) = 0;
        return j;
      }
    }
    return 0;
  }

  /// A QR sweep on the cyclic product A_0 A_{k-1} ... A_1 = H T: Hessenberg times triangular.
  void sweep(Index lo, Index hi, bool exceptional) {
    Scaled first;
    for (std::size_t f = 1; f < A_.size(); ++f) first.multiply(A_[f](lo, lo));
    const Scaled sigma = exceptional ? Scaled{0, 0} : shift(hi);
    // The first column of H T - sigma I, up to a factor.
    Complex x = 0, y = 0;
    const double largest = std::max(sigma.value == 0.0 ? first.log : sigma.log,
                                    first.value == 0.0 ? sigma.log : first.log);
    const Complex t = first.value * std::exp(first.log - largest);
    x = t * A_[0](lo, lo) - sigma.value * std::exp(sigma.log - largest);
    y = t * A_[0](lo + 1, lo);
    if (x == 0.0 && y == 0.0) {
      x = A_[0](lo, lo);
      y = A_[0](lo + 1, lo);
    }
    Rotation G;
    G.makeGivens(x, y);
    rotate(lo, G);
    for (Index p = lo + 1; p < hi; ++p) eliminate(p, p - 1);
  }

  /// The eigenvalue of the last 2 x 2 block of H T that is nearest to its last entry.
  Scaled shift(Index hi) const {
    const Index first = std::max<Index>(hi - 2, 0), size = hi - first + 1;
    ComplexMatrix T = ComplexMatrix::Identity(size, size);
    double log = 0;
    for (std::size_t f = 1; f < A_.size(); ++f) {
      T = (A_[f].block(first, first, size, size) * T).eval();
      const double norm = T.norm();
      if (norm == 0) return {0, 0};
      T /= norm;
      log += std::log(norm);
    }
    const ComplexMatrix B = A_[0].block(hi - 1, first, 2, size) * T.rightCols(2);
    const Complex half = 0.5 * (B(0, 0) - B(1, 1));
    const Complex root = std::sqrt(half * half + B(0, 1) * B(1, 0));
    const Complex plus = B(1, 1) + half + root, minus = B(1, 1) + half - root;
    return {std::abs(plus - B(1, 1)) < std::abs(minus - B(1, 1)) ? plus : minus, log};
  }

  Index n_;
  double log_scale_ = 0;
  std::vector<ComplexMatrix> A_;
};

/// Eigenvalues of a real matrix come in conjugate pairs: joins the nearest to the conjugate of each
/// other, largest imaginary part first; what is nearest to its own conjugate is real.
std::vector<ComplexVector> conjugate_pairs(ComplexVector values) {
  std::vector<Complex> left(values.begin(), values.end());
  std::sort(left.begin(), left.end(), [](const Complex& a, const Complex& b) {
    return std::abs(a.imag()) > std::abs(b.imag());
  });
  std::vector<ComplexVector> groups;
  while (!left.empty()) {
    const Complex value = left.front();
    std::size_t partner = 0;
    for (std::size_t j = 1; j < left.size(); ++j) {
      if (std::abs(left[j] - std::conj(value)) < std::abs(left[partner] - std::conj(value))) {
        partner = j;
      }
    }
    if (partner == 0 || value.imag() == 0) {
      groups.push_back(ComplexVector::Constant(1, value.real()));
    } else {
      Complex mean = 0.5 * (value + std::conj(left[partner]));
      if (mean.imag() < 0) mean = std::conj(mean);
      groups.push_back((ComplexVector(2) << mean, std::conj(mean)).finished());
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(partner));
    }
    left.erase(left.begin());
  }
  return groups;
}

ComplexVector sorted(const ComplexVector& values) {
  auto groups = conjugate_pairs(values);
  std::stable_sort(groups.begin(), groups.end(),
                   [](const ComplexVector& a, const ComplexVector& b) {
                     const double modulus_a = std::abs(a(0)), modulus_b = std::abs(b(0));
                     if (modulus_a != modulus_b) return modulus_a > modulus_b;
                     return a(0).real() > b(0).real();
                   });
  ComplexVector result(values.size());
  Index j = 0;
  for (const ComplexVector& group : groups) {
    result.segment(j, group.size()) = group;
    j += group.size();
  }
  return result;
}

}  // namespace

ComplexVector product_eigenvalues(const std::vector<Matrix>& factors) {
  const bool finite =
      std::all_of(factors.begin(), factors.end(), [](const Matrix& A) { return A.allFinite(); });
  if (finite && factors.size() > 1) {
    PeriodicQr iteration(factors);
    if (iteration.run()) return sorted(iteration.eigenvalues());
  }
  Matrix product = factors.front();
  for (std::size_t f = 1; f < factors.size(); ++f) product = factors[f] * product;
  const auto values = attempt(eigenvalues, product);
  return values ? *values : ComplexVector::Constant(product.rows(), std::nan(""));
}

}  // namespace nullcline::dynamics::detail
