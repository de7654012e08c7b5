// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/weight_structure.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "nullcline/connectivity/alignment.hpp"
#include "nullcline/connectivity/blocks.hpp"
#include "nullcline/connectivity/change_rank.hpp"
#include "nullcline/connectivity/kreiss.hpp"
#include "nullcline/connectivity/motifs.hpp"
#include "nullcline/connectivity/pseudospectrum.hpp"

namespace nullcline::study {
namespace {

namespace cn = connectivity;

template <class Item, class Member>
Array members(const std::vector<Item>& items, Member Item::*member) {
  std::vector<double> values;
  for (const Item& item : items) values.push_back(static_cast<double>(item.*member));
  return {{static_cast<Index>(values.size())}, std::move(values)};
}

Array doubles(const std::array<double, 16>& values) {
  return {{16}, std::vector<double>(values.begin(), values.end())};
}

/// The size of the `part` strongest off-diagonal weights: edges are above.
double edge_threshold(In<Matrix> W, double part) {
  std::vector<double> sizes;
  for (Index j = 0; j < W.cols(); ++j) {
    for (Index i = 0; i < W.rows(); ++i) {
      if (i != j) sizes.push_back(std::abs(W(i, j)));
    }
  }
  const auto edges = static_cast<std::size_t>(part * static_cast<double>(sizes.size()));
  if (edges >= sizes.size()) return 0;
  const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() - 1 - edges);
  std::nth_element(sizes.begin(), at, sizes.end());
  return *at;
}

}  // namespace

void put_known(io::Dataset& result, const std::string& what, bool known) {
  if (!known) result.attributes["not_known"][what] = "LAPACK did not converge";
}

void put_rank(io::Dataset& result, In<Matrix> before, In<Matrix> after, const Settings& settings) {
  if (before.rows() < 2) return;
  const Matrix change = after - before;
  const cn::ChangeRank found =
      cn::change_rank(change, {.level = settings.number("level"),
                               .surrogates = settings.integer("surrogates"),
                               .with_diagonal = change.diagonal().squaredNorm() != 0});
  put_known(result, "rank_against_shuffled", found.known);
  result.arrays["rank_singular_values"] = members(found.tests, &cn::RankTest::singular_value);
  result.arrays["rank_null_means"] = members(found.tests, &cn::RankTest::null_mean);
  result.arrays["rank_null_maxima"] = members(found.tests, &cn::RankTest::null_maximum);
  result.arrays["rank_p_values"] = members(found.tests, &cn::RankTest::p_value);
  if (found.known) result.attributes["rank_against_shuffled"] = found.rank;
}

void put_motifs(io::Dataset& result, const std::string& when, In<Matrix> W,
                const Settings& settings) {
  if (W.rows() < 3) return;
  const cn::PairMotifs pairs = cn::pair_motifs(W);
  result.attributes["motifs_" + when] = {{"reciprocal", pairs.reciprocal},
                                         {"convergent", pairs.convergent},
                                         {"divergent", pairs.divergent},
                                         {"chain", pairs.chain}};
  const cn::TriadCensus triads =
      cn::triad_census(W, {.threshold = edge_threshold(W, settings.number("edges")),
                           .surrogates = settings.integer("surrogates")});
  result.arrays["triads_" + when] = Array::integers({triads.counts.begin(), triads.counts.end()});
  result.arrays["triads_" + when + "_null_mean"] = doubles(triads.null_mean);
  result.arrays["triads_" + when + "_null_sd"] = doubles(triads.null_sd);
  result.attributes["triad_names"] = cn::triad_names;
}

void put_blocks(io::Dataset& result, In<Matrix> after, const Settings& settings) {
  const std::vector<Index> labels = cn::dale_groups(after);
  if (labels.empty()) return;
  const cn::Blocks found =
      cn::block_statistics(after, labels, {.surrogates = settings.integer("surrogates")});
  result.arrays["block_density"] = Array::matrix(found.density);
  result.arrays["block_mean"] = Array::matrix(found.mean);
  result.attributes["blocks"] = {{"names", {"excitatory", "inhibitory"}},
                                 {"sizes", found.sizes},
                                 {"modularity", found.modularity},
                                 {"p_value", found.p_value}};
}

void put_pseudospectrum(io::Dataset& result, const std::string& when, In<Matrix> W,
                        const Settings& settings) {
  const Index resolution = settings.integer("pseudospectrum");
  if (resolution < 2) return;
  const cn::Pseudospectrum found = cn::pseudospectrum(W, {.resolution = resolution});
  put_known(result, "pseudospectrum_" + when, found.known);
  result.arrays["pseudospectrum_" + when] = Array::matrix(found.distance);
  result.arrays["pseudospectrum_" + when + "_real"] = Array::vector(found.real);
  result.arrays["pseudospectrum_" + when + "_imaginary"] = Array::vector(found.imaginary);
  // Steps x <- W x, and the linear rate flow tau x' = -x + W x.
  const cn::Kreiss map = cn::kreiss_constant(W);
  const cn::Kreiss flow = cn::kreiss_constant(W - Matrix::Identity(W.rows(), W.cols()),
                                              {.dynamics = cn::Dynamics::flow});
  const auto put = [&](const std::string& name, const cn::Kreiss& kreiss) {
    put_known(result, name, kreiss.known);
    // Infinite where it grows.
    if (std::isfinite(kreiss.constant)) result.attributes[name] = kreiss.constant;
  };
  put("kreiss_map_" + when, map);
  put("kreiss_flow_" + when, flow);
}

void put_alignment(io::Dataset& result, In<Matrix> change, In<Matrix> inputs, In<Matrix> readout) {
  if (inputs.rows() != change.rows() || inputs.cols() == 0 || readout.cols() != change.rows() ||
      change.squaredNorm() == 0) {
    return;
  }
  const cn::Alignment found = cn::change_alignment(change, inputs, readout);
  put_known(result, "alignment", found.known);
  const auto put = [&](const std::string& name, const cn::Overlap& overlap) {
    if (overlap.dim == 0) return;
    result.arrays["alignment_" + name] = Array::vector(overlap.projections);
    result.arrays["alignment_" + name + "_p_values"] = Array::vector(overlap.p_values);
    result.attributes["alignment"][name] = {
        {"dim", overlap.dim}, {"energy", overlap.energy}, {"expected", overlap.expected}};
  };
  put("writes_to_readout", found.writes_to_readout);
  put("writes_to_inputs", found.writes_to_inputs);
  put("reads_from_readout", found.reads_from_readout);
  put("reads_from_inputs", found.reads_from_inputs);
}

}  // namespace nullcline::study
