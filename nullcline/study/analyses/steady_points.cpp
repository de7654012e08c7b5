// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/steady_points.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <utility>

namespace nullcline::study {
namespace {

constexpr std::int64_t slow_kind = 4;

/// A row of the table: a point of those at one input.
struct Row {
  const SteadyPoints& points;
  std::size_t input;
  Index point;
  bool slow() const { return point >= points.fixed; }
  const dynamics::Linearization& linear() const {
    return points.linearizations[static_cast<std::size_t>(point)];
  }
  bool certified() const {
    return !slow() && certificate().status == dynamics::CertificateStatus::certified;
  }
  const dynamics::Certificate& certificate() const {
    return points.certificates[static_cast<std::size_t>(point)];
  }
  double time(double dynamics::SlowTimeScale::*part) const {
    if (!slow()) return std::numeric_limits<double>::quiet_NaN();
    return points.times[static_cast<std::size_t>(point - points.fixed)].*part;
  }
  std::int64_t grade() const {
    if (!slow()) return -1;
    return static_cast<std::int64_t>(
        points.times[static_cast<std::size_t>(point - points.fixed)].grade);
  }
};

/// The vectors that `of` gives for each row, as the rows of an array (P, width).
template <class Of>
Array matrix_of(const std::vector<Row>& rows, Index width, const Of& of) {
  Matrix all(static_cast<Index>(rows.size()), width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Vector row = of(rows[r]);
    all.row(static_cast<Index>(r)) = row.transpose();
  }
  return Array::matrix(all);
}

template <class Of>
Array reals_of(const std::vector<Row>& rows, const Of& of) {
  std::vector<double> values;
  for (const Row& row : rows) values.push_back(of(row));
  return {{static_cast<Index>(rows.size())}, std::move(values)};
}

template <class Of>
Array integers_of(const std::vector<Row>& rows, const Of& of) {
  std::vector<std::int64_t> values;
  for (const Row& row : rows) values.push_back(static_cast<std::int64_t>(of(row)));
  return Array::integers(values);
}

void put_points(io::Dataset& result, const std::vector<Row>& rows, Index n, Index n_in) {
  auto& arrays = result.arrays;
  arrays["states"] = matrix_of(rows, n, [](const Row& r) { return r.points.states.col(r.point); });
  arrays["input"] = matrix_of(rows, n_in, [](const Row& r) { return r.points.at.input; });
  arrays["input_index"] = integers_of(rows, [](const Row& r) { return r.input; });
  arrays["kind"] = integers_of(rows, [](const Row& r) { return kind_of(r.points, r.point); });
  arrays["residual"] = reals_of(rows, [](const Row& r) { return r.points.residuals(r.point); });
  arrays["speed"] = reals_of(rows, [](const Row& r) { return r.points.speeds(r.point); });
  arrays["multiplicity"] = integers_of(
      rows, [](const Row& r) { return r.points.multiplicity[static_cast<std::size_t>(r.point)]; });
}

void put_spectra(io::Dataset& result, const std::vector<Row>& rows, Index n) {
  auto& arrays = result.arrays;
  arrays["eigenvalues_real"] =
      matrix_of(rows, n, [](const Row& r) -> Vector { return r.linear().eigenvalues.real(); });
  arrays["eigenvalues_imag"] =
      matrix_of(rows, n, [](const Row& r) -> Vector { return r.linear().eigenvalues.imag(); });
  arrays["unstable"] = integers_of(rows, [](const Row& r) { return r.linear().unstable; });
  arrays["degree"] = integers_of(rows, [](const Row& r) { return r.linear().degree; });
}

void put_proofs(io::Dataset& result, const std::vector<Row>& rows) {
  auto& arrays = result.arrays;
  arrays["certified"] = integers_of(rows, [](const Row& r) { return r.certified(); });
  arrays["radius_exists"] = reals_of(
      rows, [](const Row& r) { return r.certified() ? r.certificate().radius_exists : 0; });
  arrays["radius_unique"] = reals_of(
      rows, [](const Row& r) { return r.certified() ? r.certificate().radius_unique : 0; });
}

void put_times(io::Dataset& result, const std::vector<Row>& rows) {
  const auto put = [&](const char* name, double dynamics::SlowTimeScale::*part) {
    result.arrays[name] = reals_of(rows, [part](const Row& r) { return r.time(part); });
  };
  put("passage", &dynamics::SlowTimeScale::passage);
  put("dwell", &dynamics::SlowTimeScale::dwell);
  put("decay", &dynamics::SlowTimeScale::decay);
  put("escape", &dynamics::SlowTimeScale::escape);
  result.arrays["grade"] = integers_of(rows, [](const Row& r) { return r.grade(); });
  for (const auto grade :
       {dynamics::SlowGrade::ghost, dynamics::SlowGrade::saddle, dynamics::SlowGrade::shallow,
        dynamics::SlowGrade::drift, dynamics::SlowGrade::unknown}) {
    result.attributes["grades"].push_back(dynamics::name_of(grade));
  }
}

}  // namespace

const std::vector<std::string>& point_kinds() {
  static const std::vector<std::string> kinds = {"stable",   "saddle", "repelling",
                                                 "marginal", "slow",   "unknown"};
  return kinds;
}

std::int64_t kind_of(const SteadyPoints& points, Index p) {
  if (p >= points.fixed) return slow_kind;
  switch (points.linearizations[static_cast<std::size_t>(p)].stability) {
    case dynamics::Stability::stable:
      return 0;
    case dynamics::Stability::saddle:
      return 1;
    case dynamics::Stability::repelling:
      return 2;
    case dynamics::Stability::marginal:
      return 3;
    case dynamics::Stability::unknown:
      break;
  }
  return 5;
}

io::Dataset steady_points(const std::vector<SteadyPoints>& all, const cells::Network& network) {
  std::vector<Row> rows;
  std::map<std::string, Index> statuses;
  Index starts = 0;
  io::Json inputs = io::Json::array(), completeness = io::Json::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (Index p = 0; p < all[i].states.cols(); ++p) rows.push_back({all[i], i, p});
    inputs.push_back(all[i].at.name);
    completeness.push_back(completeness_json(all[i]));
    starts += all[i].starts;
    for (const auto& [name, count] : all[i].statuses) statuses[name] += count;
  }
  io::Dataset result;
  put_points(result, rows, network.state_dim(), network.input_dim());
  put_spectra(result, rows, network.state_dim());
  put_proofs(result, rows);
  put_times(result, rows);
  result.attributes["inputs"] = inputs;
  result.attributes["completeness"] = completeness;
  result.attributes["statuses"] = statuses;
  result.attributes["starts"] = starts;
  result.attributes["dt"] = network.dt();
  return result;
}

dynamics::CompleteSearch search_all(const AnalysisContext& context, const Map& map,
                                    In<Matrix> states, const Progress& progress) {
  dynamics::CompleteSearchOptions options;
  options.search.dt = context.trained.dt();
  options.search.progress = progress;
  options.max_starts = context.settings.integer("max_starts");
  options.starts.seed = context.seed;
  options.starts.network = context.stream;
  return dynamics::find_all_fixed_points(map, states, options);
}

Progress part_of(const Progress& progress, std::size_t i, std::size_t parts) {
  if (!progress) return {};
  return [progress, i, parts](double fraction) {
    return progress((static_cast<double>(i) + fraction) / static_cast<double>(parts));
  };
}

}  // namespace nullcline::study
