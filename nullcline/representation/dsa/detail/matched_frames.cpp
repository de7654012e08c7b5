// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/detail/matched_frames.hpp"

#include <cmath>
#include <complex>

#include "nullcline/core/assignment.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::representation::detail {
namespace {

/// A block of a real Schur form: where it begins, and its eigenvalue of imaginary part >= 0.
struct Block {
  Index column;
  std::complex<double> value;
};

struct SchurBlocks {
  Matrix Q;
  std::vector<Block> reals, pairs;
};

SchurBlocks blocks_of(const Matrix& X) {
  // Scaled so that no eigenvalue is outside the unit circle: then nothing is put in order.
  const double norm = X.norm(), scale = norm > 0 ? 0.5 / norm : 1;
  OrderedSchur schur = unit_circle_schur(scale * X);
  const Matrix T = schur.T / scale;
  SchurBlocks result{std::move(schur.Q), {}, {}};
  for (Index i = 0; i < T.rows(); ++i) {
    if (i + 1 < T.rows() && T(i + 1, i) != 0) {
      const double product = -T(i, i + 1) * T(i + 1, i);
      result.pairs.push_back({i, {T(i, i), std::sqrt(std::max(0.0, product))}});
      ++i;
    } else {
      result.reals.push_back({i, T(i, i)});
    }
  }
  return result;
}

/// Of the fewer `rows`, the one of `columns` that each goes with.
std::vector<Index> match(const std::vector<Block>& rows, const std::vector<Block>& columns) {
  Matrix costs(static_cast<Index>(rows.size()), static_cast<Index>(columns.size()));
  for (Index i = 0; i < costs.rows(); ++i) {
    for (Index j = 0; j < costs.cols(); ++j) {
      costs(i, j) = std::norm(rows[static_cast<std::size_t>(i)].value -
                              columns[static_cast<std::size_t>(j)].value);
    }
  }
  return minimum_assignment(costs);
}

/// Matches pairs with pairs; those left over of the more become two reals each.
void match_pairs(SchurBlocks& fewer, SchurBlocks& more, std::vector<Index>& columns_of_fewer,
                 std::vector<Index>& columns_of_more) {
  const std::vector<Index> matches = match(fewer.pairs, more.pairs);
  std::vector<bool> taken(more.pairs.size(), false);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::size_t other = static_cast<std::size_t>(matches[i]);
    taken[other] = true;
    for (const Index k : {0, 1}) {
      columns_of_fewer.push_back(fewer.pairs[i].column + k);
      columns_of_more.push_back(more.pairs[other].column + k);
    }
  }
  for (std::size_t j = 0; j < taken.size(); ++j) {
    if (taken[j]) continue;
    for (const Index k : {0, 1}) {
      more.reals.push_back({more.pairs[j].column + k, more.pairs[j].value.real()});
    }
  }
}

}  // namespace

Frames matched_frames(const Matrix& X, const Matrix& Y) {
  SchurBlocks x = blocks_of(X), y = blocks_of(Y);
  std::vector<Index> of_x, of_y;
  if (x.pairs.size() <= y.pairs.size()) {
    match_pairs(x, y, of_x, of_y);
  } else {
    match_pairs(y, x, of_y, of_x);
  }
  const std::vector<Index> matches = match(x.reals, y.reals);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    of_x.push_back(x.reals[i].column);
    of_y.push_back(y.reals[static_cast<std::size_t>(matches[i])].column);
  }
  return {x.Q(Eigen::all, of_x), y.Q(Eigen::all, of_y)};
}

std::vector<Matrix> signed_starts(const Matrix& A, const Matrix& B, const Frames& frames) {
  const Matrix A_there = multiply(frames.of_X, multiply(A, frames.of_X), true);
  const Matrix B_there = multiply(frames.of_Y, multiply(B, frames.of_Y), true);
  // tr(A' C B C') = sum_ij d_i d_j W_ij; to change d_i adds -2 d_i sum_{j != i} d_j (W_ij + W_ji).
  const Matrix products = A_there.cwiseProduct(B_there);
  Matrix W = products + products.transpose();
  W.diagonal().setZero();
  Vector signs = Vector::Ones(W.rows());
  Index at = 0;
  const auto gain = [&] { return (-2 * signs.cwiseProduct(W * signs)).maxCoeff(&at); };
  const double rounding = 1e-14 * A.norm() * B.norm();
  while (gain() > rounding) signs(at) *= -1;

  std::vector<Matrix> starts;
  const auto add = [&] {
    starts.push_back(frames.of_X * signs.asDiagonal() * frames.of_Y.transpose());
  };
  add();
  if (signs.size() % 2 == 0) {
    signs(at) *= -1;
    add();
  }
  return starts;
}

}  // namespace nullcline::representation::detail
