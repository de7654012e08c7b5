// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/normal_form.hpp"

#include <cmath>
#include <optional>

#include "nullcline/core/attempt.hpp"

namespace nullcline::dynamics::detail {
namespace {

using Complex = std::complex<double>;

constexpr double resonance = 1e-4;

/// B and C at one point.
class Forms {
 public:
  Forms(const MapFamily& family, In<Vector> x, double p) : family_(family), x_(x), p_(p) {
    const bool exact = family.derivatives() == Derivatives::exact;
    const double scale = std::max(1.0, x_.norm());
    first_step_ = (exact ? 1e-5 : 1e-3) * scale;
    second_step_ = (exact ? 1e-3 : 1e-2) * scale;  // of second derivatives, differences themselves
    error_ = exact ? 1e-5 : 1e-2;
  }

  Matrix jacobian() const { return family_.jacobian(x_, p_); }
  double error() const { return error_; }  ///< Of a coefficient, relative to its terms.
  /// A coefficient that second derivatives of the size of J would have, for a noise floor.
  double floor(const Matrix& J) const { return 0.01 * J.norm(); }

  /// B(u, v)                                                                    (n)
  Vector second(const Vector& u, const Vector& v) const {
    const Matrix ahead = family_.jacobian(x_ + first_step_ * u, p_);
    return (ahead - family_.jacobian(x_ - first_step_ * u, p_)) * v / (2 * first_step_);
  }

  /// w'B(., .)                                                                  (n, n)
  Matrix second_along(const Vector& w) const { return second_at(x_, w); }

  /// w'C(., ., r)                                                               (n, n)
  Matrix third_along(const Vector& w, const Vector& r) const {
    const Matrix ahead = second_at(x_ + second_step_ * r, w);
    return (ahead - second_at(x_ - second_step_ * r, w)) / (2 * second_step_);
  }

 private:
  Matrix second_at(const Vector& x, const Vector& w) const {
    return family_.second_derivative(x, p_, w).topLeftCorner(x.size(), x.size());
  }

  const MapFamily& family_;
  Vector x_;
  double p_, first_step_ = 0, second_step_ = 0, error_ = 0;
};

Criticality sign_of(double stabilizing, double size, double error) {
  if (!(std::abs(stabilizing) > error * size)) return Criticality::undecided;
  return stabilizing > 0 ? Criticality::supercritical : Criticality::subcritical;
}

/// q and p at the eigenvalue nearest to `lambda`, |q| = 1, p^H q = 1.
struct Critical {
  ComplexVector q, p;
};

std::optional<Critical> critical_vectors(const Matrix& J, Complex lambda) {
  const auto modes = attempt(eigen, J);
  if (!modes) return std::nullopt;
  Index at = 0;
  (modes->values.array() - lambda).abs().minCoeff(&at);
  Critical result{modes->vectors.col(at), modes->left_vectors.col(at)};
  const Complex overlap = result.p.dot(result.q);
  result.p /= std::conj(overlap);
  return result;
}

/// lambda = -1 or +1: q and p are real.
NormalForm real_form(const Forms& forms, double lambda) {
  const Matrix J = forms.jacobian();
  const Index n = J.rows();
  const auto critical = critical_vectors(J, lambda);
  if (!critical) return {};
  const Vector q = critical->q.real(), p = critical->p.real();
  const Vector quadratic = forms.second(q, q);
  const Matrix pB = forms.second_along(p);
  // [J - I, p; q', 0] [s; .] = [B(q,q); 0]: at lambda = 1 J - I is singular along q.
  Matrix bordered = Matrix::Zero(n + 1, n + 1);
  bordered.topLeftCorner(n, n) = J - Matrix::Identity(n, n);
  Vector right = Vector::Zero(n + 1);
  right.head(n) = quadratic;
  bordered(n, n) = 1;
  if (lambda > 0) {
    bordered(n, n) = 0;
    bordered.topRightCorner(n, 1) = p;
    bordered.bottomLeftCorner(1, n) = q.transpose();
  }
  const auto solution = solve(bordered, right);
  if (!solution) return {};
  const double cubic = q.dot(forms.third_along(p, q) * q) / 6;
  const double folded = q.dot(pB * solution->col(0).head(n)) / 2;
  NormalForm result;
  result.coefficient = cubic - folded;
  result.criticality = sign_of(-lambda * result.coefficient,
                               std::abs(cubic) + std::abs(folded) + forms.floor(J), forms.error());
  return result;
}

/// A s = b for complex A = shift I - J.
ComplexVector solve_shifted(const Matrix& J, Complex shift, const ComplexVector& b) {
  const Index n = J.rows();
  Matrix real = Matrix::Zero(2 * n, 2 * n);
  real.topLeftCorner(n, n) = real.bottomRightCorner(n, n) =
      shift.real() * Matrix::Identity(n, n) - J;
  real.topRightCorner(n, n) = -shift.imag() * Matrix::Identity(n, n);
  real.bottomLeftCorner(n, n) = shift.imag() * Matrix::Identity(n, n);
  Vector right(2 * n);
  right << b.real(), b.imag();
  const auto solution = solve(real, right);
  ComplexVector s = ComplexVector::Constant(n, std::nan(""));
  if (solution) {
    s.real() = solution->col(0).head(n);
    s.imag() = solution->col(0).tail(n);
  }
  return s;
}

NormalForm pair_form(const Forms& forms, Complex eigenvalue) {
  const Complex lambda = eigenvalue / std::abs(eigenvalue), i(0, 1);
  Complex power = lambda;
  for (int k = 1; k <= 4; ++k, power *= lambda) {
    if (std::abs(power - 1.0) < resonance) return {};
  }
  const Matrix J = forms.jacobian();
  const auto critical = critical_vectors(J, eigenvalue);
  if (!critical) return {};
  const ComplexVector& q = critical->q;
  const Vector a = q.real(), b = q.imag();
  const Vector aa = forms.second(a, a), ab = forms.second(a, b), bb = forms.second(b, b);
  const ComplexVector qq = (aa - bb).cast<Complex>() + 2.0 * i * ab.cast<Complex>();
  const Vector q_conj_q = aa + bb;
  // p^H = Re p' - i Im p'
  const Vector pr = critical->p.real(), pi = critical->p.imag();
  const auto along = [&](const Matrix& r, const Matrix& im) -> ComplexMatrix {
    return r.cast<Complex>() - i * im.cast<Complex>();
  };
  const ComplexMatrix pB = along(forms.second_along(pr), forms.second_along(pi));
  const ComplexMatrix Ca = along(forms.third_along(pr, a), forms.third_along(pi, a));
  const ComplexMatrix Cb = along(forms.third_along(pr, b), forms.third_along(pi, b));
  // C(q, q, q*) = C(q, q*, a) + i C(q, q*, b), q q* = aa' + bb' in the symmetric part.
  const ComplexVector conj_q = q.conjugate();
  const Complex cubic = (q.transpose() * (Ca + i * Cb) * conj_q).value();
  const ComplexVector s0 = solve_shifted(J, 1.0, q_conj_q.cast<Complex>());
  const ComplexVector s2 = solve_shifted(J, lambda * lambda, qq);
  const Complex first = 2.0 * (q.transpose() * pB * s0).value();
  const Complex second = (conj_q.transpose() * pB * s2).value();
  NormalForm result;
  const double value = 0.5 * (std::conj(lambda) * (cubic + first + second)).real();
  if (!std::isfinite(value)) return {};
  result.coefficient = value;
  result.criticality =
      sign_of(-value, 0.5 * (std::abs(cubic) + std::abs(first) + std::abs(second)) + forms.floor(J),
              forms.error());
  return result;
}

}  // namespace

NormalForm normal_form(const MapFamily& family, In<Vector> x, double p, SpecialKind kind,
                       std::complex<double> eigenvalue) {
  const Forms forms(family, x, p);
  if (kind == SpecialKind::neimark_sacker) return pair_form(forms, eigenvalue);
  return real_form(forms, kind == SpecialKind::period_doubling ? -1 : 1);
}

}  // namespace nullcline::dynamics::detail
