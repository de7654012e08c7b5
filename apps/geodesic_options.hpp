// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "apps/manifold_input.hpp"
#include "nullcline/study/analyses/warp_geodesics.hpp"

namespace nullcline::apps {

/// The options --geodesic, --ray and --distances of the command `geometry`.
struct GeodesicOptions {
  std::vector<std::string> between, rays;  ///< "A,B:C,D" each
  bool distances = false;
  const CLI::App* command = nullptr;

  void add_to(CLI::App& to);
  bool named() const { return distances || !between.empty() || !rays.empty(); }

  /// What is asked of a manifold at `steps`, at the last of them where --geodesics does not say at
  /// how many; none of them: nothing. Throws Error where it does not fit the manifold.
  study::SliceGeodesicsOptions of(const Manifold& manifold, const Settings& settings,
                                  const std::vector<Index>& steps, Threads threads) const;
};

}  // namespace nullcline::apps
