// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/core/progress.hpp"

namespace nullcline::dynamics {

enum class CertificateStatus {
  certified,        ///< Exactly one fixed point lies in the box.
  not_contracting,  ///< No box that was tried is good: x is too far from a fixed point, or that is
                    ///< nearly degenerate, or a kink lies too near.
  singular,         ///< I - J(x) cannot be told from a singular matrix.
  no_enclosure,     ///< The map gives no bounds, see Map::enclose.
  not_finite,       ///< x, F(x) or J(x) is not finite.
  cancelled,
};

const char* name_of(CertificateStatus status);  ///< "certified", ...

struct CertificateOptions {
  double largest_radius = 1;  ///< > 0; uniqueness is not tried beyond it.
  Index attempts = 8;         ///< >= 0; at a larger radius_unique, each one enclosure of J.
  bool stability = false;     ///< Also prove `unstable`; several times dearer.
  Threads threads = {};
  Progress progress = {};  ///< By points done.
};

/// What is proven of one candidate x. Boxes are |y - x|_max <= radius.
struct Certificate {
  CertificateStatus status = CertificateStatus::cancelled;
  double radius_exists = 0;  ///< A fixed point x* lies in this box.
  double radius_unique = 0;  ///< And no other in this larger one.
  double newton_step = 0;    ///< At least |C (F(x) - x)|_max.
  double contraction = 0;    ///< kappa over the box in which existence was shown.
  int degree = 0;            ///< sign det(I - J), the same all over the unique box; 0: not proven.
  Index unstable = -1;       ///< How many |lambda| > 1 J(x*) has, none being 1; -1: not proven.
};

/// Proves that a fixed point of `map` lies near x (n), n > 0, by the theorem of Newton and
/// Kantorovich in the form of Krawczyk [1969], in real arithmetic: every rounding is bounded, that
/// of the map's own values too (Map::enclose).
///
/// With G = F - id, any matrix C, here about (I - J(x))^-1, and X the box of radius r around x,
/// T(y) = y + C G(y) has the derivatives I - C (I - J(y)). If
///
///     kappa(r) = max over X of |I - C (I - J)|_max  < 1   and   |C G(x)|_max + kappa(r) r <= r,
///
/// T takes X into itself and contracts, so that X holds exactly one fixed point of T. As kappa < 1
/// makes C and I - J regular, this is the one fixed point of F there. r is tried at small multiples
/// of |C G(x)|; then radius_exists = |C G(x)| / (1 - kappa), and radius_unique is the largest
/// radius found with kappa < 1, which is enough for T to have no second fixed point.
///
/// det C det(I - J(y)) > 0 for the same reason; the sign of det C is that of L U, of which |I - C
/// P' L U| < 1 is verified. `unstable` is by discs, see spectrum_bounds.hpp.
///
/// What is proven is about the map of real numbers with exactly the doubles of the network as
/// parameters, and rests on the accuracy of the C library, see `trusted_ulps` (interval.hpp).
///
/// Costs for n numbers of state: one LU with its inverse and two products, 6 n^3 multiplications
/// and additions, and O(n^2) for each radius tried (of a cell with one stage).
///
/// Throws std::invalid_argument on a wrong size or option.
Certificate certify(const Map& map, In<Vector> x, const CertificateOptions& options = {});

/// The same at each column of states (n, P). Does not depend on the number of threads.
std::vector<Certificate> certify_all(const Map& map, In<Matrix> states,
                                     const CertificateOptions& options = {});

}  // namespace nullcline::dynamics
