// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"

namespace nullcline::study {

/// The result of the analysis `connectivity`, with the settings of its schema, for any two square
/// matrices of one size: histograms, spectra, departures from normality, centralities.
io::Dataset compare_weights(In<Matrix> before, In<Matrix> after, const Settings& settings);

}  // namespace nullcline::study
