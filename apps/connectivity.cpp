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
#include "nullcline/cells/recurrent_blocks.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/study/analyses/weight_structure.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::apps {
namespace {

constexpr std::size_t nodes_shown = 5;

struct Arguments {
  std::string before, after, key;  // no key: all recurrent weights of networks
  std::unique_ptr<SettingOptions> settings;
  ResultOptions results;
};

/// Weights under a name, or the network that has all of them.
struct Weights {
  Matrix W;
  std::optional<cells::Network> network;
};

bool has_initial(const io::Dataset& file) {
  const auto it = file.arrays.lower_bound("initial/");
  return it != file.arrays.end() && it->first.starts_with("initial/");
}

/// The network of a file, its parameters under `prefix`, or one of them, or the array of any other
/// file.
Weights weights_in(const std::string& path, const std::string& prefix, std::string key) {
  io::Dataset file = io::read_arrays(path);
  if (is_network(file)) {
    if (prefix == "initial" && !has_initial(file)) {
      throw Error(path, "initial", "nothing",
                  "the parameters before training; or two files, BEFORE AFTER");
    }
    const NetworkInput input(path, std::move(file), prefix);
    if (key.empty()) return {{}, input.network()};
    return {input.network().parameter(key), {}};
  }
  if (key.empty()) key = "recurrent";
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

std::string table_of_matrix(const io::Dataset& result) {
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

/// What is known of one of several matrices.
io::Dataset of_matrix(const io::Dataset& result, const std::string& name) {
  io::Dataset part{{}, result.attributes.at("matrix").at(name)};
  const std::string prefix = name + "/";
  for (const auto& [array, values] : result.arrays) {
    if (array.starts_with(prefix)) part.arrays[array.substr(prefix.size())] = values;
  }
  return part;
}

std::string table_of(const io::Dataset& result) {
  if (!result.attributes.contains("matrices")) return table_of_matrix(result);
  std::string text;
  for (const std::string name : result.attributes["matrices"]) {
    text += fmt::format("{}recurrent weights {}\n{}", text.empty() ? "" : "\n", name,
                        table_of_matrix(of_matrix(result, name)));
  }
  return text;
}

/// One matrix: the array, or the only recurrent weights of a network.
Matrix matrix_of(const Weights& weights, const std::string& path) {
  if (!weights.network) return weights.W;
  const auto blocks = cells::recurrent_blocks(*weights.network);
  if (blocks.size() == 1) return blocks[0].weights;
  throw Error(path, "recurrent weights",
              fmt::format("{} of {}", blocks.size(), weights.network->cell),
              "one matrix beside that of the other file, or --key NAME");
}

io::Dataset compare(const Arguments& arguments, const std::string& last, const Weights& before,
                    const Weights& after, const Settings& settings) {
  if (before.network && after.network) {
    try {
      return study::compare_networks(*before.network, *after.network, settings);
    } catch (const Error& error) {
      throw error.at(last);
    }
  }
  const std::string& key = arguments.key.empty() ? "recurrent" : arguments.key;
  const Matrix first = matrix_of(before, arguments.before), second = matrix_of(after, last);
  require_square(arguments.before, key, first, first.rows());
  require_square(last, key, second, first.rows());
  return study::compare_weights(first, second, settings);
}

int run(const Arguments& arguments) {
  arguments.results.check();
  const Settings settings = arguments.settings->settings();
  const bool one_file = arguments.after.empty();
  const std::string& last = one_file ? arguments.before : arguments.after;
  const Weights before =
      weights_in(arguments.before, one_file ? "initial" : "parameters", arguments.key);
  const Weights after = weights_in(last, "parameters", arguments.key);
  io::Dataset result = compare(arguments, last, before, after, settings);
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
                   "One parameter (n, n) alone, without its place among inputs and readout; of a "
                   "file which is no network, the array")
      ->type_name("NAME")
      ->default_str("all recurrent weights, by gate and layer; recurrent");
  arguments->settings =
      std::make_unique<SettingOptions>(*command, study::analysis_kind("connectivity").schema);
  arguments->results.add_to(*command, true);
  command->footer(
      "One file of a study is compared with itself before training; two files with each other.\n"
      "Results: histograms, quantiles of the change, singular values, eigenvalues, centralities;\n"
      "of several matrices, such as the gates of a GRU, those of each under NAME/.\n"
      "Units are counted from 0, as arrays are.\n"
      "\n"
      "Examples:\n"
      "  nullcline connectivity runs/x/networks/ID.h5\n"
      "  nullcline connectivity before.npz after.npz --key W --json change.json");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
