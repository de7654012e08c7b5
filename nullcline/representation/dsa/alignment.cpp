// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dsa/alignment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/dsa/detail/matched_frames.hpp"
#include "nullcline/representation/dsa/detail/rotation_search.hpp"

namespace nullcline::representation {
namespace {

void check(In<Matrix> A, In<Matrix> B, const AlignmentOptions& options) {
  if (A.rows() != A.cols() || B.rows() != B.cols() || A.rows() < 1 || B.rows() < 1 ||
      (A.rows() != B.rows() && !options.pad)) {
    throw std::invalid_argument(
        fmt::format("align: dynamics are {} x {} and {} x {}; must be square and of one size, or "
                    "with pad=true",
                    A.rows(), A.cols(), B.rows(), B.cols()));
  }
  if (!A.allFinite() || !B.allFinite()) {
    throw std::invalid_argument("align: an entry of the dynamics is not finite");
  }
  if (options.starts < 0 || options.max_iterations < 1 || !(options.tolerance > 0)) {
    throw std::invalid_argument(
        fmt::format("align: max_iterations ({}) and tolerance ({}) must be positive, starts ({}) "
                    "not negative",
                    options.max_iterations, options.tolerance, options.starts));
  }
}

Matrix padded(In<Matrix> X, Index n) {
  Matrix result = Matrix::Zero(n, n);
  result.topLeftCorner(X.rows(), X.cols()) = X;
  return result;
}

struct Start {
  AlignmentStart kind;
  Matrix C;
};

int sign_of_determinant(const Matrix& C) {
  const LuFactors factors = lu(C);
  int sign = factors.permutation_sign();
  for (Index i = 0; i < C.rows(); ++i) sign *= factors.factors(i, i) < 0 ? -1 : 1;
  return sign;
}

/// Uniform on the orthogonal matrices of determinant `sign`.
Matrix random_rotation(Index n, int sign, std::uint64_t seed, Index number) {
  RandomStream stream({.seed = seed,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(number)});
  Matrix C(n, n);
  for (double& entry : C.reshaped()) entry = stream.normal();
  C = orthonormal_basis(C);
  if (sign_of_determinant(C) != sign) C.col(0) *= -1;
  return C;
}

std::vector<Start> starts_of(const Matrix& A, const Matrix& B, const AlignmentOptions& options) {
  std::vector<Start> starts;
  const Index n = A.rows();
  const bool rotations = options.group == AlignmentGroup::rotations;
  const auto add = [&](AlignmentStart kind, const Matrix& X, const Matrix& Y) {
    for (Matrix& C : detail::signed_starts(A, B, detail::matched_frames(X, Y))) {
      if (rotations && sign_of_determinant(C) < 0) {
        if (n % 2 == 0) continue;  // the other start of the two is a rotation
        C = -C;
      }
      starts.push_back({kind, std::move(C)});
    }
  };
  add(AlignmentStart::schur, A, B);
  add(AlignmentStart::symmetric, A + A.transpose(), B + B.transpose());
  add(AlignmentStart::skew, A - A.transpose(), B - B.transpose());
  starts.push_back({AlignmentStart::identity, Matrix::Identity(n, n)});
  for (Index k = 0; k < options.starts; ++k) {
    const int sign = rotations || k % 2 == 0 ? 1 : -1;
    starts.push_back({AlignmentStart::random, random_rotation(n, sign, options.seed, k)});
  }
  return starts;
}

/// The angle between X and Y as vectors, accurate near 0 and pi [Kahan].
double angle_between(const Matrix& X, const Matrix& Y) {
  const double x = X.norm(), y = Y.norm();
  if (x == 0 || y == 0) return x == y ? 0 : std::numbers::pi / 2;
  return 2 * std::atan2((X / x - Y / y).norm(), (X / x + Y / y).norm());
}

/// Matrices of norm 1 at distance d or more are at an angle of 2 arcsin(d / 2) or more; and
/// |A - C B C'| >= d bounds tr(A' C B C').
double angle_bound(const Matrix& A, const Matrix& B, double distance_bound) {
  const double a = A.norm(), b = B.norm();
  if (a == 0 || b == 0) return a == b ? 0 : std::numbers::pi / 2;
  const double unit = alignment_bounds(A / a, B / b).best();
  const double cosine = (a * a + b * b - distance_bound * distance_bound) / (2 * a * b);
  return std::max(2 * std::asin(std::min(1.0, unit / 2)), std::acos(std::clamp(cosine, -1.0, 1.0)));
}

}  // namespace

const char* name_of(AlignmentStart kind) {
  switch (kind) {
    case AlignmentStart::schur:
      return "schur";
    case AlignmentStart::symmetric:
      return "symmetric";
    case AlignmentStart::skew:
      return "skew";
    case AlignmentStart::identity:
      return "identity";
    case AlignmentStart::random:
      return "random";
  }
  return "unknown";
}

const char* name_of(AlignmentGroup group) {
  return group == AlignmentGroup::rotations ? "rotations" : "orthogonal";
}

AlignmentGroup alignment_group(const std::string& name) {
  for (const auto group : {AlignmentGroup::orthogonal, AlignmentGroup::rotations}) {
    if (name == name_of(group)) return group;
  }
  throw std::invalid_argument("align: group is '" + name + "', must be orthogonal or rotations");
}

const char* name_of(AlignmentStatus status) {
  return status == AlignmentStatus::converged ? "converged" : "not_converged";
}

Alignment align(In<Matrix> given_A, In<Matrix> given_B, const AlignmentOptions& options) {
  check(given_A, given_B, options);
  const Index n = std::max(given_A.rows(), given_B.rows());
  const Matrix A = padded(given_A, n), B = padded(given_B, n);

  const std::vector<Start> starts = starts_of(A, B, options);
  std::vector<Matrix> ends(starts.size());
  Alignment result;
  result.attempts.resize(starts.size());
  parallel_for(static_cast<Index>(starts.size()), options.threads, [&](Index k) {
    const std::size_t i = static_cast<std::size_t>(k);
    auto end = detail::maximize_on_rotations(
        A, B, starts[i].C,
        {.max_iterations = options.max_iterations, .tolerance = options.tolerance});
    result.attempts[i] = {
        .kind = starts[i].kind,
        .determinant = sign_of_determinant(end.C),
        .distance = (A - multiply(multiply(end.C, B), end.C, false, true)).norm(),
        .gradient_norm = end.gradient_norm,
        .iterations = end.iterations,
        .status = end.converged ? AlignmentStatus::converged : AlignmentStatus::not_converged};
    ends[i] = std::move(end.C);
  });
  const auto best = std::min_element(
      result.attempts.begin(), result.attempts.end(),
      [](const auto& left, const auto& right) { return left.distance < right.distance; });
  result.best = best - result.attempts.begin();
  result.status = best->status;
  result.distance = best->distance;
  result.C = std::move(ends[static_cast<std::size_t>(result.best)]);
  result.angle = angle_between(A, multiply(multiply(result.C, B), result.C, false, true));
  result.bounds = alignment_bounds(A, B);
  result.distance_bound = result.bounds.best();
  result.angle_bound = angle_bound(A, B, result.distance_bound);
  return result;
}

}  // namespace nullcline::representation
