// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/cycles/piecewise_linear_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <utility>

#include "nullcline/core/attempt.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/random.hpp"
#include "nullcline/dynamics/cycles/detail/sequence_search.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/detail/region_orbit.hpp"

namespace nullcline::dynamics {
namespace {

using detail::RegionOrbit;
using detail::RegionSequence;

constexpr Index words_per_item = 512;
constexpr Index attempts_per_round = 64;  ///< What they begin with depends on the rounds before.
constexpr Index most_neighbors = 256;     ///< Tried of one cycle.

/// The rotation that comes first in the order of sequences.
Index least_rotation(const RegionSequence& regions) {
  RegionSequence turned = regions, least = regions;
  Index first = 0;
  for (Index t = 1; t < static_cast<Index>(regions.size()); ++t) {
    std::rotate(turned.begin(), turned.begin() + 1, turned.end());
    if (turned < least) {
      least = turned;
      first = t;
    }
  }
  return first;
}

/// Cycles found so far, each once whatever its phase.
class Found {
 public:
  /// Whether the orbit is a cycle of its length that was not known.
  bool add(const RegionOrbit& found) {
    if (detail::has_smaller_period(found)) return false;
    RegionOrbit orbit = detail::rotated(found, least_rotation(found.regions));
    const auto [place, added] = index_.try_emplace(orbit.regions, orbits_.size());
    if (added && orbit.on_border()) place->second = seen_from_elsewhere(orbit);
    if (place->second < orbits_.size()) {
      ++hits_[place->second];
      return false;
    }
    orbits_.push_back(std::move(orbit));
    hits_.push_back(1);
    return true;
  }

  std::vector<PiecewiseLinearCycle> cycles(const PiecewiseLinearMap& map) const;

 private:
  /// A known orbit on a border that is the same, or one past the last.
  std::size_t seen_from_elsewhere(const RegionOrbit& orbit) const {
    for (std::size_t c = 0; c < orbits_.size(); ++c) {
      if (!orbits_[c].on_border()) continue;
      for (Index t = 0; t < orbit.states.cols(); ++t) {
        if (detail::same_orbit(detail::rotated(orbit, t), orbits_[c])) return c;
      }
    }
    return orbits_.size();
  }

  std::vector<RegionOrbit> orbits_;
  std::vector<Index> hits_;
  std::map<RegionSequence, std::size_t> index_;
};

PiecewiseLinearCycle described(const PiecewiseLinearMap& map, const RegionOrbit& found,
                               Index hits) {
  Index first = 0;
  found.states.row(0).minCoeff(&first);
  RegionOrbit orbit = detail::rotated(found, first);
  Matrix product = Matrix::Identity(map.dim(), map.dim());
  for (const Region& region : orbit.regions) product = map.piece(region).J * product;
  PiecewiseLinearCycle cycle;
  if (const auto values = attempt(eigenvalues, product)) cycle.multipliers = *values;
  cycle.stable = cycle.multipliers.size() > 0 && std::abs(cycle.multipliers(0)) < 1;
  cycle.on_border = orbit.on_border();
  cycle.residual = orbit.residual;
  cycle.hits = hits;
  cycle.states = std::move(orbit.states);
  cycle.regions = std::move(orbit.regions);
  return cycle;
}

std::vector<PiecewiseLinearCycle> Found::cycles(const PiecewiseLinearMap& map) const {
  std::vector<PiecewiseLinearCycle> made;
  for (std::size_t c = 0; c < orbits_.size(); ++c) {
    made.push_back(described(map, orbits_[c], hits_[c]));
  }
  const auto leading = [](const PiecewiseLinearCycle& cycle) {
    return cycle.multipliers.size() > 0 ? std::abs(cycle.multipliers(0))
                                        : std::numeric_limits<double>::infinity();
  };
  std::stable_sort(made.begin(), made.end(),
                   [&](const auto& a, const auto& b) { return leading(a) < leading(b); });
  return made;
}

/// All necklaces of length k over 0 .. letters - 1, in order, one after the other
/// [Fredricksen & Maiorana 1978, "Necklaces of beads in k colors and k-ary de Bruijn sequences"].
std::vector<std::uint32_t> necklaces(std::uint32_t letters, std::size_t k) {
  std::vector<std::uint32_t> all, word{0};
  while (!word.empty()) {
    const std::size_t length = word.size();
    while (word.size() < k) word.push_back(word[word.size() - length]);
    if (k % length == 0) all.insert(all.end(), word.begin(), word.end());
    while (!word.empty() && word.back() == letters - 1) word.pop_back();
    if (!word.empty()) ++word.back();
  }
  return all;
}

/// What each region of a map of few units is.
struct Alphabet {
  std::vector<Region> regions;
  std::vector<AffinePiece> pieces;
  explicit Alphabet(const PiecewiseLinearMap& map) {
    for (std::uint32_t signs = 0; signs < (std::uint32_t{1} << map.kinks()); ++signs) {
      Region region;
      for (Index i = 0; i < map.kinks(); ++i) region.push_back(((signs >> i) & 1U) != 0);
      pieces.push_back(map.piece(region));
      regions.push_back(std::move(region));
    }
  }
};

struct WordsTried {
  std::vector<RegionOrbit> orbits;
  std::uint64_t sequences = 0, undecided = 0;
};

/// Tries words of k letters back to back; one that begins as the last keeps the common steps.
WordsTried try_words(const PiecewiseLinearMap& map, const Alphabet& alphabet, Index k,
                     const std::uint32_t* words, Index count) {
  WordsTried tried;
  detail::AffineCycle system(map.dim());
  RegionSequence regions(static_cast<std::size_t>(k));
  for (Index w = 0; w < count; ++w, words += k) {
    Index common = 0;
    while (w > 0 && common < k && words[common] == words[common - k]) ++common;
    system.truncate(common);
    for (Index t = common; t < k; ++t) {
      const AffinePiece& piece = alphabet.pieces[words[t]];
      system.push(piece.J, piece.d);
      regions[static_cast<std::size_t>(t)] = alphabet.regions[words[t]];
    }
    ++tried.sequences;
    if (!system.close()) {
      tried.undecided += system.solvable() ? 1 : 0;
      continue;
    }
    auto orbit = detail::orbit_in(map, regions, system, system.states());
    if (orbit) tried.orbits.push_back(std::move(*orbit));
  }
  return tried;
}

PiecewiseLinearCycles try_all(const PiecewiseLinearMap& map, Index k,
                              const PiecewiseLinearCycleOptions& options) {
  const Alphabet alphabet(map);
  const auto words = necklaces(std::uint32_t{1} << map.kinks(), static_cast<std::size_t>(k));
  const Index count = static_cast<Index>(words.size()) / k;
  const Index items = (count + words_per_item - 1) / words_per_item;
  std::vector<WordsTried> tried(static_cast<std::size_t>(items));
  PiecewiseLinearCycles result;
  result.exhaustive = true;
  result.cancelled = !detail::over_items(items, options.threads, options.progress, [&](Index i) {
    const Index first = i * words_per_item;
    tried[static_cast<std::size_t>(i)] = try_words(map, alphabet, k, words.data() + first * k,
                                                   std::min(words_per_item, count - first));
  });
  Found found;
  for (const WordsTried& part : tried) {
    for (const RegionOrbit& orbit : part.orbits) found.add(orbit);
    result.sequences += part.sequences;
    result.undecided += part.undecided;
  }
  result.complete = result.sequences == static_cast<std::uint64_t>(count) && result.undecided == 0;
  result.cycles = found.cycles(map);
  return result;
}

PiecewiseLinearCycles search(const PiecewiseLinearMap& map, Index k,
                             const PiecewiseLinearCycleOptions& options) {
  PiecewiseLinearCycles result;
  Found found;
  std::deque<RegionSequence> beside;  // neighbors of what was found, to be tried
  const detail::SequenceStart from{k, options.transient, options.starts};
  Index fresh = 0;
  for (Index done = 0; done < options.attempts && !result.cancelled;) {
    const Index round = std::min(attempts_per_round, options.attempts - done);
    const Index near = std::min<Index>(round / 2, static_cast<Index>(beside.size()));
    std::vector<detail::SequenceSearch> ends(static_cast<std::size_t>(round));
    const Progress progress = [&](double part) {
      return !options.progress ||
             options.progress((static_cast<double>(done) + part * static_cast<double>(round)) /
                              static_cast<double>(options.attempts));
    };
    result.cancelled = !detail::over_items(round, options.threads, progress, [&](Index i) {
      const auto attempt = static_cast<std::uint64_t>(fresh + i - near);
      const RandomStream random({options.seed, options.network, Purpose::piecewise,
                                 (static_cast<std::uint64_t>(k) << 32) | attempt});
      ends[static_cast<std::size_t>(i)] = detail::search_sequences(
          map,
          i < near ? beside[static_cast<std::size_t>(i)]
                   : detail::first_sequence(map, from, fresh + i - near, random),
          options.max_moves);
    });
    beside.erase(beside.begin(), beside.begin() + near);
    for (const detail::SequenceSearch& end : ends) {
      result.sequences += end.solved;
      if (!end.orbit || !found.add(*end.orbit)) continue;
      const Index room = options.attempts - static_cast<Index>(beside.size());
      for (RegionSequence& other :
           detail::neighbors(map, *end.orbit, std::clamp<Index>(room, 0, most_neighbors))) {
        beside.push_back(std::move(other));
      }
    }
    fresh += round - near;
    done += round;
  }
  result.cycles = found.cycles(map);
  return result;
}

}  // namespace

PiecewiseLinearCycles find_piecewise_linear_cycles(const PiecewiseLinearMap& map, Index period,
                                                   const PiecewiseLinearCycleOptions& options) {
  require(period > 0, "find_piecewise_linear_cycles: need period > 0");
  require(options.exhaustive_bits >= 0 && options.exhaustive_bits <= 24 && options.attempts >= 0 &&
              options.max_moves > 0 && options.transient >= 0,
          "find_piecewise_linear_cycles: need exhaustive_bits in [0, 24], attempts >= 0, "
          "max_moves > 0, transient >= 0");
  require(options.starts.cols() == 0 || options.starts.rows() == map.dim(),
          "find_piecewise_linear_cycles: starts must be (dimension of map, S)");
  require(options.starts.allFinite(), "find_piecewise_linear_cycles: starts must be finite");
  const bool few = map.kinks() <= options.exhaustive_bits / period;
  return few ? try_all(map, period, options) : search(map, period, options);
}

}  // namespace nullcline::dynamics
