// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/jpca.hpp"

#include <fmt/core.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/pca.hpp"

namespace nullcline::representation {
namespace {

Matrix mean_over_trials(std::span<const Matrix> trials) {
  Matrix sum = trials[0];
  for (std::size_t i = 1; i < trials.size(); ++i) {
    if (trials[i].cols() != sum.cols()) {
      throw std::invalid_argument(
          fmt::format("jpca: trial {} has {} steps, the first one {}; a mean over trials needs one "
                      "length (center_conditions = false goes without)",
                      i, trials[i].cols(), sum.cols()));
    }
    sum += trials[i];
  }
  return sum / static_cast<double>(trials.size());
}

std::vector<Matrix> without(std::span<const Matrix> trials, const Matrix& condition_mean) {
  std::vector<Matrix> rest(trials.begin(), trials.end());
  if (condition_mean.size() == 0) return rest;
  for (Matrix& trial : rest) trial -= condition_mean;
  return rest;
}

/// States and their derivatives of all trials, (k, samples) each.
struct Motion {
  Matrix X, dX;
};

Motion motion_of(std::span<const Matrix> trials, JpcaDerivative derivative) {
  Index samples = 0;
  for (const Matrix& trial : trials) samples += trial.cols() - 1;
  Motion motion{Matrix(trials[0].rows(), samples), Matrix(trials[0].rows(), samples)};
  Index column = 0;
  for (const Matrix& trial : trials) {
    const Index steps = trial.cols() - 1;
    const auto before = trial.leftCols(steps), after = trial.rightCols(steps);
    motion.dX.middleCols(column, steps) = after - before;
    if (derivative == JpcaDerivative::midpoint) {
      motion.X.middleCols(column, steps) = (before + after) / 2;
    } else {
      motion.X.middleCols(column, steps) = before;
    }
    column += steps;
  }
  return motion;
}

double r2(const Motion& motion, const Matrix& M) {
  return 1 - (motion.dX - multiply(M, motion.X)).squaredNorm() / motion.dX.squaredNorm();
}

void fit(Jpca& result, const Motion& motion) {
  const SymmetricEigen C = symmetric_eigen(multiply(motion.X, motion.X, false, true));
  const Index k = C.values.size();
  const double floor =
      static_cast<double>(k) * std::numeric_limits<double>::epsilon() * C.values(k - 1);
  if (C.values(0) <= floor || motion.dX.squaredNorm() == 0) {
    throw std::invalid_argument(fmt::format("jpca: {} of {} components vary in time",
                                            (C.values.array() > floor).count(), k));
  }
  const Matrix D = multiply(motion.dX, motion.X, false, true);  // dX X'
  const Matrix& V = C.vectors;
  const Matrix turned = multiply(V, multiply(D, V), true);  // V' D V
  Matrix skew(k, k), full(k, k);
  for (Index i = 0; i < k; ++i) {
    for (Index j = 0; j < k; ++j) {
      skew(i, j) = (turned(i, j) - turned(j, i)) / (C.values(i) + C.values(j));
      full(i, j) = turned(i, j) / C.values(j);
    }
  }
  const Matrix M = multiply(V, multiply(skew, V, false, true));
  result.skew = 0.5 * (M - M.transpose());
  result.full = multiply(V, multiply(full, V, false, true));
  result.skew_r2 = r2(motion, result.skew);
  result.full_r2 = r2(motion, result.full);
}

/// The rotation of a plane that lays the spread of first steps along its first axis, the entry of
/// largest magnitude in the first column of `plane` being positive.
Matrix oriented(In<Matrix> plane, std::span<const Matrix> trials) {
  Matrix first(2, static_cast<Index>(trials.size()));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    first.col(static_cast<Index>(i)) = multiply(plane, trials[i].leftCols(1), true);
  }
  const SymmetricEigen spread = symmetric_eigen(first * first.transpose());
  const double x = spread.vectors(0, 1), y = spread.vectors(1, 1);
  Matrix rotation(2, 2);
  rotation << x, -y, y, x;
  Matrix result = plane * rotation;
  Index largest;
  result.col(0).cwiseAbs().maxCoeff(&largest);
  if (result(largest, 0) < 0) result *= -1;
  return result;
}

/// M v = i w v, v = (a - i b) / sqrt(2): M a = w b, M b = -w a. i M is Hermitian, so that planes of
/// equal frequency are orthogonal too.
void put_planes(Jpca& result, std::span<const Matrix> trials, JpcaDerivative derivative) {
  const Index k = result.skew.rows(), count = k / 2;
  const ComplexMatrix hermitian = std::complex<double>(0, 1) * result.skew;
  const Eigen::SelfAdjointEigenSolver<ComplexMatrix> eigen(hermitian);
  if (eigen.info() != Eigen::Success) throw std::runtime_error("jpca: eigenvalues not found");
  result.frequencies.resize(count);
  result.planes.resize(result.basis.rows(), 2 * count);
  result.explained.resize(count);
  double total = 0;
  for (const Matrix& trial : trials) total += trial.squaredNorm();
  Matrix axes(k, 0);                   // Of the planes so far.
  for (Index p = 0; p < count; ++p) {  // Eigenvalues of i M ascend: -w, the largest w first.
    const double w = std::max(0.0, -eigen.eigenvalues()(p));
    const ComplexVector v = eigen.eigenvectors().col(p);
    Matrix with_next(k, 2 * p + 2);
    with_next << axes, v.real(), -v.imag();
    axes = orthonormal_basis(with_next);  // Completes a plane that does not turn, v being real.
    const Matrix plane = oriented(multiply(result.basis, axes.rightCols(2)), trials);
    result.planes.middleCols(2 * p, 2) = plane;
    result.frequencies(p) = derivative == JpcaDerivative::midpoint ? 2 * std::atan(w / 2) : w;
    double within = 0;
    for (const Matrix& trial : trials) within += multiply(plane, trial, true).squaredNorm();
    result.explained(p) = within / total;
  }
}

void check(std::span<const Matrix> trials, const JpcaOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "jpca");
  const Index most = std::min(shape.dim, shape.samples);
  if (options.components < 2 || options.components > most) {
    throw std::invalid_argument(
        fmt::format("jpca: components is {}, must be 2 .. {}", options.components, most));
  }
  for (const Matrix& trial : trials) require(trial.cols() >= 2, "jpca: a trial has one step only");
}

}  // namespace

Jpca jpca(std::span<const Matrix> trials, const JpcaOptions& options) {
  check(trials, options);
  Jpca result;
  if (options.center_conditions && trials.size() > 1) {
    result.condition_mean = mean_over_trials(trials);
  }
  std::vector<Matrix> rest = without(trials, result.condition_mean);
  const Pca components = pca(rest, {.dim = options.components});
  result.mean = components.mean;
  result.basis = components.basis;
  std::vector<Matrix> reduced;
  for (Matrix& trial : rest) {
    trial.colwise() -= result.mean;
    reduced.push_back(multiply(result.basis, trial, true));
  }
  fit(result, motion_of(reduced, options.derivative));
  put_planes(result, rest, options.derivative);
  return result;
}

std::vector<Matrix> project(std::span<const Matrix> trials, const Jpca& jpca) {
  std::vector<Matrix> result;
  for (const Matrix& trial : trials) {
    require(jpca.condition_mean.size() == 0 || trial.cols() == jpca.condition_mean.cols(),
            "project: the trials must be as long as those of jpca");
    const Matrix rest =
        jpca.condition_mean.size() == 0 ? trial : Matrix(trial - jpca.condition_mean);
    result.push_back(project(rest, jpca.mean, jpca.planes));
  }
  return result;
}

}  // namespace nullcline::representation
