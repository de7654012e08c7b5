// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "bindings.hpp"
#include "nullcline/core/map.hpp"

namespace nullcline::python {

/// Y = f(X) by a function of Python, a state a row: of all (B, n) at once if `batched`, else of
/// one (n,) at a time. Takes the GIL; raises what the function raises, and a pending signal.
void evaluate_rows(const std::function<py::object(const py::object& states)>& function,
                   bool batched, In<Matrix> X, Out<Matrix> Y);

/// A function of Python as a Map; derivatives by finite differences. Takes the GIL for each call,
/// so that it is to be used by one thread that does not hold it. What the function raises goes
/// through the library as py::error_already_set.
class PythonMap final : public Map {
 public:
  /// `batched`: the function takes (B, n) and returns (B, n); else (n,) and (n,).
  PythonMap(py::function function, Index dim, bool batched);

  Index dim() const override { return dim_; }
  void step(In<Matrix> X, Out<Matrix> Y) const override;

 private:
  py::function function_;
  Index dim_;
  bool batched_;
};

}  // namespace nullcline::python
