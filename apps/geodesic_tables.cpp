// SPDX-License-Identifier: Apache-2.0
#include "apps/geodesic_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "apps/text.hpp"

namespace nullcline::apps {
namespace {

using geometry::GeodesicStatus;

std::string point(In<Vector> kappa) {
  std::string text;
  for (const double value : kappa) text += fmt::format("{}{:.3g}", text.empty() ? "" : ", ", value);
  return text;
}

/// Calls row(cells, slice) for every time and stage, `cells` with the columns that all tables have.
template <class Row>
void over_slices(const std::vector<study::SliceGeodesics>& by_stage,
                 const std::vector<std::string>& stages, double dt, const Row& row) {
  for (std::size_t p = 0; p < by_stage.front().slices.size(); ++p) {
    for (std::size_t n = 0; n < by_stage.size(); ++n) {
      const study::GeodesicSlice& slice = by_stage[n].slices[p];
      std::vector<std::string> cells{fmt::format("{:.4g}", dt * static_cast<double>(slice.step))};
      if (stages.size() > 1) cells.push_back(stages[n]);
      row(cells, slice);
    }
  }
}

std::vector<std::string> headings(const std::vector<std::string>& stages,
                                  std::vector<std::string> more) {
  std::vector<std::string> all{"t, s"};
  if (stages.size() > 1) all.push_back("network");
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Where none converged, why the first did not, that of the shorter ways.
std::string why_none(const geometry::GeodesicSearch& search) {
  const auto nearest =
      std::min_element(search.all.begin(), search.all.end(), [](const auto& a, const auto& b) {
        const auto turns = [](const geometry::Geodesic& one) {
          Index sum = 0;
          for (const Index turn : one.winding) sum += std::abs(turn);
          return sum;
        };
        return turns(a) < turns(b);
      });
  return name_of(nearest->status);
}

const char* why_left_out(const study::GeodesicSlice& slice) {
  return std::isnan(slice.metric_error) ? "no metric" : "left out";
}

std::string error_text(const study::GeodesicSlice& slice) {
  return std::isnan(slice.metric_error) ? "-" : fmt::format("{:.1e}", slice.metric_error);
}

std::string between_text(const std::vector<study::SliceGeodesics>& by_stage,
                         const std::vector<std::string>& stages, double dt) {
  const auto& ends = by_stage.front().between;
  if (ends.empty()) return "";
  TextTable table(headings(stages, {"from", "to", "length", "of the straight line", "windings",
                                    "others", "metric off by"}));
  over_slices(by_stage, stages, dt, [&](const auto& start, const study::GeodesicSlice& slice) {
    for (std::size_t g = 0; g < ends.size(); ++g) {
      std::vector<std::string> cells = start;
      cells.insert(cells.end(), {point(ends[g].from), point(ends[g].to)});
      if (!slice.searched) {
        cells.insert(cells.end(), {why_left_out(slice), "-", "-", "-", error_text(slice)});
      } else if (slice.between[g].shortest < 0) {
        cells.insert(cells.end(), {why_none(slice.between[g]), "-", "-", "-", error_text(slice)});
      } else {
        const geometry::GeodesicSearch& search = slice.between[g];
        const auto found = std::count_if(search.all.begin(), search.all.end(), [](const auto& one) {
          return one.status == GeodesicStatus::converged;
        });
        const double part =
            search.best().length / slice.straight(search.shortest, static_cast<Index>(g));
        cells.insert(cells.end(), {fmt::format("{:.6g}", search.best().length),
                                   std::isfinite(part) ? fmt::format("{:.4f}", part) : "-",
                                   fmt::format("{}", fmt::join(search.best().winding, ", ")),
                                   std::to_string(found - 1), error_text(slice)});
      }
      table.add(cells);
    }
  });
  return table.text();
}

std::string ray_text(const std::vector<study::SliceGeodesics>& by_stage,
                     const std::vector<std::string>& stages, double dt) {
  const auto& rays = by_stage.front().rays;
  if (rays.empty()) return "";
  TextTable table(headings(stages, {"from", "direction", "length", "ends at", "status"}));
  over_slices(by_stage, stages, dt, [&](const auto& start, const study::GeodesicSlice& slice) {
    for (std::size_t r = 0; r < rays.size(); ++r) {
      std::vector<std::string> cells = start;
      cells.insert(cells.end(), {point(rays[r].from), point(rays[r].velocity)});
      const auto b = static_cast<Index>(r);
      if (!slice.searched) {
        cells.insert(cells.end(), {"-", "-", why_left_out(slice)});
      } else {
        const bool good = slice.rays.status[r] == GeodesicStatus::converged;
        const double length = slice.rays.reached(b) * slice.ray_speed(b);
        cells.insert(cells.end(),
                     {std::isfinite(length) ? fmt::format("{:.6g}", length) : "-",
                      good ? point(slice.rays.end(b)) : "-", name_of(slice.rays.status[r])});
      }
      table.add(cells);
    }
  });
  return table.text();
}

std::string distance_text(const std::vector<study::SliceGeodesics>& by_stage,
                          const std::vector<std::string>& stages, double dt) {
  std::string text;
  over_slices(by_stage, stages, dt, [&](const auto& start, const study::GeodesicSlice& slice) {
    const geometry::GridDistances& found = slice.distances;
    if (found.lengths.size() == 0) return;
    const auto pairs = std::ssize(found.pairs);
    text += fmt::format("distances at {} s{}: of {} points, the largest {:.4g}", start[0],
                        start.size() > 1 ? ", " + start[1] : "", found.lengths.cols(),
                        found.lengths.maxCoeff());
    text += pairs > found.unchecked
                ? fmt::format(
                      "; over {} geodesics too long by {:.2g} % on average, {:.2g} % at "
                      "most\n",
                      pairs - found.unchecked, 100 * found.mean_excess, 100 * found.largest_excess)
                : std::string("; no geodesic to check them by\n");
  });
  return text;
}

}  // namespace

std::string geodesic_tables(const std::vector<study::SliceGeodesics>& by_stage,
                            const std::vector<std::string>& stages, double dt) {
  if (by_stage.empty()) return "";
  return between_text(by_stage, stages, dt) + ray_text(by_stage, stages, dt) +
         distance_text(by_stage, stages, dt);
}

bool found_all(const study::SliceGeodesics& geodesics) {
  if (geodesics.slices.empty()) return true;
  const study::GeodesicSlice& last = geodesics.slices.back();
  if (!last.searched) return false;
  const auto& status = last.rays.status;
  return std::all_of(last.between.begin(), last.between.end(),
                     [](const auto& search) { return search.shortest >= 0; }) &&
         std::all_of(status.begin(), status.end(),
                     [](auto one) { return one == GeodesicStatus::converged; });
}

}  // namespace nullcline::apps
