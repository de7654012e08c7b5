// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nullcline/cells/layered.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::cells {

/// Distributions of random parameters that every layered kind knows; n units, m inputs of the
/// layer, F features, g = `gain`:
///
///     pytorch     all U(-1, 1) / sqrt(n), or / sqrt(m) where the layer is not recurrent, the
///                 readout U(-1, 1) / sqrt(F), embedding N(0, 1)
///     renn        input and recurrent weights g N(0, 1) / sqrt(n) [the library of Maheswaranathan
///                 et al. 2019; its variance scaling counts n for both], biases 0, the readout
///                 N(0, 2 / (F + n_out)), its bias N(0, 1e-4), embedding orthogonal
///     fan_in      recurrent g N(0, 1) / sqrt(n), input N(0, 1) / sqrt(m), readout N(0, 1) /
///                 sqrt(F), biases 0, initial state 0.1 N(0, 1) [2025 paper, g = 0.5; the
///                 tutorials computation-thru-dynamics, g = 0.8 to 1]. Where `input_streams` names
///                 the widths of streams of inputs, each is divided by the root of its own [2025]
///     orthogonal  recurrent g times a random orthogonal matrix, the rest as fan_in
///     identity    recurrent g times the identity, the rest as fan_in [Le et al. 2015]
///
/// In gated cells "recurrent" is each gate's matrix. Masked weights are divided by the root of the
/// share of connections, so that their spectral radius stays near g; the factors of low_rank are
/// drawn so that their product has the variance g^2 / n; the weights of Dale's law are absolute
/// values, those of the inhibitory units scaled so that excitation and inhibition cancel in the
/// mean (our choices).
const std::vector<std::string>& initialization_names();
std::string initialization_text();  ///< In a line, for the setting `init`.

/// A masked structure's mask (n, n): `blocks` fully connected blocks, if asked for, and elsewhere a
/// connection with probability `density`.
Matrix random_mask(const Settings& settings, RandomStream& stream);

std::map<std::string, Matrix> random_parameters(const LayeredShape& shape, Index n_in, Index n_out,
                                                RandomStream& stream);

Matrix random_normal(Index rows, Index cols, double sd, RandomStream& stream);

}  // namespace nullcline::cells
