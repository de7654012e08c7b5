// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/manifold_input.hpp"
#include "apps/network_options.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analyses/geometry.hpp"

namespace nullcline::apps {
namespace {

using study::Warp;

struct Arguments {
  NetworkOptions network;
  ManifoldOption manifold;
  bool initial = false;
  std::unique_ptr<SettingOptions> settings;
};

/// The networks to look at, "trained" and "untrained".
struct Stage {
  std::string name;
  NetworkInput input;
};

/// A manifold as the networks warp it.
struct Found {
  Manifold manifold;
  std::vector<Warp> warps;  // by stage
};

/// Median and "5 % .. 95 %" of the numbers of quantities, by name.
class Bands {
 public:
  Bands(const std::vector<study::WarpQuantity>& quantities, Index points) {
    for (const auto& quantity : quantities) {
      bands_[quantity.name] = study::bands(quantity, points);
    }
  }
  explicit Bands(const Warp& warp) : Bands(study::quantities_of(warp), warp.points) {}

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

/// A table with a row for each time, and each network where there are two.
template <class Row>
std::string over_time(std::vector<std::string> headings, const Found& found,
                      const std::vector<Stage>& stages, const Row& row) {
  headings.insert(headings.begin(), "t, s");
  if (stages.size() > 1) headings.insert(headings.begin() + 1, "network");
  TextTable table(headings);
  std::vector<Bands> bands(found.warps.begin(), found.warps.end());
  const Vector times = study::warp_times(found.warps[0].steps, stages[0].input.network().dt());
  for (Index s = 0; s < times.size(); ++s) {
    for (std::size_t n = 0; n < stages.size(); ++n) {
      std::vector<std::string> cells = row(found.warps[n], bands[n], s);
      cells.insert(cells.begin(), fmt::format("{:.4g}", times(s)));
      if (stages.size() > 1) cells.insert(cells.begin() + 1, stages[n].name);
      table.add(cells);
    }
  }
  return table.text();
}

/// Volume, condition, dimension; stretch of each coordinate and the angles between them. Of a curve
/// the volume is the stretch, and the rest is 1.
std::string metric_text(const Found& found, const std::vector<Stage>& stages) {
  const Index m = found.manifold.points.dim;
  std::vector<std::string> headings{m == 1 ? "stretch" : "volume", "5-95 %"};
  if (m > 1) headings.insert(headings.end(), {"condition", "dim"});
  for (Index i = 1; m > 1 && i <= m; ++i) headings.push_back(fmt::format("stretch {}", i));
  for (Index i = 1; i <= m; ++i) {
    for (Index j = i + 1; j <= m; ++j) headings.push_back(fmt::format("cos {}{}", i, j));
  }
  headings.insert(headings.end(), {"seen", "immersed"});
  return over_time(headings, found, stages, [&](const Warp& warp, const Bands& bands, Index s) {
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
std::string spectrum_text(const Found& found, const std::vector<Stage>& stages) {
  const Index m = found.manifold.points.dim;
  const bool curved = found.warps[0].curvature.size() > 0;
  std::vector<std::string> headings;
  for (Index i = 1; i <= m; ++i) {
    headings.insert(headings.end(), {fmt::format("lambda {}", i), "5-95 %"});
  }
  const bool whole = curved && m == 2 && found.manifold.weights.size() > 0;
  if (whole) headings.push_back("int K dA");
  if (curved) headings.insert(headings.end(), {"least K", "at", "greatest K", "at"});
  return over_time(headings, found, stages, [&](const Warp& warp, const Bands& bands, Index s) {
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
std::string distance_text(const Found& found, const std::vector<Stage>& stages) {
  if (stages.size() < 2) return "";
  TextTable table({"t, s", "from untrained", "5-95 %", "but for scale", "5-95 %"});
  const Bands bands(study::distances_of(found.warps[0], found.warps[1]), found.warps[0].points);
  const Vector times = study::warp_times(found.warps[0].steps, stages[0].input.network().dt());
  for (Index s = 0; s < times.size(); ++s) {
    table.add({fmt::format("{:.4g}", times(s)), bands.median("affine_invariant", 0, s),
               bands.range("affine_invariant", 0, s), bands.median("spectral_ratio", 0, s),
               bands.range("spectral_ratio", 0, s)});
  }
  return table.text();
}

std::string text_of(const Found& found, const std::vector<Stage>& stages) {
  std::string names;
  for (const std::string& name : found.manifold.coordinates) {
    names += fmt::format("{}{}", names.empty() ? "" : "; ", name);
  }
  const std::string& own = found.manifold.name;
  return fmt::format("{}{} points over {}\n", own.empty() ? "" : own + ": ",
                     found.manifold.points.count, names) +
         metric_text(found, stages) + spectrum_text(found, stages) + distance_text(found, stages);
}

/// A point of the manifold in each row, a kept step in each block: (S, K, r) and (S, K, m, m).
Array by_step(const Matrix& values, const Warp& warp, std::vector<Index> shape) {
  Array array = Array::sequence(values, warp.count(), warp.points);
  array.shape.resize(2);
  array.shape.insert(array.shape.end(), shape.begin(), shape.end());
  return array;
}

void put_points(io::Dataset& result, const std::string& prefix, const Warp& warp) {
  const Index m = warp.dim;
  result.arrays[prefix + "metric"] = by_step(warp.metric.metric, warp, {m, m});
  if (warp.readout_metric.size() > 0) {
    result.arrays[prefix + "readout_metric"] = by_step(warp.readout_metric, warp, {m, m});
  }
  for (const auto& quantity : study::quantities_of(warp)) {
    const Index r = quantity.values.rows();
    const bool several = r > 1 || quantity.name == "eigenvalues" || quantity.name == "stretch" ||
                         quantity.name == "alignment" || quantity.name == "cosines" ||
                         quantity.name == "normalized_eigenvalues";
    result.arrays[prefix + quantity.name] =
        by_step(quantity.values, warp, several ? std::vector<Index>{r} : std::vector<Index>{});
  }
  std::vector<std::uint8_t> statuses;
  for (const auto status : warp.metric.status) {
    statuses.push_back(static_cast<std::uint8_t>(status));
  }
  result.arrays[prefix + "status"] = {{warp.count(), warp.points}, std::move(statuses)};
}

io::Dataset dataset_of(const std::vector<Found>& all, const std::vector<Stage>& stages) {
  io::Dataset result;
  const Warp& first = all[0].warps[0];
  result.arrays["time"] =
      Array::vector(study::warp_times(first.steps, stages[0].input.network().dt()));
  result.arrays["steps"] = Array::integers({first.steps.begin(), first.steps.end()});
  result.attributes["manifolds"] = io::Json::array();
  for (std::size_t c = 0; c < all.size(); ++c) {
    result.attributes["manifolds"].push_back(all[c].manifold.about);
    if (all[c].manifold.kappa.rows() > 0) {
      result.arrays[fmt::format("{}/kappa", c)] = Array::matrix(all[c].manifold.kappa.transpose());
    }
    for (std::size_t n = 0; n < stages.size(); ++n) {
      const std::string prefix = fmt::format("{}/{}/", c, stages[n].name);
      put_points(result, prefix, all[c].warps[n]);
      study::put_summary(result, prefix, all[c].warps[n], all[c].manifold.weights);
    }
    if (stages.size() < 2) continue;
    const std::string prefix = fmt::format("{}/trained/", c);
    study::put_distances(result, prefix, all[c].warps[0], all[c].warps[1]);
    for (const auto& quantity : study::distances_of(all[c].warps[0], all[c].warps[1])) {
      result.arrays[prefix + quantity.name] = by_step(quantity.values, all[c].warps[0], {});
    }
  }
  using geometry::MetricStatus;
  for (const auto status : {MetricStatus::immersed, MetricStatus::degenerate,
                            MetricStatus::collapsed, MetricStatus::not_finite}) {
    result.attributes["statuses"].push_back(name_of(status));
  }
  return result;
}

std::vector<Stage> stages_of(const Arguments& arguments) {
  std::vector<Stage> stages;
  const bool after = arguments.network.parameters == "parameters";
  stages.push_back({after ? "trained" : "untrained", arguments.network.load()});
  if (!arguments.initial) return stages;
  if (!after) {
    throw Error("", "--initial", "--parameters initial", "one of them");
  }
  stages.push_back({"untrained", NetworkInput::load(arguments.network.file, "initial")});
  return stages;
}

/// Every state is finite, and at the end some of the manifold is one.
bool good(const Found& found) {
  return std::all_of(found.warps.begin(), found.warps.end(), [](const Warp& warp) {
    Index lost = 0;
    for (Index s = 0; s < warp.count(); ++s) lost += study::statuses_of(warp, s).not_finite;
    return lost == 0 && study::statuses_of(warp, warp.count() - 1).immersed > 0;
  });
}

int run(const Arguments& arguments) {
  const Settings settings = arguments.settings->settings();
  const std::vector<Stage> stages = stages_of(arguments);
  const auto manifolds = arguments.manifold.load(stages[0].input, arguments.network.file, settings);
  study::WarpOptions options;
  options.curvature = settings.flag("curvature");
  options.threads = arguments.network.threads();
  Watch watch;
  std::vector<Found> all;
  const double parts = static_cast<double>(manifolds.size() * stages.size());
  double part = 0;
  for (const Manifold& manifold : manifolds) {
    options.steps = study::warp_steps(settings, manifold.points.steps);
    all.push_back({manifold, {}});
    for (const Stage& stage : stages) {
      const std::string now =
          manifold.name.empty() ? stage.name : manifold.name + ", " + stage.name;
      all.back().warps.push_back(
          study::warp_of(stage.input.network(), manifold.points, options,
                         watch.progress(now, part / parts, (part + 1) / parts)));
      ++part;
      if (watch.interrupted()) break;
    }
    if (watch.interrupted()) break;
  }
  if (!watch.finish()) return watch.exit_code();
  std::string text;
  for (const Found& found : all) text += text_of(found, stages);
  io::Dataset result = dataset_of(all, stages);
  result.attributes.update(arguments.network.attributes(stages[0].input));
  deliver(arguments.network.results, text, result);
  return std::all_of(all.begin(), all.end(), good) ? done : look;
}

const char* const footer =
    "The input functions of the task, u(t; kappa), are put on a grid over kappa, for each of its\n"
    "contexts, and the network runs from where its trials start, without noise. The tables, over\n"
    "time, medians over the grid: volume sqrt(det G) of the metric G_ij = dx/dkappa_i .\n"
    "dx/dkappa_j; ratio of its largest to its smallest stretch, where every change of kappa moves\n"
    "something; effective dimension; stretch sqrt(G_ii) of each coordinate and cosines\n"
    "between them; the part of the metric that the readout sees; at how many points the states\n"
    "are a manifold. Then the eigenvalues of G, and of surfaces the curvature: its integral, "
    "which\n"
    "is 0 on a torus, and where it is least and greatest (0 of piecewise linear networks, which "
    "are\n"
    "flat but for creases). With --initial how far training moved the metric: |log mu| over the\n"
    "stretches mu of one as the other sees them, and 1 - sqrt(least / greatest mu).\n"
    "\n"
    "--manifold takes arrays u (K, T, inputs), du (K, m, T, inputs), for the curvature d2u\n"
    "(K, m (m + 1) / 2, T, inputs), and kappa (K, m) to name the points. Exit code 1 where states\n"
    "are not finite, or no point at the last time is immersed.\n"
    "\n"
    "Examples:\n"
    "  nullcline geometry runs/x/networks/ID.h5 --initial\n"
    "  nullcline geometry network.h5 --grid 41 --times 50 --npz geometry.npz\n"
    "  nullcline geometry network.npz --task context_decision --no-curvature\n"
    "  nullcline geometry network.npz --manifold inputs.npz --steps 10,50,100 --json -";

}  // namespace

void add_geometry(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "geometry", "How a network warps the inputs of its task: metric, spectrum, curvature");
  arguments->network.add_to(*command);
  arguments->manifold.add_to(*command);
  command->add_flag("--initial", arguments->initial, "The network before training beside it");
  arguments->settings = std::make_unique<SettingOptions>(*command, study::warp_schema());
  command->footer(footer);
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
