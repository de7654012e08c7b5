// SPDX-License-Identifier: Apache-2.0
#include "nullcline/connectivity/graph.hpp"

#include <vector>

namespace nullcline::connectivity {
namespace {

/// How many nodes node 0 reaches, itself included, along columns of A.
Index reached_from_first(In<Matrix> A) {
  const Index n = A.rows();
  std::vector<bool> seen(static_cast<std::size_t>(n), false);
  std::vector<Index> waiting = {0};
  seen[0] = true;
  Index reached = 1;
  while (!waiting.empty()) {
    const Index j = waiting.back();
    waiting.pop_back();
    for (Index i = 0; i < n; ++i) {
      if (A(i, j) == 0 || seen[static_cast<std::size_t>(i)]) continue;
      seen[static_cast<std::size_t>(i)] = true;
      ++reached;
      waiting.push_back(i);
    }
  }
  return reached;
}

}  // namespace

bool is_strongly_connected(In<Matrix> A) {
  const Index n = A.rows();
  return n <= 1 || (reached_from_first(A) == n && reached_from_first(A.transpose()) == n);
}

bool has_cycle(In<Matrix> A) {
  // Take away nodes that nothing drives until none is left, or all that is left lies behind a
  // cycle [Kahn 1962].
  const Index n = A.rows();
  std::vector<Index> drivers(static_cast<std::size_t>(n), 0), ready;
  for (Index i = 0; i < n; ++i) {
    drivers[static_cast<std::size_t>(i)] = (A.row(i).array() != 0).count();
    if (drivers[static_cast<std::size_t>(i)] == 0) ready.push_back(i);
  }
  Index taken = 0;
  while (!ready.empty()) {
    const Index j = ready.back();
    ready.pop_back();
    ++taken;
    for (Index i = 0; i < n; ++i) {
      if (A(i, j) != 0 && --drivers[static_cast<std::size_t>(i)] == 0) ready.push_back(i);
    }
  }
  return taken < n;
}

}  // namespace nullcline::connectivity
