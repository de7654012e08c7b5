// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/tangent_orbits.hpp"

#include "nullcline/core/errors.hpp"

namespace nullcline {
namespace {

/// `count` of the w columns of every point, from `first` on.
void gather(In<Matrix> all, Index width, Index first, Index count, Matrix& part) {
  const Index points = all.cols() / width;
  part.resize(all.rows(), points * count);
  for (Index b = 0; b < points; ++b) {
    part.middleCols(b * count, count) = all.middleCols(b * width + first, count);
  }
}

void scatter(const Matrix& part, Index width, Index first, Index count, Out<Matrix> all) {
  for (Index b = 0; count > 0 && b < part.cols() / count; ++b) {
    all.middleCols(b * width + first, count) = part.middleCols(b * count, count);
  }
}

/// By the functions of any map.
class PushedTangents final : public TangentOrbits {
 public:
  PushedTangents(const DrivenMap& F, const TangentColumns& columns) : F_(F), columns_(columns) {}

  void start(In<Matrix> Z) override {
    split(Z, x_, a_, b_);
    next_x_.resizeLike(x_);
    next_a_.resizeLike(a_);
    next_b_.resizeLike(b_);
    bent_.resizeLike(b_);
  }

  void step(In<Matrix> W) override {
    split(W, u_, du_, d2u_);
    F_.evaluate(x_, u_, next_x_);
    if (columns_.dim > 0) F_.push_forward(x_, u_, a_, du_, next_a_);
    if (columns_.second) {
      pair_up(a_, vx_, wx_);
      pair_up(du_, vu_, wu_);
      F_.second_push_forward(x_, u_, vx_, vu_, wx_, wu_, bent_);
      F_.push_forward(x_, u_, b_, d2u_, next_b_);
      b_ = next_b_ + bent_;
    }
    x_.swap(next_x_);
    a_.swap(next_a_);
  }

  void read(Out<Matrix> Z) const override {
    const Index w = columns_.width(), m = columns_.dim;
    scatter(x_, w, 0, 1, Z);
    scatter(a_, w, 1, m, Z);
    if (columns_.second) scatter(b_, w, 1 + m, columns_.pairs(), Z);
  }

 private:
  void split(In<Matrix> Z, Matrix& x, Matrix& a, Matrix& b) const {
    const Index w = columns_.width(), m = columns_.dim;
    gather(Z, w, 0, 1, x);
    gather(Z, w, 1, m, a);
    if (columns_.second) gather(Z, w, 1 + m, columns_.pairs(), b);
  }

  /// The two tangents of every pair i <= j.
  void pair_up(const Matrix& a, Matrix& first, Matrix& second) const {
    const Index m = columns_.dim, points = a.cols() / m;
    first.resize(a.rows(), points * columns_.pairs());
    second.resizeLike(first);
    for (Index b = 0, pair = 0; b < points; ++b) {
      for (Index i = 0; i < m; ++i) {
        for (Index j = i; j < m; ++j, ++pair) {
          first.col(pair) = a.col(b * m + i);
          second.col(pair) = a.col(b * m + j);
        }
      }
    }
  }

  const DrivenMap& F_;
  TangentColumns columns_;
  Matrix x_, a_, b_, u_, du_, d2u_;
  Matrix next_x_, next_a_, next_b_, bent_, vx_, wx_, vu_, wu_;
};

}  // namespace

std::unique_ptr<TangentOrbits> tangent_orbits(const DrivenMap& F, const TangentColumns& columns,
                                              Precision precision) {
  require(columns.dim >= 0, "tangent_orbits: the number of tangents must not be negative");
  if (const auto* own = dynamic_cast<const TangentStepping*>(&F)) {
    return own->tangent_orbits(columns, precision);
  }
  require(precision == Precision::full, "tangent_orbits: this map steps in double alone");
  return std::make_unique<PushedTangents>(F, columns);
}

bool has_single_precision(const DrivenMap& F) {
  return dynamic_cast<const TangentStepping*>(&F) != nullptr;
}

}  // namespace nullcline
