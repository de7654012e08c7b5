// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/detail/join_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "nullcline/io/npz.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/study/join.hpp"

namespace nullcline::study::detail {
namespace {

namespace fs = std::filesystem;

/// The networks of the populations that a join takes.
std::vector<StudiedNetwork> networks_for(const Study& study,
                                         const std::vector<StudiedNetwork>& networks,
                                         const Part& join) {
  const auto chosen = join_kind(join.name).populations(study, join.settings);
  std::vector<StudiedNetwork> taken;
  std::copy_if(networks.begin(), networks.end(), std::back_inserter(taken),
               [&](const StudiedNetwork& network) {
                 return std::any_of(chosen.begin(), chosen.end(), [&](const Population* one) {
                   return one->name == network.population;
                 });
               });
  return taken;
}

CatalogRow row_of(const StudiedJoin& joined, const Part& join) {
  CatalogRow row;
  row.id = joined.id;
  row.kind = joined.name + "/" + joined.part;
  row.parameters = io::to_json(join.settings);
  return row;
}

void put_done(const StudiedJoin& joined, const Part& join, const io::Dataset& found,
              Catalog& catalog) {
  CatalogRow row = row_of(joined, join);
  row.state = "done";
  row.metrics = found.attributes.value("metrics", io::Json::object());
  catalog.put(row);
}

}  // namespace

double join_cost(const Study& study) {
  double cost = 0;
  for (const Part& join : study.joins) {
    const JoinKind& kind = join_kind(join.name);
    for (const std::string& part : kind.parts(join.settings)) {
      cost += kind.cost(study, join.settings, part);
    }
  }
  return cost;
}

void run_joins(const Study& study, const std::vector<StudiedNetwork>& networks,
               const Layout& layout, Threads threads, Catalog& catalog, Meter& meter,
               RunResult& result) {
  for (const StudiedJoin& joined : joins_of(study, layout.root)) {
    const Part& join = *std::find_if(study.joins.begin(), study.joins.end(),
                                     [&](const Part& part) { return part.name == joined.name; });
    const JoinKind& kind = join_kind(join.name);
    const std::string label = fmt::format("{} by {}", joined.name, joined.part);
    const double cost = kind.cost(study, join.settings, joined.part);
    if (fs::exists(joined.file)) {
      ++result.reused;
      if (!catalog.has_done(joined.id)) put_done(joined, join, io::read_npz(joined.file), catalog);
      if (!meter.add(cost, label)) return;
      continue;
    }
    const auto taken = networks_for(study, networks, join);
    const bool whole = std::all_of(taken.begin(), taken.end(), [](const StudiedNetwork& network) {
      return fs::exists(network.file);
    });
    if (!whole) {
      result.joins_wait = true;
      continue;
    }
    double counted = 0;
    const auto progress = [&](double fraction, const std::string& now) {
      const double more = fraction * cost - counted;
      counted += more;
      return meter.add(more, label + ": " + now);
    };
    try {
      const io::Dataset found =
          kind.run({study, taken, join.settings, joined.part, threads, progress});
      if (meter.cancelled()) return;
      layout.make("joins");
      io::write_npz(joined.file, found);
      put_done(joined, join, found, catalog);
      ++result.joined;
    } catch (const Error&) {
      throw;  // files
    } catch (const std::exception& error) {
      CatalogRow failed = row_of(joined, join);
      failed.state = "failed";
      failed.error = error.what();
      catalog.put(failed);
      result.failures.push_back(fmt::format("{}: {}", label, error.what()));
    }
    if (!meter.add(cost - counted, label)) return;
  }
}

}  // namespace nullcline::study::detail
