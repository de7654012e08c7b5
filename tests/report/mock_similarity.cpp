// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "mock_results.hpp"

namespace nullcline::report::mock {

using io::Json;

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

Dataset warps(const MockOptions& options) {
  Dataset result = similarity(options, "affine_invariant");
  result.attributes["manifolds"] = Json::array({{{"name", "context 1"}}, {{"name", "context 2"}}});
  const Index S = 5;
  Vector time(S);
  for (Index s = 0; s < S; ++s) time(s) = 0.4 * static_cast<double>(s + 1);
  result.arrays["time"] = Array::vector(time);
  for (const std::string stage : {"trained", "untrained"}) {
    for (const std::string population : {"perception", "decision"}) {
      const double scale = stage == "trained" ? 0.4 : 1;
      std::vector<double> values;  // (S, 3, contexts)
      for (Index s = 0; s < S; ++s) {
        for (const double part : {0.7, 1.0, 1.4}) {
          for (const double context : {1.0, 1.3}) {
            // The first time of a decision has no mean metric.
            values.push_back(s == 0 && population == "decision" ? NAN
                                                                : scale * part * context * time(s));
          }
        }
      }
      result.arrays["dispersion/" + population + "/" + stage] = {{S, 3, 2}, std::move(values)};
    }
  }
  return result;
}

}  // namespace nullcline::report::mock
