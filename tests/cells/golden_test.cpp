// SPDX-License-Identifier: Apache-2.0
// Every cell against PyTorch 1.13: golden/make_golden.py has made what is compared here.
#include <gtest/gtest.h>

#include "nullcline/cells/registry.hpp"
#include "nullcline/io/npz.hpp"
#include "nullcline/io/settings_json.hpp"

namespace nullcline::cells {
namespace {

const io::Dataset& golden() {
  static const io::Dataset dataset = io::read_npz(NULLCLINE_GOLDEN_CELLS);
  return dataset;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& [name, of_case] : golden().attributes.at("cases").items()) names.push_back(name);
  return names;
}

/// 40 roundings of sums of ten terms that grow by a factor of some ten over the six steps.
void expect_same(const Matrix& ours, const Matrix& theirs, const std::string& what) {
  ASSERT_EQ(ours.rows(), theirs.rows()) << what;
  ASSERT_EQ(ours.cols(), theirs.cols()) << what;
  const double scale = std::max(1.0, theirs.cwiseAbs().maxCoeff());
  EXPECT_LE((ours - theirs).cwiseAbs().maxCoeff(), 1e-12 * scale) << what;
}

class CellOfPyTorch : public ::testing::TestWithParam<std::string> {
 protected:
  const Array& array(const std::string& key) const {
    return golden().arrays.at(GetParam() + "/" + key);
  }
  /// (n, T B) of an array (T, B, n).
  Matrix columns(const std::string& key) const { return array(key).as_columns(); }

  Matrix parameter(const std::string& key) const {
    const Array& found = array(key);
    return found.shape.size() == 1 ? Matrix(found.as_vector()) : found.as_matrix();
  }

  Network network() const {
    const io::Json& given = golden().attributes.at("cases").at(GetParam());
    Network made;
    made.cell = given.at("cell");
    made.settings =
        io::settings_from_json(given.at("settings"), cell_kind(made.cell).schema, "settings");
    const std::string start = GetParam() + "/parameters/";
    for (const auto& [key, value] : golden().arrays) {
      if (key.rfind(start, 0) != 0) continue;
      made.parameters[key.substr(start.size())] =
          parameter("parameters/" + key.substr(start.size()));
    }
    made.parameters["readout"] = Matrix::Zero(1, made.feature_dim());
    made.parameters["readout_bias"] = Matrix::Zero(1, 1);
    return made;
  }
};
INSTANTIATE_TEST_SUITE_P(Cases, CellOfPyTorch, ::testing::ValuesIn(golden_names()),
                         [](const auto& named) { return named.param; });

TEST_P(CellOfPyTorch, HasItsStatesAndItsGradients) {
  const Network net = network();
  ASSERT_NO_THROW(validate(net));
  const Matrix inputs = columns("inputs"), start = columns("start");
  const Index B = start.cols(), T = inputs.cols() / B;
  const auto cell = make_cell<double>(net);
  cell->forward({T, B, view(inputs), view(start)});
  expect_same(cell->features(), columns("features"), "features");
  expect_same(cell->states().rightCols(B), columns("last"), "last state");

  const Index F = net.feature_dim();
  const Matrix identity = Matrix::Identity(F, F), by_features = columns("by_features");
  const Matrix by_last = columns("by_last");
  Matrix by_inputs, by_start;
  Gradients<double> gradients{{}, &by_inputs, &by_start};
  for (const auto& p : cell->parameters()) {
    gradients.parameters.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
  }
  cell->backward({view(identity), view(by_features), {}, &by_last}, gradients);
  const auto parameters = cell->parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const std::string& name = parameters[p].name;
    expect_same(gradients.parameters[p], parameter("gradients/" + name), name);
  }
  expect_same(by_start, columns("by_start"), "start");
  if (golden().arrays.contains(GetParam() + "/by_inputs")) {
    expect_same(by_inputs, columns("by_inputs"), "inputs");
  }
}

TEST_P(CellOfPyTorch, HasItsStepAsAMap) {
  const Network net = network();
  const Matrix inputs = columns("inputs");
  Matrix x = columns("start"), next = x;
  const Index B = x.cols();
  const auto map = driven_map(net);
  for (Index t = 0; t < inputs.cols() / B; ++t) {
    map->evaluate(x, inputs.middleCols(t * B, B), next);
    x = next;
    expect_same(features(net, x), columns("features").middleCols(t * B, B), "features");
  }
  expect_same(x, columns("last"), "last state");
}

}  // namespace
}  // namespace nullcline::cells
