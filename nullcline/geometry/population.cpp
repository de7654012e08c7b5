// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/population.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/geometry/comparison.hpp"

namespace nullcline::geometry {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

void check_population(const char* function, const std::vector<PullbackMetric>& networks) {
  if (networks.empty()) throw std::invalid_argument(fmt::format("{}: no metrics", function));
  const PullbackMetric& first = networks.front();
  for (std::size_t i = 1; i < networks.size(); ++i) {
    if (networks[i].dim == first.dim && networks[i].metric.cols() == first.metric.cols()) continue;
    throw std::invalid_argument(fmt::format(
        "{}: metrics 1 are {} of {} dimensions, metrics {} are {} of {}", function,
        first.metric.cols(), first.dim, i + 1, networks[i].metric.cols(), networks[i].dim));
  }
}

/// R with R'R = A'A and a positive diagonal.
Matrix triangular(const Matrix& A) {
  Matrix R = Eigen::HouseholderQR<Matrix>(A).matrixQR().triangularView<Eigen::Upper>();
  for (Index i = 0; i < R.rows(); ++i) {
    if (R(i, i) < 0) R.row(i) *= -1;
  }
  return R;
}

/// All metrics as the metric R'R sees them.
struct Seen {
  Matrix mean_log;   // (m, m) T, of the logarithms of R^-T G_i R^-1
  Vector distances;  // (N)
  double bound = 0;  // of the Hessian, >= 1: the mean of (l / 2) coth(l / 2), l = log(mu_1 / mu_m)
};

Seen seen_from(const Matrix& R, const std::vector<PullbackMetric>& networks, Index c) {
  const auto N = static_cast<Index>(networks.size()), m = R.rows();
  Seen seen{Matrix::Zero(m, m), Vector(N), 0};
  for (Index i = 0; i < N; ++i) {
    const Matrix R_i = networks[static_cast<std::size_t>(i)].factor_at(c);
    const Matrix quotient = R.transpose().triangularView<Eigen::Lower>().solve(R_i.transpose());
    // R^-T R_i' R_i R^-1 = U S^2 U' with the quotient U S V'.
    const Eigen::JacobiSVD<Matrix> svd(quotient, Eigen::ComputeThinU);
    const Vector logs = 2 * svd.singularValues().array().log();
    seen.mean_log += svd.matrixU() * logs.asDiagonal() * svd.matrixU().transpose();
    seen.distances(i) = logs.norm();
    const double half = (logs(0) - logs(m - 1)) / 2;
    seen.bound += half > 1e-8 ? half / std::tanh(half) : 1;
  }
  seen.mean_log /= static_cast<double>(N);
  seen.bound /= static_cast<double>(N);
  return seen;
}

/// The factor of R' exp(T) R.
Matrix moved(const Matrix& R, const Matrix& T) {
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(T);
  const Vector half = (eigen.eigenvalues() / 2).array().exp();
  return triangular(half.asDiagonal() * eigen.eigenvectors().transpose() * R);
}

/// Of logarithms of metrics of that condition.
double rounding(const std::vector<PullbackMetric>& networks, Index c) {
  double condition = 1;
  for (const PullbackMetric& one : networks) condition = std::max(condition, one.condition(c));
  return 10 * static_cast<double>(networks.front().dim) * condition *
         std::numeric_limits<double>::epsilon();
}

}  // namespace

MeanMetric mean_metric(const std::vector<PullbackMetric>& networks,
                       const MeanMetricOptions& options, const Progress& progress) {
  check_population("mean_metric", networks);
  if (!(options.tolerance > 0) || options.max_steps < 1) {
    throw std::invalid_argument(fmt::format("mean_metric: tolerance {}, max_steps {}",
                                            options.tolerance, options.max_steps));
  }
  const auto N = static_cast<Index>(networks.size());
  const Index m = networks.front().dim, C = networks.front().metric.cols();
  MeanMetric result{m,
                    Matrix::Constant(m * m, C, none),
                    Matrix::Constant(m * m, C, none),
                    Matrix::Constant(N, C, none),
                    Vector::Constant(C, none),
                    Vector::Constant(C, none),
                    std::vector<char>(static_cast<std::size_t>(C), 0),
                    std::vector<MetricStatus>(static_cast<std::size_t>(C), MetricStatus::immersed)};
  for (Index c = 0; c < C; ++c) {
    if (progress && !progress(static_cast<double>(c) / static_cast<double>(C))) {
      result.cancelled = true;
      return result;
    }
    const auto place = static_cast<std::size_t>(c);
    for (const PullbackMetric& one : networks) {
      result.status[place] = std::max(result.status[place], one.status[place]);
    }
    if (result.status[place] != MetricStatus::immersed) continue;
    const double allowed = std::max(options.tolerance, rounding(networks, c));
    Matrix R = networks.front().factor_at(c);
    Seen seen = seen_from(R, networks, c);
    // Below what is allowed steps go on for as long as they help: rounding is mostly less.
    double before = std::numeric_limits<double>::infinity();
    for (Index step = 0; step < options.max_steps; ++step) {
      const double now = seen.mean_log.norm();
      if (!(now > options.tolerance && (now > allowed || now < before / 2))) break;
      before = now;
      R = moved(R, 2 / (1 + seen.bound) * seen.mean_log);
      seen = seen_from(R, networks, c);
    }
    result.factor.col(c) = R.reshaped();
    result.metric.col(c) = Matrix(R.transpose() * R).reshaped();
    result.distances.col(c) = seen.distances;
    result.dispersion(c) = seen.distances.norm() / std::sqrt(static_cast<double>(N));
    result.residual(c) = seen.mean_log.norm();
    result.converged[place] = result.residual(c) <= allowed ? 1 : 0;
  }
  return result;
}

NetworkDistances distances_of_networks(const std::vector<PullbackMetric>& networks, Index points,
                                       const Progress& progress) {
  check_population("distances_of_networks", networks);
  const Index C = networks.front().metric.cols();
  if (points < 1 || C % points != 0) {
    throw std::invalid_argument(
        fmt::format("distances_of_networks: {} metrics are not those of {} points", C, points));
  }
  const auto N = static_cast<Index>(networks.size());
  NetworkDistances result{Matrix::Zero(N * N, C / points), Matrix::Zero(N * N, C / points)};
  for (Index i = 0; i < N; ++i) {
    for (Index j = 0; j < i; ++j) {
      const double part = static_cast<double>(i * (i - 1) / 2 + j) / static_cast<double>(N * N);
      if (progress && !progress(2 * part)) {
        result.cancelled = true;
        return result;
      }
      const MetricDistances found = metric_distances(networks[static_cast<std::size_t>(i)],
                                                     networks[static_cast<std::size_t>(j)]);
      Matrix both(2, C);
      both << found.affine_invariant.transpose(), found.spectral_ratio.transpose();
      const Matrix medians = over_points(both, points, {0.5}).quantiles;
      result.affine_invariant.row(i * N + j) = result.affine_invariant.row(j * N + i) =
          medians.row(0);
      result.spectral_ratio.row(i * N + j) = result.spectral_ratio.row(j * N + i) = medians.row(1);
    }
  }
  return result;
}

}  // namespace nullcline::geometry
