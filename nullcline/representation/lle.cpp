// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/lle.hpp"

#include <fmt/core.h>

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/neighbors.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

using Sparse = Eigen::SparseMatrix<double>;

constexpr double shift = 1e-13;  // Of the largest diagonal entry: the factors stay positive.
constexpr Index spare = 8;       // Vectors beyond those wanted, which speed the iteration up.

/// Each point's neighbors as one group, by union of sets.
Index components_of(const detail::IndexMatrix& neighbors) {
  std::vector<Index> leader(static_cast<std::size_t>(neighbors.cols()));
  std::iota(leader.begin(), leader.end(), Index{0});
  const auto find = [&](Index i) {
    while (leader[static_cast<std::size_t>(i)] != i) {
      const Index above = leader[static_cast<std::size_t>(i)];
      leader[static_cast<std::size_t>(i)] = leader[static_cast<std::size_t>(above)];
      i = above;
    }
    return i;
  };
  Index count = neighbors.cols();
  for (Index i = 0; i < neighbors.cols(); ++i) {
    for (Index k = 0; k < neighbors.rows(); ++k) {
      const Index a = find(i), b = find(neighbors(k, i));
      if (a == b) continue;
      leader[static_cast<std::size_t>(a)] = b;
      --count;
    }
  }
  return count;
}

/// The weights of point i, which sum to 1. (k)
Vector weights_of(In<Matrix> X, const detail::IndexMatrix& neighbors, Index i,
                  double regularization) {
  const Index k = neighbors.rows();
  Matrix differences(X.rows(), k);
  for (Index j = 0; j < k; ++j) differences.col(j) = X.col(neighbors(j, i)) - X.col(i);
  Matrix G = differences.transpose() * differences;
  const double trace = G.trace();
  if (trace == 0) return Vector::Constant(k, 1 / static_cast<double>(k));  // All in one place.
  G /= trace;
  G.diagonal().array() += regularization;
  const Vector w = solve_positive_definite(G, Matrix::Ones(k, 1)).value();
  return w / w.sum();
}

/// I - W, row i of point i.
Sparse reconstruction(In<Matrix> X, const detail::IndexMatrix& neighbors,
                      const LleOptions& options) {
  const Index k = neighbors.rows(), count = neighbors.cols();
  Matrix W(k, count);
  parallel_for(count, options.threads,
               [&](Index i) { W.col(i) = weights_of(X, neighbors, i, options.regularization); });
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(static_cast<std::size_t>((k + 1) * count));
  for (Index i = 0; i < count; ++i) {
    entries.emplace_back(static_cast<int>(i), static_cast<int>(i), 1.0);
    for (Index j = 0; j < k; ++j) {
      entries.emplace_back(static_cast<int>(i), static_cast<int>(neighbors(j, i)), -W(j, i));
    }
  }
  Sparse result(count, count);
  result.setFromTriplets(entries.begin(), entries.end());
  return result;
}

void remove_mean(Matrix& Y) { Y.rowwise() -= Y.colwise().mean().eval(); }

/// The eigenvectors of smallest eigenvalue orthogonal to the constant.
void put_embedding(Lle& result, const Sparse& M, const LleOptions& options) {
  const Index count = M.rows(), block = std::min(options.dim + spare, count - 1);
  const double size = Vector(M.diagonal()).maxCoeff();
  Sparse shifted = M;
  for (Index i = 0; i < count; ++i) shifted.coeffRef(i, i) += shift * size;
  const Eigen::SimplicialLDLT<Sparse> factors(shifted);
  if (factors.info() != Eigen::Success) throw std::runtime_error("lle: M has no factors");

  RandomStream stream({.seed = 0, .purpose = Purpose::analysis_starts});
  Matrix Y(count, block);
  stream.fill_normal({Y.data(), static_cast<std::size_t>(Y.size())});
  result.status = LleStatus::not_converged;
  while (result.iterations < options.max_iterations) {
    ++result.iterations;
    Y = factors.solve(Y).eval();
    remove_mean(Y);
    Y = orthonormal_basis(Y);
    const Matrix MY = M * Y;
    const SymmetricEigen ritz = symmetric_eigen(multiply(Y, MY, true));
    Y = multiply(Y, ritz.vectors);
    result.eigenvalues = ritz.values.head(options.dim);
    const Matrix residual = multiply(MY, ritz.vectors.leftCols(options.dim)) -
                            Y.leftCols(options.dim) * result.eigenvalues.asDiagonal();
    // The gap to the rest decides how far vectors are off: residuals are held against it.
    const double gap = ritz.values(std::min(options.dim, block - 1));
    if (residual.colwise().norm().maxCoeff() <=
        options.tolerance * std::min(size, std::max(gap, shift * size / options.tolerance))) {
      result.status = LleStatus::converged;
      break;
    }
  }
  Matrix leading = Y.leftCols(options.dim) * std::sqrt(static_cast<double>(count));
  detail::orient_columns(leading);
  result.embedding = leading.transpose();
}

void check(In<Matrix> X, const LleOptions& options) {
  if (options.dim < 1 || options.dim >= X.cols() - 1 || options.neighbors <= options.dim ||
      options.neighbors >= X.cols()) {
    throw std::invalid_argument(
        fmt::format("lle: dim {} and {} neighbors of {} points; 1 <= dim < neighbors < points and "
                    "dim < points - 1 are needed",
                    options.dim, options.neighbors, X.cols()));
  }
  require(X.rows() > 0 && X.allFinite(), "lle: X is not finite");
  require(options.regularization > 0 && options.tolerance > 0 && options.max_iterations > 0,
          "lle: regularization, tolerance and max_iterations must be positive");
}

}  // namespace

const char* name_of(LleStatus status) {
  static constexpr const char* names[] = {"converged", "not_converged", "disconnected"};
  return names[static_cast<int>(status)];
}

Lle lle(In<Matrix> X, const LleOptions& options) {
  check(X, options);
  const detail::Neighbors neighbors =
      detail::nearest_neighbors(X, options.neighbors, options.threads);
  Lle result;
  result.components = components_of(neighbors.points);
  if (result.components > 1) {
    result.status = LleStatus::disconnected;
    return result;
  }
  const Sparse R = reconstruction(X, neighbors.points, options);
  const Sparse M = R.transpose() * R;
  put_embedding(result, M, options);
  return result;
}

}  // namespace nullcline::representation
