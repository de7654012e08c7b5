// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/representation/similarity/compare_all.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {

/// Whether the cross products are made in float.
bool is_single(const Metric& metric);

/// Columns of the factor of a linear metric, at most.
Index most_columns(const Population& population, Index network, const PopulationOptions& options,
                   const Metric& metric);

}  // namespace nullcline::representation::detail
