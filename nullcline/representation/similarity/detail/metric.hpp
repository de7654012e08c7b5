// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "nullcline/representation/similarity/similarity.hpp"

namespace nullcline::representation::detail {

/// What a metric keeps of one side, so that each is prepared once for all of its comparisons.
struct Features {
  Matrix factor;        ///< Linear metrics: (m, k), a row a sample; dsa: (r, r); else (units, m).
  Matrix loadings;      ///< pwcca: factor' X', (k, n).
  Vector row;           ///< (m), of the metrics that pair samples.
  Vector diagonal;      ///< cka_unbiased: (m).
  double constant = 0;  ///< What centering adds to a kernel.
  double scale = 1;     ///< Of the kernel, or the norm of the data.
  double self = 1;      ///< <K, K> of a centered kernel.
  bool defined = true;
};

/// What a linear metric takes of the cross product C = A' B of two factors.
enum class CrossProduct {
  none,            ///< More than that.
  nuclear_single,  ///< |C|_*, to 1e-7: enough where the distance is linear in it.
  nuclear_double,  ///< |C|_*
  squared,         ///< |C|_F^2
};

struct Metric {
  MetricInfo info;
  Features (*prepare)(Matrix centered, const SimilarityOptions& options);
  Similarity (*compare)(const Features& X, const Features& Y, const SimilarityOptions& options);
  CrossProduct cross = CrossProduct::none;
  /// The distance from that number, where `compare` is not needed.
  double (*distance)(double cross, const Features& X, const Features& Y) = nullptr;
  Index least_samples = 2;
  bool components = false;  ///< `factor` holds principal components, not units.
  /// Instead of `prepare`, where samples are steps of trials of these lengths.
  Features (*prepare_trials)(Matrix centered, std::span<const Index> lengths,
                             const SimilarityOptions& options) = nullptr;
};

const Metric& metric_named(const std::string& name);
std::vector<Metric> cca_metrics();
std::vector<Metric> cka_metrics();
std::vector<Metric> sample_pair_metrics();
std::vector<Metric> procrustes_metrics();
std::vector<Metric> matching_metrics();
std::vector<Metric> dynamics_metrics();

/// Checks X and its options, removes the means and prepares; `which` names X in errors. Its samples
/// are trials of these lengths; none: one trial.
Features prepare(const Metric& metric, In<Matrix> X, const SimilarityOptions& options,
                 const std::string& which, std::span<const Index> lengths = {});
void check_options(const SimilarityOptions& options);

/// What is not defined.
Similarity undefined_similarity(const Features& X, const Features& Y);

/// The angle whose cosine is <A, B R> for factors with |A|_F = |B|_F = 1, and the distance
/// |A - B R|_F of any: R is the best orthogonal map between the spaces of units, of which there are
/// as many as the wider side needs. Both are accurate where they are small.
struct Superposition {
  double distance;
  Vector singular_values;  ///< Of A' B, descending.
};
Superposition superpose(In<Matrix> A, In<Matrix> B);
double angle_of_chord(double chord);

}  // namespace nullcline::representation::detail
