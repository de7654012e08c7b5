// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/connectivity.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "nullcline/cells/recurrent_blocks.hpp"
#include "nullcline/connectivity/centrality.hpp"
#include "nullcline/connectivity/change_rank.hpp"
#include "nullcline/connectivity/departure.hpp"
#include "nullcline/connectivity/eigenvalue_change.hpp"
#include "nullcline/connectivity/weight_change.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analyses/trajectories.hpp"
#include "nullcline/study/analyses/weight_structure.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::study {
namespace {

namespace cn = connectivity;

/// Complex numbers as an array (n, 2): real and imaginary parts.
Array parts_of(const ComplexVector& values) {
  std::vector<double> entries;
  for (const auto& value : values) {
    entries.push_back(value.real());
    entries.push_back(value.imag());
  }
  return {{values.size(), 2}, std::move(entries)};
}

void put_change(io::Dataset& result, const cn::WeightChange& change) {
  put_known(result, "spectrum_before", change.before_spectrum.known);
  put_known(result, "spectrum_after", change.after_spectrum.known);
  put_known(result, "spectrum_change", change.change_spectrum.known);
  result.arrays["edges"] = Array::vector(change.edges);
  result.arrays["before"] = Array::integers(change.before.histogram);
  result.arrays["after"] = Array::integers(change.after.histogram);
  result.arrays["change"] = Array::integers(change.change.histogram);
  result.arrays["change_sorted"] = Array::vector(change.absolute_quantiles.reverse());
  result.arrays["before_singular_values"] = Array::vector(change.before_spectrum.singular_values);
  result.arrays["after_singular_values"] = Array::vector(change.after_spectrum.singular_values);
  result.arrays["change_singular_values"] = Array::vector(change.change_spectrum.singular_values);
  result.arrays["eigenvalues_before"] = parts_of(change.before_spectrum.eigenvalues);
  result.arrays["eigenvalues_after"] = parts_of(change.after_spectrum.eigenvalues);
  result.arrays["eigenvalues_change"] = parts_of(change.change_spectrum.eigenvalues);
  result.attributes["mean_before"] = change.before.mean;
  result.attributes["mean_after"] = change.after.mean;
  result.attributes["sd_before"] = change.before.standard_deviation;
  result.attributes["sd_after"] = change.after.standard_deviation;
  result.attributes["relative_change"] = change.relative_change;
  result.attributes["changed_fraction"] = change.changed_fraction;
  result.attributes["effective_rank"] = change.change_spectrum.effective_rank;
  result.attributes["participation_ratio"] = change.change_spectrum.participation_ratio;
}

void put_eigenvalue_change(io::Dataset& result, const cn::EigenvalueChange& change) {
  put_known(result, "eigenvalue_change", change.known);
  result.arrays["eigenvalue_change_sorted"] = Array::vector(change.distances);
  result.attributes["eigenvalue_radius_before"] = change.radius;
  result.attributes["eigenvalues_moved"] = change.moved;
  result.attributes["eigenvalues_outside"] = change.outside;
  result.attributes["eigenvalue_participation"] = change.participation;
}

void put_departure(io::Dataset& result, const std::string& when, const cn::Departure& departure) {
  put_known(result, "departure_" + when, departure.known);
  result.attributes["departure_" + when + "_operator"] = departure.operator_norm;
  result.attributes["departure_" + when + "_frobenius"] = departure.frobenius;
  result.attributes["departure_" + when + "_real_operator"] = departure.real_operator_norm;
  result.attributes["departure_" + when + "_real_frobenius"] = departure.real_frobenius;
}

void put_centralities(io::Dataset& result, const std::string& when, const cn::Centralities& all) {
  const auto put = [&](const char* name, const Vector& scores) {
    if (scores.size() == 0) return;  // undefined: the figure says so
    result.arrays[std::string("centrality_") + name + "_" + when] = Array::vector(scores);
  };
  put("in_strength", all.in_strength.scores);
  put("out_strength", all.out_strength.scores);
  put("eigenvector", all.eigenvector.scores);
  put("katz", all.katz.scores);
  put("pagerank", all.pagerank);
  result.attributes["spectral_radius_of_absolute_" + when] = all.spectral_radius;
}

/// How many singular parts of the change of one block the task needs, by the error on noisy trials.
void put_functional_rank(io::Dataset& result, const AnalysisContext& context,
                         const cells::RecurrentBlock& before, const cells::RecurrentBlock& after) {
  const Index repeats = context.settings.integer("trials");
  if (repeats == 0 || !after.free) return;
  cells::Network network = context.trained;
  const auto loss = [&](In<Matrix> W) {
    cells::replace_block(network, after, W);
    const Trajectories runs = noisy_trajectories(context, network, repeats);
    return tasks::normalized_error(runs.trials, cells::outputs(network, runs.states));
  };
  const cn::FunctionalRank found =
      cn::functional_rank(before.weights, after.weights - before.weights, loss);
  put_known(result, "functional_rank", found.known);
  result.arrays["error_by_rank"] = Array::vector(found.losses);
  result.attributes["error_of_all"] = found.full_loss;
  if (found.rank >= 0) {
    result.attributes["functional_rank"] = found.rank;
    result.attributes["metrics"]["functional_rank"] = found.rank;
  }
}

/// Calls compare(before, after) for each block of both networks and puts the results together.
template <class Compare>
io::Dataset over_blocks(const cells::Network& before, const cells::Network& after,
                        const Compare& compare) {
  const auto first = cells::recurrent_blocks(before), last = cells::recurrent_blocks(after);
  if (last.empty() || first.size() != last.size()) {
    throw Error("", "recurrent weights", fmt::format("{} of {}", first.size(), before.cell),
                fmt::format("{} of {}", last.size(), after.cell));
  }
  if (last.size() == 1) return compare(first[0], last[0]);
  io::Dataset result;
  result.attributes["matrices"] = io::Json::array();
  for (std::size_t i = 0; i < last.size(); ++i) {
    const std::string& name = last[i].name;
    io::Dataset each = compare(first[i], last[i]);
    for (auto& [array, values] : each.arrays) {
      result.arrays[name + "/" + array] = std::move(values);
    }
    for (const auto& [metric, value] : each.attributes["metrics"].items()) {
      result.attributes["metrics"][name + "_" + metric] = value;
    }
    each.attributes.erase("metrics");
    result.attributes["matrices"].push_back(name);
    result.attributes["matrix"][name] = std::move(each.attributes);
  }
  return result;
}

io::Dataset compare_blocks(const cells::RecurrentBlock& before, const cells::RecurrentBlock& after,
                           const cells::Network& network, const Settings& settings) {
  if (before.weights.rows() != after.weights.rows()) {
    throw Error("", after.name, fmt::format("{} units", before.weights.rows()),
                std::to_string(after.weights.rows()));
  }
  io::Dataset result = compare_weights(before.weights, after.weights, settings);
  const auto readout = network.parameters.find("readout");
  if (after.last_layer && readout != network.parameters.end()) {
    put_alignment(result, after.weights - before.weights, after.inputs, readout->second);
  }
  return result;
}

io::Dataset run(const AnalysisContext& context) {
  return over_blocks(
      context.untrained, context.trained, [&](const auto& before, const auto& after) {
        io::Dataset result = compare_blocks(before, after, context.trained, context.settings);
        put_functional_rank(result, context, before, after);
        return result;
      });
}

}  // namespace

io::Dataset compare_weights(In<Matrix> before, In<Matrix> after, const Settings& settings) {
  cn::WeightChangeOptions options;
  options.bins = settings.integer("bins");
  options.quantiles = settings.integer("quantiles");
  options.rank_fraction = settings.number("rank_fraction");
  const cn::KatzOptions katz{settings.number("katz_fraction")};
  const cn::PageRankOptions rank{settings.number("damping")};

  io::Dataset result;
  const cn::WeightChange change = cn::weight_change(before, after, options);
  put_change(result, change);
  put_eigenvalue_change(result, cn::eigenvalue_change(change.before_spectrum.eigenvalues,
                                                      change.after_spectrum.eigenvalues,
                                                      {settings.number("moved_fraction")}));
  put_departure(result, "before", cn::departure_from_normality(before));
  put_departure(result, "after", cn::departure_from_normality(after));
  put_centralities(result, "before", cn::centralities(before, katz, rank));
  put_centralities(result, "after", cn::centralities(after, katz, rank));
  put_rank(result, before, after, settings);
  put_motifs(result, "before", before, settings);
  put_motifs(result, "after", after, settings);
  put_blocks(result, after, settings);
  put_pseudospectrum(result, "before", before, settings);
  put_pseudospectrum(result, "after", after, settings);
  for (const char* name : {"mean_before", "mean_after", "relative_change", "effective_rank",
                           "departure_before_operator", "departure_after_operator",
                           "departure_before_frobenius", "departure_after_frobenius"}) {
    result.attributes["metrics"][name] = result.attributes[name];
  }
  if (result.attributes.contains("rank_against_shuffled")) {
    result.attributes["metrics"]["rank_against_shuffled"] =
        result.attributes["rank_against_shuffled"];
  }
  return result;
}

io::Dataset compare_networks(const cells::Network& before, const cells::Network& after,
                             const Settings& settings) {
  return over_blocks(before, after, [&](const auto& first, const auto& last) {
    return compare_blocks(first, last, after, settings);
  });
}

AnalysisKind connectivity_analysis() {
  return {
      "connectivity",
      "what training changed in the recurrent weights",
      {{"bins", std::int64_t{60}, "of the histograms", 1, 10'000},
       {"quantiles", std::int64_t{501}, "of the sorted change", 2, 100'000},
       {"rank_fraction", 0.1, "singular values above this part of the largest count as rank", 0, 1},
       {"moved_fraction", 0.5,
        "an eigenvalue moved if by more than this part of the largest modulus before (our choice)",
        0, 1e6},
       {"katz_fraction", 0.9, "Katz's alpha, relative to its limit (our choice)", 0, 0.999999},
       {"damping", 0.85, "of PageRank", 0, 0.999999},
       {"level", 0.05, "of the tests that count the rank of the change", 1e-4, 0.5},
       {"surrogates", std::int64_t{19},
        "shuffles of the weights, for ranks and motifs; at least 1 / level - 1", 2, 100'000},
       {"edges", 0.1, "part of the weights, the strongest, that count as edges of triads", 0.0, 1},
       {"trials", std::int64_t{4},
        "noisy trials a condition for the error by rank of the change, 0: none", 0, 1e5},
       {"pseudospectrum", std::int64_t{0},
        "points an axis of the grid of pseudospectra, with Kreiss constants; 0: none", 0, 1000}},
      run};
}

}  // namespace nullcline::study
