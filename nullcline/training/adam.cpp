// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "nullcline/training/detail/blocks.hpp"
#include "nullcline/training/optimizer.hpp"

namespace nullcline::training {
namespace {

using detail::ConstEntries;
using detail::Entries;

template <std::floating_point Real>
class Adam final : public Optimizer<Real> {
 public:
  Adam(const AdamOptions& options, const std::vector<MatrixX<Real>>& gradients)
      : Optimizer<Real>({"adam_first", "adam_second"}, gradients), options_(options) {}

  void update(Index k, double rate, const std::vector<MatrixX<Real>>& gradients,
              std::vector<cells::Parameter<Real>>& parameters) override {
    const auto exponent = static_cast<double>(k);
    const auto beta1 = static_cast<Real>(options_.beta1), beta2 = static_cast<Real>(options_.beta2);
    const auto epsilon = static_cast<Real>(options_.epsilon);
    const auto step = static_cast<Real>(rate / (1 - std::pow(options_.beta1, exponent)));
    const auto second_scale = static_cast<Real>(1 / (1 - std::pow(options_.beta2, exponent)));
    const auto decay = static_cast<Real>(options_.decoupled ? 0 : options_.weight_decay);
    const auto keep = static_cast<Real>(options_.decoupled ? 1 - rate * options_.weight_decay : 1);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      Real* values = parameters[p].value.data();
      Real* first_moments = this->slots_[0].values[p].data();
      Real* second_moments = this->slots_[1].values[p].data();
      const Real* gradient = gradients[p].data();
      detail::for_blocks(gradients[p].size(), [&](Index at, Index count) {
        const ConstEntries<Real> g(gradient + at, count);
        Entries<Real> theta(values + at, count), m(first_moments + at, count),
            v(second_moments + at, count);
        if (keep != 1) theta *= keep;
        if (decay != 0) {
          m = beta1 * m + (1 - beta1) * (g + decay * theta);
          v = beta2 * v + (1 - beta2) * (g + decay * theta).square();
        } else {
          m = beta1 * m + (1 - beta1) * g;
          v = beta2 * v + (1 - beta2) * g * g;
        }
        theta -= step * m / ((v * second_scale).sqrt() + epsilon);
      });
    }
  }

 private:
  AdamOptions options_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_adam(const AdamOptions& options,
                                           const std::vector<MatrixX<Real>>& gradients) {
  return std::make_unique<Adam<Real>>(options, gradients);
}

template std::unique_ptr<Optimizer<float>> make_adam(const AdamOptions&,
                                                     const std::vector<MatrixX<float>>&);
template std::unique_ptr<Optimizer<double>> make_adam(const AdamOptions&,
                                                      const std::vector<MatrixX<double>>&);

}  // namespace nullcline::training
