// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/surrogates.hpp"

#include <complex>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "nullcline/core/random.hpp"

namespace nullcline::representation {
namespace {

using Spectrum = std::vector<std::complex<double>>;

/// exp(i phi_k) for k = 1 .. (T - 1) / 2 and their conjugates; 1 at zero, a sign at T / 2.
Spectrum random_phases(Index T, RandomStream& stream) {
  const auto size = static_cast<std::size_t>(T);
  Spectrum factors(size, 1.0);
  for (std::size_t k = 1; 2 * k < size; ++k) {
    factors[k] = std::polar(1.0, 2 * std::numbers::pi * stream.uniform());
    factors[size - k] = std::conj(factors[k]);
  }
  if (T % 2 == 0 && T > 0) factors[size / 2] = stream.uniform() < 0.5 ? -1.0 : 1.0;
  return factors;
}

Matrix with_random_phases(In<Matrix> X, bool common, RandomStream& stream) {
  Eigen::FFT<double> fft;
  Matrix result(X.rows(), X.cols());
  Spectrum factors = random_phases(X.cols(), stream), values(factors.size()), spectrum;
  for (Index i = 0; i < X.rows(); ++i) {
    if (i > 0 && !common) factors = random_phases(X.cols(), stream);
    for (std::size_t t = 0; t < values.size(); ++t) values[t] = X(i, static_cast<Index>(t));
    fft.fwd(spectrum, values);
    for (std::size_t k = 0; k < factors.size(); ++k) spectrum[k] *= factors[k];
    fft.inv(values, spectrum);
    for (std::size_t t = 0; t < values.size(); ++t)
      result(i, static_cast<Index>(t)) = values[t].real();
  }
  return result;
}

Matrix in_random_order(In<Matrix> X, RandomStream& stream) {
  std::vector<Index> order(static_cast<std::size_t>(X.cols()));
  std::iota(order.begin(), order.end(), Index{0});
  for (std::size_t t = order.size(); t > 1; --t) std::swap(order[t - 1], order[stream.below(t)]);
  return X(Eigen::all, order);
}

}  // namespace

const char* name_of(Surrogate kind) {
  switch (kind) {
    case Surrogate::independent_phases:
      return "independent_phases";
    case Surrogate::common_phases:
      return "common_phases";
    case Surrogate::shuffled_time:
      return "shuffled_time";
  }
  return "unknown";
}

Matrix surrogate(In<Matrix> X, Surrogate kind, std::uint64_t seed, std::uint64_t number) {
  if (!X.allFinite()) throw std::invalid_argument("surrogate: the data are not finite");
  if (X.size() == 0) return X;
  RandomStream stream({.seed = seed, .purpose = Purpose::surrogates, .step = number});
  if (kind == Surrogate::shuffled_time) return in_random_order(X, stream);
  return with_random_phases(X, kind == Surrogate::common_phases, stream);
}

Matrix turned(In<Matrix> X, std::uint64_t seed, std::uint64_t number) {
  if (X.size() == 0) return X;
  RandomStream stream({.seed = seed, .purpose = Purpose::surrogates, .step = number});
  const auto by = static_cast<Index>(stream.below(static_cast<std::uint64_t>(X.cols())));
  Matrix result(X.rows(), X.cols());
  result << X.rightCols(by), X.leftCols(X.cols() - by);
  return result;
}

}  // namespace nullcline::representation
