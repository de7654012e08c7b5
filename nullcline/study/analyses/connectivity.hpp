// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/network.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::study {

/// The result of the analysis `connectivity`, with the settings of its schema, for any two square
/// matrices of one size: histograms, spectra, departures from normality, centralities.
io::Dataset compare_weights(In<Matrix> before, In<Matrix> after, const Settings& settings);

/// The same of the recurrent weights of two networks of one kind and size, with the alignment of
/// the change. Of a network with several blocks of weights, one a gate and layer
/// (cells/recurrent_blocks.hpp), attribute `matrices` has their names, and what is known of NAME
/// are the arrays NAME/... and the attributes in matrix.NAME. Throws Error where there are none, or
/// other ones.
io::Dataset compare_networks(const cells::Network& before, const cells::Network& after,
                             const Settings& settings);

}  // namespace nullcline::study
