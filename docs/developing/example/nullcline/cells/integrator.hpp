// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "nullcline/cells/registry.hpp"

namespace nullcline::cells {

/// Leaky integrators without connections among them,
///
///     tau dx/dt = -x + B u,   x_t = (1 - alpha) x_{t-1} + alpha B u_t,   alpha = dt / tau.
CellKind integrator();

}  // namespace nullcline::cells
