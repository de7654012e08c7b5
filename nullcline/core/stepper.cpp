// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/stepper.hpp"

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/core/scratch.hpp"

namespace nullcline {
namespace {

/// The a_i and b_i of the header. Stage i starts from stage i - 1 alone.
struct Tableau {
  const char* name;
  std::size_t stages;
  std::array<double, 4> a, b;
  std::array<Index, 4> node;  ///< Whose input stage i has, of those at nodes.
};

const Tableau& tableau(Method method) {
  static constexpr std::array<Tableau, 3> tableaus = {{
      {"euler", 1, {0}, {1}, {0}},
      {"heun", 2, {0, 1}, {0.5, 0.5}, {0, 1}},
      {"rk4", 4, {0, 0.5, 0.5, 1}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}, {0, 1, 1, 2}},
  }};
  return tableaus[static_cast<std::size_t>(method)];
}

constexpr Method methods[] = {Method::euler, Method::heun, Method::rk4};

/// Of stage i the rows of the step's input, or of tangents to it, that are the flow's.
class StageInput {
 public:
  StageInput(const Flow& flow, const Tableau& method, StepInputs inputs)
      : method_(method), held_(inputs == StepInputs::held), m_(flow.input_dim()) {}
  Index first(std::size_t i) const { return held_ ? 0 : method_.node[i] * m_; }
  auto operator()(In<Matrix> U, std::size_t i) const { return U.middleRows(first(i), m_); }
  Box operator()(const Box& u, std::size_t i) const {
    return {u.begin() + first(i), u.begin() + first(i) + m_};
  }

 private:
  const Tableau& method_;
  bool held_;
  Index m_;
};

/// The states x_i = x + h a_i k_{i-1} at which the stages evaluate the flow.
std::vector<Matrix> stage_states(const Flow& flow, const Tableau& method, const StageInput& input,
                                 double h, In<Matrix> X, In<Matrix> U) {
  std::vector<Matrix> states = {X};
  Matrix k(X.rows(), X.cols());
  while (states.size() < method.stages) {
    flow.evaluate(states.back(), input(U, states.size() - 1), k);
    states.push_back(X + h * method.a[states.size()] * k);
  }
  return states;
}

/// At one point: the Jacobians of the flow at each stage, and dx_i / d(x, u), (n, n + m).
struct StageDerivatives {
  std::vector<Jacobians> flow;
  std::vector<Matrix> states;
  Matrix step;  ///< dx_{t+1} / d(x, u)
};

StageDerivatives stage_derivatives(const Flow& flow, const Tableau& method, const StageInput& input,
                                   double h, const std::vector<Matrix>& states, In<Vector> u) {
  const Index n = flow.state_dim(), m = u.size();
  const Matrix dx = Matrix::Identity(n, n + m);
  StageDerivatives D{{}, {}, dx};
  Matrix dk = Matrix::Zero(n, n + m);
  PackedMatrix<double> stage;
  for (std::size_t i = 0; i < method.stages; ++i) {
    D.flow.push_back(flow.jacobians(states[i].col(0), u.segment(input.first(i), flow.input_dim())));
    D.states.push_back(dx + h * method.a[i] * dk);
    if (i == 0) {  // dx is the identity
      dk.leftCols(n) = D.flow[i].state;
      dk.rightCols(m).setZero();
    } else {
      stage.pack(D.flow[i].state);
      multiply_packed(stage, D.states[i].data(), 1, n, n + m, dk.data(), n, false);
    }
    dk.middleCols(n + input.first(i), flow.input_dim()) += D.flow[i].input;
    D.step += h * method.b[i] * dk;
  }
  return D;
}

}  // namespace

Method method_from_name(const std::string& name) {
  std::vector<std::string> names;
  for (const Method method : methods) {
    if (name == name_of(method)) return method;
    names.push_back(name_of(method));
  }
  const std::string nearest = nearest_word(name, names);
  throw Error("", "method", '"' + name + '"',
              "one of \"euler\", \"heun\", \"rk4\"" +
                  (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

const char* name_of(Method method) { return tableau(method).name; }

Index node_count(Method method, StepInputs inputs) {
  const Tableau& m = tableau(method);
  return inputs == StepInputs::held ? 1 : m.node[m.stages - 1] + 1;
}

SteppedFlow::SteppedFlow(const Flow& flow, double dt, Method method, StepInputs inputs)
    : flow_(flow), dt_(dt), method_(method), inputs_(inputs) {
  require(std::isfinite(dt) && dt != 0, "SteppedFlow: dt must be finite and not 0");
}

SteppedFlow::SteppedFlow(std::unique_ptr<const Flow> flow, double dt, Method method,
                         StepInputs inputs)
    : SteppedFlow(*flow, dt, method, inputs) {
  owned_ = std::move(flow);
}

void SteppedFlow::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  const auto& [name, stages, a, b, node] = tableau(method_);
  const StageInput input(flow_, tableau(method_), inputs_);
  flow_.evaluate(X, input(U, 0), Y);
  if (stages == 1) {
    Y = X + dt_ * Y;
    return;
  }
  Matrix k = Y, state(X.rows(), X.cols());
  Y = X + dt_ * b[0] * k;
  for (std::size_t i = 1; i < stages; ++i) {
    state = X + dt_ * a[i] * k;
    flow_.evaluate(state, input(U, i), k);
    Y += dt_ * b[i] * k;
  }
}

void SteppedFlow::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                               Out<Matrix> W) const {
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  if (method.stages == 1) {
    flow_.push_forward(X, input(U, 0), VX, input(VU, 0), W);
    W = VX + dt_ * W;
    return;
  }
  const std::vector<Matrix> states = stage_states(flow_, method, input, dt_, X, U);
  Scratch scratch;
  auto V = scratch.matrix(VX.rows(), VX.cols()), dk = scratch.matrix(VX.rows(), VX.cols());
  V = VX;
  W = VX;
  for (std::size_t i = 0; i < method.stages; ++i) {
    if (i > 0) V = VX + dt_ * method.a[i] * dk;
    flow_.push_forward(states[i], input(U, i), V, input(VU, i), dk);
    W += dt_ * method.b[i] * dk;
  }
}

void SteppedFlow::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                      In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const {
  // At stage i, v and w are the tangents of x_i and d its second one:
  // d k_i = f_x d + f''((v, du_v), (w, du_w)).
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  const std::vector<Matrix> states = stage_states(flow_, method, input, dt_, X, U);
  const Matrix no_input = Matrix::Zero(flow_.input_dim(), VU.cols());
  Matrix v = VX, w = WX, dv(v.rows(), v.cols()), dw = dv, dd = dv, bent = dv;
  D.setZero();
  for (std::size_t i = 0; i < method.stages; ++i) {
    if (i > 0) {
      v = VX + dt_ * method.a[i] * dv;
      w = WX + dt_ * method.a[i] * dw;
    }
    const auto u = input(U, i), vu = input(VU, i), wu = input(WU, i);
    flow_.second_push_forward(states[i], u, v, vu, w, wu, bent);
    if (i > 0) {
      const Matrix d = dt_ * method.a[i] * dd;
      flow_.push_forward(states[i], u, d, no_input, dd);
      bent += dd;
    }
    dd = bent;
    D += dt_ * method.b[i] * dd;
    if (i + 1 == method.stages) break;
    flow_.push_forward(states[i], u, v, vu, dv);
    flow_.push_forward(states[i], u, w, wu, dw);
  }
}

void SteppedFlow::pull_back(In<Matrix> X, In<Matrix> U, In<Matrix> W, Out<Matrix> VX,
                            Out<Matrix> VU) const {
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  const std::vector<Matrix> states = stage_states(flow_, method, input, dt_, X, U);
  // Backwards through the stages: `dk` is the adjoint of k_i, which enters x_{t+1} by b_i and
  // the next stage by a_{i+1}.
  Matrix dk = dt_ * method.b[method.stages - 1] * W;
  Matrix dx(VX.rows(), VX.cols()), du(flow_.input_dim(), VU.cols());
  VX = W;
  VU.setZero();
  for (std::size_t i = method.stages; i-- > 0;) {
    flow_.pull_back(states[i], input(U, i), dk, dx, du);
    VX += dx;
    VU.middleRows(input.first(i), flow_.input_dim()) += du;
    if (i > 0) dk = dt_ * method.b[i - 1] * W + dt_ * method.a[i] * dx;
  }
}

Jacobians SteppedFlow::jacobians(In<Vector> x, In<Vector> u) const {
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  const std::vector<Matrix> states = stage_states(flow_, method, input, dt_, x, u);
  const Matrix D = stage_derivatives(flow_, method, input, dt_, states, u).step;
  return {D.leftCols(state_dim()), D.rightCols(input_dim())};
}

Matrix SteppedFlow::second_derivative(In<Vector> x, In<Vector> u, In<Vector> w) const {
  // The step is made of linear maps and of the flow at each stage, so with S_i = d(x_i, u)/d(x, u)
  // and the adjoint dk_i of k_i, H = sum_i S_i' (sum_j dk_ij d2f_j) S_i.
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  const Index n = state_dim(), m = input_dim(), own = flow_.input_dim();
  const std::vector<Matrix> states = stage_states(flow_, method, input, dt_, x, u);
  const StageDerivatives D = stage_derivatives(flow_, method, input, dt_, states, u);
  Matrix H = Matrix::Zero(n + m, n + m), S(n + own, n + m);
  Vector dk = dt_ * method.b[method.stages - 1] * w;
  for (std::size_t i = method.stages; i-- > 0;) {
    const Matrix H_flow =
        flow_.second_derivative(states[i].col(0), u.segment(input.first(i), own), dk);
    S.topRows(n) = D.states[i];
    S.bottomRows(own).setZero();
    S.block(n, n + input.first(i), own, own).setIdentity();
    H.noalias() += S.transpose() * (H_flow * S);
    if (i > 0) {
      dk =
          dt_ * method.b[i - 1] * w + dt_ * method.a[i] * (D.flow[i].state.transpose() * dk).eval();
    }
  }
  return (H + H.transpose()) / 2;
}

namespace {

/// x + h k.
Box moved(const Box& x, const Interval& h, const Box& k) {
  Box y = x;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += h * k[i];
  return y;
}

/// h A of an interval h.
MatrixBall scaled(const Interval& h, const MatrixBall& A) {
  const double c = std::abs(h.center()), spread = above(h.radius() + 2 * unit_roundoff * c);
  const Matrix radius = c * A.radius + spread * (A.center.cwiseAbs() + A.radius);
  return {h.center() * A.center, (1 + gamma_bound(8)) * radius.array() + underflow};
}

}  // namespace

std::optional<Box> SteppedFlow::enclose(const Box& x, const Box& u) const {
  const Tableau& method = tableau(method_);
  const StageInput input(flow_, method, inputs_);
  Box y = x, state = x;
  for (std::size_t i = 0; i < method.stages; ++i) {
    const auto k = flow_.enclose(state, input(u, i));
    if (!k) return std::nullopt;
    y = moved(y, Interval(dt_) * Interval(method.b[i]), *k);
    if (i + 1 < method.stages) state = moved(x, Interval(dt_) * Interval(method.a[i + 1]), *k);
  }
  return y;
}

std::optional<JacobianBalls> SteppedFlow::enclose_jacobians(const Box& x, const Box& u) const {
  const Tableau& method = tableau(method_);
  const StageInput input_of(flow_, method, inputs_);
  const Index n = state_dim(), m = input_dim(), own = flow_.input_dim();
  const MatrixBall identity(Matrix::Identity(n, n + m));
  MatrixBall step = identity, dx = identity;
  Box state = x;
  for (std::size_t i = 0; i < method.stages; ++i) {
    const auto k = flow_.enclose(state, input_of(u, i));
    const auto J = flow_.enclose_jacobians(state, input_of(u, i));
    if (!k || !J) return std::nullopt;
    MatrixBall input(Matrix::Zero(n, n + m));
    input.center.middleCols(n + input_of.first(i), own) = J->input.center;
    input.radius.middleCols(n + input_of.first(i), own) = J->input.radius;
    const MatrixBall dk = multiply(J->state, dx) + input;
    step = step + scaled(Interval(dt_) * Interval(method.b[i]), dk);
    if (i + 1 < method.stages) {
      const Interval h = Interval(dt_) * Interval(method.a[i + 1]);
      state = moved(x, h, *k);
      dx = identity + scaled(h, dk);
    }
  }
  return JacobianBalls{step.block(0, 0, n, n), step.block(0, n, n, m)};
}

}  // namespace nullcline
