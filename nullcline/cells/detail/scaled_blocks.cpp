// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/detail/scaled_blocks.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nullcline/cells/detail/scaled_blocks.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace nullcline::cells::detail::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void sum_column(const ScaledBlock* blocks, Index count, Index offset, double factor, Index n,
                double* HWY_RESTRICT sum) {
  const hn::ScalableTag<double> d;
  const hn::CappedTag<double, 1> one;
  const auto entry = [&](auto tag, Index i) HWY_ATTR {
    auto total = hn::Zero(tag);
    for (Index t = 0; t < count; ++t) {
      total = hn::MulAdd(hn::LoadU(tag, blocks[t].factors + i),
                         hn::LoadU(tag, blocks[t].rows + offset + i), total);
    }
    hn::StoreU(hn::Mul(hn::Set(tag, factor), total), tag, sum + i);
  };
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  Index i = 0;
  for (; i + lanes <= n; i += lanes) entry(d, i);
  for (; i < n; ++i) entry(one, i);
}

void sum_blocks(const ScaledBlock* blocks, Index count, Index stride, const double* factors,
                Index n, Index columns, double* sum, Index sum_stride) {
  for (Index j = 0; j < columns; ++j) {
    sum_column(blocks, count, j * stride, factors[j], n, sum + j * sum_stride);
  }
}

}  // namespace nullcline::cells::detail::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nullcline::cells::detail {
namespace {

HWY_EXPORT(sum_blocks);

}  // namespace

void sum_scaled_blocks(const std::vector<ScaledBlock>& blocks, Index stride,
                       In<Vector> column_factors, Out<Matrix> sum) {
  HWY_DYNAMIC_DISPATCH(sum_blocks)
  (blocks.data(), static_cast<Index>(blocks.size()), stride, column_factors.data(), sum.rows(),
   sum.cols(), sum.data(), sum.outerStride());
}

}  // namespace nullcline::cells::detail
#endif  // HWY_ONCE
