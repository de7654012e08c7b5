// SPDX-License-Identifier: Apache-2.0
#include "mock_document.hpp"

#include <utility>

#include "mock_results.hpp"

namespace nullcline::report {
namespace {

using io::Json;
using mock::Task;

NetworkEntry network(const Task& task, Index i, const MockOptions& options) {
  NetworkEntry entry;
  entry.seed = 1000 + static_cast<std::uint64_t>(i);
  RandomStream random({entry.seed, static_cast<std::uint64_t>(task.units)});
  entry.id = std::to_string(10 + i) + "41c9e2a70b" + task.name.substr(0, 1) + options.text;
  entry.status = "trained" + options.text;
  const bool has_reached = i != 7;
  entry.metrics = {{"error", has_reached ? 4e-4 + 1e-4 * random.uniform() : 6.1e-3},
                   {"criterion", 1e-3},
                   {"reached", has_reached},
                   {"final_loss", 4.5e-4},
                   {"predictive_information", 3 + random.uniform()}};
  entry.results["training"] = mock::training(random);
  entry.results["outputs"] = mock::outputs(task, random);
  entry.results["pca"] = mock::latent(task, false, random);
  entry.results["dca"] = mock::latent(task, true, random);
  entry.results["subspaces"] = mock::subspaces(task, random);
  entry.results["fixed_points"] = mock::fixed_points(task, entry.results["dca"], random);
  entry.results["connectivity"] = mock::connectivity(task, random);
  entry.results["geometry"] = mock::geometry(task, i < 3, random);
  if (task.inputs == 2) {
    entry.results["lyapunov"] = mock::lyapunov(random);
    for (const char* name : {"local_information", "linear_models", "overlap"}) {
      entry.results[name] = mock::visited_points(random);
    }
    entry.results["connections"] = mock::connections();
    entry.results["continuation"] = mock::continuation();
    entry.results["line_attractor"] = mock::line_attractor(random);
    entry.results["dimension"] = mock::dimension(random);
    entry.results["homology"] = mock::homology(random);
  }
  entry.results.erase(options.without);
  return entry;
}

}  // namespace

Document mock_document(const MockOptions& options) {
  Document document;
  document.title = "Mock study" + options.text;
  document.description = "Drawn numbers in the shapes of a real study." + options.text;
  document.version = "0.0.0" + options.text;
  document.study = {{"title", "Mock study" + options.text},
                    {"seed", 1000},
                    {"training", {{"steps", 2000}, {"batch", 64}, {"learning_rate", 0.001}}},
                    {"analyses", {{"dca", {{"dim", 3}, {"window", 5}, {"starts", 10}}}}},
                    {"tasks", Json::array({{{"name", "perception"}, {"levels", {0.5, 0.8}}},
                                           {{"name", "decision"}, {"high", 1.0}, {"low", 0.2}}})}};
  for (const Task& task : {mock::perception(), mock::decision()}) {
    Group group;
    group.name = task.name;
    group.task = {{"name", task.name},
                  {"meaning", task.meaning + options.text},
                  {"inputs", task.inputs},
                  {"outputs", 1},
                  {"settings", {{"noise", 0.1}, {"duration", mock::dt * mock::steps}}}};
    for (Index i = 0; i < options.networks; ++i) {
      group.networks.push_back(network(task, i, options));
    }
    document.groups.push_back(std::move(group));
  }
  document.joins["similarity/svcca"] = mock::similarity(options, "svcca");
  document.joins["similarity/dsa"] = mock::similarity(options, "dsa");
  document.joins["warps/affine_invariant"] = mock::warps(options);
  return document;
}

}  // namespace nullcline::report
