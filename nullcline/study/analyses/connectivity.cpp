// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/connectivity.hpp"

#include "nullcline/connectivity/centrality.hpp"
#include "nullcline/connectivity/change_rank.hpp"
#include "nullcline/connectivity/departure.hpp"
#include "nullcline/connectivity/eigenvalue_change.hpp"
#include "nullcline/connectivity/weight_change.hpp"
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
  result.arrays["eigenvalue_change_sorted"] = Array::vector(change.distances);
  result.attributes["eigenvalue_radius_before"] = change.radius;
  result.attributes["eigenvalues_moved"] = change.moved;
  result.attributes["eigenvalues_outside"] = change.outside;
  result.attributes["eigenvalue_participation"] = change.participation;
}

void put_departure(io::Dataset& result, const std::string& when, const cn::Departure& departure) {
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

/// How many singular parts of the change the task needs, by the error on noisy trials.
void put_functional_rank(io::Dataset& result, const AnalysisContext& context) {
  const Index repeats = context.settings.integer("trials");
  if (repeats == 0) return;
  cells::Network network = context.trained;
  const Matrix& before = context.untrained.parameter("recurrent");
  const auto loss = [&](In<Matrix> W) {
    network.parameters.at("recurrent") = W;
    const Trajectories runs = noisy_trajectories(context, network, repeats);
    return tasks::normalized_error(runs.trials, cells::outputs(network, runs.states));
  };
  const cn::FunctionalRank found =
      cn::functional_rank(before, context.trained.parameter("recurrent") - before, loss);
  result.arrays["error_by_rank"] = Array::vector(found.losses);
  result.attributes["error_of_all"] = found.full_loss;
  if (found.rank >= 0) {
    result.attributes["functional_rank"] = found.rank;
    result.attributes["metrics"]["functional_rank"] = found.rank;
  }
}

io::Dataset run(const AnalysisContext& context) {
  io::Dataset result = compare_weights(context.untrained.parameter("recurrent"),
                                       context.trained.parameter("recurrent"), context.settings);
  put_alignment(result, context.untrained, context.trained, "recurrent");
  put_functional_rank(result, context);
  return result;
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
