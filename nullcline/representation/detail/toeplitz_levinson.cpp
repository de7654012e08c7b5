// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Cholesky>

#include <cmath>
#include <vector>

#include "nullcline/representation/detail/toeplitz.hpp"

namespace nullcline::representation::detail {
namespace {

/// Prediction of a stationary process from m steps, for m = 0, 1, ... [Whittle 1963]:
///
///     x_t ~ -sum_{i=1}^m a_i x_{t-i}, error covariance F      (a_0 = 1)
///     x_t ~ -sum_{i=1}^m b_i x_{t+i}, error covariance G      (b_0 = 1)
///
///     D    = sum_{i=0}^m a_i C(m+1-i)
///     a_i <- a_i - D G^-1 b_{m+1-i},   b_i <- b_i - D' F^-1 a_{m+1-i}
///     F   <- F - D G^-1 D',            G   <- G - D' F^-1 D
///
/// d is a compile-time size for the few dimensions of most uses, else Eigen::Dynamic.
template <int size>
class Whittle {
 public:
  using Block = Eigen::Matrix<double, size, size>;

  explicit Whittle(const Matrix& lags) : d_(lags.cols()) {
    const Index N = lags.rows() / d_;
    for (Index k = 0; k < N; ++k) lags_.emplace_back(lags.middleRows(k * d_, d_));
    a_.reserve(lags_.size());
    b_.reserve(lags_.size());
    a_.push_back(Block::Identity(d_, d_));
    b_.push_back(Block::Identity(d_, d_));
    F_ = G_ = lags_[0];
  }

  /// The factors of F and G; false if one is not positive definite.
  bool factor() {
    F_factor_.compute(F_);
    G_factor_.compute(G_);
    return F_factor_.info() == Eigen::Success && G_factor_.info() == Eigen::Success &&
           F_.allFinite() && G_.allFinite();
  }

  /// log det F_m.
  double log_determinant() const {
    double sum = 0;
    for (Index i = 0; i < d_; ++i) sum += std::log(F_factor_.matrixLLT()(i, i));
    return 2 * sum;
  }

  /// From m to m + 1 steps.
  void advance() {
    const std::size_t m = a_.size() - 1;
    Block D = lags_[m + 1];
    for (std::size_t i = 1; i <= m; ++i) D.noalias() += a_[i] * lags_[m + 1 - i];
    const Block K = G_factor_.solve(D.transpose()).transpose();  // D G^-1
    const Block M = F_factor_.solve(D).transpose();              // D' F^-1
    F_.noalias() -= K * D.transpose();
    G_.noalias() -= M * D;
    F_ = (0.5 * (F_ + F_.transpose())).eval();
    G_ = (0.5 * (G_ + G_.transpose())).eval();
    a_.push_back(Block::Zero(d_, d_));
    b_.push_back(Block::Zero(d_, d_));
    for (std::size_t i = 1; i <= m + 1; ++i) {
      const std::size_t j = m + 1 - i;
      if (i > j) break;
      // Both members of a pair at once: they change each other.
      const Block a_i = a_[i], a_j = a_[j], b_i = b_[i], b_j = b_[j];
      a_[i].noalias() -= K * b_j;
      b_[i].noalias() -= M * a_j;
      if (i == j) continue;
      a_[j].noalias() -= K * b_i;
      b_[j].noalias() -= M * a_i;
    }
    a_[m + 1] = -K;
    b_[m + 1] = -M;
  }

  /// slopes_k += weight S_k, k = 0 .. m, with N = m + 1 and S_k the sum of the blocks i - j = k of
  /// C_N^-1, whose neighbors along a diagonal differ by the predictors alone [Gohberg & Heinig
  /// 1974]:
  ///
  ///     S_k = sum_{l=0}^{m-k} (N - k - l) b_{l+k}' G^-1 b_l - sum_{l=1}^{m-k} l a_l' F^-1 a_{l+k}.
  void add_block_sums(double weight, Matrix& slopes) const {
    const std::size_t N = a_.size();
    std::vector<Block> Fa, Gb;
    Fa.reserve(N);
    Gb.reserve(N);
    for (std::size_t i = 0; i < N; ++i) {
      Fa.push_back(F_factor_.solve(a_[i]));
      Gb.push_back(G_factor_.solve(b_[i]));
    }
    for (std::size_t k = 0; k < N; ++k) {
      Block S = Block::Zero(d_, d_);
      for (std::size_t l = 0; l + k < N; ++l) {
        S.noalias() += b_[l + k].transpose() * (static_cast<double>(N - k - l) * Gb[l]);
        S.noalias() -= a_[l].transpose() * (static_cast<double>(l) * Fa[l + k]);
      }
      slopes.middleRows(static_cast<Index>(k) * d_, d_) += weight * S;
    }
  }

 private:
  Index d_;
  std::vector<Block> lags_, a_, b_;
  Block F_, G_;
  Eigen::LLT<Block> F_factor_, G_factor_;
};

template <int size>
std::optional<ToeplitzInformation> information(const Matrix& lags, bool with_slopes) {
  const Index d = lags.cols(), N = lags.rows() / d;
  Whittle<size> recursion(lags);
  ToeplitzInformation result;
  if (with_slopes) result.slopes = Matrix::Zero(lags.rows(), d);
  for (Index m = 0; m < N; ++m) {
    if (m > 0) recursion.advance();
    if (!recursion.factor()) return std::nullopt;
    result.value += (m < N / 2 ? 0.5 : -0.5) * recursion.log_determinant();
    if (with_slopes && m + 1 == N / 2) recursion.add_block_sums(1, result.slopes);
  }
  if (with_slopes) {
    recursion.add_block_sums(-0.5, result.slopes);
    result.slopes.topRows(d) *= 0.5;
  }
  return result;
}

template <int size>
std::optional<Vector> log_determinants(const Matrix& lags) {
  const Index N = lags.rows() / lags.cols();
  Whittle<size> recursion(lags);
  Vector result(N);
  double sum = 0;
  for (Index m = 0; m < N; ++m) {
    if (m > 0) recursion.advance();
    if (!recursion.factor()) return std::nullopt;
    sum += recursion.log_determinant();
    result(m) = sum;
  }
  return result;
}

}  // namespace

std::optional<ToeplitzInformation> information_by_levinson(const Matrix& lags, bool with_slopes) {
  switch (lags.cols()) {
    case 2:
      return information<2>(lags, with_slopes);
    case 3:
      return information<3>(lags, with_slopes);
    case 4:
      return information<4>(lags, with_slopes);
    default:
      return information<Eigen::Dynamic>(lags, with_slopes);
  }
}

std::optional<Vector> log_determinants_by_levinson(const Matrix& lags) {
  return log_determinants<Eigen::Dynamic>(lags);
}

}  // namespace nullcline::representation::detail
