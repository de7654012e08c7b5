// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/connectivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "apps/commands.hpp"
#include "apps/network_input.hpp"
#include "apps/results.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/study/analyses/weight_structure.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

constexpr std::size_t nodes_shown = 5;

struct Arguments {
  std::string before, after, key = "recurrent";
  std::unique_ptr<SettingOptions> settings;
  ResultOptions results;
};

/// Weights, and the network that they are part of, if they are.
struct Weights {
  Matrix W;
  std::optional<cells::Network> network;
};

/// The weights of a network file under `prefix`, or the array of any other file.
Weights weights_in(const std::string& path, const std::string& prefix, const std::string& key) {
  io::Dataset file = io::read_arrays(path);
  if (is_network(file)) {
    if (prefix == "initial" && !file.arrays.contains("initial/" + key)) {
      throw Error(path, "initial/" + key, "nothing",
                  "the parameters before training; or two files, BEFORE AFTER");
    }
    const NetworkInput input(path, std::move(file), prefix);
    return {input.network().parameter(key), input.network()};
  }
  const auto it = file.arrays.find(key);
  if (it == file.arrays.end()) {
    throw Error(path, "array '" + key + "'", "nothing", "a network file, or --key NAME");
  }
  if (it->second.shape.size() != 2) {
    throw Error(path, "array '" + key + "'", "shape " + it->second.shape_text(), "(n, n)");
  }
  io::require_finite({{{key, it->second}}, {}}, path);
  return {it->second.as_matrix(), {}};
}

void require_square(const std::string& path, const std::string& key, const Matrix& W, Index n) {
  if (W.rows() == n && W.cols() == n) return;
  throw Error(path, key, fmt::format("shape ({}, {})", W.rows(), W.cols()),
              fmt::format("({}, {})", n, n));
}

/// The units of largest score, "17 (0.032), 4 (0.029)", counted from 0.
std::string most_central(const Vector& scores) {
  std::vector<Index> nodes(static_cast<std::size_t>(scores.size()));
  std::iota(nodes.begin(), nodes.end(), Index{0});
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](Index a, Index b) { return scores(a) > scores(b); });
  std::string text;
  for (std::size_t i = 0; i < std::min(nodes_shown, nodes.size()); ++i) {
    text += fmt::format("{}{} ({:.4f})", i > 0 ? ", " : "", nodes[i], scores(nodes[i]));
  }
  return text;
}

double largest_modulus(const Array& eigenvalues) {
  return eigenvalues.as_columns().colwise().norm().maxCoeff();
}

std::string percents(const io::Json& overlap) {
  return fmt::format("{:.1f} % (random: {:.1f} %)", 100 * overlap.at("energy").get<double>(),
                     100 * overlap.at("expected").get<double>());
}

/// Rank, alignment, motifs, blocks and Kreiss constants, as far as they are known.
std::string structure_of(const io::Dataset& result) {
  const io::Json& known = result.attributes;
  std::string text;
  if (known.contains("rank_against_shuffled")) {
    text += fmt::format("rank of the change against shuffled entries: {}\n",
                        known["rank_against_shuffled"].get<Index>());
  }
  const io::Json alignment = known.value("alignment", io::Json::object());
  for (const auto& [name, overlap] : alignment.items()) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += fmt::format("the change {}: {}\n", words, percents(overlap));
  }
  for (const char* when : {"before", "after"}) {
    if (const std::string key = std::string("motifs_") + when; known.contains(key)) {
      text += fmt::format("correlations of weights {}:", when);
      for (const auto& [name, value] : known[key].items()) {
        text += fmt::format(" {} {:+.3f}", name, value.get<double>());
      }
      text += '\n';
    }
    for (const char* of : {"map", "flow"}) {
      if (const std::string key = fmt::format("kreiss_{}_{}", of, when); known.contains(key)) {
        text += fmt::format("Kreiss constant of the {} {}: {}\n", of, when,
                            number(known[key].get<double>()));
      }
    }
  }
  if (known.contains("blocks")) {
    const io::Json& blocks = known["blocks"];
    text += fmt::format(
        "Dale's law: {} excitatory and {} inhibitory units, modularity {} (p = {})\n",
        blocks["sizes"][0].get<Index>(), blocks["sizes"][1].get<Index>(),
        number(blocks["modularity"].get<double>()), number(blocks["p_value"].get<double>()));
  }
  return text;
}

std::string table_of(const io::Dataset& result) {
  const io::Json& known = result.attributes;
  const auto attribute = [&](const std::string& name) {
    return number(known.at(name).get<double>());
  };
  const auto norms = [&](const std::string& when) {
    return result.arrays.at(when + "_singular_values").as_vector();
  };
  const auto radius = [&](const std::string& when) {
    return number(largest_modulus(result.arrays.at("eigenvalues_" + when)));
  };
  TextTable table({"", "before", "after", "change"});
  table.add({"mean weight", attribute("mean_before"), attribute("mean_after"), ""});
  table.add({"standard deviation", attribute("sd_before"), attribute("sd_after"), ""});
  table.add({"Frobenius norm", number(norms("before").norm()), number(norms("after").norm()),
             number(norms("change").norm())});
  table.add({"largest singular value", number(norms("before")(0)), number(norms("after")(0)),
             number(norms("change")(0))});
  table.add({"spectral radius", radius("before"), radius("after"), radius("change")});
  table.add({"departure from normality", attribute("departure_before_frobenius"),
             attribute("departure_after_frobenius"), ""});
  std::string text = table.text();
  text += fmt::format(
      "relative change {}, carried by {:.1f} % of the weights; singular values of the change: {} "
      "large, participation ratio {}\n",
      attribute("relative_change"), 100 * known.at("changed_fraction").get<double>(),
      known.at("effective_rank").get<Index>(), attribute("participation_ratio"));
  text += structure_of(result);
  for (const char* when : {"before", "after"}) {
    const auto scores = result.arrays.find(std::string("centrality_pagerank_") + when);
    if (scores == result.arrays.end()) continue;
    text +=
        fmt::format("highest PageRank {}: {}\n", when, most_central(scores->second.as_vector()));
  }
  return text;
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  const bool one_file = arguments.after.empty();
  const std::string& last = one_file ? arguments.before : arguments.after;
  const Weights before =
      weights_in(arguments.before, one_file ? "initial" : "parameters", arguments.key);
  const Weights after = weights_in(last, "parameters", arguments.key);
  require_square(arguments.before, arguments.key, before.W, before.W.rows());
  require_square(last, arguments.key, after.W, before.W.rows());
  io::Dataset result = study::compare_weights(before.W, after.W, settings);
  if (before.network && after.network) {
    study::put_alignment(result, *before.network, *after.network, arguments.key);
  }
  result.attributes.erase("metrics");
  deliver(arguments.results, table_of(result), result);
  return done;
}

}  // namespace

void add_connectivity(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("connectivity", "What training changed in the recurrent weights");
  command->add_option("NETWORK", arguments->before, "A network file; with AFTER, the one before")
      ->type_name("FILE")
      ->required();
  command->add_option("AFTER", arguments->after, "The network to compare with")->type_name("FILE");
  command
      ->add_option("--key", arguments->key,
                   "The parameter; of a file which is no network, the array (n, n)")
      ->type_name("NAME")
      ->default_str("recurrent");
  arguments->settings =
      std::make_unique<SettingOptions>(*command, study::analysis_kind("connectivity").schema);
  arguments->results.add_to(*command, true);
  command->footer(
      "One file of a study is compared with itself before training; two files with each other.\n"
      "Results: histograms, quantiles of the change, singular values, eigenvalues, centralities.\n"
      "Units are counted from 0, as arrays are.\n"
      "\n"
      "Examples:\n"
      "  nullcline connectivity runs/x/networks/ID.h5\n"
      "  nullcline connectivity before.npz after.npz --key W --json change.json");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
