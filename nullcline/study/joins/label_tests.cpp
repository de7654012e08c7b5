// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/joins/label_tests.hpp"

#include <algorithm>
#include <set>

#include "nullcline/representation/clustering.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

/// Some of the objects, with their distances, classes and networks.
struct Selection {
  Matrix D;
  std::vector<Index> classes, networks;
};

template <class Chosen>
Selection select(In<Matrix> D, const std::vector<Object>& objects, const Label& label,
                 const Chosen& chosen) {
  std::vector<Index> places;
  Selection selection;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!chosen(objects[i])) continue;
    places.push_back(static_cast<Index>(i));
    selection.classes.push_back(label.of[i]);
    selection.networks.push_back(objects[i].network);
  }
  selection.D = D(places, places);
  return selection;
}

}  // namespace

io::Json label_test(In<Matrix> D, std::span<const Index> classes, std::span<const Index> strata,
                    const LabelTestOptions& options) {
  const std::set<Index> distinct(classes.begin(), classes.end());
  const Index count = D.rows();
  io::Json json = {{"count", count}, {"classes", distinct.size()}};
  if (distinct.size() < 2 || count <= static_cast<Index>(distinct.size())) {
    json["status"] = distinct.size() < 2 ? "one class" : "too few objects";
    return json;
  }
  representation::PermutationOptions permutation{
      .permutations = options.permutations, .strata = strata, .seed = options.seed};
  permutation.progress = part_of(options.progress, 0, 2);
  const auto silhouette = representation::silhouette(D, classes);
  const auto variance = representation::permanova(D, classes, permutation);
  permutation.progress = part_of(options.progress, 1, 2);
  const Index voters = std::min(options.neighbors, count - 1);
  const auto neighbors = representation::neighbor_accuracy(
      D, classes, {.neighbors = voters, .permutation = permutation});
  if (variance.cancelled || neighbors.cancelled) {
    json["status"] = "cancelled";
    return json;
  }
  json.update({{"status", "tested"},
               {"silhouette", silhouette.mean},
               {"pseudo_f", variance.pseudo_f},
               {"r_squared", variance.r_squared},
               {"neighbors", voters},
               {"accuracy", neighbors.accuracy},
               {"balanced_accuracy", neighbors.balanced_accuracy}});
  if (options.permutations == 0) return json;
  json.update({{"permanova_p", variance.p_value},
               {"chance", neighbors.chance},
               {"neighbor_p", neighbors.p_value}});
  return json;
}

io::Json label_tests(In<Matrix> D, const std::vector<Object>& objects,
                     const std::vector<Label>& labels, const LabelTestOptions& options) {
  io::Json tests = io::Json::array();
  const auto add = [&](const Label& label, const char* whom, bool within, const auto& chosen) {
    const Selection selection = select(D, objects, label, chosen);
    io::Json row = label_test(selection.D, selection.classes,
                              within ? selection.networks : std::vector<Index>(), options);
    row["label"] = label.name;
    row["objects"] = whom;
    tests.push_back(std::move(row));
  };
  const bool controls = std::any_of(objects.begin(), objects.end(),
                                    [](const Object& object) { return !object.trained; });
  for (const Label& label : labels) {
    if (label.name == "stage") {
      add(label, "all", true, [](const Object&) { return true; });
      continue;
    }
    add(label, "trained", false, [](const Object& object) { return object.trained; });
    if (!controls) continue;
    add(label, "untrained", false, [](const Object& object) { return !object.trained; });
  }
  return tests;
}

}  // namespace nullcline::study
