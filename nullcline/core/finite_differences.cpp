// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/finite_differences.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

Matrix normal(RandomStream& stream, Index rows, Index cols) {
  Matrix values(rows, cols);
  stream.fill_normal({values.data(), static_cast<std::size_t>(values.size())});
  return values;
}

/// max |exact - differences| / max(1, |differences|); infinite if anything is not finite.
double relative_error(const Matrix& exact, const Matrix& differences) {
  if (exact.rows() != differences.rows() || exact.cols() != differences.cols() ||
      !exact.allFinite() || !differences.allFinite()) {
    return std::numeric_limits<double>::infinity();
  }
  if (exact.size() == 0) return 0;
  return ((exact - differences).array().abs() / differences.array().abs().max(1.0)).maxCoeff();
}

/// Central differences of `evaluate` at one point: both Jacobians, (n, n + m).
Matrix differences_of_values(const DrivenFunction& f, const Vector& z) {
  const Index n = f.state_dim(), m = f.input_dim();
  const auto value = [&](In<Vector> p) -> Vector {
    Vector y(n);
    f.evaluate(p.head(n), p.tail(m), y);
    return y;
  };
  return finite_difference_jacobian(value, z);
}

/// Central differences of J(z)' w: the second derivative, (n + m, n + m).
Matrix differences_of_pull_back(const DrivenFunction& f, const Vector& z, const Vector& w) {
  const Index n = f.state_dim(), m = f.input_dim();
  const auto gradient = [&](In<Vector> p) -> Vector {
    Vector g(n + m);
    f.pull_back(p.head(n), p.tail(m), w, g.head(n), g.tail(m));
    return g;
  };
  return finite_difference_jacobian(gradient, z);
}

/// Central differences of J(z) v along the tangents W of z, column by column. V, W: (n + m, k)
Matrix differences_of_push_forward(const DrivenFunction& f, const Vector& z, In<Matrix> V,
                                   In<Matrix> W) {
  const Index n = f.state_dim(), m = f.input_dim();
  Matrix D(n, V.cols());
  for (Index j = 0; j < V.cols(); ++j) {
    const auto pushed = [&](In<Vector> along) -> Vector {
      const Vector p = z + along(0) * W.col(j);
      Vector y(n);
      f.push_forward(p.head(n), p.tail(m), V.col(j).head(n), V.col(j).tail(m), y);
      return y;
    };
    D.col(j) = finite_difference_jacobian(pushed, Vector::Zero(1));
  }
  return D;
}

/// A map as a function without an input.
class WithoutInput final : public DrivenFunction {
 public:
  explicit WithoutInput(const Map& map) : map_(map) {}
  Index state_dim() const override { return map_.dim(); }
  Index input_dim() const override { return 0; }
  void evaluate(In<Matrix> X, In<Matrix>, Out<Matrix> Y) const override { map_.step(X, Y); }
  void push_forward(In<Matrix> X, In<Matrix>, In<Matrix> VX, In<Matrix>,
                    Out<Matrix> W) const override {
    map_.push_forward(X, VX, W);
  }
  void pull_back(In<Matrix> X, In<Matrix>, In<Matrix> W, Out<Matrix> VX,
                 Out<Matrix>) const override {
    map_.pull_back(X, W, VX);
  }
  Jacobians jacobians(In<Vector> x, In<Vector>) const override {
    return {map_.jacobian(x), Matrix(map_.dim(), 0)};
  }
  Matrix second_derivative(In<Vector> x, In<Vector>, In<Vector> w) const override {
    return map_.second_derivative(x, w);
  }
  Derivatives derivatives() const override { return map_.derivatives(); }

 private:
  const Map& map_;
};

}  // namespace

Matrix finite_difference_jacobian(const VectorFunction& f, In<Vector> x) {
  const double step = std::cbrt(std::numeric_limits<double>::epsilon());
  Matrix J(x.size() == 0 ? f(x).size() : 0, x.size());
  Vector point = x;
  for (Index j = 0; j < x.size(); ++j) {
    const double h = step * std::max(1.0, std::abs(x(j)));
    point(j) = x(j) + h;
    const double above = point(j);
    const Vector value_above = f(point);
    point(j) = x(j) - h;
    const double below = point(j);
    const Vector value_below = f(point);
    point(j) = x(j);
    if (j == 0) J.resize(value_above.size(), x.size());
    require(value_above.size() == J.rows() && value_below.size() == J.rows(),
            "finite_difference_jacobian: f must always return as many numbers");
    J.col(j) = (value_above - value_below) / (above - below);
  }
  return J;
}

Vector finite_difference_gradient(const ScalarFunction& f, In<Vector> x) {
  if (x.size() == 0) return Vector(0);
  const auto one = [&](In<Vector> p) -> Vector { return Vector::Constant(1, f(p)); };
  return finite_difference_jacobian(one, x).row(0).transpose();
}

double DerivativeErrors::largest() const {
  return std::max({jacobian_state, jacobian_input, push_forward, pull_back, second_derivative,
                   second_push_forward});
}

DerivativeErrors check_derivatives(const DrivenFunction& f, In<Vector> x, In<Vector> u) {
  const Index n = f.state_dim(), m = f.input_dim();
  require(x.size() == n && u.size() == m, "check_derivatives: x or u has the wrong size");

  // Two points, near but not equal, with three tangents each: blocks that are taken from the
  // wrong point or in the wrong order show.
  constexpr Index points = 2, tangents = 3;
  RandomStream stream(StreamAddress{.seed = 1});
  Matrix Z(n + m, points);
  Z.col(0) << x, u;
  Z.col(1) = Z.col(0) + 1e-3 * normal(stream, n + m, 1);
  const Matrix V = normal(stream, n + m, points * tangents);
  const Matrix W = normal(stream, n, points * tangents);

  Matrix pushed(n, V.cols()), pulled(n + m, W.cols());
  f.push_forward(Z.topRows(n), Z.bottomRows(m), V.topRows(n), V.bottomRows(m), pushed);
  f.pull_back(Z.topRows(n), Z.bottomRows(m), W, pulled.topRows(n), pulled.bottomRows(m));

  Matrix differences_pushed(n, V.cols()), differences_pulled(n + m, W.cols());
  for (Index b = 0; b < points; ++b) {
    const Matrix J = differences_of_values(f, Z.col(b));
    const Index first = b * tangents;
    differences_pushed.middleCols(first, tangents) = J * V.middleCols(first, tangents);
    differences_pulled.middleCols(first, tangents) = J.transpose() * W.middleCols(first, tangents);
  }

  // Of length 1, as the error of the differences below grows with the square of it.
  const Matrix V2 = normal(stream, n + m, points * tangents).colwise().normalized();
  Matrix bent(n, V.cols()), differences_bent(n, V.cols());
  f.second_push_forward(Z.topRows(n), Z.bottomRows(m), V.topRows(n), V.bottomRows(m), V2.topRows(n),
                        V2.bottomRows(m), bent);
  for (Index b = 0; b < points; ++b) {
    const Index first = b * tangents;
    differences_bent.middleCols(first, tangents) = differences_of_push_forward(
        f, Z.col(b), V.middleCols(first, tangents), V2.middleCols(first, tangents));
  }

  const Matrix J = differences_of_values(f, Z.col(0));
  const Jacobians jacobians = f.jacobians(x, u);
  const Vector w = W.col(0);
  DerivativeErrors errors;
  errors.jacobian_state = relative_error(jacobians.state, J.leftCols(n));
  errors.jacobian_input = relative_error(jacobians.input, J.rightCols(m));
  errors.push_forward = relative_error(pushed, differences_pushed);
  errors.pull_back = relative_error(pulled, differences_pulled);
  errors.second_derivative =
      relative_error(f.second_derivative(x, u, w), differences_of_pull_back(f, Z.col(0), w));
  errors.second_push_forward = relative_error(bent, differences_bent);
  return errors;
}

DerivativeErrors check_derivatives(const Map& map, In<Vector> x) {
  DerivativeErrors errors = check_derivatives(WithoutInput(map), x, Vector(0));
  errors.second_push_forward = 0;  // a map has none
  return errors;
}

}  // namespace nullcline
