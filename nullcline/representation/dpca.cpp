// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dpca.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/detail/trials.hpp"

namespace nullcline::representation {
namespace {

constexpr Index most_variables = 6;

using Levels = std::vector<std::int64_t>;

std::vector<Levels> levels_of(const Labels& labels) {
  std::vector<Levels> levels;
  for (Index f = 0; f < labels.rows(); ++f) {
    const std::set<std::int64_t> distinct(labels.row(f).begin(), labels.row(f).end());
    if (distinct.size() < 2) {
      throw std::invalid_argument(fmt::format("dpca: variable {} has one level only", f));
    }
    levels.emplace_back(distinct.begin(), distinct.end());
  }
  return levels;
}

void check(const DpcaOptions& options) {
  require(options.components >= 1 && options.ridge >= 0,
          "dpca: components must be at least 1, ridge at least 0");
}

void check(std::span<const Matrix> trials, const Labels& labels) {
  (void)detail::check_trials(trials, "dpca");
  if (labels.rows() < 1 || labels.rows() > most_variables ||
      labels.cols() != static_cast<Index>(trials.size())) {
    throw std::invalid_argument(
        fmt::format("dpca: labels of {} variables for {} trials, must be 1 .. {} for {}",
                    labels.rows(), labels.cols(), most_variables, trials.size()));
  }
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].cols() != trials[0].cols()) {
      throw std::invalid_argument(fmt::format("dpca: trial {} has {} steps, the first one {}", i,
                                              trials[i].cols(), trials[0].cols()));
    }
  }
}

/// All combinations of levels, the last variable fastest. (F, C)
Labels combinations(const std::vector<Levels>& levels) {
  Index count = 1;
  for (const Levels& each : levels) count *= static_cast<Index>(each.size());
  Labels result(static_cast<Index>(levels.size()), count);
  for (Index c = 0; c < count; ++c) {
    Index rest = c;
    for (Index f = result.rows(); f-- > 0;) {
      const Levels& each = levels[static_cast<std::size_t>(f)];
      const auto size = static_cast<Index>(each.size());
      result(f, c) = each[static_cast<std::size_t>(rest % size)];
      rest /= size;
    }
  }
  return result;
}

/// Averages of the trials of each condition, side by side, and then without their mean.
void put_averages(Dpca& result, std::span<const Matrix> trials, const Labels& labels) {
  const Index T = result.steps, count = result.conditions.cols();
  std::map<Levels, Index> condition_of;
  for (Index c = 0; c < count; ++c) {
    condition_of[Levels(result.conditions.col(c).begin(), result.conditions.col(c).end())] = c;
  }
  result.averages = Matrix::Zero(trials[0].rows(), count * T);
  result.trials.assign(static_cast<std::size_t>(count), 0);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto column = labels.col(static_cast<Index>(i));
    const Index c = condition_of.at(Levels(column.begin(), column.end()));
    result.averages.middleCols(c * T, T) += trials[i];
    ++result.trials[static_cast<std::size_t>(c)];
  }
  for (Index c = 0; c < count; ++c) {
    const Index repeats = result.trials[static_cast<std::size_t>(c)];
    if (repeats == 0) {
      std::string text;
      for (const std::int64_t level : result.conditions.col(c)) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", level);
      }
      throw std::invalid_argument(
          fmt::format("dpca: no trial has the levels ({}); all combinations are needed", text));
    }
    result.averages.middleCols(c * T, T) /= static_cast<double>(repeats);
  }
  result.mean = result.averages.rowwise().mean();
  result.averages.colwise() -= result.mean;
}

/// An axis of the columns: column (o size + l) inner + i has level l.
struct Axis {
  Index size, inner;
};

/// The mean over the levels of an axis, at each of them.
Matrix averaged(const Matrix& X, const Axis& axis) {
  const Index slab = axis.size * axis.inner;
  Matrix result(X.rows(), X.cols());
  for (Index begin = 0; begin < X.cols(); begin += slab) {
    Matrix sum = Matrix::Zero(X.rows(), axis.inner);
    for (Index l = 0; l < axis.size; ++l) {
      sum += X.middleCols(begin + l * axis.inner, axis.inner);
    }
    sum /= static_cast<double>(axis.size);
    for (Index l = 0; l < axis.size; ++l) {
      result.middleCols(begin + l * axis.inner, axis.inner) = sum;
    }
  }
  return result;
}

/// Averages commute: splitting by one axis after the other gives the sum over subsets.
void put_parts(Dpca& result, const std::vector<Levels>& levels, bool merge_time) {
  result.parts = {result.averages};
  result.marginalizations.resize(1);
  Index inner = result.averages.cols();
  for (std::size_t f = 0; f < levels.size(); ++f) {
    inner /= static_cast<Index>(levels[f].size());
    const std::size_t count = result.parts.size();
    for (std::size_t p = 0; p < count; ++p) {
      const Matrix mean = averaged(result.parts[p], {static_cast<Index>(levels[f].size()), inner});
      result.parts.emplace_back(result.parts[p] - mean);
      result.parts[p] = mean;
      Marginalization with = result.marginalizations[p];
      with.variables.push_back(static_cast<Index>(f));
      result.marginalizations.push_back(std::move(with));
    }
  }
  result.marginalizations[0].with_time = true;  // The mean of it all is gone.
  if (merge_time) return;
  const std::size_t count = result.parts.size();
  for (std::size_t p = 1; p < count; ++p) {
    const Matrix mean = averaged(result.parts[p], {result.steps, 1});
    result.parts.emplace_back(result.parts[p] - mean);
    result.parts[p] = mean;
    Marginalization with = result.marginalizations[p];
    with.with_time = true;
    result.marginalizations.push_back(std::move(with));
  }
}

/// X' (X X' + mu^2 |X|^2 I)^-1 without X' in front: (n, n). Nothing of X X' is in directions
/// without variance, which count as zero: 1 / (mu^2 |X|^2) there would be rounding blown up.
Matrix regularized_inverse(const Matrix& C, double ridge) {
  const SymmetricEigen eigen = symmetric_eigen(C);
  const double penalty = ridge * ridge * C.trace();
  const double floor = static_cast<double>(C.rows()) * std::numeric_limits<double>::epsilon() *
                       eigen.values(C.rows() - 1);
  const Vector inverse = eigen.values.unaryExpr(
      [&](double value) { return value > floor ? 1 / (value + penalty) : 0.0; });
  return multiply(eigen.vectors, inverse.asDiagonal() * eigen.vectors.transpose());
}

double explained(const Matrix& C, In<Vector> f, In<Vector> d) {
  return 2 * d.dot(C * f) - d.dot(C * d);  // f'f = 1
}

void put_variances(Dpca& result) {
  const double total = result.averages.squaredNorm();
  require(total > 0, "dpca: nothing varies between conditions or in time");
  for (std::size_t p = 0; p < result.parts.size(); ++p) {
    result.marginalizations[p].variance = result.parts[p].squaredNorm() / total;
  }
}

}  // namespace

void fit_components(Dpca& result, const DpcaOptions& options) {
  check(options);
  const Matrix C = multiply(result.averages, result.averages, false, true);
  const double total = C.trace();
  const Matrix inverse = regularized_inverse(C, options.ridge);
  std::vector<Matrix> of_parts;
  for (const Matrix& part : result.parts) of_parts.push_back(multiply(part, part, false, true));
  for (std::size_t p = 0; p < result.parts.size(); ++p) {
    Marginalization& each = result.marginalizations[p];
    const Matrix B = multiply(result.parts[p], result.averages, false, true);  // X_phi X'
    const Matrix A = multiply(B, inverse);
    const Matrix S = multiply(A, B, false, true);
    const SymmetricEigen eigen = symmetric_eigen(0.5 * (S + S.transpose()));
    const double floor =
        static_cast<double>(C.rows()) * std::numeric_limits<double>::epsilon() * total;
    const Index rank = (eigen.values.array() > floor).count();
    const Index q = std::min(options.components, rank);
    each.encoder = eigen.vectors.rowwise().reverse().leftCols(q);
    detail::orient_columns(each.encoder);
    each.decoder = multiply(A, each.encoder, true);
    each.explained.resize(q);
    each.explained_by.resize(q, static_cast<Index>(result.parts.size()));
    for (Index i = 0; i < q; ++i) {
      const Vector f = each.encoder.col(i), d = each.decoder.col(i);
      each.explained(i) = explained(C, f, d) / total;
      for (std::size_t r = 0; r < of_parts.size(); ++r) {
        each.explained_by(i, static_cast<Index>(r)) = explained(of_parts[r], f, d) / total;
      }
    }
  }
}

Dpca marginalize(std::span<const Matrix> trials, const Labels& labels, bool merge_time) {
  check(trials, labels);
  const std::vector<Levels> levels = levels_of(labels);
  double combined = 1;
  for (const Levels& each : levels) combined *= static_cast<double>(each.size());
  if (combined > static_cast<double>(trials.size())) {
    throw std::invalid_argument(
        fmt::format("dpca: {} combinations of levels, but {} trials; all "
                    "combinations are needed",
                    combined, trials.size()));
  }
  Dpca result;
  result.steps = trials[0].cols();
  result.conditions = combinations(levels);
  put_averages(result, trials, labels);
  put_parts(result, levels, merge_time);
  put_variances(result);
  return result;
}

Dpca dpca(std::span<const Matrix> trials, const Labels& labels, const DpcaOptions& options) {
  check(options);
  Dpca result = marginalize(trials, labels, options.merge_time);
  fit_components(result, options);
  return result;
}

std::string name_of(const Marginalization& marginalization) {
  std::string text;
  for (const Index variable : marginalization.variables) {
    text += fmt::format("{}{}", text.empty() ? "" : " x ", variable);
  }
  if (!marginalization.with_time) return text;
  return text.empty() ? "time" : text + " x time";
}

}  // namespace nullcline::representation
