// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/detail/ascents.hpp"

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"

namespace nullcline::representation::detail {
namespace {

/// Apart from the random starts.
constexpr std::uint64_t stream_of_exchanges = 0x65786368616e6765;  // "exchange"

}  // namespace

GrassmannMaximum climb(const PredictiveInformation& information, In<Matrix> U, double tolerance,
                       Index max_iterations) {
  const SubspaceFunction f = [&](In<Matrix> at, Matrix& gradient) {
    return information.value_and_gradient(at, gradient);
  };
  return maximize_on_grassmann(f, U,
                               {.max_iterations = max_iterations, .gradient_tolerance = tolerance});
}

Index best_of(const std::vector<GrassmannMaximum>& maxima) {
  Index best = -1;
  for (std::size_t i = 0; i < maxima.size(); ++i) {
    if (maxima[i].status == GrassmannStatus::undefined) continue;
    if (best < 0 || maxima[i].value > maxima[static_cast<std::size_t>(best)].value) {
      best = static_cast<Index>(i);
    }
  }
  return best;
}

Matrix with_one_exchanged(In<Matrix> V, std::uint64_t seed, Index number) {
  const Index n = V.rows(), d = V.cols();
  RandomStream stream({.seed = seed,
                       .network = stream_of_exchanges,
                       .purpose = Purpose::optimizer_starts,
                       .step = static_cast<std::uint64_t>(number)});
  Matrix turn(d, d), direction(n, 1);
  stream.fill_normal({turn.data(), static_cast<std::size_t>(turn.size())});
  stream.fill_normal({direction.data(), static_cast<std::size_t>(n)});
  Matrix result = V * orthonormal_basis(turn);
  result.col(0) = direction.normalized();
  return result;
}

}  // namespace nullcline::representation::detail
