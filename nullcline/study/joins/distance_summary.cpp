// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/joins/distance_summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "nullcline/representation/linkage.hpp"
#include "nullcline/representation/mds.hpp"
#include "nullcline/representation/smacof.hpp"

namespace nullcline::study {
namespace {

/// A (k, places) matrix as the columns of all K objects, NaN where an object is not among them.
Matrix spread(In<Matrix> values, const std::vector<Index>& places, Index K) {
  Matrix all = Matrix::Constant(values.rows(), K, std::numeric_limits<double>::quiet_NaN());
  all(Eigen::all, places) = values;
  return all;
}

}  // namespace

SummaryOptions summary_options(const JoinContext& context) {
  return {.map_starts = context.settings.integer("mds_starts"),
          .tests = {.neighbors = context.settings.integer("neighbors"),
                    .permutations = context.settings.integer("permutations"),
                    .seed = context.study.seed},
          .threads = context.threads};
}

bool put_distance_summary(io::Dataset& result, In<Matrix> D, const std::vector<Object>& objects,
                          const std::vector<Label>& labels, const SummaryOptions& options) {
  std::vector<Index> places;
  std::vector<Object> kept;
  std::vector<std::int64_t> order;
  for (Index i = 0; i < D.rows(); ++i) {
    if (std::isnan(D(i, i))) continue;
    places.push_back(i);
    kept.push_back(objects[static_cast<std::size_t>(i)]);
  }
  result.attributes["status"] = places.size() < 2 ? "nothing to compare" : "compared";
  result.attributes["tests"] = io::Json::array();
  if (places.size() < 2) return true;

  // pwcca is not symmetric; what follows is of the mean of both ways.
  const Matrix given = D(places, places), symmetric = 0.5 * (given + given.transpose());
  const Index K = D.rows();
  const auto classical = representation::classical_mds(symmetric);
  bool goes_on = true;
  const auto ask = [&](double part) {
    if (options.progress && !options.progress(part)) goes_on = false;
    return goes_on;
  };
  const auto map = representation::smacof(symmetric, {.starts = options.map_starts,
                                                      .seed = options.tests.seed,
                                                      .threads = options.threads,
                                                      .progress = ask});
  if (!goes_on) return false;
  for (const Index leaf : representation::average_linkage(symmetric).order) {
    order.push_back(places[static_cast<std::size_t>(leaf)]);
  }
  result.arrays["order"] = Array::integers(order);
  result.arrays["classical"] = Array::matrix(spread(classical.points, places, K).transpose());
  result.arrays["classical_eigenvalues"] = Array::vector(classical.eigenvalues);
  result.arrays["map"] = Array::matrix(spread(map.points, places, K).transpose());
  result.attributes["explained"] = classical.explained;
  result.attributes["negative_part"] = classical.negative_part;
  result.attributes["stress_1"] = map.stress_1;
  result.attributes["map_status"] = representation::name_of(map.status);

  std::vector<Label> of_kept = labels;
  for (Label& label : of_kept) {
    std::vector<Index> of;
    for (const Index place : places) of.push_back(label.of[static_cast<std::size_t>(place)]);
    label.of = std::move(of);
  }
  LabelTestOptions label_options = options.tests;
  label_options.progress = [&](double) { return ask(1); };
  const io::Json tests = label_tests(symmetric, kept, of_kept, label_options);
  if (!goes_on) return false;
  result.attributes["tests"] = tests;
  result.attributes["metrics"]["stress_1"] = map.stress_1;
  for (const io::Json& test : tests) {
    if (test["status"] != "tested") continue;
    const std::string name =
        fmt::format("{}_{}", test["label"].get<std::string>(), test["objects"].get<std::string>());
    for (const char* number : {"silhouette", "permanova_p", "accuracy", "neighbor_p"}) {
      if (!test.contains(number)) continue;
      result.attributes["metrics"][fmt::format("{}_{}", name, number)] = test[number];
    }
  }
  return true;
}

}  // namespace nullcline::study
