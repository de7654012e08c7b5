// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

#include "nullcline/dynamics/branches/continuation.hpp"

namespace nullcline::dynamics::detail {

/// The coefficient of the cubic term of a map's normal form on the center manifold at a special
/// point, and what its sign says [Kuznetsov 2004, "Elements of applied bifurcation theory", section
/// 5.4]. With J q = lambda q, J^H p = conj(lambda) p, |q| = 1, p^H q = 1, and B, C the second and
/// third derivatives of F in x as bi- and trilinear forms:
///
///     period doubling  y -> -y + b y^3,   b = p'C(q,q,q) / 6 - p'B(q, (J - I)^-1 B(q,q)) / 2
///     pitchfork        y -> y + b y^3,    the same with p, q at +1, and the solution s of
///                                         (J - I) s = B(q,q) - p (p'B(q,q)), q's = 0
///     Neimark-Sacker   y -> lambda y (1 + d |y|^2),  Re d = Re{ conj(lambda) [ p^H C(q,q,q*)
///                          + 2 p^H B(q, (I - J)^-1 B(q,q*))
///                          + p^H B(q*, (lambda^2 I - J)^-1 B(q,q)) ] } / 2
///
/// Supercritical: b > 0 at a period doubling, b < 0 at a pitchfork, Re d < 0 at a Neimark-Sacker
/// point. p'B is exact where second_derivative is; B(q,q) and C are central differences of J and of
/// second_derivative. A coefficient below their error is undecided, and so is a pair within 1e-4 of
/// lambda^k = 1, k = 1 .. 4, where the normal form is another.
struct NormalForm {
  double coefficient = 0;
  Criticality criticality = Criticality::undecided;
};

/// At (x, p) with the multiplier `eigenvalue` of that kind: a period doubling, a Neimark-Sacker
/// point, or a branch point that is a pitchfork.
NormalForm normal_form(const MapFamily& family, In<Vector> x, double p, SpecialKind kind,
                       std::complex<double> eigenvalue);

}  // namespace nullcline::dynamics::detail
