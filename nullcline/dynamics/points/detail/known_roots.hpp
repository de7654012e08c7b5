// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/packed_product.hpp"

namespace nullcline::dynamics::detail {

/// The roots of G(x) = F(x) - x found so far: told apart, and of use to the searches for more.
///
/// With C = (dG/dx)^-1 at a root a, a state x that is the same root up to rounding errs by the
/// Newton steps of both, |x - a| <= 2 |C| (|G(x)| + |G(a)| + floor), floor being what rounding
/// leaves of G; the factor 2 is Kantorovich's, and |C| is bounded by its Frobenius norm. No x
/// farther away is the same root: that is the criterion. Where dG/dx is singular, as on a line of
/// fixed points, the bound says nothing, and states are apart from sqrt(eps) (1 + |a|) on.
class KnownRoots {
 public:
  explicit KnownRoots(const Map& map) : map_(map), states_(map.dim(), 0) {}

  /// Polishes x and adds it, unless it is one of those there. Its number in either case.
  Index add(In<Vector> x, double residual);

  /// The root that x is.
  std::optional<Index> same_as(In<Vector> x, double residual) const;

  Index size() const { return states_.cols(); }
  const Matrix& states() const { return states_; }  ///< (n, P)
  double residual(Index p) const { return at(p).residual; }

  /// sign det(I - J), by the factorization; 0 where that is singular.
  int degree(Index p) const { return at(p).degree; }

  /// The largest |x - a| that G = 0 within rounding allows: how exact the state is.
  double radius(Index p) const { return reach(p, 0); }

  /// Whether dG/dx at x is regular enough to tell a root there from its surroundings.
  bool is_isolated(In<Vector> x, double residual) const;

  /// The root nearest to x among the first ones whose C is kept.
  std::optional<Index> nearest_with_inverse(In<Vector> x) const;
  /// C G for the columns of G.                                        G: (n, k)
  Matrix times_inverse(Index p, const Matrix& G) const;

 private:
  struct Root {
    double residual = 0;
    double floor = 0;         // of rounding
    double norm = 0;          // |x|
    double inverse_norm = 0;  // |C|_F, infinite if dG/dx is singular
    int degree = 0;
    PackedMatrix<double> inverse;  // C, empty where it is not kept
  };
  const Root& at(Index p) const { return roots_[static_cast<std::size_t>(p)]; }
  double reach(Index p, double residual) const;
  Root describe(In<Vector> x, double residual) const;

  const Map& map_;
  Matrix states_;
  std::vector<Root> roots_;
  std::vector<Index> with_inverse_;
};

}  // namespace nullcline::dynamics::detail
