// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::study {

/// What the analysis `connectivity` says of structure: each adds its arrays and attributes, with
/// the settings of the analysis.

/// Of what LAPACK gave up on, the reason: attributes["not_known"][what]. Its numbers are NaN.
void put_known(io::Dataset& result, const std::string& what, bool known);

/// Rank of after - before against shuffled entries.
void put_rank(io::Dataset& result, In<Matrix> before, In<Matrix> after, const Settings& settings);

/// Motifs of pairs and triads; when: "before" or "after". Nothing of fewer than three units.
void put_motifs(io::Dataset& result, const std::string& when, In<Matrix> W,
                const Settings& settings);

/// The two groups of a network under Dale's law, if `after` is one.
void put_blocks(io::Dataset& result, In<Matrix> after, const Settings& settings);

/// Pseudospectrum and Kreiss constants of W, if `settings` ask for it.
void put_pseudospectrum(io::Dataset& result, const std::string& when, In<Matrix> W,
                        const Settings& settings);

/// Where a change (n, n) writes and reads, beside input weights (n, m) and the readout (n_out, n);
/// nothing where these have other sizes or nothing changed.
void put_alignment(io::Dataset& result, In<Matrix> change, In<Matrix> inputs, In<Matrix> readout);

}  // namespace nullcline::study
