// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings.hpp"

namespace nullcline::python {

/// The part of register_geometry that looks at tangents: comparison, alignment, learning.
void register_warp(py::module_& m);

}  // namespace nullcline::python
