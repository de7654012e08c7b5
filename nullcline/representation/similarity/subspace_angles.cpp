// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/similarity/subspace_angles.hpp"

#include <algorithm>
#include <cmath>
#include <unsupported/Eigen/SpecialFunctions>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/quantile.hpp"
#include "nullcline/representation/random_angles.hpp"

namespace nullcline::representation {
namespace {

double sampled_probability(Index hits, Index samples) {
  return static_cast<double>(1 + hits) / static_cast<double>(1 + samples);
}

}  // namespace

double beta_probability(double value, double a, double b) {
  require(a > 0 && b > 0, "beta_probability: a and b must be positive");
  if (!(value > 0)) return 0;
  if (value >= 1) return 1;
  using Scalar = Eigen::Array<double, 1, 1>;
  return Eigen::betainc(Scalar(a), Scalar(b), Scalar(value)).value();
}

SubspaceAngles subspace_angles(In<Matrix> A, In<Matrix> B, const SubspaceAnglesOptions& options) {
  require(options.samples > 0, "subspace_angles: samples must be positive");
  require(A.cols() > 0 && B.cols() > 0, "subspace_angles: both subspaces need a dimension");
  SubspaceAngles result;
  result.angles = principal_angles(A, B);
  const Index n = A.rows(), k = result.angles.size(), larger = std::max(A.cols(), B.cols());
  result.overlap = result.angles.array().cos().square().mean();

  const Matrix null = draw_principal_angles(n, larger, k, options.samples, options.seed);
  result.null_mean = null.rowwise().mean();
  result.null_low.resize(k);
  result.null_high.resize(k);
  result.p_closer.resize(k);
  for (Index i = 0; i < k; ++i) {
    Vector sorted = null.row(i).transpose();
    std::sort(sorted.begin(), sorted.end());
    result.null_low(i) = quantile(sorted, 0.05);
    result.null_high(i) = quantile(sorted, 0.95);
    result.p_closer(i) =
        sampled_probability((null.row(i).array() <= result.angles(i)).count(), options.samples);
  }
  const Eigen::RowVectorXd overlaps = null.array().cos().square().colwise().mean();
  result.p_overlap =
      sampled_probability((overlaps.array() >= result.overlap).count(), options.samples);
  result.exact = k == 1;
  if (result.exact) {
    // P(cos^2 >= c) = P(sin^2 <= s), whose small values need no difference from 1.
    const double sine = std::sin(result.angles(0));
    const double rest = static_cast<double>(n - larger) / 2;
    result.p_overlap =
        rest > 0 ? beta_probability(sine * sine, rest, static_cast<double>(larger) / 2) : 1;
    result.p_closer(0) = result.p_overlap;
  }
  return result;
}

}  // namespace nullcline::representation
