// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "nullcline/core/types.hpp"
#include "nullcline/dynamics/linear/modes.hpp"

namespace nullcline::dynamics {

/// What an input does through the modes. An input u (m) that acts once, through the input Jacobian
/// J_inp (n, m), has the effect on the state k >= 0 steps later
///
///     J^k J_inp u = sum_a r_a c_a,     c_a = lambda_a^k l_a^H J_inp u
///
/// [Maheswaranathan et al. 2019, "Reverse engineering recurrent networks for sentiment
/// classification reveals line attractor dynamics"].
/// Columns of U (m, B) are inputs. Modes without a left vector contribute nothing. All throw
/// std::invalid_argument on a wrong size or a negative k.

/// c_a for each input.                                                      (n, B)
ComplexMatrix mode_amplitudes(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U, Index k);

/// sum_a Re(r_a c_a) over the `selected` modes; of a conjugate pair select both, so that the sum is
/// real by itself. All of them: J^k J_inp U.                                (n, B)
Matrix mode_response(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U, Index k,
                     std::span<const Index> selected);

/// Re(w' r_a c_a), what each mode gives a readout w (n); their sum is w' J^k J_inp U. (n, B)
Matrix readout_contributions(const Modes& modes, In<Matrix> input_jacobian, In<Matrix> U, Index k,
                             In<Vector> readout);

struct AblationOptions {
  Index steps = 0;         ///< k >= 0, between the input and the output.
  double fraction = 0.95;  ///< In (0, 1], of the full response; see `modes_needed`.
};

/// The predicted output while modes are removed, those of smallest |lambda| first.
struct ModeAblation {
  Matrix outputs;          ///< (n + 1, P) row j: with the j modes of largest |lambda|.
  Vector mean;             ///< (n + 1) over the points.
  Vector standard_error;   ///< (n + 1) of that mean; 0 for a single point.
  Index modes_needed = 0;  ///< The smallest j from which on |mean(i) - mean(n)| <= (1 - fraction)
                           ///< |mean(n)| for all i >= j: they carry that fraction of the response.
  Index points = 0;        ///< P: points whose modes are complete; others are left out.
};

/// Figure 3f of [Maheswaranathan et al. 2019, "Universality and individuality"]: linearize at each
/// point, apply a unit input, predict the output, remove the modes one at a time, average over the
/// points:
///
///     y_j = sum_{a < j} w' r_a lambda_a^k l_a^H J_inp u / |u|.
///
/// Modes are real or pairs, and a pair goes as one: where j would split it, both are out.
/// `input_jacobians` has one matrix a point, or one for all. Throws std::invalid_argument on a
/// wrong size or option, or u = 0.
ModeAblation ablate_modes(std::span<const Modes> points, std::span<const Matrix> input_jacobians,
                          In<Vector> input, In<Vector> readout,
                          const AblationOptions& options = {});

}  // namespace nullcline::dynamics
