// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/registry.hpp"

#include "nullcline/core/errors.hpp"

namespace nullcline::cells {

std::vector<CellKind> all_kinds();  // made by CMake from the files of kinds/

const std::vector<CellKind>& cell_kinds() {
  static const std::vector<CellKind> kinds = all_kinds();
  return kinds;
}

const CellKind& cell_kind(const std::string& name) {
  std::string known;
  for (const CellKind& kind : cell_kinds()) {
    if (kind.name == name) return kind;
    known += (known.empty() ? "" : ", ") + kind.name;
  }
  throw Error("", "cell", "'" + name + "'", "one of: " + known);
}

template <>
std::unique_ptr<Cell<float>> make_cell(const Network& network) {
  return cell_kind(network.cell).make_float(network);
}
template <>
std::unique_ptr<Cell<double>> make_cell(const Network& network) {
  return cell_kind(network.cell).make_double(network);
}

Network make_network(const std::string& cell, const Settings& settings, Index n_in, Index n_out,
                     RandomStream& stream) {
  return {cell, settings, cell_kind(cell).initialize(settings, n_in, n_out, stream)};
}

}  // namespace nullcline::cells
