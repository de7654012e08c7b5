// SPDX-License-Identifier: Apache-2.0
#include "nullcline/training/network_file.hpp"

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/version.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/settings_json.hpp"

namespace nullcline::training {
namespace {

std::string text_of(const io::Json& json) {
  const std::string text = json.dump();
  return text.size() <= 40 ? text : text.substr(0, 40) + "...";
}

/// A matrix of one column is stored as a vector, as biases are everywhere.
Array to_array(const Matrix& A) {
  return A.cols() == 1 ? Array::vector(A.col(0)) : Array::matrix(A);
}

Matrix from_array(const Array& array, const std::string& path, const std::string& field) {
  if (array.shape.size() == 2) return array.as_matrix();
  if (array.shape.size() == 1) return array.as_vector();
  throw Error(path, field, "shape " + array.shape_text(), "one or two dimensions");
}

}  // namespace

void put_network(io::Dataset& dataset, const cells::Network& network, const std::string& prefix) {
  dataset.attributes["cell"] = {{"name", network.cell},
                                {"settings", io::to_json(network.settings)}};
  for (const auto& [name, A] : network.parameters) {
    dataset.arrays[prefix + "/" + name] = to_array(A);
  }
}

cells::Network get_network(const io::Dataset& dataset, const std::string& prefix,
                           const std::filesystem::path& path) {
  const auto cell = dataset.attributes.find("cell");
  if (cell == dataset.attributes.end() || !cell->is_object()) {
    throw Error(path.string(), "attributes.cell",
                cell == dataset.attributes.end() ? "nothing" : text_of(*cell),
                "an object {name, settings}; is this a network of nullcline?");
  }
  const auto name = cell->find("name");
  if (name == cell->end() || !name->is_string()) {
    throw Error(path.string(), "attributes.cell.name",
                name == cell->end() ? "nothing" : text_of(*name), "a text");
  }
  cells::Network network;
  try {
    network.cell = name->get<std::string>();
    network.settings =
        io::settings_from_json(cell->value("settings", io::Json::object()),
                               cells::cell_kind(network.cell).schema, "attributes.cell.settings");
  } catch (const Error& error) {
    throw error.at(path.string());
  }
  const std::string start = prefix + "/";
  for (const auto& [key, array] : dataset.arrays) {
    if (key.rfind(start, 0) != 0) continue;
    network.parameters[key.substr(start.size())] = from_array(array, path.string(), key);
  }
  cells::validate(network, path.string());
  return network;
}

void save_network(const std::filesystem::path& path, const cells::Network& network) {
  io::Dataset dataset;
  dataset.attributes["format"] = "nullcline network";
  dataset.attributes["version"] = version();
  put_network(dataset, network, "parameters");
  io::write_arrays(path, dataset);
}

cells::Network load_network(const std::filesystem::path& path, const std::string& prefix) {
  return get_network(io::read_arrays(path), prefix, path);
}

}  // namespace nullcline::training
