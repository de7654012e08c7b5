// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nullcline/core/types.hpp"

namespace nullcline::representation {

/// The level of each of F task variables in each trial. (F, trials) integers
using Labels = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

struct DpcaOptions {
  Index components = 3;  ///< Of each marginalization, >= 1; fewer where it has fewer directions.
  double ridge = 1e-6;   ///< mu >= 0: the penalty is mu^2 |X|_F^2.
  /// Counts the interaction of variables with time to the variables, as the paper does; else each
  /// is a marginalization of its own.
  bool merge_time = true;
};

/// What depends on one set of variables, and the components that show it.
struct Marginalization {
  std::vector<Index> variables;  ///< Ascending numbers of variables; empty: time alone.
  bool with_time = false;        ///< Whether time is one of them; merged, it is of none but "time".
  double variance = 0;           ///< |X_phi|^2 / |X|^2; all add up to 1.
  Matrix encoder;                ///< F (n, q), orthonormal columns.
  Matrix decoder;                ///< D' (n, q): component i is column i' (x - mean).
  Vector explained;              ///< (q) of each component, 1 - |X - f d X|^2 / |X|^2.
  Matrix explained_by;  ///< (q, marginalizations) (|X_psi|^2 - |X_psi - f d X_psi|^2) / |X|^2.
};

struct Dpca {
  Vector mean;                ///< (n) over all conditions and times.
  Labels conditions;          ///< (F, C) levels of each condition, the last variable fastest.
  std::vector<Index> trials;  ///< (C) trials in each.
  Index steps = 0;            ///< T
  Matrix averages;            ///< (n, C T) X: centered trial averages, time fastest.
  std::vector<Matrix> parts;  ///< X_phi, (n, C T) each: they add up to X.
  std::vector<Marginalization> marginalizations;
};

/// dPCA [Kobak et al. 2016, eLife 5:e10989]: what of the activity varies with time and with which
/// task variables. Trials (n, T) of one length are averaged within each condition, a combination
/// of levels; all combinations must be there (balanced), with any number of trials. X is then
/// decomposed as in the analysis of variance of C x T cells: with <X>_S the average over everything
/// but the variables in S,
///
///     X_phi = sum_{S subset of phi} (-1)^{|phi| - |S|} <X>_S,   X = sum_phi X_phi,
///
/// phi running over the sets of time and variables but the empty one. The X_phi are orthogonal, so
/// that their squared norms add up to that of X. Components are by reduced-rank regression of X_phi
/// on X,
///
///     minimize |X_phi - F D X|^2 + mu^2 |X|^2 |F D|^2,   F: (n, q), D: (q, n):
///     A = X_phi X' (X X' + mu^2 |X|^2 I)^-1,  F = the q leading eigenvectors of A X X_phi',
///     D = F' A.
///
/// (A (X X' + mu^2 |X|^2 I) A' = A X X_phi'.) The sign makes the entry of largest magnitude in each
/// column of F positive. The ridge is not chosen by cross-validation here.
///
/// Throws std::invalid_argument when trials do not fit together or differ in length, labels are not
/// one column a trial, a variable has one level, a combination of levels has no trial, more than 6
/// variables are given, or an option is out of range.
[[nodiscard]] Dpca dpca(std::span<const Matrix> trials, const Labels& labels,
                        const DpcaOptions& options = {});

/// The averages and their parts alone: `marginalizations` with their variances, and no components.
[[nodiscard]] Dpca marginalize(std::span<const Matrix> trials, const Labels& labels,
                               bool merge_time = true);

/// Puts components, those of `options`, in place of what is there.
void fit_components(Dpca& dpca, const DpcaOptions& options);

/// "time", "0", "0 x 1", "0 x time": variables by number.
std::string name_of(const Marginalization& marginalization);

}  // namespace nullcline::representation
