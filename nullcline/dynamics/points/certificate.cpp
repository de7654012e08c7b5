// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/points/spectrum_bounds.hpp"

namespace nullcline::dynamics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check(const Map& map, Index rows, const CertificateOptions& options) {
  require(map.dim() > 0 && rows == map.dim(),
          "certify: states must have the dimension of the map, which must be > 0");
  require(options.largest_radius > 0 && options.attempts >= 0,
          "certify: need largest_radius > 0 and attempts >= 0");
}

/// The test of the header around one x.
class Krawczyk {
 public:
  Krawczyk(const Map& map, In<Vector> x) : map_(map), x_(x) {}

  /// What stands in the way of testing any box; nothing if nothing does.
  std::optional<CertificateStatus> prepare() {
    if (!x_.allFinite()) return CertificateStatus::not_finite;
    auto J = map_.enclose_jacobian(box_around(x_, 0));
    const auto F = map_.enclose(box_around(x_, 0));
    if (!J || !F) return CertificateStatus::no_enclosure;
    if (!J->is_finite()) return CertificateStatus::not_finite;
    J_ = std::move(J->center);
    M_ = Matrix::Identity(dim(), dim()) - J_;
    lu_ = lu(M_);
    const auto C = inverse(lu_);
    if (!C || !C->allFinite()) return CertificateStatus::singular;
    C_size_ = C->cwiseAbs();
    own_ = distance_from_identity(*C);
    at_point_ = contraction_over({J_, J->radius});
    if (!(at_point_ < 1)) return CertificateStatus::singular;
    return bound_step(*C, *F) ? std::nullopt
                              : std::optional<CertificateStatus>(CertificateStatus::not_finite);
  }

  double step() const { return step_; }
  double contraction_at_point() const { return at_point_; }

  /// At least kappa(r).
  double contraction(double r) const {
    const auto J = map_.enclose_jacobian(box_around(x_, r));
    return J && J->is_finite() ? contraction_over(*J) : infinity;
  }

  /// sign det(I - J) where kappa < 1; 0 if it could not be proven.
  int sign_of_determinant() const {
    const Vector diagonal = lu_.factors.diagonal();
    Matrix L = lu_.lower();
    const Matrix U = lu_.upper();
    lu_.restore_rows(L);
    const Vector residual = above_all(upper_row_sums((M_ - multiply(L, U)).cwiseAbs()));
    const Vector rounding =
        upper_product(L.cwiseAbs(), upper_row_sums(U.cwiseAbs())) * gamma_bound(dim());
    if (!(largest(residual + rounding) < 1)) return 0;
    int sign = lu_.permutation_sign();
    for (const double pivot : diagonal) sign = pivot < 0 ? -sign : sign;
    return sign;
  }

 private:
  Index dim() const { return x_.size(); }

  /// Raised by what two roundings of every term of a non-negative sum may have lost.
  static Vector above_all(const Vector& v) {
    return (v.array() * (1 + gamma_bound(4)) + underflow).matrix();
  }

  /// |I - C M| (1, ..., 1).
  Vector distance_from_identity(const Matrix& C) const {
    Matrix E = multiply(C, M_);
    E.diagonal().array() -= 1;
    const Vector rounding =
        upper_product(C_size_, upper_row_sums(M_.cwiseAbs())) * gamma_bound(dim());
    return above_all(above_all(upper_row_sums(E.cwiseAbs())) + rounding);
  }

  /// At least |I - C (I - J)| for all J of a ball.
  double contraction_over(const MatrixBall& J) const {
    // |I - J - M| <= |J_c - J(x)| + J_r, and the rounding of 1 - J_ii in M.
    const Vector spread = upper_row_sums((J.center - J_).cwiseAbs() + J.radius);
    return largest(above_all(spread) + unit_roundoff * M_.diagonal().cwiseAbs());
  }

  /// max (|I - C M| 1 + |C| v) for v >= 0: the norm of I - C A for all A with |A - M| 1 <= v.
  double largest(const Vector& v) const {
    const Vector rows = above_all(own_ + upper_product(C_size_, above_all(v)));
    return rows.allFinite() ? rows.maxCoeff() : infinity;
  }

  bool bound_step(const Matrix& C, const Box& F) {
    Box G = F;
    for (Index i = 0; i < dim(); ++i) G[static_cast<std::size_t>(i)] -= x_(i);
    step_ = 0;
    for (const Interval& d : product(C, G)) {
      if (!d.is_finite()) return false;
      step_ = std::max(step_, d.magnitude());
    }
    return true;
  }

  const Map& map_;
  Vector x_;
  Matrix J_, M_;         // J(x), I - J(x), rounded
  LuFactors lu_;         // of M
  Matrix C_size_;        // |C|, C about the inverse of M
  Vector own_;           // |I - C M| 1
  double step_ = 0;      // |C G(x)|
  double at_point_ = 0;  // kappa(0)
};

/// A box that is taken into itself, and kappa over it.
struct ContractingBox {
  double radius, kappa;
};

/// First a box large enough to tell how kappa grows, then a few multiples of the step: where kappa
/// grows linearly with r, 2 is the one that works if any does [Kantorovich].
std::optional<ContractingBox> find_box(const Krawczyk& test, double largest) {
  const double step = test.step();
  for (const double radius : {1e-8 * largest, 2 * step, 3 * step, 6 * step}) {
    if (!(radius > step)) continue;
    const double kappa = test.contraction(radius);
    if (kappa < 1 && above(step + above(kappa * radius)) <= radius) return {{radius, kappa}};
  }
  return std::nullopt;
}

/// The largest radius found with kappa < 1, by where kappa would be 0.97 on the line through what
/// is known: from kappa at x to the largest good box, and where a bad one is known, from there to
/// that. kappa mostly grows faster than in proportion, so that the second line does not miss.
double widest(const Krawczyk& test, const ContractingBox& box, const CertificateOptions& options) {
  constexpr double aim = 0.97, enough = 0.9;
  const double own = test.contraction_at_point();
  ContractingBox good = box, bad{infinity, infinity};
  for (Index i = 0; i < options.attempts && good.radius < options.largest_radius; ++i) {
    double next = good.radius * (aim - own) / std::max(good.kappa - own, 0.0);
    if (bad.kappa < infinity) {
      next =
          good.radius + (bad.radius - good.radius) * (aim - good.kappa) / (bad.kappa - good.kappa);
    } else if (bad.radius < infinity) {
      next = std::sqrt(good.radius) * std::sqrt(bad.radius);
    }
    next = std::min(next, options.largest_radius);
    if (!(next > good.radius) || !(next < bad.radius)) break;
    const double kappa = test.contraction(next);
    (kappa < 1 ? good : bad) = {next, kappa};
    if (good.kappa >= enough || good.radius > enough * bad.radius) break;
  }
  return good.radius;
}

}  // namespace

const char* name_of(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::certified:
      return "certified";
    case CertificateStatus::not_contracting:
      return "not_contracting";
    case CertificateStatus::singular:
      return "singular";
    case CertificateStatus::no_enclosure:
      return "no_enclosure";
    case CertificateStatus::not_finite:
      return "not_finite";
    case CertificateStatus::cancelled:
      return "cancelled";
  }
  return "";
}

Certificate certify(const Map& map, In<Vector> x, const CertificateOptions& options) {
  check(map, x.size(), options);
  Certificate result;
  Krawczyk test(map, x);
  if (const auto obstacle = test.prepare()) {
    result.status = *obstacle;
    return result;
  }
  result.newton_step = test.step();
  const auto box = find_box(test, options.largest_radius);
  if (!box) {
    result.status = CertificateStatus::not_contracting;
    return result;
  }
  result.status = CertificateStatus::certified;
  result.contraction = box->kappa;
  result.radius_exists = std::min(box->radius, above(test.step() / below(1 - box->kappa)));
  result.radius_unique = widest(test, *box, options);
  result.degree = test.sign_of_determinant();
  if (options.stability) {
    const auto J = map.enclose_jacobian(box_around(x, result.radius_exists));
    result.unstable = J ? eigenvalues_outside_unit_circle(*J).value_or(-1) : -1;
  }
  return result;
}

std::vector<Certificate> certify_all(const Map& map, In<Matrix> states,
                                     const CertificateOptions& options) {
  check(map, states.rows(), options);
  std::vector<Certificate> results(static_cast<std::size_t>(states.cols()));
  detail::over_items(states.cols(), options.threads, options.progress, [&](Index p) {
    results[static_cast<std::size_t>(p)] = certify(map, states.col(p), options);
  });
  return results;
}

}  // namespace nullcline::dynamics
