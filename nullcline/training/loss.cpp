// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/loss.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

/// Every function takes columns of z, leaves dL/dz in them, and returns their part of the loss.
template <class Real>
struct Columns {
  Index outputs, count;
  const Real *targets, *shares;
  Real* z;
  const Real* of_outputs;  ///< v, or null: all 1

  Real weight(Index o) const { return of_outputs == nullptr ? Real(1) : of_outputs[o]; }
};

template <class Real>
double squared_error(const Columns<Real>& c) {
  Real sum = 0;
  if (c.outputs == 1 && c.of_outputs == nullptr) {
    const Eigen::Map<const Eigen::Array<Real, Eigen::Dynamic, 1>> y(c.targets, c.count),
        w(c.shares, c.count);
    Eigen::Map<Eigen::Array<Real, Eigen::Dynamic, 1>> z(c.z, c.count);
    z -= y;
    sum = (w * z.square()).sum();
    z *= 2 * w;
    return static_cast<double>(sum);
  }
  for (Index k = 0; k < c.count; ++k) {
    const Real share = c.shares[k], twice = 2 * share;
    Real* z = c.z + k * c.outputs;
    const Real* y = c.targets + k * c.outputs;
    Real squares = 0;
    for (Index o = 0; o < c.outputs; ++o) {
      const Real error = z[o] - y[o], weighted = c.weight(o) * error;
      squares += error * weighted;
      z[o] = weighted * twice;
    }
    sum += share * squares;
  }
  return static_cast<double>(sum);
}

template <class Real>
double binary_cross_entropy(const Columns<Real>& c) {
  double sum = 0;
  for (Index k = 0; k < c.count; ++k) {
    const Real share = c.shares[k];
    if (share == 0) {  // a masked step is not looked at: 0 times infinity is no loss
      std::fill_n(c.z + k * c.outputs, c.outputs, Real(0));
      continue;
    }
    Real terms = 0;
    for (Index o = 0; o < c.outputs; ++o) {
      const Index at = k * c.outputs + o;
      const Real z = c.z[at], y = c.targets[at], v = c.weight(o);
      const Real small = std::exp(-std::abs(z));  // never overflows
      terms += v * (std::max(z, Real(0)) + std::log1p(small) - y * z);
      const Real logistic = z >= 0 ? 1 / (1 + small) : small / (1 + small);
      c.z[at] = share * v * (logistic - y);
    }
    sum += static_cast<double>(share * terms);
  }
  return sum;
}

template <class Real>
double categorical_cross_entropy(const Columns<Real>& c) {
  double sum = 0;
  for (Index k = 0; k < c.count; ++k) {
    const Real share = c.shares[k];
    Real* z = c.z + k * c.outputs;
    const Real* y = c.targets + k * c.outputs;
    if (share == 0) {
      std::fill_n(z, c.outputs, Real(0));
      continue;
    }
    const Real highest = *std::max_element(z, z + c.outputs);
    Real total = 0, mass = 0, hit = 0;
    for (Index o = 0; o < c.outputs; ++o) {
      hit += y[o] * (z[o] - highest);
      mass += y[o];
      z[o] = std::exp(z[o] - highest);
      total += z[o];
    }
    sum += static_cast<double>(share * (mass * std::log(total) - hit));
    for (Index o = 0; o < c.outputs; ++o) z[o] = share * (mass * z[o] / total - y[o]);
  }
  return sum;
}

}  // namespace

template <std::floating_point Real>
void loss_shares(tasks::Loss loss, const tasks::Trials& trials, MatrixX<Real>& shares) {
  const bool each = loss != tasks::Loss::categorical_cross_entropy;
  const Vector& v = trials.output_weights;
  require(
      v.size() == 0 || (each && v.size() == trials.targets.rows()),
      "loss: output_weights must be empty, or one for each output of a loss that is a mean over "
      "outputs");
  const double outputs = v.size() > 0 ? v.sum() : static_cast<double>(trials.targets.rows());
  const double total = trials.weights.sum() * (each ? outputs : 1);
  shares = (trials.weights.array() / total).matrix().template cast<Real>();
}

template <std::floating_point Real>
double loss_and_gradient(tasks::Loss loss, In<MatrixX<Real>> targets, In<MatrixX<Real>> shares,
                         InOut<MatrixX<Real>> z, In<VectorX<Real>> of_outputs) {
  const Index outputs = z.rows(), columns = z.cols();
  require(targets.rows() == outputs && targets.cols() == columns && shares.cols() == columns &&
              shares.rows() == 1 && z.outerStride() == outputs &&
              targets.outerStride() == outputs && shares.outerStride() == 1 &&
              (of_outputs.size() == 0 || of_outputs.size() == outputs),
          "loss_and_gradient: targets and shares must fit the outputs");
  constexpr Index block = 256;
  double sum = 0;
  for (Index k = 0; k < columns; k += block) {
    const Columns<Real> some{outputs,
                             std::min(block, columns - k),
                             targets.data() + k * outputs,
                             shares.data() + k,
                             z.data() + k * outputs,
                             of_outputs.size() == 0 ? nullptr : of_outputs.data()};
    switch (loss) {
      case tasks::Loss::squared_error:
        sum += squared_error(some);
        break;
      case tasks::Loss::binary_cross_entropy:
        sum += binary_cross_entropy(some);
        break;
      case tasks::Loss::categorical_cross_entropy:
        sum += categorical_cross_entropy(some);
        break;
    }
  }
  return sum;
}

tasks::Loss loss_from(const std::string& name, const tasks::Task& task) {
  if (name == "squared_error") return tasks::Loss::squared_error;
  if (name == "binary_cross_entropy") return tasks::Loss::binary_cross_entropy;
  if (name == "categorical_cross_entropy") return tasks::Loss::categorical_cross_entropy;
  require(name == "task", "loss_from: not the name of a loss");
  return task.loss();
}

template void loss_shares(tasks::Loss, const tasks::Trials&, MatrixX<float>&);
template void loss_shares(tasks::Loss, const tasks::Trials&, MatrixX<double>&);
template double loss_and_gradient<float>(tasks::Loss, In<MatrixX<float>>, In<MatrixX<float>>,
                                         InOut<MatrixX<float>>, In<VectorX<float>>);
template double loss_and_gradient<double>(tasks::Loss, In<MatrixX<double>>, In<MatrixX<double>>,
                                          InOut<MatrixX<double>>, In<VectorX<double>>);

}  // namespace nullcline::training
