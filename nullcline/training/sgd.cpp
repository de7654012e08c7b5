// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/detail/blocks.hpp"
#include "nullcline/training/optimizer.hpp"

namespace nullcline::training {
namespace {

using detail::ConstEntries;
using detail::Entries;

template <std::floating_point Real>
class Sgd final : public Optimizer<Real> {
 public:
  Sgd(const SgdOptions& options, const std::vector<MatrixX<Real>>& gradients)
      : Optimizer<Real>(options.momentum > 0 ? std::vector<std::string>{"sgd_momentum"}
                                             : std::vector<std::string>{},
                        gradients),
        options_(options) {}

  void update(Index, double rate, const std::vector<MatrixX<Real>>& gradients,
              std::vector<cells::Parameter<Real>>& parameters) override {
    const auto step = static_cast<Real>(rate), decay = static_cast<Real>(options_.weight_decay);
    const auto mu = static_cast<Real>(options_.momentum);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const Real* gradient = gradients[p].data();
      Real* values = parameters[p].value.data();
      Real* momenta = mu > 0 ? this->slots_[0].values[p].data() : nullptr;
      detail::for_blocks(gradients[p].size(), [&](Index at, Index count) {
        const ConstEntries<Real> g(gradient + at, count);
        Entries<Real> theta(values + at, count);
        if (mu == 0) {
          theta -= step * (g + decay * theta);
          return;
        }
        Entries<Real> m(momenta + at, count);
        m = mu * m + (g + decay * theta);
        if (options_.nesterov) {
          theta -= step * ((g + decay * theta) + mu * m);
        } else {
          theta -= step * m;
        }
      });
    }
  }

 private:
  SgdOptions options_;
};

}  // namespace

template <std::floating_point Real>
std::unique_ptr<Optimizer<Real>> make_sgd(const SgdOptions& options,
                                          const std::vector<MatrixX<Real>>& gradients) {
  return std::make_unique<Sgd<Real>>(options, gradients);
}

template std::unique_ptr<Optimizer<float>> make_sgd(const SgdOptions&,
                                                    const std::vector<MatrixX<float>>&);
template std::unique_ptr<Optimizer<double>> make_sgd(const SgdOptions&,
                                                     const std::vector<MatrixX<double>>&);

}  // namespace nullcline::training
