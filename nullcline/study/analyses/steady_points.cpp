// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/steady_points.hpp"

#include <cmath>
#include <complex>
#include <cstdint>
#include <map>
#include <utility>

#include "nullcline/dynamics/linearization.hpp"
#include "nullcline/dynamics/starts.hpp"

namespace nullcline::study {
namespace {

constexpr std::int64_t slow_kind = 4;

/// The index in point_kinds().
std::int64_t kind_of(dynamics::Stability stability) {
  switch (stability) {
    case dynamics::Stability::stable:
      return 0;
    case dynamics::Stability::saddle:
      return 1;
    case dynamics::Stability::repelling:
      return 2;
    case dynamics::Stability::marginal:
      return 3;
  }
  return 3;
}

/// The points found at all inputs, column by column.
struct Table {
  std::vector<Vector> states, inputs;
  std::vector<ComplexVector> eigenvalues;
  std::vector<double> residuals, speeds;
  std::vector<std::int64_t> input_index, unstable, kind, multiplicity, degree;
};

void add_points(Table& table, const dynamics::FixedPoints& points,
                const std::vector<dynamics::Linearization>& linear) {
  for (std::size_t p = 0; p < linear.size(); ++p) {
    const auto column = static_cast<Index>(p);
    table.states.push_back(points.states.col(column));
    table.residuals.push_back(points.residuals(column));
    table.speeds.push_back(points.speeds(column));
    table.multiplicity.push_back(points.multiplicity[p]);
    table.kind.push_back(kind_of(linear[p].stability));
  }
}

void add_points(Table& table, const dynamics::SlowPoints& points, double dt,
                const std::vector<dynamics::Linearization>& linear) {
  for (std::size_t p = 0; p < linear.size(); ++p) {
    const auto column = static_cast<Index>(p);
    table.states.push_back(points.states.col(column));
    table.residuals.push_back(dt * std::sqrt(2 * points.speeds(column)));
    table.speeds.push_back(points.speeds(column));
    table.multiplicity.push_back(points.multiplicity[p]);
    table.kind.push_back(slow_kind);
  }
}

void add_spectra(Table& table, Index input_index, In<Vector> input,
                 const std::vector<dynamics::Linearization>& linear) {
  for (const auto& point : linear) {
    table.input_index.push_back(input_index);
    table.inputs.push_back(input);
    table.eigenvalues.push_back(point.eigenvalues);
    table.unstable.push_back(point.unstable);
    table.degree.push_back(point.degree);
  }
}

std::vector<dynamics::Linearization> linearize(const Map& map, In<Matrix> states, double dt,
                                               Threads threads) {
  if (states.cols() == 0) return {};
  return dynamics::linearize_all(map, states, dt, {}, threads);
}

template <class Vectors, class Part>
Array rows_of(const Vectors& vectors, Index cols, const Part& part) {
  std::vector<double> entries;
  for (const auto& vector : vectors) {
    for (const auto& entry : vector) entries.push_back(part(entry));
  }
  return {{static_cast<Index>(vectors.size()), cols}, std::move(entries)};
}

Array column(const std::vector<double>& values) {
  return {{static_cast<Index>(values.size())}, values};
}

void put(io::Dataset& result, const Table& table, Index n, Index n_in) {
  const auto same = [](double x) { return x; };
  result.arrays["states"] = rows_of(table.states, n, same);
  result.arrays["input"] = rows_of(table.inputs, n_in, same);
  result.arrays["eigenvalues_real"] =
      rows_of(table.eigenvalues, n, [](std::complex<double> z) { return z.real(); });
  result.arrays["eigenvalues_imag"] =
      rows_of(table.eigenvalues, n, [](std::complex<double> z) { return z.imag(); });
  result.arrays["residual"] = column(table.residuals);
  result.arrays["speed"] = column(table.speeds);
  result.arrays["input_index"] = Array::integers(table.input_index);
  result.arrays["unstable"] = Array::integers(table.unstable);
  result.arrays["kind"] = Array::integers(table.kind);
  result.arrays["multiplicity"] = Array::integers(table.multiplicity);
  result.arrays["degree"] = Array::integers(table.degree);
}

}  // namespace

const std::vector<std::string>& point_kinds() {
  static const std::vector<std::string> kinds = {"stable", "saddle", "repelling", "marginal",
                                                 "slow"};
  return kinds;
}

Matrix steady_starts(const AnalysisContext& context) {
  const Settings& settings = context.settings;
  const Trajectories runs =
      noisy_trajectories(context, context.trained, settings.integer("trials"));
  return dynamics::draw_starts(runs.states, {.states = settings.integer("states"),
                                             .mixes = settings.integer("mixes"),
                                             .noisy = settings.integer("noisy"),
                                             .seed = context.seed,
                                             .network = context.stream});
}

io::Dataset steady_points(const cells::Network& network,
                          const std::vector<tasks::SteadyInput>& inputs, In<Matrix> starts,
                          dynamics::FixedPointOptions options) {
  const double dt = network.dt();
  const auto driven = cells::driven_map(network);
  const Progress progress = std::exchange(options.progress, {});
  options.dt = dt;
  bool cancelled = false;
  std::map<std::string, Index> statuses;
  Table table;
  io::Dataset result;
  result.attributes["inputs"] = io::Json::array();
  for (std::size_t i = 0; i < inputs.size() && !cancelled; ++i) {
    if (progress) {
      options.progress = [&](double fraction) {
        const double done = static_cast<double>(i) + fraction;
        return progress(done / static_cast<double>(inputs.size()));
      };
    }
    const Vector& input = inputs[i].input;
    const FrozenMap map(*driven, input);
    const dynamics::FixedPoints points = dynamics::find_fixed_points(map, starts, options);
    for (const auto status : points.status) {
      ++statuses[dynamics::name_of(status)];
      cancelled = cancelled || status == dynamics::SearchStatus::cancelled;
    }
    const auto fixed = linearize(map, points.states, dt, options.threads);
    add_points(table, points, fixed);
    add_spectra(table, static_cast<Index>(i), input, fixed);
    const auto slow = linearize(map, points.slow.states, dt, options.threads);
    add_points(table, points.slow, dt, slow);
    add_spectra(table, static_cast<Index>(i), input, slow);
    result.attributes["inputs"].push_back(inputs[i].name);
  }
  put(result, table, network.state_dim(), network.input_dim());
  result.attributes["statuses"] = statuses;
  result.attributes["starts"] = starts.cols() * static_cast<Index>(inputs.size());
  result.attributes["dt"] = dt;
  return result;
}

}  // namespace nullcline::study
