// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/connectivity.hpp"

#include "nullcline/connectivity/centrality.hpp"
#include "nullcline/connectivity/departure.hpp"
#include "nullcline/connectivity/weight_change.hpp"
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

io::Dataset run(const AnalysisContext& context) {
  return compare_weights(context.untrained.parameter("recurrent"),
                         context.trained.parameter("recurrent"), context.settings);
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
  put_change(result, cn::weight_change(before, after, options));
  put_departure(result, "before", cn::departure_from_normality(before));
  put_departure(result, "after", cn::departure_from_normality(after));
  put_centralities(result, "before", cn::centralities(before, katz, rank));
  put_centralities(result, "after", cn::centralities(after, katz, rank));
  for (const char* name : {"mean_before", "mean_after", "relative_change", "effective_rank",
                           "departure_before_operator", "departure_after_operator",
                           "departure_before_frobenius", "departure_after_frobenius"}) {
    result.attributes["metrics"][name] = result.attributes[name];
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
       {"katz_fraction", 0.9, "Katz's alpha, relative to its limit (our choice)", 0, 0.999999},
       {"damping", 0.85, "of PageRank", 0, 0.999999}},
      run};
}

}  // namespace nullcline::study
