// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::connectivity {

/// Which entries of a square weight matrix count as weights.
enum class Diagonal {
  automatic,  ///< The diagonal does not count if it is exactly zero before and after.
  included,
  excluded,
};

struct WeightChangeOptions {
  Index bins = 60;             ///< Of the histograms, > 0.
  Index quantiles = 101;       ///< Of |change|, at equal steps of probability from 0 to 1, >= 2.
  double rank_fraction = 0.1;  ///< Singular values above this part of the largest count, 0 .. 1.
  Diagonal diagonal = Diagonal::automatic;
};

/// Of the weights that count.
struct WeightSummary {
  double mean = 0;
  double standard_deviation = 0;  ///< Divisor: the number of weights.
  double minimum = 0;
  double maximum = 0;
  double positive_fraction = 0;         ///< Weights > 0 among all.
  std::vector<std::int64_t> histogram;  ///< (bins), over the edges that all three share.
};

/// Of a whole matrix, diagonal included.
struct WeightSpectrum {
  Vector singular_values;     ///< (n) descending.
  ComplexVector eigenvalues;  ///< (n) by decreasing modulus.
  double frobenius_norm = 0;
  /// (sum s^2)^2 / sum s^4 over the singular values s: 1 for rank one, n for n equal ones; 0 for
  /// the zero matrix.
  double participation_ratio = 0;
  bool known = true;  ///< False where LAPACK gave up; then what is not known is NaN, and the rank 0
                      ///< where the singular values are not.
  Index effective_rank = 0;  ///< Singular values above rank_fraction times the largest.
};

struct WeightChange {
  Vector edges;  ///< (bins + 1), from the smallest to the largest entry of the three.
  WeightSummary before, after, change;
  WeightSpectrum before_spectrum, after_spectrum, change_spectrum;
  Vector probabilities;         ///< (quantiles) 0 .. 1.
  Vector absolute_quantiles;    ///< (quantiles) of |change|, ascending, linear between order
                                ///< statistics.
  double changed_fraction = 0;  ///< (sum d^2)^2 / (count sum d^4), in (0, 1]: the part of the
                                ///< weights that carries the change; 0 if there is none.
  double relative_change = 0;   ///< |after - before|_F / |before|_F; 0 if both norms are.
  bool diagonal_included = true;
};

/// What training did to a weight matrix: histograms, moments and quantiles of the entries, and
/// the spectra, of before, after, and change = after - before. before, after: (n, n).
///
/// A bin holds its lower edge, the last one both edges. If all entries are one number, the edges
/// are that number -+ 1/2.
///
/// Throws std::invalid_argument when the shapes are not (n, n) with n >= 1 (n >= 2 without a
/// diagonal), an entry is not finite, an option is out of range, or before is zero and after not.
WeightChange weight_change(In<Matrix> before, In<Matrix> after,
                           const WeightChangeOptions& options = {});

WeightSpectrum weight_spectrum(In<Matrix> W, double rank_fraction = 0.1);

}  // namespace nullcline::connectivity
