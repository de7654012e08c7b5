// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/learning.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace nullcline::geometry {
namespace {

/// Columns of `values`, scaled by the numbers of `factors`, one for k columns.
void add_scaled(In<Matrix> values, In<Eigen::RowVectorXd> factors, Out<Matrix> sum) {
  const Index k = factors.size() > 0 ? values.cols() / factors.size() : 0;
  for (Index c = 0; c < values.cols(); ++c) sum.col(c) += factors(c / k) * values.col(c);
}

/// The same with one number for each column of `sum` and one column of `values` for k of them.
void add_shared(In<Matrix> values, In<Eigen::RowVectorXd> factors, Out<Matrix> sum) {
  const Index k = values.cols() > 0 ? sum.cols() / values.cols() : 0;
  for (Index c = 0; c < sum.cols(); ++c) sum.col(c) += factors(c) * values.col(c / k);
}

/// The inputs with the coordinate and the channel eps behind their own.
ManifoldInputs with_eps(const ManifoldInputs& inputs) {
  const Index rows = inputs.inputs.rows(), m = inputs.dim, columns = inputs.inputs.cols();
  ManifoldInputs result{inputs.points,
                        m + 1,
                        Matrix::Zero(rows + 1, columns),
                        Matrix::Zero(rows + 1, columns * (m + 1)),
                        {}};
  result.second = Matrix::Zero(rows + 1, columns * result.pairs());
  result.inputs.topRows(rows) = inputs.inputs;
  for (Index c = 0; c < columns; ++c) {
    result.tangents.block(0, c * (m + 1), rows, m) = inputs.tangents.middleCols(c * m, m);
    result.tangents(rows, c * (m + 1) + m) = 1;
  }
  return result;
}

}  // namespace

template <class Base>
Deformed<Base>::Deformed(const Base& F, const DrivenFunction& P) : F_(F), P_(P) {
  if (P.state_dim() != F.state_dim() || P.input_dim() != F.input_dim()) {
    throw std::invalid_argument(
        fmt::format("Deformed: F has {} states and {} inputs, its change {} and {}", F.state_dim(),
                    F.input_dim(), P.state_dim(), P.input_dim()));
  }
}

template <class Base>
Derivatives Deformed<Base>::derivatives() const {
  return F_.derivatives() == Derivatives::exact ? P_.derivatives() : F_.derivatives();
}

template <class Base>
void Deformed<Base>::evaluate(In<Matrix> X, In<Matrix> U, Out<Matrix> Y) const {
  const Index m = F_.input_dim();
  Matrix change(Y.rows(), Y.cols());
  F_.evaluate(X, U.topRows(m), Y);
  P_.evaluate(X, U.topRows(m), change);
  add_scaled(change, U.row(m), Y);
}

template <class Base>
void Deformed<Base>::push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                  Out<Matrix> W) const {
  const Index m = F_.input_dim();
  Matrix change(X.rows(), X.cols()), pushed(VX.rows(), VX.cols());
  F_.push_forward(X, U.topRows(m), VX, VU.topRows(m), W);
  P_.evaluate(X, U.topRows(m), change);
  P_.push_forward(X, U.topRows(m), VX, VU.topRows(m), pushed);
  add_shared(change, VU.row(m), W);
  add_scaled(pushed, U.row(m), W);
}

template <class Base>
void Deformed<Base>::second_push_forward(In<Matrix> X, In<Matrix> U, In<Matrix> VX, In<Matrix> VU,
                                         In<Matrix> WX, In<Matrix> WU, Out<Matrix> D) const {
  const Index m = F_.input_dim();
  const auto u = U.topRows(m), vu = VU.topRows(m), wu = WU.topRows(m);
  Matrix pushed(VX.rows(), VX.cols());
  F_.second_push_forward(X, u, VX, vu, WX, wu, D);
  P_.push_forward(X, u, VX, vu, pushed);
  D.array() += pushed.array().rowwise() * WU.row(m).array();
  P_.push_forward(X, u, WX, wu, pushed);
  D.array() += pushed.array().rowwise() * VU.row(m).array();
  if (U.row(m).isZero(0)) return;
  P_.second_push_forward(X, u, VX, vu, WX, wu, pushed);
  add_scaled(pushed, U.row(m), D);
}

template class Deformed<DrivenMap>;
template class Deformed<Flow>;

MetricChange metric_change(const DrivenMap& deformed, const ManifoldInputs& inputs,
                           const SensitivityOptions& options, const Progress& progress) {
  check_inputs("metric_change", inputs);
  SensitivityOptions with_second = options;
  with_second.second = true;
  const Sensitivities found = sensitivities(deformed, with_eps(inputs), with_second, progress);
  const Index m = inputs.dim, C = found.states.cols(), n = found.states.rows();
  const Index pairs = (m + 1) * (m + 2) / 2;
  MetricChange result{.points = found.points,
                      .dim = m,
                      .steps = found.steps,
                      .states = found.states,
                      .tangents = Matrix(n, C * m),
                      .state_change = Matrix(n, C),
                      .tangent_change = Matrix(n, C * m),
                      .metric = Matrix(m * m, C),
                      .metric_change = Matrix(m * m, C),
                      .derivatives = found.derivatives};
  for (Index c = 0; c < C; ++c) {
    result.state_change.col(c) = found.tangents.col(c * (m + 1) + m);
    auto a = result.tangents.middleCols(c * m, m), da = result.tangent_change.middleCols(c * m, m);
    a = found.tangents.middleCols(c * (m + 1), m);
    for (Index i = 0, last = -1; i < m; ++i) {
      last += m + 1 - i;  // the pair (i, eps) is the last of i's
      da.col(i) = found.second.col(c * pairs + last);
    }
    result.metric.col(c) = (a.transpose() * a).reshaped();
    const Matrix half = da.transpose() * a;
    result.metric_change.col(c) = (half + half.transpose()).reshaped();
  }
  return result;
}

}  // namespace nullcline::geometry
