// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings.hpp"

namespace nullcline::python {

/// Part of register_representation: lag covariances, and the angles of random subspaces.
void register_covariances(py::module_& m);

}  // namespace nullcline::python
