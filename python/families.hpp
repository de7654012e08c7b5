// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "bindings.hpp"
#include "nullcline/cells/network.hpp"
#include "nullcline/dynamics/branches/family.hpp"
#include "system.hpp"

namespace nullcline::python {

/// A function (x, p) of Python as a MapFamily, as PythonMap is one of x.
class PythonFamily final : public dynamics::MapFamily {
 public:
  PythonFamily(py::function function, Index dim, bool batched);
  Index dim() const override { return dim_; }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;

 private:
  py::function function_;
  Index dim_;
  bool batched_;
};

/// The networks with the parameters (1 - p) theta_0 + p theta_1, at a constant input. Derivatives
/// in x are exact where those of the networks are, those in p central differences.
class NetworkLine final : public dynamics::MapFamily {
 public:
  /// The settings are those of the first. Throws Error unless cells and shapes are the same, and on
  /// an input of another size.
  NetworkLine(const cells::Network& first, const cells::Network& second, const py::object& input);
  Index dim() const override { return first_.state_dim(); }
  void step(In<Matrix> X, double p, Out<Matrix> Y) const override;
  Matrix jacobian(In<Vector> x, double p) const override;
  Derivatives derivatives() const override { return derivatives_; }

 private:
  std::unique_ptr<DrivenMap> at(double p) const;
  cells::Network first_, second_;
  Vector input_;
  Derivatives derivatives_;
};

/// What nc.MapFamily makes.
struct UserFamily {
  std::shared_ptr<const dynamics::MapFamily> family;
  double dt = 1;
  bool of_python = true;
};

/// What continuations take: a network on the line from one input (n_in,) to another, or a
/// UserFamily, whose inputs are None.
class FamilyOf {
 public:
  FamilyOf(const py::object& net, const py::object& input_from, const py::object& input_to);

  const dynamics::MapFamily& family() const { return *family_; }
  Index dim() const { return family_->dim(); }
  double dt() const { return dt_; }
  void run(const Work& work) const { run_work(of_python_, 1, work); }

 private:
  std::unique_ptr<DrivenMap> driven_;
  std::shared_ptr<const dynamics::MapFamily> family_;
  double dt_ = 1;
  bool of_python_ = false;
};

}  // namespace nullcline::python
