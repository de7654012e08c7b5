// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <vector>

#include "nullcline/core/nuclear_norms.hpp"
#include "nullcline/core/packed_product.hpp"
#include "nullcline/representation/similarity/detail/metric.hpp"

namespace nullcline::representation::detail {

/// The factors (m, k_i) of some networks side by side, in slabs of some hundred samples each, which
/// a product runs through in cache.
template <std::floating_point Real>
class FactorGroup {
 public:
  FactorGroup() = default;
  FactorGroup(Index samples, std::vector<Index> columns);

  void put(Index network, In<Matrix> factor);  ///< Another thread a network may.

  Index networks() const { return static_cast<Index>(first_.size()) - 1; }
  Index columns() const { return first_.back(); }
  Index first(Index network) const { return first_[static_cast<std::size_t>(network)]; }
  Index width(Index network) const { return first(network + 1) - first(network); }
  const std::vector<MatrixX<Real>>& slabs() const { return slabs_; }

 private:
  std::vector<Index> first_ = {0};
  std::vector<MatrixX<Real>> slabs_;
};

/// Networks of a group: as many as have this many columns, at least one.
inline constexpr Index group_columns = 512;

/// |A_i' B_j|_* or |A_i' B_j|_F^2 of all networks i of A and j of B. Keeps its memory.
template <std::floating_point Real>
class CrossProducts {
 public:
  /// numbers(i, j); only j > i where A and B are the same object.
  void compute(const FactorGroup<Real>& A, const FactorGroup<Real>& B, CrossProduct kind,
               Matrix& numbers);

  /// Bytes kept after groups of up to `columns` columns, of networks of up to `widest`.
  static double memory(Index columns, Index widest);

 private:
  PackedMatrix<Real> packed_;
  MatrixX<Real> product_;
  NuclearNorms<Real> norms_;
};

}  // namespace nullcline::representation::detail
