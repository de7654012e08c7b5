// SPDX-License-Identifier: Apache-2.0
#include "apps/steady_points.hpp"

#include <fmt/format.h>

#include "apps/text.hpp"

namespace nullcline::apps {
namespace {

std::string degree_text(const study::SteadyPoints& points) {
  if (points.points_missing()) {
    return fmt::format(
        "Degree sum {:+d}, where it must be +1 (proven trapping box): points are missing, and "
        "this is a proof",
        points.degree.sum);
  }
  if (points.degree.verdict == dynamics::DegreeVerdict::consistent) {
    return fmt::format("Degree sum {:+d}, as it must be (proven trapping box): consistent",
                       points.degree.sum);
  }
  const char* const why = !points.trapped ? "no trapping box is proven"
                          : points.certified < points.fixed
                              ? "not all points are certified"
                              : "that the points are distinct or not degenerate is not proven";
  return fmt::format("Degree sum {:+d}, which decides nothing: {}", points.degree_sum, why);
}

std::string unseen_text(const dynamics::UnseenEstimate& unseen) {
  return fmt::format("unseen: {:.1f} (95 %: {:.2g} to {:.2g}) by {}", unseen.estimate, unseen.lower,
                     unseen.upper, counted(unseen.draws, "start"));
}

}  // namespace

study::SteadySearch steady_search(const NetworkInput& input, Index starts, Threads threads) {
  study::SteadySearch options;
  options.search.threads = threads;
  options.starts.states = options.starts.noisy = starts / 4;
  options.starts.mixes = starts - 2 * (starts / 4);
  options.starts.seed = input.seed();
  options.starts.network = input.stream();
  options.starts_a_round = starts;
  options.stability = true;
  return options;
}

std::string statement(const study::SteadyPoints& points) {
  std::string text =
      fmt::format("{}, {} certified{}. {}", counted(points.fixed, "fixed point"), points.certified,
                  points.certified == 0 ? ""
                  : points.distinct     ? ", distinct"
                                        : ", not proven to be distinct",
                  degree_text(points));
  if (points.method == study::SearchMethod::regions) {
    text += points.all_regions ? fmt::format("; complete: all 2^{} regions", points.kinks)
                               : "; not all regions were searched";
    if (points.continua > 0) {
      text +=
          fmt::format("; a continuum of fixed points in {}", counted(points.continua, "region"));
    }
    return text + ".";
  }
  text += "; " + unseen_text(points.unseen);
  if (points.completeness == dynamics::Completeness::degenerate) {
    text += "; a point is not isolated, or nearly so: no count is possible";
  } else if (points.method == study::SearchMethod::rounds && !points.good()) {
    text += fmt::format("; the search ended with its {}", counted(points.starts, "start"));
  }
  return text + ".";
}

}  // namespace nullcline::apps
