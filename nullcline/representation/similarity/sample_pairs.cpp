// SPDX-License-Identifier: Apache-2.0
// The metrics that correlate what two representations say of all pairs of samples: RBF kernels
// (CKA) or dissimilarities (RSA [Kriegeskorte et al. 2008]). Each is <K, L> / sqrt(<K, K> <L, L>)
// of centered matrices (m, m),
//
//     K_ij = k(x_i, x_j) - row_i - row_j + constant,
//
// with  row = K 1 / m, constant = 1'K 1 / m^2                                   biased CKA
//       row = K 1 / (m - 2), constant = 1'K 1 / ((m - 1)(m - 2)), no diagonal   unbiased CKA
//       row = 0, constant = -mean, no diagonal                                  RSA (Pearson).
//
// The matrices are made and used in tiles, twice a comparison, and never stored.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {
namespace {

constexpr Index tile = 256;             // samples
constexpr Index median_samples = 1024;  // that the median distance is taken from

enum class Kernel { rbf, euclidean, squared_euclidean, correlation };

Kernel dissimilarity_of(const SimilarityOptions& options) {
  if (options.dissimilarity == "correlation") return Kernel::correlation;
  return options.dissimilarity == "euclidean" ? Kernel::euclidean : Kernel::squared_euclidean;
}

/// |x_i - x_j|^2 of columns of X, without cancellation where they are equal.
Matrix squared_distances(In<Matrix> A, In<Matrix> B) {
  Matrix D = -2 * multiply(A, B, true);
  const Vector a = A.colwise().squaredNorm(), b = B.colwise().squaredNorm();
  D.colwise() += a;
  D.rowwise() += b.transpose();
  return D.cwiseMax(0);
}

Matrix kernel_tile(const Features& X, Kernel kind, Index i, Index j, Index rows, Index cols) {
  const auto A = X.factor.middleCols(i, rows), B = X.factor.middleCols(j, cols);
  if (kind == Kernel::correlation) return (1 - multiply(A, B, true).array()).matrix();
  Matrix D = squared_distances(A, B);
  if (i == j) D.diagonal().setZero();
  if (kind == Kernel::euclidean) return D.cwiseSqrt();
  if (kind == Kernel::rbf) return (-X.scale * D.array()).exp().matrix();
  return D;
}

void center(Matrix& K, const Features& X, Index i, Index j) {
  K.colwise() -= X.row.segment(i, K.rows());
  K.rowwise() -= X.row.segment(j, K.cols()).transpose();
  K.array() += X.constant;
}

/// body(i, j, rows, cols, number) for the tiles of the lower triangle, in parallel.
void over_tiles(Index m, Threads threads,
                const std::function<void(Index, Index, Index, Index, Index)>& body) {
  const Index strips = (m + tile - 1) / tile;
  parallel_for(strips, threads, [&](Index number) {
    const Index i = (strips - 1 - number) * tile;  // the longest strip first
    for (Index j = 0; j <= i; j += tile) {
      body(i, j, std::min(tile, m - i), std::min(tile, m - j), number);
    }
  });
}

/// <K, L>; strips are summed in order, so that threads change nothing.
double inner_product(const Features& X, const Features& Y, Kernel kind, bool with_diagonal,
                     Threads threads) {
  const Index m = X.factor.cols();
  Vector sums = Vector::Zero((m + tile - 1) / tile);
  over_tiles(m, threads, [&](Index i, Index j, Index rows, Index cols, Index number) {
    Matrix K = kernel_tile(X, kind, i, j, rows, cols);
    center(K, X, i, j);
    Matrix L = &X == &Y ? K : kernel_tile(Y, kind, i, j, rows, cols);
    if (&X != &Y) center(L, Y, i, j);
    const double all = K.cwiseProduct(L).sum();
    const double on_diagonal = i == j ? K.diagonal().dot(L.diagonal()) : 0;
    if (i == j) {
      sums(number) += with_diagonal ? all : all - on_diagonal;
    } else {
      sums(number) += 2 * all;
    }
  });
  return sums.sum();
}

/// K 1, without the diagonal.
Vector row_sums(const Features& X, Kernel kind, Threads threads) {
  const Index m = X.factor.cols(), strips = (m + tile - 1) / tile;
  Matrix sums = Matrix::Zero(m, 1);
  parallel_for(strips, threads, [&](Index number) {
    const Index i = number * tile, rows = std::min(tile, m - i);
    for (Index j = 0; j < m; j += tile) {
      Matrix K = kernel_tile(X, kind, i, j, rows, std::min(tile, m - j));
      if (i == j) K.diagonal().setZero();
      sums.col(0).segment(i, rows) += K.rowwise().sum();
    }
  });
  return sums.col(0);
}

/// The median distance of every m / 1024-th sample, the 0 of a sample to itself left out.
double median_distance(In<Matrix> X) {
  const Index stride = (X.cols() + median_samples - 1) / median_samples;
  const Index count = (X.cols() + stride - 1) / stride;
  Matrix some(X.rows(), count);
  for (Index i = 0; i < count; ++i) some.col(i) = X.col(i * stride);
  const Matrix D = squared_distances(some, some);
  std::vector<double> values;
  for (Index j = 0; j < count; ++j) {
    for (Index i = j + 1; i < count; ++i) values.push_back(D(i, j));
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::sqrt(*middle);
}

Features rbf_kernel(Matrix X, const SimilarityOptions& options, bool unbiased) {
  Features features;
  const double size = X.cwiseAbs().maxCoeff();
  features.factor = std::move(X);
  features.defined = size > 0;
  if (!features.defined) return features;
  features.factor /= size;
  const double sigma = options.bandwidth * median_distance(features.factor);
  features.defined = sigma > 0;
  if (!features.defined) return features;
  features.scale = 1 / (2 * sigma * sigma);
  const auto m = static_cast<double>(features.factor.cols());
  Vector sums = row_sums(features, Kernel::rbf, options.threads);
  if (!unbiased) sums.array() += 1;
  features.row = sums / (unbiased ? m - 2 : m);
  features.constant = sums.sum() / (unbiased ? (m - 1) * (m - 2) : m * m);
  features.self = inner_product(features, features, Kernel::rbf, !unbiased, options.threads);
  features.defined = features.self > 64 * std::numeric_limits<double>::epsilon() * m;
  return features;
}

Features biased_rbf(Matrix X, const SimilarityOptions& options) {
  return rbf_kernel(std::move(X), options, false);
}
Features unbiased_rbf(Matrix X, const SimilarityOptions& options) {
  return rbf_kernel(std::move(X), options, true);
}

Features dissimilarities(Matrix X, const SimilarityOptions& options) {
  Features features;
  const double size = X.cwiseAbs().maxCoeff();
  features.factor = std::move(X);
  features.defined = size > 0;
  if (!features.defined) return features;
  features.factor /= size;
  const Kernel kind = dissimilarity_of(options);
  if (kind == Kernel::correlation) {  // of patterns: centered over the units, and of norm 1
    const Eigen::RowVectorXd means = features.factor.colwise().mean();
    features.factor.rowwise() -= means;
    for (Index i = 0; i < features.factor.cols(); ++i) features.factor.col(i).stableNormalize();
  }
  const Index m = features.factor.cols();
  features.row = Vector::Zero(m);
  const auto pairs = static_cast<double>(m * (m - 1));
  features.constant = -row_sums(features, kind, options.threads).sum() / pairs;
  features.self = inner_product(features, features, kind, false, options.threads);
  // All pairs equally far apart, to rounding: nothing to correlate.
  const double rounding = 64 * std::numeric_limits<double>::epsilon() * features.constant;
  features.defined = features.self > pairs * rounding * rounding;
  return features;
}

double correlation(const Features& X, const Features& Y, Kernel kind, bool with_diagonal,
                   Threads threads) {
  const double product = inner_product(X, Y, kind, with_diagonal, threads);
  return std::clamp(product / std::sqrt(X.self * Y.self), -1.0, 1.0);
}

Similarity summary(const Features& X, const Features& Y, double distance, double score) {
  return {distance, score, {}, X.factor.rows(), Y.factor.rows(), {}, true};
}

template <Kernel kind, bool with_diagonal, bool angular>
Similarity cka(const Features& X, const Features& Y, const SimilarityOptions& options) {
  const double score = correlation(X, Y, kind, with_diagonal, options.threads);
  return summary(X, Y, angular ? std::acos(score) : 1 - score, score);
}

template <bool angular>
Similarity rsa(const Features& X, const Features& Y, const SimilarityOptions& options) {
  const double score = correlation(X, Y, dissimilarity_of(options), false, options.threads);
  return summary(X, Y, angular ? std::acos(score) : 1 - score, score);
}

}  // namespace

std::vector<Metric> sample_pair_metrics() {
  const std::string rigid = "orthogonal maps and scale";
  const std::string patterns =
      "orthogonal maps and scale; of correlation, permutations, scale and offset of patterns";
  const double half = std::numbers::pi / 2;
  return {{{"rbf_cka", "CKA with Gaussian kernels", "1 - CKA", "CKA", rigid, 1, false, "", true},
           biased_rbf,
           cka<Kernel::rbf, true, false>},
          {{"rbf_cka_angular", "angle between the centered Gaussian kernels", "arccos(CKA)", "CKA",
            rigid, half, true, "", true},
           biased_rbf,
           cka<Kernel::rbf, true, true>},
          {{"rbf_cka_unbiased", "Gaussian CKA by the unbiased estimator of HSIC", "1 - CKA",
            "CKA, about 0 and as often below for independent data", rigid, 2, false, "", true},
           unbiased_rbf,
           cka<Kernel::rbf, false, false>,
           CrossProduct::none,
           nullptr,
           4},
          {{"rsa", "correlation of the dissimilarities of all pairs of samples", "1 - r", "r",
            patterns, 2, false, "", true},
           dissimilarities,
           rsa<false>,
           CrossProduct::none,
           nullptr,
           3},
          {{"rsa_angular", "angle between the centered dissimilarities", "arccos(r)", "r", patterns,
            2 * half, true, "", true},
           dissimilarities,
           rsa<true>,
           CrossProduct::none,
           nullptr,
           3}};
}

}  // namespace nullcline::representation::detail
