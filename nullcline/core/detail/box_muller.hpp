// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <numbers>

namespace nullcline::detail {

// Polynomials by falling powers, minimax on their intervals (weighted least squares on Chebyshev
// nodes, reweighted to equal ripples): relative errors 3e-8, 3e-9 and 3e-8.
inline constexpr std::array log_over_f = {  // log(1 + f) / f, 1 + f in [1/sqrt 2, sqrt 2]
    0.089599065f, -0.14482184f, 0.14917378f,  -0.16543739f, 0.19958417f,
    -0.25002947f, 0.3333416f,   -0.49999979f, 1.0f};
inline constexpr std::array sine_over_x = {-0.00019504022f, 0.008332036f, -0.16666651f,
                                           1.0f};                                         // by x^2
inline constexpr std::array cosine = {-0.0013585909f, 0.041655026f, -0.49999857f, 1.0f};  // by x^2
inline constexpr std::int32_t sqrt_half_bits = 0x3f3504f3;
inline constexpr float eighth_turn = std::numbers::pi_v<float> / 4 / 2147483648.0f;
inline constexpr float unit = 1.0f / 2147483648.0f;

}  // namespace nullcline::detail
