// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "nullcline/core/map.hpp"

namespace nullcline {

/// Derivatives by central differences, for checking hand-written ones and for users' functions.
///
/// The step at coordinate j is h_j = eps^(1/3) max(1, |x_j|); the error of a first derivative is
/// O(eps^(2/3)) ~ 4e-11 times the size of f and its third derivative.
using VectorFunction = std::function<Vector(In<Vector>)>;
using ScalarFunction = std::function<double(In<Vector>)>;

Matrix finite_difference_jacobian(const VectorFunction& f, In<Vector> x);
Vector finite_difference_gradient(const ScalarFunction& f, In<Vector> x);

/// The largest relative error, |exact - differences| / max(1, |differences|), entry by entry, of
/// each derivative that an operator gives, against central differences of the one below it;
/// infinite where a derivative is not finite. Tangents are checked at two points near each other,
/// so that blocks in a wrong order show.
struct DerivativeErrors {
  double jacobian_state = 0, jacobian_input = 0;
  double push_forward = 0, pull_back = 0;
  double second_derivative = 0;    ///< Against differences of the pull-back.
  double second_push_forward = 0;  ///< Against differences of the push-forward.
  double largest() const;
};

DerivativeErrors check_derivatives(const DrivenFunction& f, In<Vector> x, In<Vector> u);
DerivativeErrors check_derivatives(const Map& map, In<Vector> x);

}  // namespace nullcline
