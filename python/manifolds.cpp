// SPDX-License-Identifier: Apache-2.0
#include "manifolds.hpp"

#include <pybind11/stl.h>

#include "nullcline/core/errors.hpp"

namespace nullcline::python {
namespace {

namespace ge = geometry;

/// The number of the pair i <= j in (K, m, m, ..), or in (K, m (m + 1) / 2, ..) as it stands.
std::vector<Index> pair_places(Index m, bool square) {
  std::vector<Index> places;
  for (Index i = 0, pair = 0; i < m; ++i) {
    for (Index j = i; j < m; ++j, ++pair) places.push_back(square ? i * m + j : pair);
  }
  return places;
}

}  // namespace

ge::ManifoldInputs read_manifold(const py::object& inputs, const py::object& tangents,
                                 const py::object& second) {
  const DoubleArray u = read_array(inputs, "u", {{"K"}, {"T"}, {"n_in"}});
  const Index K = u.shape(0), T = u.shape(1), channels = u.shape(2);
  const DoubleArray du =
      read_array(tangents, "du", {{"K", K}, {"m"}, {"T", T}, {"n_in", channels}});
  const Index m = du.shape(1);
  ge::ManifoldInputs result{K, m, Matrix(channels, T * K), Matrix(channels, T * K * m)};
  // (K, parts, T, n_in), some of the parts, to columns (t K + k) of + i.
  const auto reorder = [&](const Columns& from, Index parts, const std::vector<Index>& places,
                           Matrix& to) {
    const Index of = static_cast<Index>(places.size());
    for (Index k = 0; k < K; ++k) {
      for (Index i = 0; i < of; ++i) {
        const Index place = places[static_cast<std::size_t>(i)];
        for (Index t = 0; t < T; ++t) {
          to.col((t * K + k) * of + i) = from.col((k * parts + place) * T + t);
        }
      }
    }
  };
  std::vector<Index> all(static_cast<std::size_t>(m));
  for (Index i = 0; i < m; ++i) all[static_cast<std::size_t>(i)] = i;
  reorder(columns(u), 1, {0}, result.inputs);
  reorder(columns(du), m, all, result.tangents);
  if (!second.is_none()) {
    const bool square = py::module_::import("numpy").attr("ndim")(second).cast<int>() == 5;
    const DoubleArray d2u =
        square ? read_array(second, "d2u",
                            {{"K", K}, {"m", m}, {"m", m}, {"T", T}, {"n_in", channels}})
               : read_array(
                     second, "d2u",
                     {{"K", K}, {"m (m + 1) / 2", result.pairs()}, {"T", T}, {"n_in", channels}});
    result.second.resize(channels, T * K * result.pairs());
    reorder(columns(d2u), square ? m * m : result.pairs(), pair_places(m, square), result.second);
  }
  ge::check_inputs("InputManifold", result);
  return result;
}

ge::Domain read_domain(const py::object& object) {
  ge::Domain domain;
  for (const py::handle item : object) {
    const auto parts =
        py::cast<std::vector<double>>(py::tuple(py::reinterpret_borrow<py::object>(item)));
    if (parts.size() != 2 && parts.size() != 3) {
      throw Error("", "domain", std::to_string(parts.size()) + " entries of a coordinate",
                  "(lowest, highest) or (lowest, highest, periodic)");
    }
    domain.push_back({parts[0], parts[1], parts.size() == 3 && parts[2] != 0});
  }
  ge::check_domain("domain", domain);
  return domain;
}

ge::Grid read_grid(const py::object& domain, const std::vector<Index>& counts, bool chebyshev) {
  return ge::make_grid(read_domain(domain), counts,
                       chebyshev ? ge::Spacing::chebyshev : ge::Spacing::uniform);
}

}  // namespace nullcline::python
