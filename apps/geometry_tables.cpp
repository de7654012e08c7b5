// SPDX-License-Identifier: Apache-2.0
#include "apps/geometry_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "apps/geodesic_tables.hpp"
#include "apps/text.hpp"
#include "nullcline/study/analyses/geometry.hpp"

namespace nullcline::apps {
namespace {

/// Median and "5 % .. 95 %" of the numbers of quantities, by name.
class Bands {
 public:
  Bands(const std::vector<study::WarpQuantity>& quantities, Index points) {
    for (const auto& quantity : quantities) {
      bands_[quantity.name] = study::bands(quantity, points);
    }
  }
  explicit Bands(const study::Warp& warp) : Bands(study::quantities_of(warp), warp.points) {}

  Index numbers(const std::string& name) const {
    const auto found = bands_.find(name);
    return found == bands_.end() ? 0 : found->second.rows() / 3;
  }
  std::string median(const std::string& name, Index i, Index s) const {
    return text(name, 1, i, s);
  }
  std::string range(const std::string& name, Index i, Index s) const {
    return text(name, 0, i, s) + " .. " + text(name, 2, i, s);
  }

 private:
  std::string text(const std::string& name, Index quantile, Index i, Index s) const {
    const double value = bands_.at(name)(quantile * numbers(name) + i, s);
    return std::isnan(value) ? "-" : fmt::format("{:.3g}", value);
  }
  std::map<std::string, Matrix> bands_;
};

std::string at_text(const Manifold& manifold, Index k) {
  if (k < 0) return "-";
  if (manifold.kappa.rows() == 0) return fmt::format("point {}", k);
  std::string text;
  for (const double value : manifold.kappa.col(k)) {
    text += fmt::format("{}{:.3g}", text.empty() ? "" : ", ", value);
  }
  return text;
}

/// A table with a row for each time, and each network where there are two: row(n, bands, s), of
/// stage n at time s.
template <class Row>
std::string over_time(std::vector<std::string> headings, const WarpedManifold& found,
                      const std::vector<std::string>& stages, double dt, const Row& row) {
  headings.insert(headings.begin(), "t, s");
  if (stages.size() > 1) headings.insert(headings.begin() + 1, "network");
  TextTable table(headings);
  std::vector<Bands> bands(found.warps.begin(), found.warps.end());
  const Vector times = study::warp_times(found.warps[0].steps, dt);
  for (Index s = 0; s < times.size(); ++s) {
    for (std::size_t n = 0; n < stages.size(); ++n) {
      std::vector<std::string> cells = row(n, bands[n], s);
      cells.insert(cells.begin(), fmt::format("{:.4g}", times(s)));
      if (stages.size() > 1) cells.insert(cells.begin() + 1, stages[n]);
      table.add(cells);
    }
  }
  return table.text();
}

/// Volume, condition, dimension; stretch of each coordinate and the angles between them. Of a curve
/// the volume is the stretch, and the rest is 1.
std::string metric_text(const WarpedManifold& found, const std::vector<std::string>& stages,
                        double dt) {
  const Index m = found.manifold.points.dim;
  std::vector<std::string> headings{m == 1 ? "stretch" : "volume", "5-95 %"};
  if (m > 1) headings.insert(headings.end(), {"condition", "dim"});
  for (Index i = 1; m > 1 && i <= m; ++i) headings.push_back(fmt::format("stretch {}", i));
  for (Index i = 1; i <= m; ++i) {
    for (Index j = i + 1; j <= m; ++j) headings.push_back(fmt::format("cos {}{}", i, j));
  }
  headings.insert(headings.end(), {"seen", "immersed"});
  return over_time(headings, found, stages, dt, [&](std::size_t n, const Bands& bands, Index s) {
    const study::Warp& warp = found.warps[n];
    std::vector<std::string> cells{bands.median("volume", 0, s), bands.range("volume", 0, s)};
    if (m > 1) {
      for (const char* name : {"condition", "effective_dim", "stretch", "cosines"}) {
        for (Index i = 0; i < bands.numbers(name); ++i) cells.push_back(bands.median(name, i, s));
      }
    }
    cells.push_back(bands.numbers("visible") > 0 ? bands.median("visible", 0, s) : "-");
    cells.push_back(
        fmt::format("{} of {}", study::statuses_of(warp, s).immersed, found.manifold.points.count));
    return cells;
  });
}

/// Eigenvalues with their spread, and the curvature.
std::string spectrum_text(const WarpedManifold& found, const std::vector<std::string>& stages,
                          double dt) {
  const Index m = found.manifold.points.dim;
  const bool curved = found.warps[0].curvature.size() > 0;
  std::vector<std::string> headings;
  for (Index i = 1; i <= m; ++i) {
    headings.insert(headings.end(), {fmt::format("lambda {}", i), "5-95 %"});
  }
  const bool whole = curved && m == 2 && found.manifold.weights.size() > 0;
  if (whole) headings.push_back("int K dA");
  if (curved) headings.insert(headings.end(), {"least K", "at", "greatest K", "at"});
  return over_time(headings, found, stages, dt, [&](std::size_t n, const Bands& bands, Index s) {
    const study::Warp& warp = found.warps[n];
    std::vector<std::string> cells;
    for (Index i = 0; i < m; ++i) {
      cells.push_back(bands.median("eigenvalues", i, s));
      cells.push_back(bands.range("eigenvalues", i, s));
    }
    if (!curved) return cells;
    const auto curvature = study::curvature_at(warp, s, found.manifold.weights);
    if (whole) cells.push_back(number(curvature.total));
    cells.insert(cells.end(),
                 {number(curvature.least), at_text(found.manifold, curvature.least_at),
                  number(curvature.greatest), at_text(found.manifold, curvature.greatest_at)});
    return cells;
  });
}

/// How far training moved the metric; empty where there is one network.
std::string distance_text(const WarpedManifold& found, const std::vector<std::string>& stages,
                          double dt) {
  if (stages.size() < 2) return "";
  TextTable table({"t, s", "from untrained", "5-95 %", "but for scale", "5-95 %"});
  const Bands bands(study::distances_of(found.warps[0], found.warps[1]), found.warps[0].points);
  const Vector times = study::warp_times(found.warps[0].steps, dt);
  for (Index s = 0; s < times.size(); ++s) {
    table.add({fmt::format("{:.4g}", times(s)), bands.median("affine_invariant", 0, s),
               bands.range("affine_invariant", 0, s), bands.median("spectral_ratio", 0, s),
               bands.range("spectral_ratio", 0, s)});
  }
  return table.text();
}

/// "1 2 1", or "-" where they are not known.
std::string betti_text(In<Vector> numbers) {
  std::string text;
  for (const double value : numbers) {
    if (std::isnan(value)) return "-";
    text += fmt::format("{}{:.0f}", text.empty() ? "" : " ", value);
  }
  return text;
}

std::string known(double value) { return std::isnan(value) ? "-" : fmt::format("{:.3g}", value); }

/// What is left of the manifold's topology in the states, and what becomes of the rank of the
/// tangents once the inputs do not depend on kappa any more.
std::string topology_text(const WarpedManifold& found, const std::vector<std::string>& stages,
                          double dt) {
  std::string text;
  TextTable table({"t, s", "network", "least/largest stretch", "chord/distance", "Betti numbers"});
  for (std::size_t n = 0; n < stages.size(); ++n) {
    const study::SliceTopology& topology = found.extras[n].topology;
    const Vector times = study::warp_times(topology.steps, dt);
    for (Index p = 0; p < times.size(); ++p) {
      table.add({fmt::format("{:.4g}", times(p)), stages[n], known(topology.immersion(p)),
                 known(topology.injectivity(p)), betti_text(topology.betti.col(p))});
    }
    const geometry::RankHistory& ranks = found.extras[n].ranks;
    text += fmt::format("{}: inputs depend on kappa until {:.4g} s", stages[n],
                        dt * static_cast<double>(ranks.last_input + 1));
    // At least two kept steps after the last input, the first of them to compare with.
    const std::vector<Index>& steps = found.warps[n].steps;
    const auto after = steps.end() - std::upper_bound(steps.begin(), steps.end(), ranks.last_input);
    text += after < 2 ? std::string("; no times after that to compare ranks of\n")
                      : fmt::format(
                            "; ranks that differ after that from what they were then: {} "
                            "of points and times\n",
                            ranks.changes);
  }
  return (found.extras[0].topology.steps.empty() ? "" : table.text()) + text;
}

/// Empty where no coordinate decides.
std::string decision_text(const WarpedManifold& found, const std::vector<std::string>& stages,
                          double dt) {
  if (!found.extras[0].decision) return "";
  std::vector<std::string> headings{"boundary stretch"};
  for (Index i = 0; i < found.manifold.points.dim; ++i) {
    if (i == found.extras[0].decision->relevant) continue;
    headings.push_back(
        fmt::format("G{0}{0} / G{1}{1}", i + 1, found.extras[0].decision->relevant + 1));
  }
  std::string text =
      over_time(headings, found, stages, dt, [&](std::size_t n, const Bands&, Index s) {
        const study::WarpDecision& decision = *found.extras[n].decision;
        std::vector<std::string> cells{known(decision.boundary_stretch(s))};
        for (const double value : decision.compression.col(s)) cells.push_back(known(value));
        return cells;
      });
  for (std::size_t n = 0; n < stages.size(); ++n) {
    const study::WarpDecision& decision = *found.extras[n].decision;
    text += fmt::format("{}: boundary stretch half-way at {} s, speed at {} s\n", stages[n],
                        known(decision.settled), known(decision.slow));
  }
  return text;
}

}  // namespace

std::string warp_tables(const WarpedManifold& found, const std::vector<std::string>& stages,
                        double dt) {
  std::string names;
  for (const std::string& name : found.manifold.coordinates) {
    names += fmt::format("{}{}", names.empty() ? "" : "; ", name);
  }
  const std::string& own = found.manifold.name;
  return fmt::format("{}{} points over {}\n", own.empty() ? "" : own + ": ",
                     found.manifold.points.count, names) +
         metric_text(found, stages, dt) + spectrum_text(found, stages, dt) +
         distance_text(found, stages, dt) + topology_text(found, stages, dt) +
         decision_text(found, stages, dt) + geodesic_tables(found.geodesics, stages, dt);
}

}  // namespace nullcline::apps
