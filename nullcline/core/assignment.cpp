// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/assignment.hpp"

#include <limits>

namespace nullcline {
namespace {

/// Rows and columns with their dual prices: costs - row_price - column_price >= 0, and = 0 for
/// what is assigned.
struct Matching {
  Vector row_price, column_price;
  std::vector<Index> row_of;  // of each column, -1 if free
};

/// Dijkstra on reduced costs from a free row to the nearest free column, then the path is flipped.
void augment(In<Matrix> costs, Index row, Matching& matching) {
  const Index q = costs.cols();
  Vector distance = Vector::Constant(q, std::numeric_limits<double>::infinity());
  std::vector<Index> previous(static_cast<std::size_t>(q), -1);  // column before it on the path
  std::vector<bool> done(static_cast<std::size_t>(q), false);
  Index column = -1;  // -1: at the row where the path begins
  double reached = 0;
  Index current = row;
  do {
    Index next = -1;
    for (Index j = 0; j < q; ++j) {
      if (done[static_cast<std::size_t>(j)]) continue;
      const double through =
          reached + costs(current, j) - matching.row_price(current) - matching.column_price(j);
      if (through < distance(j)) {
        distance(j) = through;
        previous[static_cast<std::size_t>(j)] = column;
      }
      if (next < 0 || distance(j) < distance(next)) next = j;
    }
    column = next;
    reached = distance(column);
    done[static_cast<std::size_t>(column)] = true;
    current = matching.row_of[static_cast<std::size_t>(column)];
  } while (current >= 0);

  matching.row_price(row) += reached;
  for (Index j = 0; j < q; ++j) {
    if (!done[static_cast<std::size_t>(j)] || j == column) continue;
    matching.row_price(matching.row_of[static_cast<std::size_t>(j)]) += reached - distance(j);
    matching.column_price(j) -= reached - distance(j);
  }
  while (column >= 0) {
    const Index before = previous[static_cast<std::size_t>(column)];
    matching.row_of[static_cast<std::size_t>(column)] =
        before < 0 ? row : matching.row_of[static_cast<std::size_t>(before)];
    column = before;
  }
}

}  // namespace

std::vector<Index> minimum_assignment(In<Matrix> costs) {
  Matching matching{Vector::Zero(costs.rows()), Vector::Zero(costs.cols()),
                    std::vector<Index>(static_cast<std::size_t>(costs.cols()), -1)};
  for (Index i = 0; i < costs.rows(); ++i) augment(costs, i, matching);
  std::vector<Index> column_of(static_cast<std::size_t>(costs.rows()), -1);
  for (Index j = 0; j < costs.cols(); ++j) {
    const Index row = matching.row_of[static_cast<std::size_t>(j)];
    if (row >= 0) column_of[static_cast<std::size_t>(row)] = j;
  }
  return column_of;
}

}  // namespace nullcline
