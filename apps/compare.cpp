// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "apps/commands.hpp"
#include "apps/comparison_input.hpp"
#include "apps/number_check.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/representation/similarity/compare_all.hpp"

namespace nullcline::apps {
namespace {

struct Arguments {
  ComparisonInput input;
  std::string metric = "svcca";
  representation::SimilarityOptions similarity;
  std::string group = "orthogonal";
  double memory = 4;
  int jobs = 0;
  ResultOptions results;
};

const representation::MetricInfo& info_of(const std::string& name) {
  static const auto metrics = representation::similarity_metrics();
  std::vector<std::string> names;
  for (const auto& metric : metrics) {
    if (metric.name == name) return metric;
    names.push_back(metric.name);
  }
  const std::string nearest = nearest_word(name, names);
  throw Error("", "--metric", "'" + name + "'",
              nearest.empty() ? "a metric of 'nullcline list metrics'" : "'" + nearest + "'?");
}

std::string promise(const representation::MetricInfo& metric) {
  return fmt::format("{}: {}\n{}\n", metric.name, metric.meaning,
                     metric.triangle ? "triangle inequality: holds" +
                                           (metric.condition.empty() ? "" : " " + metric.condition)
                                     : "triangle inequality: does not hold");
}

io::Json json_of(const representation::Alignment& alignment) {
  return {{"norm_distance", alignment.distance},
          {"norm_bound", alignment.distance_bound},
          {"symmetric_skew", alignment.bounds.symmetric_skew},
          {"hoffman_wielandt", alignment.bounds.hoffman_wielandt},
          {"starts", alignment.attempts.size()},
          {"status", name_of(alignment.status)}};
}

/// Of m samples, less their mean, two spaces of k and k' dimensions share k + k' - (m - 1) whatever
/// they are of: so many canonical correlations are 1.
Index shared_by_necessity(Index dim_x, Index dim_y, Index samples) {
  return std::max<Index>(0, dim_x + dim_y - (samples - 1));
}

bool has_canonical_correlations(const std::string& metric) {
  const std::set<std::string> canonical = {"cca", "svcca", "pwcca", "cca_angular", "subspace"};
  return canonical.contains(metric);
}

/// An option of other metrics would be ignored. A seed is good for any that need none.
void require_use(const CLI::App& command, const std::string& metric) {
  struct Use {
    bool applies;
    std::string metrics;
    std::vector<std::string> options;
  };
  const std::vector<Use> uses = {
      {has_canonical_correlations(metric), "a metric of CCA", {"--variance", "--dim"}},
      {metric.starts_with("rbf_cka"), "a metric of rbf_cka", {"--bandwidth"}},
      {metric.starts_with("rsa"), "a metric of rsa", {"--dissimilarity"}},
      {metric == "dsa",
       "dsa",
       {"--delays", "--interval", "--rank", "--starts", "--group", "--pad"}},
  };
  for (const auto& [applies, metrics, options] : uses) {
    for (const std::string& option : options) {
      if (!applies && command.count(option) > 0) {
        throw Error("", option, "the metric " + metric, metrics);
      }
    }
  }
}

int compare_two(const Arguments& arguments, const std::vector<Side>& sides,
                const representation::MetricInfo& metric) {
  representation::SimilarityOptions options = arguments.similarity;
  options.threads = Threads{arguments.jobs};
  const representation::Similarity found =
      representation::compare(sides[0].data.trials, sides[1].data.trials, metric.name, options);
  TextTable table({"distance", "score", "dimensions"});
  table.add({number(found.distance), number(found.score),
             fmt::format("{}, {}", found.dim_x, found.dim_y)});
  std::string text =
      sides[0].data.origin + "\n" + sides[1].data.origin + "\n" + promise(metric) + table.text();
  if (found.correlations.size() > 0) {
    text += "correlations:";
    const Index shown = std::min<Index>(10, found.correlations.size());
    for (Index i = 0; i < shown; ++i) text += " " + number(found.correlations(i));
    text += found.correlations.size() > shown
                ? fmt::format(" .. ({} in all)\n", found.correlations.size())
                : "\n";
  }
  if (found.alignment) {
    const auto& bounds = found.alignment->bounds;
    text += fmt::format("at least {}; the best of {}, {}\n", number(found.distance - found.gap),
                        counted(std::ssize(found.alignment->attempts), "start"),
                        name_of(found.alignment->status));
    text += fmt::format(
        "|A - C B C'| = {}; at least {} by the symmetric and skew parts, {} by eigenvalues\n",
        number(found.alignment->distance), number(bounds.symmetric_skew),
        number(bounds.hoffman_wielandt));
  }
  const Index forced = has_canonical_correlations(metric.name)
                           ? shared_by_necessity(found.dim_x, found.dim_y, sides[0].samples.cols())
                           : 0;
  if (forced > 0) {
    text += fmt::format(
        "{} of the correlations {} 1 whatever the data: {} and {} dimensions of {}; --dim or "
        "--variance leaves fewer\n",
        forced, forced == 1 ? "is" : "are", found.dim_x, found.dim_y,
        counted(sides[0].samples.cols(), "sample"));
  }
  if (!found.defined) text += "not defined: one side does not vary, or too little\n";
  io::Dataset data;
  data.attributes = {{"metric", metric.name},
                     {"files", arguments.input.files},
                     {"distance", found.distance},
                     {"score", found.score},
                     {"defined", found.defined},
                     {"triangle_inequality", metric.triangle},
                     {"dimensions", {found.dim_x, found.dim_y}},
                     {"bound", found.distance - found.gap},
                     {"gap", found.gap},
                     {"ones_by_necessity", forced}};
  if (found.alignment) data.attributes["alignment"] = json_of(*found.alignment);
  data.arrays["correlations"] = Array::vector(found.correlations);
  if (!found.matches.empty()) {
    Vector matches(std::ssize(found.matches));
    for (Index i = 0; i < matches.size(); ++i) {
      matches(i) = static_cast<double>(found.matches[static_cast<std::size_t>(i)]);
    }
    data.arrays["matches"] = Array::vector(matches);
  }
  deliver(arguments.results, text, data);
  return found.defined ? done : look;
}

/// (N, N) how many correlations of each pair are 1 whatever the data; 0 on the diagonal.
Array ones_by_necessity(const std::vector<Index>& dims, Index samples) {
  const auto N = static_cast<Index>(dims.size());
  std::vector<std::int64_t> ones;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    for (std::size_t j = 0; j < dims.size(); ++j) {
      ones.push_back(i == j ? 0 : shared_by_necessity(dims[i], dims[j], samples));
    }
  }
  return {{N, N}, std::move(ones)};
}

std::string warning_of(const Array& ones, Index samples) {
  const auto& counts = std::get<std::vector<std::int64_t>>(ones.data);
  const auto forced = std::ssize(counts) - std::count(counts.begin(), counts.end(), 0);
  if (forced == 0) return "";
  const Index N = ones.shape[0];
  return fmt::format(
      "{} of {} pairs have correlations that are 1 whatever the data, of {}; --dim or --variance "
      "leaves fewer\n",
      forced / 2, N * (N - 1) / 2, counted(samples, "sample"));
}

int compare_many(const Arguments& arguments, const std::vector<Side>& sides,
                 const representation::MetricInfo& metric) {
  Watch watch;
  representation::Population population;
  population.samples = sides.front().samples.cols();
  for (const Matrix& trial : sides.front().data.trials) population.trials.push_back(trial.cols());
  for (const Side& side : sides) population.units.push_back(side.samples.rows());
  population.data = [&](Index i) { return sides[static_cast<std::size_t>(i)].samples; };
  representation::PopulationOptions options{.similarity = arguments.similarity,
                                            .memory = 1e9 * arguments.memory,
                                            .threads = Threads{arguments.jobs}};
  const auto plan = representation::plan_comparison(population, metric.name, options);
  options.progress =
      watch.progress(fmt::format("{} pairs, at most {:.2g} GB", plan.pairs, plan.bytes / 1e9));
  const auto found = representation::compare_all(population, metric.name, options);
  if (!watch.finish()) return watch.exit_code();

  std::string text = promise(metric);
  std::vector<std::string> headings = {"", "file"};
  for (std::size_t j = 0; j < sides.size(); ++j) headings.push_back(std::to_string(j + 1));
  TextTable table(headings);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    std::vector<std::string> row = {std::to_string(i + 1), arguments.input.files[i]};
    for (std::size_t j = 0; j < sides.size(); ++j) {
      row.push_back(number(found.distances(static_cast<Index>(i), static_cast<Index>(j))));
    }
    table.add(row);
  }
  io::Dataset data;
  data.attributes = {{"metric", metric.name},
                     {"files", arguments.input.files},
                     {"triangle_inequality", metric.triangle},
                     {"bytes", found.plan.bytes}};
  data.arrays["distances"] = Array::matrix(found.distances);
  if (found.bounds.size() > 0) data.arrays["bounds"] = Array::matrix(found.bounds);
  text += table.text();
  if (has_canonical_correlations(metric.name)) {
    data.arrays["ones_by_necessity"] = ones_by_necessity(found.dims, population.samples);
    text += warning_of(data.arrays["ones_by_necessity"], population.samples);
  }
  deliver(arguments.results, text, data);
  return found.distances.hasNaN() ? look : done;
}

int run(Arguments& arguments, const CLI::App& command) {
  arguments.results.check();
  const representation::MetricInfo& metric = info_of(arguments.metric);
  require_use(command, metric.name);
  arguments.similarity.dsa.alignment.group = representation::alignment_group(arguments.group);
  // Two systems have dynamics, whatever samples of them there are.
  const bool dynamics = metric.name == "dsa" && arguments.input.files.size() == 2;
  const std::vector<Side> sides = load_sides(arguments.input, !dynamics);
  try {
    return sides.size() == 2 ? compare_two(arguments, sides, metric)
                             : compare_many(arguments, sides, metric);
  } catch (const std::invalid_argument& error) {
    throw Error::because("", "", error.what());
  }
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "compare", "How alike networks and recordings represent the same conditions");
  command->add_option("FILES", arguments->input.files, "Two data or network files, or more")
      ->type_name("FILE")
      ->expected(2, 1000000)
      ->required();
  command->add_option("--metric", arguments->metric, "One of 'nullcline list metrics'")
      ->type_name("NAME")
      ->default_str("svcca");
  command
      ->add_option("--key", arguments->input.keys,
                   "The array to compare: for all data files, or once for each file in order")
      ->type_name("NAME")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  arguments->input.recording.add_all_but_key_to(*command);
  command
      ->add_option("--parameters", arguments->input.parameters,
                   "Of network files, those after training or those before")
      ->type_name("parameters|initial")
      ->default_str("parameters")
      ->check(CLI::IsMember({"parameters", "initial"}).description(""));
  auto& similarity = arguments->similarity;
  command
      ->add_option("--variance", similarity.variance,
                   "Of CCA: part of the variance whose components are kept; 0 is the metric's own, "
                   "0.99 for svcca and else 1")
      ->default_str("0");
  command->add_option("--dim", similarity.dim, "Of CCA: components at most; 0 is no limit")
      ->default_str("0");
  command
      ->add_option("--bandwidth", similarity.bandwidth,
                   "Of Gaussian kernels, in median distances of samples")
      ->default_str("1");
  command->add_option("--dissimilarity", similarity.dissimilarity, "Of rsa, between samples")
      ->type_name("euclidean|squared_euclidean|correlation")
      ->default_str("euclidean")
      ->check(CLI::IsMember({"euclidean", "squared_euclidean", "correlation"}).description(""));
  auto& dmd = similarity.dsa.dmd;
  auto& alignment = similarity.dsa.alignment;
  command->add_option("--delays", dmd.delays, "Of dsa: time steps that make a state")
      ->default_str("10");
  command->add_option("--interval", dmd.interval, "Of dsa: steps between two of them")
      ->default_str("1");
  command
      ->add_option("--rank", dmd.rank,
                   "Of dsa: dimensions of the linear dynamics at most; 0 is all above rounding")
      ->default_str("10");
  command->add_option("--starts", alignment.starts, "Of dsa: random starts of the alignment")
      ->default_str("10");
  command->add_option("--group", arguments->group, "Of dsa: changes of coordinates that are free")
      ->type_name("orthogonal|rotations")
      ->default_str("orthogonal")
      ->check(CLI::IsMember({"orthogonal", "rotations"}).description(""));
  command->add_flag("--pad", alignment.pad, "Of dsa: fill up the dynamics of the lower rank");
  command->add_option("--seed", alignment.seed, "Of dsa: of the random starts")
      ->default_str("0")
      ->check(seed_number());
  command
      ->add_option("--resample", arguments->input.resample,
                   "Bring each trial to this many steps, by straight lines between its steps")
      ->type_name("STEPS")
      ->check(CLI::Range(Index{0}, Index{100000000}).description(""));
  command->add_flag("--average", arguments->input.average, "Compare the means over the trials");
  command->add_option("--memory", arguments->memory, "Of more than two files: GB to use at most")
      ->type_name("GB")
      ->default_str("4");
  command->add_option("--jobs", arguments->jobs, "Threads; 0 is all cores")
      ->type_name("N")
      ->default_str("0")
      ->check(CLI::Range(0, 100000).description(""));
  arguments->results.add_to(*command, true);
  command->footer(
      "Data is .npz, .h5, .nwb, .csv or .tsv, read and prepared as by pca.\n"
      "Samples must correspond: the same trials, in the same order, of the same steps. Of a "
      "network\n"
      "file they are the states under the conditions of its task, without noise. Nothing is\n"
      "resampled or averaged unless asked for. Two files that dsa compares may be of any trials.\n"
      "Results: distance, score, correlations, and of dsa the bound and the gap; of more than two\n"
      "files, distances (N, N), and of dsa bounds (N, N): a map of them by mds. ones_by_necessity "
      "is\n"
      "how many canonical correlations are 1 whatever the data, of more than two files (N, N).\n"
      "\n"
      "Examples:\n"
      "  nullcline compare a.h5 b.h5 --metric svcca\n"
      "  nullcline compare network.h5 recording.nwb --intervals trials --bin 0.01 --smooth 0.03s\n"
      "      --metric cca --resample 100 --average\n"
      "  nullcline compare runs/x/networks/*.h5 --metric procrustes_angular --npz distances.npz");
  command->callback([arguments, command, &action] {
    action = [arguments, command] { return run(*arguments, *command); };
  });
}

}  // namespace nullcline::apps
