// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/optimizer.hpp"

#include <cmath>
#include <stdexcept>

namespace nullcline::training {

template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_optimizer(const Settings& training,
                                                const std::vector<MatrixX<Real>>& gradients) {
  const std::string& name = training.text("optimizer");
  const double decay = training.number("weight_decay"), momentum = training.number("momentum");
  const double epsilon = training.number("epsilon");
  if (name == "adam" || name == "adamw") {
    return make_adam<Real>(
        {training.number("beta1"), training.number("beta2"), epsilon, decay, name == "adamw"},
        gradients);
  }
  if (name == "sgd") return make_sgd<Real>({momentum, training.flag("nesterov"), decay}, gradients);
  if (name == "rmsprop") {
    return make_rmsprop<Real>({training.number("alpha"), epsilon, momentum, decay}, gradients);
  }
  throw std::invalid_argument("make_optimizer: '" + name + "' is no rule of one gradient a step");
}

template <std::floating_point Real>
double global_norm(const std::vector<MatrixX<Real>>& gradients) {
  constexpr int side_by_side = 16;  // sums that do not wait for each other
  Eigen::Array<double, side_by_side, 1> sums = Eigen::Array<double, side_by_side, 1>::Zero();
  double squares = 0;
  for (const auto& gradient : gradients) {
    const Index whole = gradient.size() / side_by_side * side_by_side;
    for (Index i = 0; i < whole; i += side_by_side) {
      const Eigen::Map<const Eigen::Array<Real, side_by_side, 1>> g(gradient.data() + i);
      sums += g.template cast<double>().square();
    }
    squares +=
        gradient.reshaped().tail(gradient.size() - whole).template cast<double>().squaredNorm();
  }
  return std::sqrt(squares + sums.sum());
}

template <std::floating_point Real>
void clip(std::vector<MatrixX<Real>>& gradients, double norm, double largest) {
  if (norm <= largest) return;
  const auto scale = static_cast<Real>(largest / norm);
  for (auto& gradient : gradients) gradient *= scale;
}

template std::unique_ptr<Optimizer<float>> make_optimizer(const Settings&,
                                                          const std::vector<MatrixX<float>>&);
template std::unique_ptr<Optimizer<double>> make_optimizer(const Settings&,
                                                           const std::vector<MatrixX<double>>&);
template double global_norm(const std::vector<MatrixX<float>>&);
template double global_norm(const std::vector<MatrixX<double>>&);
template void clip(std::vector<MatrixX<float>>&, double, double);
template void clip(std::vector<MatrixX<double>>&, double, double);

}  // namespace nullcline::training
