// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/dca_selection.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/representation/detail/trials.hpp"
#include "nullcline/representation/predictive_information.hpp"

namespace nullcline::representation {
namespace {

struct Parts {
  std::vector<Matrix> fit, held_out;
};

Parts parts_by_trials(std::span<const Matrix> trials, const std::vector<Index>& fold_of,
                      Index fold) {
  Parts parts;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    (fold_of[i] == fold ? parts.held_out : parts.fit).push_back(trials[i]);
  }
  return parts;
}

Parts parts_by_time(std::span<const Matrix> trials, Index folds, Index fold, Index gap) {
  Parts parts;
  for (const Matrix& trial : trials) {
    const Index T = trial.cols(), begin = T * fold / folds, end = T * (fold + 1) / folds;
    if (end > begin) parts.held_out.emplace_back(trial.middleCols(begin, end - begin));
    if (begin > gap) parts.fit.emplace_back(trial.leftCols(begin - gap));
    if (end + gap < T) parts.fit.emplace_back(trial.rightCols(T - end - gap));
  }
  return parts;
}

/// Trial i is in fold fold_of[i]: an even deal of a random order.
std::vector<Index> dealt(std::size_t count, Index folds, std::uint64_t seed) {
  std::vector<Index> fold_of(count);
  for (std::size_t i = 0; i < count; ++i) fold_of[i] = static_cast<Index>(i) % folds;
  RandomStream stream({.seed = seed, .purpose = Purpose::surrogates});
  for (std::size_t i = count; i > 1; --i) std::swap(fold_of[i - 1], fold_of[stream.below(i)]);
  return fold_of;
}

void check(const std::vector<Matrix>& part, Index steps, const char* what, Index fold) {
  Index longest = 0;
  for (const Matrix& trial : part) longest = std::max(longest, trial.cols());
  if (longest >= steps) return;
  throw std::invalid_argument(
      fmt::format("dca_cross_validation: of fold {}, the longest piece of {} has {} steps, two "
                  "windows have {}",
                  fold, what, longest, steps));
}

struct FoldScores {
  Matrix held_out, fitted;  // (windows, max_dim), NaN where there is none
};

FoldScores scores_of(const Parts& parts, const DcaCrossValidationOptions& options, Index longest) {
  const Index rows = static_cast<Index>(options.windows.size());
  const double none = std::numeric_limits<double>::quiet_NaN();
  FoldScores scores{Matrix::Constant(rows, options.max_dim, none),
                    Matrix::Constant(rows, options.max_dim, none)};
  CrossCovariances model =
      cross_covariances(parts.fit, {.count = 2 * longest, .divisor = options.dca.divisor});
  const CrossCovariances data = cross_covariances(
      parts.held_out, {.count = 2 * longest, .divisor = LagDivisor::products, .mean = model.mean});
  DcaOptions fit = options.dca;
  fit.dim = options.max_dim;
  fit.threads = {};
  const double added = fit.ridge * model.lags[0].trace() / static_cast<double>(model.dim());
  std::vector<std::vector<Dca>> curves;
  for (const Index window : options.windows) {
    fit.window = window;
    curves.push_back(dca_curve(model, fit));
  }
  model.lags[0].diagonal().array() += added;  // What was fitted has the ridge.
  for (Index row = 0; row < rows; ++row) {
    const auto& curve = curves[static_cast<std::size_t>(row)];
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const auto score = held_out_information(model, data, curve[i].projection,
                                              options.windows[static_cast<std::size_t>(row)]);
      if (!score) continue;
      scores.held_out(row, static_cast<Index>(i)) = *score;
      scores.fitted(row, static_cast<Index>(i)) = curve[i].predictive_information;
    }
  }
  return scores;
}

void summarize(const std::vector<FoldScores>& folds, DcaCrossValidation& result) {
  const double count = static_cast<double>(folds.size());
  Matrix sum = Matrix::Zero(folds[0].held_out.rows(), folds[0].held_out.cols());
  Matrix squares = sum, fitted = sum;
  for (const FoldScores& fold : folds) {
    sum += fold.held_out;
    fitted += fold.fitted;
  }
  result.held_out = sum / count;
  result.fitted = fitted / count;
  for (const FoldScores& fold : folds) squares += (fold.held_out - result.held_out).cwiseAbs2();
  result.standard_error = (squares / (count - 1) / count).cwiseSqrt();
  double best = -std::numeric_limits<double>::infinity();
  for (Index i = 0; i < sum.rows(); ++i) {
    for (Index j = 0; j < sum.cols(); ++j) {
      if (!(result.held_out(i, j) > best)) continue;
      best = result.held_out(i, j);
      result.dim = j + 1;
      result.window = result.windows[static_cast<std::size_t>(i)];
    }
  }
}

}  // namespace

DcaCrossValidation dca_cross_validation(std::span<const Matrix> trials,
                                        const DcaCrossValidationOptions& options) {
  const detail::TrialShape shape = detail::check_trials(trials, "dca_cross_validation");
  const bool no_window = options.windows.empty() ||
                         *std::min_element(options.windows.begin(), options.windows.end()) < 1;
  if (options.max_dim < 1 || options.max_dim > shape.dim || options.folds < 2 || no_window) {
    throw std::invalid_argument(
        fmt::format("dca_cross_validation: max_dim is {}, must be 1 .. {}; folds is {}, must be "
                    ">= 2; there must be windows, each >= 1",
                    options.max_dim, shape.dim, options.folds));
  }
  const Index longest = *std::max_element(options.windows.begin(), options.windows.end());
  DcaCrossValidation result;
  result.windows = options.windows;
  result.by_trials = static_cast<Index>(trials.size()) >= options.folds;
  const auto fold_of = dealt(trials.size(), options.folds, options.dca.seed);
  std::vector<Parts> parts;
  for (Index fold = 0; fold < options.folds; ++fold) {
    parts.push_back(result.by_trials ? parts_by_trials(trials, fold_of, fold)
                                     : parts_by_time(trials, options.folds, fold, 2 * longest));
    check(parts.back().fit, 2 * longest, "the data to fit", fold);
    check(parts.back().held_out, 2 * longest, "the data held out", fold);
  }

  std::vector<FoldScores> folds(parts.size());
  std::atomic<Index> done = 0;
  std::atomic<bool> stop = false;
  parallel_for(options.folds, options.dca.threads, [&](Index fold) {
    if (stop) return;
    const auto f = static_cast<std::size_t>(fold);
    folds[f] = scores_of(parts[f], options, longest);
    const double fraction = static_cast<double>(++done) / static_cast<double>(options.folds);
    if (options.progress && !options.progress(fraction)) stop = true;
  });
  if (stop && done < options.folds) {
    result.canceled = true;
    return result;
  }
  summarize(folds, result);
  return result;
}

DcaNull dca_null(std::span<const Matrix> trials, const DcaNullOptions& options) {
  if (options.count < 1) {
    throw std::invalid_argument(
        fmt::format("dca_null: {} surrogates, there must be at least 1", options.count));
  }
  DcaNull result;
  result.predictive_information = dca(trials, options.dca).predictive_information;
  result.turned = result.predictive_information;
  if (options.surrogate != Surrogate::shuffled_time) {
    std::vector<Matrix> drawn;
    for (const Matrix& trial : trials)
      drawn.push_back(turned(trial, options.dca.seed, drawn.size()));
    result.turned = dca(drawn, options.dca).predictive_information;
  }
  DcaOptions single = options.dca;
  single.threads = {};
  Vector values = Vector::Constant(options.count, std::numeric_limits<double>::quiet_NaN());
  std::atomic<Index> done = 0;
  std::atomic<bool> stop = false;
  parallel_for(options.count, options.dca.threads, [&](Index i) {
    if (stop) return;
    std::vector<Matrix> drawn;
    for (std::size_t t = 0; t < trials.size(); ++t) {
      drawn.push_back(surrogate(trials[t], options.surrogate, options.dca.seed,
                                (1 + static_cast<std::uint64_t>(i)) * trials.size() + t));
    }
    values(i) = dca(drawn, single).predictive_information;
    const double fraction = static_cast<double>(++done) / static_cast<double>(options.count);
    if (options.progress && !options.progress(fraction)) stop = true;
  });
  std::vector<double> finite;
  for (const double value : values) {
    if (std::isfinite(value)) finite.push_back(value);
  }
  std::sort(finite.begin(), finite.end());
  const auto as_large = std::count_if(finite.begin(), finite.end(),
                                      [&](double value) { return value >= result.turned; });
  result.p_value = static_cast<double>(1 + as_large) / static_cast<double>(1 + finite.size());
  result.values = Eigen::Map<const Vector>(finite.data(), static_cast<Index>(finite.size()));
  return result;
}

}  // namespace nullcline::representation
