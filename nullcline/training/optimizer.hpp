// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <vector>

#include "nullcline/cells/cell.hpp"
#include "nullcline/core/settings.hpp"

namespace nullcline::training {

/// A part of an optimizer's memory: one matrix a parameter, empty where it is not trained.
template <std::floating_point Real>
struct Slot {
  std::string name;
  std::vector<MatrixX<Real>> values;
};

/// A rule that moves parameters along their gradients, step k = 1, 2, ... Its whole memory are its
/// slots: whoever restores them continues bit for bit. The rules are those of PyTorch's
/// torch.optim, whose steps they take (tests/training/golden). No update allocates.
template <std::floating_point Real>
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Moves each parameter whose gradient is not empty, at the learning rate `rate`.
  virtual void update(Index k, double rate, const std::vector<MatrixX<Real>>& gradients,
                      std::vector<cells::Parameter<Real>>& parameters) = 0;

  std::vector<Slot<Real>>& slots() { return slots_; }
  const std::vector<Slot<Real>>& slots() const { return slots_; }

 protected:
  /// Slots of zeros in the shapes of `gradients`.
  Optimizer(const std::vector<std::string>& names, const std::vector<MatrixX<Real>>& gradients) {
    for (const std::string& name : names) {
      slots_.push_back({name, gradients});
      for (auto& value : slots_.back().values) value.setZero();
    }
  }
  std::vector<Slot<Real>> slots_;
};

/// Adam [Kingma & Ba 2015, algorithm 1]; AdamW [Loshchilov & Hutter 2019] when `decoupled`:
///
///     g <- g + d theta (Adam)  or  theta <- theta - rate d theta (AdamW),  d the weight decay,
///     m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,
///     theta <- theta - rate m / (1 - beta1^k) / (sqrt(v / (1 - beta2^k)) + epsilon).
///
/// An entry whose gradients were all zero does not move, but for its decay. Slots adam_first (m),
/// adam_second (v).
struct AdamOptions {
  double beta1 = 0.9;     ///< In [0, 1)
  double beta2 = 0.999;   ///< In [0, 1)
  double epsilon = 1e-7;  ///< > 0; TensorFlow's default. PyTorch has 1e-8.
  double weight_decay = 0;
  bool decoupled = false;
};

/// Stochastic gradient descent with momentum mu, plain or Nesterov's in PyTorch's form:
///
///     g <- g + d theta,  m <- mu m + g,  theta <- theta - rate (m or, Nesterov, g + mu m).
///
/// Slot sgd_momentum (m), if mu > 0.
struct SgdOptions {
  double momentum = 0;  ///< mu, in [0, 1)
  bool nesterov = false;
  double weight_decay = 0;
};

/// RMSprop [Tieleman & Hinton 2012], not centered:
///
///     g <- g + d theta,  v <- a v + (1 - a) g^2,  s = g / (sqrt(v) + epsilon),
///     theta <- theta - rate s,  or with momentum mu > 0: m <- mu m + s,  theta <- theta - rate m.
///
/// Slots rms_square (v) and, if mu > 0, rms_momentum (m).
struct RmspropOptions {
  double alpha = 0.99;  ///< a, in [0, 1)
  double epsilon = 1e-8;
  double momentum = 0;
  double weight_decay = 0;
};

template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_adam(const AdamOptions& options,
                                           const std::vector<MatrixX<Real>>& gradients);
template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_sgd(const SgdOptions& options,
                                          const std::vector<MatrixX<Real>>& gradients);
template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_rmsprop(const RmspropOptions& options,
                                              const std::vector<MatrixX<Real>>& gradients);

/// The optimizer that the settings of a training ask for, for gradients of these shapes.
template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_optimizer(const Settings& training,
                                                const std::vector<MatrixX<Real>>& gradients);

/// The Euclidean norm of all gradients together, summed in double.
template <std::floating_point Real>
double global_norm(const std::vector<MatrixX<Real>>& gradients);

/// Scales all gradients by `largest` / `norm` if their global norm `norm` is above `largest`
/// [Pascanu, Mikolov & Bengio 2013].
template <std::floating_point Real>
void clip(std::vector<MatrixX<Real>>& gradients, double norm, double largest);

}  // namespace nullcline::training
