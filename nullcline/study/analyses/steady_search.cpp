// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/steady_search.hpp"

#include <cmath>

#include "nullcline/cells/piecewise_linear.hpp"
#include "nullcline/dynamics/points/piecewise_linear_points.hpp"
#include "nullcline/dynamics/points/speed.hpp"

namespace nullcline::study {
namespace {

constexpr Index most_kinks = 20;      // that all regions are searched of: about a second
constexpr double search_share = 0.8;  // of the time, the rest being proofs or slow points

Progress part(const Progress& progress, double first, double last) {
  if (!progress) return {};
  return [=](double fraction) { return progress(first + fraction * (last - first)); };
}

void take(SteadyPoints& result, const dynamics::FixedPoints& points, const Map& map, double dt,
          Threads threads) {
  const dynamics::SlowPoints& slow = points.slow;
  const Index n = map.dim();
  result.fixed = points.states.cols();
  const Index all = result.fixed + slow.states.cols();
  result.states.resize(n, all);
  result.residuals.resize(all);
  result.speeds.resize(all);
  result.states.leftCols(result.fixed) = points.states;
  result.residuals.head(result.fixed) = points.residuals;
  result.speeds.head(result.fixed) = points.speeds;
  result.multiplicity = points.multiplicity;
  if (slow.states.cols() > 0) {
    result.states.rightCols(slow.states.cols()) = slow.states;
    result.residuals.tail(slow.speeds.size()) = dt * (2 * slow.speeds).cwiseSqrt();
    result.speeds.tail(slow.speeds.size()) = slow.speeds;
    result.multiplicity.insert(result.multiplicity.end(), slow.multiplicity.begin(),
                               slow.multiplicity.end());
  }
  for (const auto status : points.status) ++result.statuses[dynamics::name_of(status)];
  if (all > 0) result.linearizations = dynamics::linearize_all(map, result.states, dt, {}, threads);
  result.times = dynamics::slow_time_scales(map, slow, {.dt = dt, .threads = threads});
}

void search_starts(SteadyPoints& result, const Map& map, In<Matrix> states,
                   const SteadySearch& options, const Progress& progress) {
  dynamics::FixedPointOptions search = options.search;
  search.progress = progress;
  const Matrix starts = dynamics::draw_starts(states, options.starts);
  const dynamics::FixedPoints points = dynamics::find_fixed_points(map, starts, search);
  result.starts = starts.cols();
  take(result, points, map, search.dt, search.threads);
  result.unseen = dynamics::estimate_unseen(points.multiplicity);
}

void search_rounds(SteadyPoints& result, const Map& map, In<Matrix> states,
                   const SteadySearch& options, const Progress& progress) {
  dynamics::CompleteSearchOptions rounds;
  rounds.search = options.search;
  rounds.search.slow_points = false;  // not of every start: they are dear
  rounds.search.progress = part(progress, 0, options.search.slow_points ? search_share : 1);
  rounds.starts_a_round = rounds.confirming = options.starts_a_round;
  rounds.max_starts = options.max_starts;
  rounds.starts.seed = options.starts.seed;
  rounds.starts.network = options.starts.network;
  const dynamics::CompleteSearch search = dynamics::find_all_fixed_points(map, states, rounds);
  result.method = SearchMethod::rounds;
  result.starts = search.starts;
  dynamics::FixedPoints points = search.points;
  if (options.search.slow_points && search.completeness != dynamics::Completeness::cancelled) {
    dynamics::FixedPointOptions again = options.search;
    again.progress = part(progress, search_share, 1);
    points.slow =
        dynamics::find_fixed_points(map, dynamics::draw_starts(states, options.starts), again).slow;
  }
  take(result, points, map, options.search.dt, options.search.threads);
  result.unseen = search.unseen;
  result.completeness = search.completeness;
}

void search_regions(SteadyPoints& result, const PiecewiseLinearMap& pieces,
                    const SteadySearch& options, const Progress& progress) {
  const auto points = dynamics::all_piecewise_linear_points(
      pieces, {.max_kinks = most_kinks, .threads = options.search.threads, .progress = progress});
  const double dt = options.search.dt;
  result.method = SearchMethod::regions;
  result.states = points.states;
  result.fixed = points.states.cols();
  result.residuals = points.residuals;
  result.speeds = points.residuals.array().square() / (2 * dt * dt);
  result.multiplicity.assign(static_cast<std::size_t>(result.fixed), 0);
  result.all_regions = points.complete;
  result.kinks = pieces.kinks();
  result.continua = static_cast<Index>(points.singular_continua);
  if (result.fixed == 0) return;
  result.linearizations =
      dynamics::linearize_all(pieces, result.states, dt, {}, options.search.threads);
}

void prove(SteadyPoints& result, const Map& map, const SteadySearch& options,
           const Progress& progress) {
  const Matrix fixed = result.states.leftCols(result.fixed);
  if (result.fixed > 0) {
    result.certificates = dynamics::certify_all(
        map, fixed,
        {.stability = options.stability, .threads = options.search.threads, .progress = progress});
  }
  for (const auto& certificate : result.certificates) {
    if (certificate.status == dynamics::CertificateStatus::certified) ++result.certified;
  }
  const dynamics::ProvenPoints proven = dynamics::merge_by_proof(fixed, result.certificates);
  result.proven_points = static_cast<Index>(proven.groups.size());
  result.distinct = proven.distinct && result.proven_points == result.certified;
  const dynamics::TrappingBox trap = dynamics::find_trapping_box(map);
  result.trapped = trap.status == dynamics::TrappingStatus::proven;
  result.degree = dynamics::degree_statement(trap, fixed, result.certificates);
  const auto first = result.linearizations.begin();
  result.degree_sum = dynamics::degree_sum(std::span(first, first + result.fixed));
}

}  // namespace

const char* name_of(SearchMethod method) {
  static constexpr const char* names[] = {"starts", "rounds", "regions"};
  return names[static_cast<int>(method)];
}

bool SteadyPoints::good() const {
  if (fixed == 0 || points_missing()) return false;
  if (method == SearchMethod::regions) return all_regions && continua == 0;
  if (method == SearchMethod::starts) return true;
  return completeness == dynamics::Completeness::agree ||
         completeness == dynamics::Completeness::no_degree;
}

SteadyPoints find_steady_points(const cells::Network& network, const tasks::SteadyInput& at,
                                In<Matrix> states, const SteadySearch& asked,
                                const Progress& progress) {
  SteadySearch options = asked;
  options.search.dt = network.dt();
  const auto driven = cells::driven_map(network);
  const FrozenMap map(*driven, at.input);
  SteadyPoints result;
  result.at = at;
  result.dt = network.dt();
  const Progress searching = part(progress, 0, search_share);
  const auto pieces = options.complete ? cells::piecewise_linear(network, at.input)
                                       : std::optional<PiecewiseLinearMap>();
  if (!options.complete) {
    search_starts(result, map, states, options, searching);
  } else if (pieces && pieces->kinks() <= most_kinks) {
    search_regions(result, *pieces, options, searching);
  } else {
    search_rounds(result, map, states, options, searching);
  }
  prove(result, map, options, part(progress, search_share, 1));
  return result;
}

io::Json completeness_json(const SteadyPoints& points) {
  const dynamics::UnseenEstimate& unseen = points.unseen;
  io::Json json = {{"input", points.at.name},
                   {"method", name_of(points.method)},
                   {"starts", points.starts},
                   {"fixed_points", points.fixed},
                   {"certified", points.certified},
                   {"distinct", points.distinct},
                   {"proven_points", points.proven_points},
                   {"trapping_box", points.trapped},
                   {"degree_sum", points.degree_sum},
                   {"degree_verdict", dynamics::name_of(points.degree.verdict)},
                   {"points_missing", points.points_missing()}};
  if (points.method == SearchMethod::regions) {
    json["all_regions"] = points.all_regions;
    json["kinks"] = points.kinks;
    json["continua"] = points.continua;
    return json;
  }
  if (points.method == SearchMethod::rounds) {
    json["completeness"] = dynamics::name_of(points.completeness);
  }
  json["unseen"] = {{"estimate", unseen.estimate}, {"lower", unseen.lower}, {"upper", unseen.upper},
                    {"coverage", unseen.coverage}, {"draws", unseen.draws}, {"once", unseen.once},
                    {"twice", unseen.twice}};
  return json;
}

}  // namespace nullcline::study
