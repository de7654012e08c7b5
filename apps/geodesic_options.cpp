// SPDX-License-Identifier: Apache-2.0
#include "apps/geodesic_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <utility>

#include "apps/setting_options.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

constexpr Index most_pairs = 1000;  // points whose distances are written

Vector numbers(const std::string& text, const char* option, Index m) {
  const std::vector<double> values = parse_numbers(text, option);
  if (std::ssize(values) != m) {
    throw Error("", option, text, fmt::format("{} numbers, one a coordinate", m));
  }
  return Eigen::Map<const Vector>(values.data(), m);
}

/// "A,B:C,D" as two vectors, the first a point of the domain.
std::pair<Vector, Vector> pair_of(const std::string& text, const char* option,
                                  const geometry::Domain& domain) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) throw Error("", option, text, "two lists with a colon between");
  const auto m = static_cast<Index>(domain.size());
  std::pair<Vector, Vector> found{numbers(text.substr(0, colon), option, m),
                                  numbers(text.substr(colon + 1), option, m)};
  return found;
}

void check_point(const Vector& kappa, const std::string& text, const char* option,
                 const geometry::Domain& domain) {
  for (std::size_t i = 0; i < domain.size(); ++i) {
    const auto& [lowest, highest, periodic] = domain[i];
    const double value = kappa(static_cast<Index>(i));
    if (periodic || (value >= lowest && value <= highest)) continue;
    throw Error("", option, text,
                fmt::format("coordinate {} within {:g} and {:g}", i + 1, lowest, highest));
  }
}

}  // namespace

void GeodesicOptions::add_to(CLI::App& to) {
  command = &to;
  to.add_option("--geodesic", between,
                "From a point of the inputs to another, such as 0,0:1,2, with a number for each "
                "coordinate; may be given several times; if not given, --geodesics takes those "
                "across each coordinate and, of surfaces, along the diagonals")
      ->type_name("FROM:TO")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  to.add_option("--ray", rays,
                "A geodesic from a point in a direction, for as long as the direction is; may be "
                "given several times")
      ->type_name("FROM:DIRECTION")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  to.add_flag("--distances", distances,
              "Of all pairs of points along the states, for --npz and --json; grids of up to "
              "1000 points");
}

study::SliceGeodesicsOptions GeodesicOptions::of(const Manifold& manifold, const Settings& settings,
                                                 const std::vector<Index>& steps,
                                                 Threads threads) const {
  study::SliceGeodesicsOptions options = study::geodesic_options(settings, steps);
  if (options.steps.empty() && named()) options.steps = {steps.back()};
  options.threads = threads;
  options.distances = distances;
  if (options.steps.empty()) {
    for (const char* option : {"--windings", "--nodes", "--metric-error"}) {
      if (command->count(option) > 0) {
        throw Error("", option, "no geodesics asked for",
                    "--geodesics, --geodesic, --ray or --distances beside it");
      }
    }
    return options;
  }
  if (!manifold.functions) {
    throw Error("",
                distances          ? "--distances"
                : !rays.empty()    ? "--ray"
                : !between.empty() ? "--geodesic"
                                   : "--geodesics",
                "a manifold of a file, known at its points alone", "that of a task");
  }
  const geometry::Domain& domain = manifold.functions->domain;
  for (const std::string& text : between) {
    const auto [from, to] = pair_of(text, "--geodesic", domain);
    check_point(from, text, "--geodesic", domain);
    check_point(to, text, "--geodesic", domain);
    options.between.push_back({from, to});
  }
  for (const std::string& text : rays) {
    const auto [from, velocity] = pair_of(text, "--ray", domain);
    check_point(from, text, "--ray", domain);
    options.rays.push_back({from, velocity});
  }
  if (between.empty() && settings.integer("geodesics") > 0) {
    options.between = study::standard_ends(domain);
  }
  if (distances && manifold.points.count > most_pairs) {
    throw Error("", "--distances", fmt::format("a grid of {} points", manifold.points.count),
                fmt::format("at most {}; --grid chooses", most_pairs));
  }
  try {
    (void)study::node_counts(options.nodes, domain.size());
  } catch (const std::invalid_argument& error) {
    throw Error("", "--nodes", fmt::format("{}", fmt::join(options.nodes, ",")), error.what());
  }
  return options;
}

}  // namespace nullcline::apps
