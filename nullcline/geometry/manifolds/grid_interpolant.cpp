// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/grid_interpolant.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::geometry {
namespace {

constexpr Index block_points = 64;    // a product at a time
constexpr Index widest_uniform = 10;  // nodes; Lebesgue's constant is 30 there, and doubles by each

/// Values, first and second derivatives by kappa of the N basis functions of a coordinate. (N, 3)
Matrix basis(const Coordinate& c, Index N, double kappa) {
  Matrix phi(N, 3);
  phi.row(0) << 1, 0, 0;
  if (c.periodic) {
    const double w = 2 * std::numbers::pi / c.extent(), theta = w * (kappa - c.lowest);
    for (Index row = 1; row < N; ++row) {
      const double j = static_cast<double>((row + 1) / 2), cj = std::cos(j * theta),
                   sj = std::sin(j * theta), jw = j * w;
      if (row % 2 == 1) {
        phi.row(row) << cj, -jw * sj, -jw * jw * cj;
      } else {
        phi.row(row) << sj, jw * cj, -jw * jw * sj;
      }
    }
    return phi;
  }
  const double w = 2 / c.extent(), s = w * (kappa - c.lowest) - 1;
  if (N > 1) phi.row(1) << s, 1, 0;
  for (Index j = 2; j < N; ++j) {
    // T_j = 2 s T_{j-1} - T_{j-2}, differentiated
    phi(j, 0) = 2 * s * phi(j - 1, 0) - phi(j - 2, 0);
    phi(j, 1) = 2 * phi(j - 1, 0) + 2 * s * phi(j - 1, 1) - phi(j - 2, 1);
    phi(j, 2) = 4 * phi(j - 1, 1) + 2 * s * phi(j - 1, 2) - phi(j - 2, 2);
  }
  phi.col(1) *= w;
  phi.col(2) *= w * w;
  return phi;
}

/// (N, N) the functions at the nodes, a function a column.
Matrix collocation(const Coordinate& c, In<Vector> nodes) {
  Matrix A(nodes.size(), nodes.size());
  for (Index k = 0; k < nodes.size(); ++k) {
    A.row(k) = basis(c, nodes.size(), nodes(k)).col(0).transpose();
  }
  return A;
}

/// values (n, outer N inner) -> coefficients along the middle dimension.
void transform(const Matrix& inverse, Index inner, Matrix& values) {
  const Index n = values.rows(), N = inverse.rows(), rows = n * inner;
  for (Index block = 0; block < values.cols() / (N * inner); ++block) {
    Eigen::Map<Matrix> part(values.data() + block * rows * N, rows, N);
    part = multiply(part, inverse, false, true);
  }
}

/// Norm of the coefficients of the two highest basis functions of a coordinate, over all norms.
double tail_of(const Grid& grid, const Matrix& coefficients) {
  const double all = coefficients.rightCols(coefficients.cols() - 1).norm();
  double largest = 0;
  for (std::size_t i = 0; i < grid.nodes.size(); ++i) {
    const Index N = grid.nodes[i].size();
    double squares = 0;
    for (Index k = 0; k < coefficients.cols(); ++k) {
      const Index at = grid.position(k)[i];
      if (at > 0 && at >= N - 2) squares += coefficients.col(k).squaredNorm();
    }
    largest = std::max(largest, std::sqrt(squares));
  }
  return all > 0 ? largest / all : 0;
}

bool is_uniform(In<Vector> nodes) {
  const double first = nodes(1) - nodes(0),
               middle = nodes(nodes.size() / 2 + 1) - nodes(nodes.size() / 2);
  return middle < 1.5 * first;
}

}  // namespace

GridInterpolant::GridInterpolant(const Grid& grid, In<Matrix> values)
    : domain_(grid.domain), coefficients_(values) {
  if (values.cols() != grid.size() || values.rows() < 1 || !values.allFinite()) {
    throw std::invalid_argument(
        fmt::format("GridInterpolant: values are {} x {}, must be n x {} and finite", values.rows(),
                    values.cols(), grid.size()));
  }
  Index inner = grid.size();
  for (std::size_t i = 0; i < domain_.size(); ++i) {
    const Index N = grid.nodes[i].size();
    if (!domain_[i].periodic && N > widest_uniform && is_uniform(grid.nodes[i])) {
      throw std::invalid_argument(fmt::format(
          "GridInterpolant: coordinate {} is an interval of {} equally spaced nodes; polynomials "
          "through them swing: use Chebyshev's spacing",
          i, N));
    }
    counts_.push_back(N);
    inner /= N;
    const Matrix A = collocation(domain_[i], grid.nodes[i]);
    transform(solve(A, Matrix::Identity(N, N)).value(), inner, coefficients_);
  }
  tail_ = tail_of(grid, coefficients_);
}

Jets GridInterpolant::jets(In<Matrix> kappa, int order) const {
  const Index n = ambient_dim(), m = dim(), B = kappa.cols();
  const Index tangents = order >= 1 ? m : 0, pairs = order >= 2 ? m * (m + 1) / 2 : 0;
  Jets result{Matrix(n, B), Matrix(n, B * tangents), Matrix(n, B * pairs)};
  for (Index first = 0; first < B; first += block_points) {
    const Index count = std::min(block_points, B - first);
    const Matrix all =
        multiply(coefficients_, products(kappa.middleCols(first, count), tangents, pairs));
    result.points.middleCols(first, count) = all.leftCols(count);
    result.tangents.middleCols(first * tangents, count * tangents) =
        all.middleCols(count, count * tangents);
    result.second.middleCols(first * pairs, count * pairs) = all.rightCols(count * pairs);
  }
  return result;
}

/// Products of basis functions, those of a coordinate differentiated as often as the column asks:
/// B points, then their tangents, then their second derivatives. (K, B (1 + tangents + pairs))
Matrix GridInterpolant::products(In<Matrix> kappa, Index tangents, Index pairs) const {
  const Index m = dim(), B = kappa.cols();
  Matrix result(coefficients_.cols(), B * (1 + tangents + pairs));
  std::vector<Matrix> phi(domain_.size());
  const auto fill = [&](Index column, Index i, Index j) {
    auto out = result.col(column);
    out(0) = 1;
    for (Index d = 0, filled = 1; d < m; ++d) {
      const auto f = phi[static_cast<std::size_t>(d)].col((d == i ? 1 : 0) + (d == j ? 1 : 0));
      // The new coordinate is the fastest; from the back, so that nothing is lost.
      for (Index k = filled; k-- > 0;) out.segment(k * f.size(), f.size()) = out(k) * f;
      filled *= f.size();
    }
  };
  for (Index b = 0; b < B; ++b) {
    for (std::size_t d = 0; d < phi.size(); ++d) {
      phi[d] = basis(domain_[d], counts_[d], kappa(static_cast<Index>(d), b));
    }
    fill(b, -1, -1);
    for (Index i = 0; i < tangents; ++i) fill(B + b * m + i, i, -1);
    if (pairs == 0) continue;
    for (Index i = 0, pair = B * (1 + tangents) + b * pairs; i < m; ++i) {
      for (Index j = i; j < m; ++j, ++pair) fill(pair, i, j);
    }
  }
  return result;
}

GridInterpolant interpolate(const ImmersedManifold& manifold, const std::vector<Index>& counts) {
  const Grid grid = make_grid(manifold.domain(), counts, Spacing::chebyshev);
  return {grid, manifold.jets(grid.points(), 0).points};
}

}  // namespace nullcline::geometry
