// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/metric_loss.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::training {
namespace {

using Tangents = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;

/// A goal's value and slopes at one point and step, dL/dG_ij for all i, j.
struct Local {
  double value;
  Matrix slope;
};

/// (f(log quantity) - f(c))^2 of G_aa / G_bb.
Local squared_log_ratio(In<Matrix> G, Index a, Index b, double c) {
  const double error = std::log(G(a, a)) - std::log(G(b, b)) - std::log(c);
  Matrix slope = Matrix::Zero(G.rows(), G.cols());
  slope(a, a) += 2 * error / G(a, a);
  slope(b, b) -= 2 * error / G(b, b);
  return {error * error, slope};
}

Local squared_log_trace(In<Matrix> G, double c) {
  const double error = std::log(G.trace()) - std::log(c);
  return {error * error, 2 * error / G.trace() * Matrix::Identity(G.rows(), G.cols())};
}

Local squared_distance(In<Matrix> G, In<Matrix> wanted) {
  const Matrix error = G - wanted;
  const double size = wanted.squaredNorm();
  return {error.squaredNorm() / size, 2 / size * error};
}

Local ratio(In<Matrix> G, Index a, Index b) {
  Matrix slope = Matrix::Zero(G.rows(), G.cols());
  slope(a, a) += 1 / G(b, b);
  slope(b, b) -= G(a, a) / (G(b, b) * G(b, b));
  return {G(a, a) / G(b, b), slope};
}

void check(const MetricTarget& target, MetricGoal goal, Index m, Index n_in) {
  const Index W = target.points * (1 + target.dim);
  require(target.points > 0 && target.dim == m && target.inputs.rows() == n_in &&
              target.inputs.cols() == target.weights.size() * W && target.weights.sum() > 0 &&
              target.weights.minCoeff() >= 0,
          "MetricLoss: targets must be of one dimension, inputs (n_in, T K (1 + m)), weights (T), "
          ">= 0, not all 0");
  if (goal == MetricGoal::metric) {
    require(target.metrics.rows() == m * m &&
                target.metrics.cols() == target.weights.size() * target.points,
            "MetricLoss: the metrics aimed at must be (m m, T K)");
    return;
  }
  require(target.values.size() == target.weights.size() && target.values.minCoeff() > 0,
          "MetricLoss: the values aimed at must be (T), > 0");
  require(std::min(target.above, target.below) >= 0 && std::max(target.above, target.below) < m,
          "MetricLoss: the coordinates of a ratio must be 0 .. m - 1");
}

}  // namespace

Matrix augmented_inputs(const tasks::InputManifold& manifold, In<Matrix> kappas) {
  const Index m = kappas.rows(), K = kappas.cols(), W = K * (1 + m);
  Matrix all;
  for (Index k = 0; k < K; ++k) {
    const auto point = manifold.at(kappas.col(k));
    const Index T = point.inputs.cols();
    if (k == 0) all.resize(point.inputs.rows(), T * W);
    for (Index t = 0; t < T; ++t) {
      all.col(t * W + k) = point.inputs.col(t);
      for (Index i = 0; i < m; ++i) {
        all.col(t * W + K + k * m + i) = point.first[static_cast<std::size_t>(i)].col(t);
      }
    }
  }
  return all;
}

Matrix manifold_grid(const tasks::InputManifold& manifold, Index count) {
  const auto m = static_cast<Index>(manifold.coordinates.size());
  Index K = 1;
  for (Index i = 0; i < m; ++i) K *= count;
  Matrix kappas(m, K);
  for (Index k = 0; k < K; ++k) {
    Index rest = k;
    for (Index i = m; i-- > 0; rest /= count) {
      const auto& c = manifold.coordinates[static_cast<std::size_t>(i)];
      const auto place = static_cast<double>(rest % count);
      const auto intervals = static_cast<double>(c.periodic ? count : count - 1);
      const double fraction = intervals > 0 ? place / intervals : 0.5;
      kappas(i, k) = c.lowest + fraction * (c.highest - c.lowest);
    }
  }
  return kappas;
}

MetricLoss::MetricLoss(const cells::Network& network, MetricGoal goal,
                       std::vector<MetricTarget> targets, Space space)
    : goal_(goal), targets_(std::move(targets)), space_(space), metrics_(targets_.size()) {
  require(!targets_.empty(), "MetricLoss: no target");
  cell_ = cells::tangent_cell(network, targets_[0].dim);
  for (const MetricTarget& target : targets_) {
    check(target, goal, targets_[0].dim, cell_->input_dim());
  }
}

/// The loss of a target's metrics (m m, T K); leaves dL/dG in `slopes`.
double MetricLoss::loss_of(const MetricTarget& target, In<Matrix> metrics, Matrix& slopes) const {
  const Index m = target.dim, K = target.points, T = target.weights.size();
  const double total = target.weights.sum() * static_cast<double>(K);
  const double wanted =
      target.values.size() > 0 ? target.weights.dot(target.values) / target.weights.sum() : 0;
  const auto at = [&](Index column) -> Local {
    const Eigen::Map<const Matrix> G(metrics.col(column).data(), m, m);
    const Index t = column / K;
    switch (goal_) {
      case MetricGoal::mean_ratio:
        return ratio(G, target.above, target.below);
      case MetricGoal::log_ratio:
        return squared_log_ratio(G, target.above, target.below, target.values(t));
      case MetricGoal::log_trace:
        return squared_log_trace(G, target.values(t));
      case MetricGoal::metric:
        break;
    }
    return squared_distance(G, Eigen::Map<const Matrix>(target.metrics.col(column).data(), m, m));
  };
  slopes.setZero(m * m, T * K);
  double sum = 0;
  for (Index column = 0; column < T * K; ++column) {
    const double weight = target.weights(column / K) / total;
    if (weight == 0) continue;
    const Local local = at(column);
    sum += weight * local.value;
    slopes.col(column) = weight * local.slope.reshaped();
  }
  if (goal_ != MetricGoal::mean_ratio) return sum;
  slopes *= 2 * (sum - wanted);
  return (sum - wanted) * (sum - wanted);
}

double MetricLoss::loss(std::vector<Matrix>* gradients, double factor) {
  const double share = 1 / static_cast<double>(targets_.size());
  double sum = 0;
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    const MetricTarget& target = targets_[k];
    const Index m = target.dim, K = target.points, T = target.weights.size(), W = K * (1 + m);
    cell_->forward(K, target.inputs);
    const Matrix A = space_ == Space::states ? cell_->states() : cell_->features();
    const Index n = A.rows();
    const auto tangents = [&](Index column) {
      const Index first = column / K * W + K + column % K * m;
      return Eigen::Map<const Matrix>(A.data() + first * n, n, m);
    };
    Matrix& metrics = metrics_[k];
    metrics.resize(m * m, T * K);
    for (Index c = 0; c < T * K; ++c) {
      metrics.col(c).reshaped(m, m).noalias() = tangents(c).transpose() * tangents(c);
    }
    Matrix slopes;
    sum += share * loss_of(target, metrics, slopes);
    if (gradients == nullptr) continue;

    // dL/da_i = sum_j (dL/dG_ij + dL/dG_ji) a_j
    Matrix dA = Matrix::Zero(n, A.cols());
    for (Index c = 0; c < T * K; ++c) {
      const Eigen::Map<const Matrix> S(slopes.col(c).data(), m, m);
      const Matrix both = factor * share * (S + S.transpose());
      Eigen::Map<Matrix>(dA.data() + (c / K * W + K + c % K * m) * n, n, m).noalias() =
          tangents(c) * both;
    }
    if (space_ == Space::states) {
      cell_->backward(dA, Matrix(), *gradients);
    } else {
      cell_->backward(Matrix(), dA, *gradients);
    }
  }
  return sum;
}

}  // namespace nullcline::training
