// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/detail/cross_products.hpp"

#include <algorithm>

namespace nullcline::representation::detail {
namespace {

constexpr Index slab_samples = 256;  // with a panel of the packed factor, a quarter of L1

}  // namespace

template <std::floating_point Real>
FactorGroup<Real>::FactorGroup(Index samples, std::vector<Index> columns) {
  for (const Index width : columns) first_.push_back(first_.back() + width);
  for (Index begin = 0; begin < samples; begin += slab_samples) {
    slabs_.emplace_back(std::min(slab_samples, samples - begin), first_.back());
  }
}

template <std::floating_point Real>
void FactorGroup<Real>::put(Index network, In<Matrix> factor) {
  if (factor.size() == 0) return;  // of a network that does not vary
  Index begin = 0;
  for (MatrixX<Real>& slab : slabs_) {
    slab.middleCols(first(network), width(network)) =
        factor.middleRows(begin, slab.rows()).template cast<Real>();
    begin += slab.rows();
  }
}

template <std::floating_point Real>
void CrossProducts<Real>::compute(const FactorGroup<Real>& A, const FactorGroup<Real>& B,
                                  CrossProduct kind, Matrix& numbers) {
  product_.resize(A.columns(), B.columns());
  numbers = Matrix::Zero(A.networks(), B.networks());
  if (product_.size() == 0) return;
  for (std::size_t s = 0; s < A.slabs().size(); ++s) {
    packed_.pack(A.slabs()[s], true);
    const MatrixX<Real>& slab = B.slabs()[s];
    multiply_packed(packed_, slab.data(), 1, slab.rows(), B.columns(), product_.data(), A.columns(),
                    s > 0);
  }

  std::vector<MatrixBlock<Real>> blocks;
  std::vector<std::pair<Index, Index>> pairs;
  for (Index j = 0; j < B.networks(); ++j) {
    for (Index i = 0; i < (&A == &B ? j : A.networks()); ++i) {
      const auto block = product_.block(A.first(i), B.first(j), A.width(i), B.width(j));
      if (kind == CrossProduct::squared) {
        numbers(i, j) = block.template cast<double>().squaredNorm();
      } else {
        blocks.push_back({block.data(), block.rows(), block.cols(), product_.rows()});
        pairs.emplace_back(i, j);
      }
    }
  }
  std::vector<double> norms(blocks.size());
  norms_.compute(blocks, norms);
  for (std::size_t p = 0; p < pairs.size(); ++p)
    numbers(pairs[p].first, pairs[p].second) = norms[p];
}

template <std::floating_point Real>
double CrossProducts<Real>::memory(Index columns, Index widest) {
  const auto c = static_cast<double>(columns);
  return static_cast<double>(sizeof(Real)) * (c * c + c * slab_samples) +
         static_cast<double>(NuclearNorms<Real>::memory(widest, widest));
}

template class FactorGroup<float>;
template class FactorGroup<double>;
template class CrossProducts<float>;
template class CrossProducts<double>;

}  // namespace nullcline::representation::detail
