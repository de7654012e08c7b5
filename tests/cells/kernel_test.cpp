// SPDX-License-Identifier: Apache-2.0
// Kernels written by hand against their slow twin, for every cell that has one.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "nullcline/cells/layer.hpp"
#include "nullcline/cells/staged_kernel.hpp"
#include "tests/cells/cases.hpp"

namespace nullcline::cells {
namespace {

template <class Real>
std::vector<Matrix> run(Kernel<Real>& kernel, const std::vector<Matrix>& M, Index steps,
                        Index batch) {
  const Index F = kernel.feature_dim(), columns = steps * batch;
  std::vector<MatrixX<Real>> cast;
  for (const Matrix& A : M) cast.push_back(A.template cast<Real>());
  kernel.set_matrices(cast);
  const MatrixX<Real> inputs = normals(kernel.input_dim(), columns, 1).template cast<Real>();
  const MatrixX<Real> start = normals(kernel.state_dim(), batch, 2).template cast<Real>();
  const MatrixX<Real> D = normals(2, F, 3).template cast<Real>(),
                      E = normals(2, columns, 4).template cast<Real>();
  const MatrixX<Real> last = normals(kernel.state_dim(), batch, 5).template cast<Real>();
  const MatrixX<Real> more = normals(F, columns, 6).template cast<Real>();
  const RandomStream noise({1, 1, Purpose::recurrent_noise, 0});
  kernel.forward({steps, batch, view(inputs), view(start), &noise, 3});

  MatrixX<Real> by_inputs, by_start;
  Gradients<Real> gradients{{}, &by_inputs, &by_start};
  for (const Matrix& A : M) gradients.parameters.push_back(MatrixX<Real>::Ones(A.rows(), A.cols()));
  const auto add = [&](Index t, InOut<MatrixX<Real>> G) {
    G += more.middleCols((t - 1) * batch, batch);
  };
  kernel.backward({view(D), view(E), add, &last}, gradients);
  std::vector<Matrix> all = {kernel.states().template cast<double>(),
                             kernel.features().template cast<double>(),
                             by_inputs.template cast<double>(), by_start.template cast<double>()};
  for (const auto& dM : gradients.parameters) all.push_back(dM.template cast<double>());
  return all;
}

class KernelOf : public ::testing::TestWithParam<Case> {
 protected:
  /// `tolerance` is relative to the largest entry of each result.
  template <class Real>
  void expect_twins(double tolerance) const {
    for (const auto& [n, m, steps, batch] :
         {std::array<Index, 4>{5, 2, 7, 3}, {17, 3, 4, 1}, {33, 1, 3, 70}}) {
      const Network network = network_of(GetParam(), n, m, 1, 0.05);
      const Layer layer = cell_kind(GetParam().cell).layer(network.settings);
      const auto fast = make_kernel<Real>(layer, n, m);
      std::vector<Matrix> M;
      for (const auto& stage : layer.step_double.stages) {
        M.push_back(normals(stage.blocks * n, layer.step_double.matrix_cols(n, m), 7) /
                    std::sqrt(static_cast<double>(n)));
      }
      zero_what_has_no_weights(M.back(), n, m);
      StagedKernel<Real> slow(step<Real>(layer), n, m);
      auto found = run<Real>(*fast, M, steps, batch);
      auto expected = run<Real>(slow, M, steps, batch);
      zero_what_has_no_weights(found.back(), n, m);
      zero_what_has_no_weights(expected.back(), n, m);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t k = 0; k < found.size(); ++k) {
        ASSERT_EQ(found[k].rows(), expected[k].rows());
        ASSERT_EQ(found[k].cols(), expected[k].cols());
        const double scale = std::max(1.0, expected[k].cwiseAbs().maxCoeff());
        EXPECT_LE((found[k] - expected[k]).cwiseAbs().maxCoeff(), tolerance * scale)
            << "result " << k << ", n = " << n;
      }
    }
  }

 private:
  template <class Real>
  static StagedStep<Real> step(const Layer& layer) {
    if constexpr (std::same_as<Real, float>) {
      return layer.step_float;
    } else {
      return layer.step_double;
    }
  }
  /// The parts of the GRU's matrix that are always zero: its kernel may not look at them.
  void zero_what_has_no_weights(Matrix& M, Index n, Index m) const {
    if (GetParam().cell != "gru" || M.rows() != 4 * n) return;
    M.block(2 * n, n, n, m).setZero();
    M.block(3 * n, 0, n, n).setZero();
  }
};

std::vector<Case> cases_with_kernels() {
  std::vector<Case> kept;
  for (const Case& c : all_cases()) {
    const Layer layer = cell_kind(c.cell).layer(network_of(c, 4, 1, 1).settings);
    if (layer.kernel_float || layer.kernel_double) kept.push_back(c);
  }
  return kept;
}
INSTANTIATE_TEST_SUITE_P(Options, KernelOf, ::testing::ValuesIn(cases_with_kernels()),
                         [](const auto& named) { return named.param.name; });

// Rounding of sums of some ten to hundred terms, over at most seven steps.
TEST_P(KernelOf, IsItsSlowTwinInDouble) { expect_twins<double>(1e-12); }
TEST_P(KernelOf, IsItsSlowTwinInFloat) { expect_twins<float>(2e-5); }

}  // namespace
}  // namespace nullcline::cells
