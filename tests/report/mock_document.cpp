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

/// The networks of both tasks, trained and untrained, around the four corners of a square.
Dataset similarity(const MockOptions& options, const std::string& metric) {
  RandomStream random({.seed = 9});
  const Index networks = 2 * options.networks, K = 2 * networks;
  Matrix map(K, 2);
  std::vector<std::int64_t> task, stage, order;
  Json names = Json::array();
  for (Index i = 0; i < K; ++i) {
    task.push_back(i % networks / options.networks);
    stage.push_back(i / networks);
    order.push_back(i);
    map.row(i) << static_cast<double>(task.back()) + 0.1 * random.normal(),
        static_cast<double>(stage.back()) + 0.1 * random.normal();
    names.push_back(std::string(task.back() == 0 ? "perception " : "decision ") +
                    std::to_string(i % options.networks + 1) +
                    (stage.back() == 0 ? "" : " before training") + options.text);
  }
  Matrix D(K, K);
  for (Index i = 0; i < K; ++i) D.col(i) = (map.rowwise() - map.row(i)).rowwise().norm();
  Dataset result;
  result.arrays["distances"] = Array::matrix(D);
  if (metric == "dsa") result.arrays["bounds"] = Array::matrix(0.9 * D);
  result.arrays["map"] = result.arrays["classical"] = Array::matrix(map);
  result.arrays["order"] = Array::integers(order);
  result.arrays["label/population"] = Array::integers(task);
  result.arrays["label/stage"] = Array::integers(stage);
  for (std::int64_t& one : stage) one = 1 - one;
  result.arrays["trained"] = Array::integers(stage);
  const auto test = [](const char* label, const char* objects) {
    return Json{{"label", label},
                {"objects", objects},
                {"status", "tested"},
                {"count", 20},
                {"classes", 2},
                {"silhouette", 0.71},
                {"pseudo_f", 31.0},
                {"r_squared", 0.42},
                {"permanova_p", 0.001},
                {"accuracy", 0.95},
                {"balanced_accuracy", 0.95},
                {"chance", 0.49},
                {"neighbor_p", 0.001}};
  };
  result.attributes = {
      {"metric",
       {{"name", metric},
        {"meaning", "a mock of " + metric},
        {"distance", "1 - mean rho"},
        {"invariance", "orthogonal maps"},
        {"triangle_inequality", metric == "dsa"}}},
      {"stress_1", 0.08},
      {"objects", names},
      {"left_out", Json::array({{{"object", "decision 7" + options.text},
                                 {"why", "its states are not finite"}}})},
      {"labels", Json::array({{{"name", "population"}, {"classes", {"perception", "decision"}}},
                              {{"name", "stage"}, {"classes", {"trained", "untrained"}}}})},
      {"tests", Json::array({test("population", "trained"), test("population", "untrained"),
                             test("stage", "all")})}};
  return result;
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
  document.joins["similarity/svcca"] = similarity(options, "svcca");
  document.joins["similarity/dsa"] = similarity(options, "dsa");
  return document;
}

}  // namespace nullcline::report
