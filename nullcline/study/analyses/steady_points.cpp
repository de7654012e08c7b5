// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/steady_points.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <map>
#include <utility>

#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/dynamics/points/proven_points.hpp"
#include "nullcline/dynamics/points/starts.hpp"

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
  std::vector<double> residuals, speeds, radius_exists, radius_unique;
  std::vector<std::int64_t> input_index, unstable, kind, multiplicity, degree, certified;
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

/// What is proven of fixed points; slow points follow, of which nothing is.
void add_proofs(Table& table, const std::vector<dynamics::Certificate>& certificates) {
  for (const auto& proof : certificates) {
    const bool good = proof.status == dynamics::CertificateStatus::certified;
    table.certified.push_back(good);
    table.radius_exists.push_back(good ? proof.radius_exists : 0);
    table.radius_unique.push_back(good ? proof.radius_unique : 0);
  }
  table.certified.resize(table.states.size(), 0);
  table.radius_exists.resize(table.states.size(), 0);
  table.radius_unique.resize(table.states.size(), 0);
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
  if (table.certified.size() != table.states.size()) return;
  result.arrays["certified"] = Array::integers(table.certified);
  result.arrays["radius_exists"] = column(table.radius_exists);
  result.arrays["radius_unique"] = column(table.radius_unique);
}

/// The fixed points at one input, linearized.
dynamics::CompleteSearch search(const Map& map, In<Matrix> starts,
                                const dynamics::FixedPointOptions& options,
                                const SteadyPointOptions& more) {
  if (more.complete) {
    dynamics::StartOptions draw;
    draw.seed = more.seed;
    draw.network = more.network;
    return dynamics::find_all_fixed_points(
        map, starts, {.search = options, .max_starts = more.max_starts, .starts = draw});
  }
  dynamics::CompleteSearch found;
  found.points = dynamics::find_fixed_points(map, starts, options);
  found.linearizations = linearize(map, found.points.states, options.dt, options.threads);
  found.degree = dynamics::degree_sum(found.linearizations);
  found.unseen = dynamics::estimate_unseen(found.points.multiplicity);
  found.starts = starts.cols();
  return found;
}

/// What is known of the completeness of a search.
io::Json completeness_of(const dynamics::CompleteSearch& found, bool complete) {
  io::Json json = {{"starts", found.starts},
                   {"fixed_points", found.points.states.cols()},
                   {"degree_sum", found.degree}};
  if (complete) json["completeness"] = dynamics::name_of(found.completeness);
  if (found.unseen.draws > 0) {
    json["unseen"] = {{"estimate", found.unseen.estimate},
                      {"lower", found.unseen.lower},
                      {"upper", found.unseen.upper},
                      {"coverage", found.unseen.coverage}};
  }
  return json;
}

/// What the certificates prove: how many points there are, and that some are missing.
io::Json proof_of(const Map& map, In<Matrix> states,
                  const std::vector<dynamics::Certificate>& certificates) {
  const dynamics::TrappingBox trap = dynamics::find_trapping_box(map);
  const auto degree = dynamics::degree_statement(trap, states, certificates);
  const auto proven = dynamics::merge_by_proof(states, certificates);
  const auto certified = std::count_if(
      certificates.begin(), certificates.end(),
      [](const auto& proof) { return proof.status == dynamics::CertificateStatus::certified; });
  const bool all = certified == static_cast<std::ptrdiff_t>(certificates.size());
  return {{"certified", certified},
          {"distinct", proven.distinct},
          {"proven_points", proven.groups.size()},
          {"trapping_box", trap.status == dynamics::TrappingStatus::proven},
          {"degree_verdict", dynamics::name_of(degree.verdict)},
          {"points_missing", degree.verdict == dynamics::DegreeVerdict::missing && all}};
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

dynamics::CompleteSearch search_all(const AnalysisContext& context, const Map& map,
                                    In<Matrix> states, const Progress& progress) {
  dynamics::FixedPointOptions options;
  options.dt = context.trained.dt();
  options.progress = progress;
  return search(map, states, options,
                {.complete = true,
                 .max_starts = context.settings.integer("max_starts"),
                 .seed = context.seed,
                 .network = context.stream});
}

Progress part_of(const Progress& progress, std::size_t i, std::size_t parts) {
  if (!progress) return {};
  return [progress, i, parts](double fraction) {
    return progress((static_cast<double>(i) + fraction) / static_cast<double>(parts));
  };
}

io::Dataset steady_points(const cells::Network& network,
                          const std::vector<tasks::SteadyInput>& inputs, In<Matrix> starts,
                          dynamics::FixedPointOptions options, const SteadyPointOptions& more) {
  const double dt = network.dt();
  const auto driven = cells::driven_map(network);
  const Progress progress = std::exchange(options.progress, {});
  options.dt = dt;
  bool cancelled = false;
  std::map<std::string, Index> statuses;
  Index searches = 0;
  Table table;
  io::Dataset result;
  result.attributes["inputs"] = result.attributes["completeness"] = io::Json::array();
  for (std::size_t i = 0; i < inputs.size() && !cancelled; ++i) {
    options.progress = part_of(progress, i, inputs.size());
    const Vector& input = inputs[i].input;
    const FrozenMap map(*driven, input);
    const dynamics::CompleteSearch found = search(map, starts, options, more);
    const dynamics::FixedPoints& points = found.points;
    for (const auto status : points.status) {
      ++statuses[dynamics::name_of(status)];
      cancelled = cancelled || status == dynamics::SearchStatus::cancelled;
    }
    searches += found.starts;
    add_points(table, points, found.linearizations);
    add_spectra(table, static_cast<Index>(i), input, found.linearizations);
    const auto slow = linearize(map, points.slow.states, dt, options.threads);
    add_points(table, points.slow, dt, slow);
    add_spectra(table, static_cast<Index>(i), input, slow);
    io::Json completeness = completeness_of(found, more.complete);
    if (more.certify && !cancelled) {
      dynamics::CertificateOptions prove;
      prove.threads = options.threads;
      const auto certificates = dynamics::certify_all(map, points.states, prove);
      add_proofs(table, certificates);
      completeness.update(proof_of(map, points.states, certificates));
    }
    completeness["input"] = inputs[i].name;
    result.attributes["inputs"].push_back(inputs[i].name);
    result.attributes["completeness"].push_back(std::move(completeness));
  }
  put(result, table, network.state_dim(), network.input_dim());
  result.attributes["statuses"] = statuses;
  result.attributes["starts"] = searches;
  result.attributes["dt"] = dt;
  return result;
}

}  // namespace nullcline::study
