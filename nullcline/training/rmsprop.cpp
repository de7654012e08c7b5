// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/detail/blocks.hpp"
#include "nullcline/training/optimizer.hpp"

namespace nullcline::training {
namespace {

using detail::ConstEntries;
using detail::Entries;

template <std::floating_point Real>
class Rmsprop final : public Optimizer<Real> {
 public:
  Rmsprop(const RmspropOptions& options, const std::vector<MatrixX<Real>>& gradients)
      : Optimizer<Real>(options.momentum > 0
                            ? std::vector<std::string>{"rms_square", "rms_momentum"}
                            : std::vector<std::string>{"rms_square"},
                        gradients),
        options_(options) {}

  void update(Index, double rate, const std::vector<MatrixX<Real>>& gradients,
              std::vector<cells::Parameter<Real>>& parameters) override {
    const auto step = static_cast<Real>(rate), decay = static_cast<Real>(options_.weight_decay);
    const auto a = static_cast<Real>(options_.alpha), mu = static_cast<Real>(options_.momentum);
    const auto epsilon = static_cast<Real>(options_.epsilon);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const Real* gradient = gradients[p].data();
      Real* values = parameters[p].value.data();
      Real* squares = this->slots_[0].values[p].data();
      Real* momenta = mu > 0 ? this->slots_[1].values[p].data() : nullptr;
      detail::for_blocks(gradients[p].size(), [&](Index at, Index count) {
        const ConstEntries<Real> g(gradient + at, count);
        Entries<Real> theta(values + at, count), v(squares + at, count);
        v = a * v + (1 - a) * (g + decay * theta).square();
        if (mu == 0) {
          theta -= step * (g + decay * theta) / (v.sqrt() + epsilon);
          return;
        }
        Entries<Real> m(momenta + at, count);
        m = mu * m + (g + decay * theta) / (v.sqrt() + epsilon);
        theta -= step * m;
      });
    }
  }

 private:
  RmspropOptions options_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_rmsprop(const RmspropOptions& options,
                                              const std::vector<MatrixX<Real>>& gradients) {
  return std::make_unique<Rmsprop<Real>>(options, gradients);
}

template std::unique_ptr<Optimizer<float>> make_rmsprop(const RmspropOptions&,
                                                        const std::vector<MatrixX<float>>&);
template std::unique_ptr<Optimizer<double>> make_rmsprop(const RmspropOptions&,
                                                         const std::vector<MatrixX<double>>&);

}  // namespace nullcline::training
