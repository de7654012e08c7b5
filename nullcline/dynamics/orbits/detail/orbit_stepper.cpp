// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/detail/orbit_stepper.hpp"

#include <span>

namespace nullcline::dynamics::detail {
namespace {

class AutonomousStepper final : public OrbitStepper {
 public:
  explicit AutonomousStepper(const Map& map) : map_(map) {}
  Index dim() const override { return map_.dim(); }
  Derivatives derivatives() const override { return map_.derivatives(); }
  void begin_step(Index, const std::vector<Index>&) override {}
  void step(In<Matrix> X, Out<Matrix> Y) const override { map_.step(X, Y); }
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override {
    map_.push_forward(X, V, W);
  }
  Matrix jacobian(In<Vector> x, Index) const override { return map_.jacobian(x); }

 private:
  const Map& map_;
};

class DrivenStepper final : public OrbitStepper {
 public:
  DrivenStepper(const DrivenMap& map, const OrbitInput& input, Index orbits, Index first,
                Index count)
      : map_(map), input_(input), orbits_(orbits), first_(first) {
    for (Index b = first; b < first + count; ++b) {
      const auto stream = static_cast<std::uint64_t>(input.common_noise ? 0 : b);
      streams_.emplace_back(
          StreamAddress{input.seed, input.network, Purpose::lyapunov_noise, stream});
    }
  }
  Index dim() const override { return map_.state_dim(); }
  Derivatives derivatives() const override { return map_.derivatives(); }

  void begin_step(Index t, const std::vector<Index>& orbits) override {
    const Index m = map_.input_dim();
    U_.setZero(m, static_cast<Index>(orbits.size()));
    Vector z(m);
    for (Index c = 0; c < U_.cols(); ++c) {
      const Index b = orbits[static_cast<std::size_t>(c)];
      if (input_.sequence.cols() > 0) U_.col(c) = input_.sequence.col(column_at(t, b));
      if (input_.noise.size() == 0) continue;
      streams_[static_cast<std::size_t>(b - first_)].fill_normal(
          std::span<double>(z.data(), static_cast<std::size_t>(m)));
      U_.col(c) += input_.noise.cwiseProduct(z);
    }
  }
  void step(In<Matrix> X, Out<Matrix> Y) const override { map_.evaluate(X, U_, Y); }
  void push_forward(In<Matrix> X, In<Matrix> V, Out<Matrix> W) const override {
    map_.push_forward(X, U_, V, Matrix::Zero(U_.rows(), V.cols()), W);
  }
  Matrix jacobian(In<Vector> x, Index column) const override {
    return map_.jacobians(x, U_.col(column)).state;
  }

 private:
  Index column_at(Index t, Index orbit) const {
    if (!input_.one_per_orbit) return t % input_.sequence.cols();
    return t % (input_.sequence.cols() / orbits_) * orbits_ + orbit;
  }

  const DrivenMap& map_;
  const OrbitInput& input_;
  Index orbits_, first_;
  std::vector<RandomStream> streams_;
  Matrix U_;
};

}  // namespace

std::unique_ptr<OrbitStepper> make_stepper(const Map& map) {
  return std::make_unique<AutonomousStepper>(map);
}

std::unique_ptr<OrbitStepper> make_stepper(const DrivenMap& map, const OrbitInput& input,
                                           Index orbits, Index first, Index count) {
  return std::make_unique<DrivenStepper>(map, input, orbits, first, count);
}

}  // namespace nullcline::dynamics::detail
