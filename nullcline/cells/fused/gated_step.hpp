// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/fused/factors.hpp"
#include "nullcline/cells/fused/gated.hpp"

namespace nullcline::cells::fused {

/// What a step leaves for the way back: `saved_vectors` vectors for each vector of units of a
/// trial, all trials of a vector of units side by side.
///
///     ugrnn       u, c               lstm        i, f, g, o, phi(c')
///     gru_after   r, z, c, hn        gru_before  r, z, c
constexpr Index saved_vectors(GatedCell cell) {
  constexpr Index counts[] = {2, 5, 4, 3};
  return counts[static_cast<int>(cell)];
}

/// Columns of operands are `ld` apart, those of cells and carries n' = left.units.
template <class Real>
struct GatedForward {
  GatedCell cell;
  Left<Real> left;
  const Real* operand;  ///< [h_{t-1}; u_t; 1]
  Real* next;           ///< h_t
  const Real* cells;    ///< c_{t-1} of lstm
  Real* next_cells;     ///< c_t
  Real* saved;
  const Real* noise;  ///< Normals (n, B), or null.
  Index n, ld, batch;
  Real noise_scale, negative_slope;
  Activation activation;

  // The second stage of gru_before.
  Left<Real> second_left;
  Real* second_operand;  ///< [r h_{t-1}; u_t; 1]
};

/// And back. Blocks of delta_t, those first that the product back to h does not take:
///
///     ugrnn       u, c               lstm        i, f, g, o
///     gru_after   xn | r, z, hn      gru_before  c | r, z
template <class Real>
struct GatedBackward {
  GatedCell cell;
  Left<Real> left;
  const Real* later;  ///< [delta_{t+1}; e_t]
  Real* now;          ///< delta_t
  const Real* operand;
  const Real* cells;  ///< c_{t-1} of lstm
  const Real* saved;
  Real* carry;       ///< dL/dh past the product: of h_t on entry, of h_{t-1} on return; of lstm
                     ///< only read.
  Real* cell_carry;  ///< The same of c.
  const Real* more;  ///< Added to dL/dh_t, (rows, B) with columns `more_ld` apart, or null.
  Index more_ld;
  Index n, ld, delta_ld, batch;
  Real negative_slope;
  Activation activation;

  Left<Real> second_left;  ///< Of gru_before: W_c'.
};

void run(const GatedForward<float>& step);
void run(const GatedForward<double>& step);
void run(const GatedBackward<float>& step);
void run(const GatedBackward<double>& step);

}  // namespace nullcline::cells::fused
