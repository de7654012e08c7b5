// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "nullcline/cells/activation.hpp"
#include "nullcline/cells/fused/factors.hpp"

namespace nullcline::cells::fused {

/// What a step leaves of f'(m) for the way back: of a piecewise linear f a bit, m > 0, so that
/// long sequences stay in cache; of the others the number. Bits have a slot of whole bytes for each
/// vector of units of a trial, a trial after the other; numbers all trials of a vector of units
/// side by side.
template <class Real>
struct Slopes {
  std::uint8_t* bits;  ///< Or null.
  Real* values;        ///< Or null.
};

/// A step of the rate network, x_t = (1 - alpha) x_{t-1} + alpha f(m), or, with f inside, (1 -
/// alpha) x_{t-1} + alpha m and r_t = f(x_t). Columns of operands are `ld` apart, those of x beside
/// r n' = left.units, of noise n.
template <class Real>
struct RateForward {
  Left<Real> left;
  const Real* operand;        ///< [x_{t-1}; u_t; 1], or [r_{t-1}; ..]
  Real* next;                 ///< x_t, or r_t
  const Real* x;              ///< x_{t-1} beside r_{t-1}; null at the start, and with f outside.
  Real* next_x;               ///< x_t beside r_t; null: f is outside.
  Slopes<Real> slopes;        ///< f'(m), or f'(x_t)
  const Real* noise;          ///< Normals in f, or null.
  const Real* outside_noise;  ///< Normals added to x_t, or null.
  Index n, ld, batch;
  Real alpha, noise_scale, negative_slope;  ///< The last is of a piecewise linear f.
  Activation activation;
};

/// And back: g = M' delta_{t+1} + D' e_t + carry is dL/dx_t; delta_t = alpha f'(m) g, and what
/// goes on to x_{t-1} past the product, carry <- (1 - alpha) g. With f inside, M' delta_{t+1} +
/// D' e_t is dL/dr_t, g = f'(x_t) dL/dr_t + carry, and delta_t = alpha g.
template <class Real>
struct RateBackward {
  Left<Real> left;
  const Real* later;  ///< [delta_{t+1}; e_t]
  Real* now;          ///< delta_t
  Slopes<Real> slopes;
  Real* carry;
  const Real* more;     ///< Added to D' e_t, (n, B), or null.
  const Real* operand;  ///< [x_{t-1}; ..], which the outer product will want
  Index n, ld, operand_ld, batch;
  Real alpha, negative_slope;
  bool f_inside;
};

void run(const RateForward<float>& s);
void run(const RateForward<double>& s);
void run(const RateBackward<float>& s);
void run(const RateBackward<double>& s);

}  // namespace nullcline::cells::fused
