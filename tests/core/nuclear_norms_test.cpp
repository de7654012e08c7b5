// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/nuclear_norms.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline {
namespace {

template <class Real>
std::vector<double> norms_of(const std::vector<MatrixX<Real>>& matrices) {
  std::vector<MatrixBlock<Real>> blocks;
  for (const auto& A : matrices) blocks.push_back({A.data(), A.rows(), A.cols(), A.rows()});
  std::vector<double> norms(matrices.size());
  NuclearNorms<Real>().compute(blocks, norms);
  return norms;
}

Matrix normal(Index rows, Index cols, std::uint64_t seed) {
  RandomStream stream({.seed = seed});
  Matrix A(rows, cols);
  stream.fill_normal({A.data(), static_cast<std::size_t>(A.size())});
  return A;
}

TEST(NuclearNorms, AreSumsOfSingularValuesOfMatricesOfManyShapesAtOnce) {
  std::vector<Matrix> matrices;
  std::vector<MatrixX<float>> singles;
  for (const auto& [rows, cols] : std::vector<std::pair<Index, Index>>{
           {1, 1}, {2, 1}, {1, 7}, {5, 5}, {9, 4}, {4, 9}, {31, 17}, {17, 31}, {40, 40}, {3, 2}}) {
    matrices.push_back(normal(rows, cols, static_cast<std::uint64_t>(rows * 100 + cols)));
    singles.push_back(matrices.back().cast<float>());
  }
  const auto found = norms_of(matrices), found_single = norms_of(singles);
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    const double known = singular_values(matrices[i]).sum(), size = matrices[i].norm();
    EXPECT_NEAR(found[i], known, 1e-14 * size * std::sqrt(matrices[i].rows()) + 1e-13 * known);
    EXPECT_NEAR(found_single[i], singular_values(singles[i].cast<double>()).sum(),
                1e-7 * size * std::sqrt(40) + 1e-8 * known);
  }
}

TEST(NuclearNorms, OfDiagonalMatricesWithSixteenDecadesOfSingularValues) {
  Matrix A = Matrix::Zero(17, 17);
  for (Index i = 0; i < 17; ++i)
    A(i, 16 - i) = (i % 2 ? -1 : 1) * std::pow(10.0, -static_cast<double>(i));
  EXPECT_NEAR(norms_of<double>({A})[0], (1 - 1e-17) / 0.9, 2e-14);
  EXPECT_NEAR(norms_of<float>({A.cast<float>()})[0], (1 - 1e-17) / 0.9, 4e-8);
}

TEST(NuclearNorms, OfOrthogonalAndLowRankMatrices) {
  const Matrix Q = orthonormal_basis(normal(30, 30, 1));
  const Matrix low = normal(30, 3, 2) * normal(3, 20, 3);
  const auto found = norms_of<double>({Q, low, Matrix::Zero(4, 3), Matrix::Ones(6, 6)});
  EXPECT_NEAR(found[0], 30, 1e-12);
  EXPECT_NEAR(found[1], singular_values(low).sum(), 1e-13 * low.norm());
  EXPECT_EQ(found[2], 0);
  EXPECT_NEAR(found[3], 6, 1e-13);
}

TEST(NuclearNorms, ScaleWithTheMatrix) {
  const Matrix A = normal(12, 10, 4);
  const auto found = norms_of<double>({A, 1e-100 * A, 1e100 * A});
  EXPECT_NEAR(found[1] * 1e100, found[0], 1e-12 * found[0]);
  EXPECT_NEAR(found[2] / 1e100, found[0], 1e-12 * found[0]);
}

TEST(NuclearNorms, DoNotDependOnWhatIsComputedBesideThem) {
  std::vector<MatrixX<float>> many;
  for (std::uint64_t i = 0; i < 37; ++i) {
    const auto size = static_cast<Index>(i);
    many.push_back(normal(3 + size % 7, 2 + size % 5, i).cast<float>());
  }
  const auto together = norms_of(many);
  for (std::size_t i = 0; i < many.size(); ++i)
    EXPECT_EQ(norms_of<float>({many[i]})[0], together[i]);
}

TEST(NuclearNorms, OfBlocksWithAStrideAndOfEmptyOnes) {
  const Matrix A = normal(20, 20, 5);
  std::vector<double> norms(2);
  const MatrixBlock<double> blocks[] = {{A.data() + 3 * 20 + 2, 7, 9, 20}, {A.data(), 0, 3, 20}};
  NuclearNorms<double>().compute(blocks, norms);
  EXPECT_NEAR(norms[0], singular_values(A.block(2, 3, 7, 9)).sum(), 1e-12);
  EXPECT_EQ(norms[1], 0);
  std::vector<double> few(1);
  EXPECT_THROW(NuclearNorms<double>().compute(blocks, few), std::invalid_argument);
}

}  // namespace
}  // namespace nullcline
