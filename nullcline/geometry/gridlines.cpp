// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/gridlines.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nullcline::geometry {
namespace {

/// The points of a grid that differ from `first` in coordinate i alone: first + k stride.
struct Line {
  Index first, stride, size;
  Index at(Index k) const { return first + k * stride; }
};

std::vector<Line> lines_along(const Grid& grid, std::size_t i) {
  Index stride = 1;
  for (std::size_t j = i + 1; j < grid.nodes.size(); ++j) stride *= grid.nodes[j].size();
  std::vector<Line> lines;
  for (Index k = 0; k < grid.size(); ++k) {
    if (grid.position(k)[i] == 0) lines.push_back({k, stride, grid.nodes[i].size()});
  }
  return lines;
}

/// X along a line by the speeds sqrt(G_ii) at its nodes.
Vector drawn(const Vector& speeds, const Vector& nodes, const GridlineOptions& options) {
  const Index N = speeds.size(), center = N / 2;
  Vector X = Vector::Zero(N);
  for (Index k = 0; k < N; ++k) {
    const double before = k > 0 ? X(k - 1) : 0;
    switch (options.method) {
      case GridlineMethod::arc_length:
        if (k > 0) X(k) = before + (nodes(k) - nodes(k - 1)) * (speeds(k) + speeds(k - 1)) / 2;
        break;
      case GridlineMethod::legacy_absolute:
        X(k) = before + speeds(k);
        break;
      case GridlineMethod::legacy_normalized:
        X(k) = before + speeds(k) * speeds(k);
        break;
    }
  }
  X.array() -= Vector(X)(center);
  const bool halves = options.method == GridlineMethod::legacy_normalized ||
                      (options.method == GridlineMethod::arc_length && options.per_half);
  if (!halves) return X;
  const double middle = nodes(center), low = X(0), high = X(N - 1);
  for (Index k = 0; k < N; ++k) {
    if (k < center && low != 0) X(k) *= (nodes(0) - middle) / low;
    if (k > center && high != 0) X(k) *= (nodes(N - 1) - middle) / high;
  }
  return X;
}

/// dX / dkappa_i along a line by differences of its neighbors.
void differentiate(const Matrix& X, const Line& line, const Vector& nodes, Index i, Index m,
                   Matrix& slopes) {
  for (Index k = 0; k < line.size; ++k) {
    const Index low = std::max<Index>(k - 1, 0), high = std::min(k + 1, line.size - 1);
    if (low == high) continue;
    slopes.col(line.at(k) * m + i) =
        (X.col(line.at(high)) - X.col(line.at(low))) / (nodes(high) - nodes(low));
  }
}

double cosine(const Matrix& G) {
  double largest = 0;
  for (Index i = 0; i < G.rows(); ++i) {
    for (Index j = 0; j < i; ++j) {
      const double lengths = std::sqrt(G(i, i) * G(j, j));
      if (lengths > 0) largest = std::max(largest, std::abs(G(i, j)) / lengths);
    }
  }
  return largest;
}

}  // namespace

const char* name_of(GridlineMethod method) {
  switch (method) {
    case GridlineMethod::arc_length:
      return "arc_length";
    case GridlineMethod::legacy_absolute:
      return "legacy_absolute";
    case GridlineMethod::legacy_normalized:
      return "legacy_normalized";
  }
  return "unknown";
}

Gridlines gridlines(const Grid& grid, In<Matrix> metric, const GridlineOptions& options) {
  const Index K = grid.size(), m = grid.dim();
  if (metric.cols() != K || metric.rows() != m * m || !metric.allFinite()) {
    throw std::invalid_argument(
        fmt::format("gridlines: metric is {} x {}, must be {} x {} and finite", metric.rows(),
                    metric.cols(), m * m, K));
  }
  Gridlines result{Matrix(m, K), {}, Vector(K), Matrix(m, K)};
  Matrix slopes = Matrix::Zero(m, K * m);
  std::vector<std::vector<Line>> lines;
  for (std::size_t i = 0; i < grid.nodes.size(); ++i) {
    const auto row = static_cast<Index>(i);
    lines.push_back(lines_along(grid, i));
    Matrix speeds(grid.nodes[i].size(), static_cast<Index>(lines[i].size()));
    for (std::size_t l = 0; l < lines[i].size(); ++l) {
      const Line& line = lines[i][l];
      for (Index k = 0; k < line.size; ++k) {
        speeds(k, static_cast<Index>(l)) = std::sqrt(metric(row * (m + 1), line.at(k)));
      }
      const Vector X = drawn(speeds.col(static_cast<Index>(l)), grid.nodes[i], options);
      for (Index k = 0; k < line.size; ++k) result.positions(row, line.at(k)) = X(k);
    }
    const Vector means = speeds.rowwise().mean();
    for (std::size_t l = 0; l < lines[i].size(); ++l) {
      for (Index k = 0; k < lines[i][l].size; ++k) {
        result.net_defect(row, lines[i][l].at(k)) =
            means(k) > 0 ? speeds(k, static_cast<Index>(l)) / means(k) - 1 : 0;
      }
    }
  }
  const bool lengths = options.method == GridlineMethod::arc_length && !options.per_half;
  if (lengths) result.defect.resize(K);
  for (std::size_t i = 0; lengths && i < lines.size(); ++i) {
    for (const Line& line : lines[i]) {
      differentiate(result.positions, line, grid.nodes[i], static_cast<Index>(i), m, slopes);
    }
  }
  for (Index k = 0; k < K; ++k) {
    const Matrix G = metric.col(k).reshaped(m, m);
    result.obliqueness(k) = cosine(G);
    if (!lengths) continue;
    const auto dX = slopes.middleCols(k * m, m);
    const double size = G.norm();
    result.defect(k) = size > 0 ? (dX.transpose() * dX - G).norm() / size : 0;
  }
  return result;
}

}  // namespace nullcline::geometry
