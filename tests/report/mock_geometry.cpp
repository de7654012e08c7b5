// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "mock_results.hpp"

namespace nullcline::report::mock {
namespace {

constexpr Index slices = 5;

struct Coordinate {
  const char* name;
  double lowest, highest;
  bool periodic;
  Index points;
};

std::vector<double> axis(const Coordinate& coordinate) {
  const Index intervals = coordinate.periodic ? coordinate.points : coordinate.points - 1;
  std::vector<double> values;
  for (Index i = 0; i < coordinate.points; ++i) {
    values.push_back(coordinate.lowest + (coordinate.highest - coordinate.lowest) *
                                             static_cast<double>(i) /
                                             static_cast<double>(intervals));
  }
  return values;
}

/// A circle that is stretched as time goes on, or a sheet around it.
struct Manifold {
  std::string name;
  std::vector<Coordinate> coordinates;

  Index dim() const { return static_cast<Index>(coordinates.size()); }
  Index points() const { return dim() == 1 ? coordinates[0].points : 7 * 8; }

  /// (G_11, G_12, G_22) at a point, or (G_11).
  std::vector<double> metric(Index s, Index k, double gain) const {
    const double grow = gain * static_cast<double>(s + 1);
    const double angle = 2 * std::numbers::pi * static_cast<double>(k % coordinates.back().points) /
                         static_cast<double>(coordinates.back().points);
    const double first = grow * (1.2 + std::cos(angle)),
                 second = grow * (1 + 0.3 * std::sin(angle));
    if (dim() == 1) return {first};
    return {first, 0.4 * std::sin(2 * angle) * std::sqrt(first * second), second};
  }

  std::vector<double> place(Index s, Index k, double gain) const {
    const double turn = 2 * std::numbers::pi * static_cast<double>(k % coordinates.back().points) /
                        static_cast<double>(coordinates.back().points);
    const double along =
        dim() == 1 ? 0 : static_cast<double>(k / coordinates.back().points) / 3 - 1;
    const double size = gain * (1 + 0.2 * static_cast<double>(s));
    return {size * std::cos(turn), size * std::sin(turn),
            size * (along + 0.2 * std::cos(2 * turn))};
  }
};

void put(Dataset& result, const std::string& name, std::vector<Index> shape,
         std::vector<double> values) {
  result.arrays[name] = {std::move(shape), std::move(values)};
}

/// 5 %, 50 % and 95 % of r numbers at each time.
void put_summary(Dataset& result, const std::string& prefix, const char* name, Index r,
                 double scale, RandomStream& random) {
  std::vector<double> values;
  for (Index s = 0; s < slices; ++s) {
    const double middle = scale * (0.3 + 0.1 * random.uniform());
    for (const double part : {0.7, 1.0, 1.4}) {
      for (Index i = 0; i < r; ++i) values.push_back(part * middle / static_cast<double>(i + 1));
    }
  }
  put(result, prefix + "summary/" + name, {slices, 3, r}, values);
}

/// Distances between times, topology, and a decision by the first coordinate of a surface.
void put_course(Dataset& result, const std::string& prefix, Index m, RandomStream& random) {
  result.arrays[prefix + "course/steps"] = list({4, 8, 12, 16, 20});
  for (const char* name : {"affine_invariant", "spectral_ratio", "affine_invariant_untrained",
                           "spectral_ratio_untrained"}) {
    result.arrays[prefix + "course/" + name] =
        fill({slices, slices}, [&] { return random.uniform(); });
  }
  result.arrays[prefix + "topology/steps"] = list({8, 20});
  put(result, prefix + "topology/immersion", {2}, {0.5, 0.1});
  put(result, prefix + "topology/injectivity", {2}, {0.6, NAN});
  if (m == 1) put(result, prefix + "topology/betti", {2, 2}, {1, 1, 1, 0});
  if (m == 2) put(result, prefix + "topology/betti", {2, 3}, {1, 2, 1, 1, 1, 0});
  std::vector<double> ranks(2 * slices, static_cast<double>(m));
  ranks[0] = 0;
  put(result, prefix + "ranks", {slices, 2}, ranks);
  if (m < 2) return;
  put(result, prefix + "decision/boundary_stretch", {slices}, {1, 1.2, 1.5, 1.6, 1.7});
  put(result, prefix + "decision/compression", {slices, 1}, {1, 0.8, 0.4, 0.3, 0.2});
  put(result, prefix + "decision/coordinate", {1}, {0});
  put(result, prefix + "decision/half", {2}, {0.8, 1.6});
}

/// Of two slices, with geodesics straight in the inputs: two of a circle, four of a sheet, of which
/// the first slice lacks one.
void put_geodesics(Dataset& result, const std::string& prefix, const Manifold& manifold,
                   double gain) {
  const Index m = manifold.dim(), G = m == 1 ? 1 : 4, W = 3, L = 9, K = manifold.points();
  const double pi = std::numbers::pi;
  const std::vector<std::vector<double>> from =
      m == 1 ? std::vector<std::vector<double>>{{0}}
             : std::vector<std::vector<double>>{{-1, 0}, {0, 0}, {-1, 0}, {-1, pi}};
  const std::vector<std::vector<double>> to =
      m == 1 ? std::vector<std::vector<double>>{{pi}}
             : std::vector<std::vector<double>>{{1, 0}, {0, pi}, {1, pi}, {1, 0}};
  std::vector<double> starts, ends, paths, lengths, straight, states, map;
  for (Index g = 0; g < G; ++g) {
    const auto place = static_cast<std::size_t>(g);
    starts.insert(starts.end(), from[place].begin(), from[place].end());
    ends.insert(ends.end(), to[place].begin(), to[place].end());
  }
  for (Index p = 0; p < 2; ++p) {
    for (Index g = 0; g < G; ++g) {
      for (Index w = 0; w < W; ++w) {
        const bool known = w > 0 && !(p == 0 && g == 0);
        const double turns = static_cast<double>(w - 1);
        lengths.push_back(known ? gain * (1 + std::abs(turns)) : NAN);
        straight.push_back(gain * (1.1 + std::abs(turns)));
        for (Index l = 0; l < L; ++l) {
          const double s = static_cast<double>(l) / (L - 1);
          std::vector<double> kappa;
          for (Index i = 0; i < m; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const auto& coordinate = manifold.coordinates[at];
            const double way = to[static_cast<std::size_t>(g)][at] -
                               from[static_cast<std::size_t>(g)][at] +
                               (coordinate.periodic ? 2 * pi * turns : 0);
            kappa.push_back(from[static_cast<std::size_t>(g)][at] + s * way +
                            0.2 * std::sin(pi * s));
          }
          for (const double value : kappa) paths.push_back(known ? value : NAN);
          const double size = gain * (1 + 0.2 * static_cast<double>(2 * p + 2));
          const double turn = kappa.back(), along = m == 1 ? 0 : kappa.front();
          for (const double value : {size * std::cos(turn), size * std::sin(turn),
                                     size * (along + 0.2 * std::cos(2 * turn))}) {
            states.push_back(known ? value : NAN);
          }
        }
      }
    }
    for (Index k = 0; k < K; ++k) {
      const auto at = manifold.place(2 * p + 2, k, gain);
      map.insert(map.end(), at.begin(), at.end());
    }
  }
  const std::string name = prefix + "geodesics/";
  result.arrays[name + "steps"] = list({12, 20});
  result.arrays[name + "metric_error"] = list({1e-5, 2e-4});
  put(result, name + "from", {G, m}, starts);
  put(result, name + "to", {G, m}, ends);
  std::vector<double> windings;
  for (const double turns : {-1, 0, 1}) {
    for (Index i = 0; i < m; ++i) windings.push_back(i + 1 == m ? turns : 0);
  }
  put(result, name + "windings", {W, m}, windings);
  put(result, name + "length", {2, G, W}, lengths);
  put(result, name + "straight", {2, G, W}, straight);
  put(result, name + "paths", {2, G, W, L, m}, paths);
  for (const char* axes : {"projections", "slice_projections"}) {
    put(result, name + axes, {2, G, W, L, 3}, states);
  }
  if (m < 2) return;
  put(result, name + "map", {2, K, 3}, map);
  result.arrays[name + "stress"] = list({0.05, 0.08});
}

void put_stage(Dataset& result, const std::string& prefix, const Manifold& manifold, double gain,
               bool maps, RandomStream& random) {
  const Index m = manifold.dim(), K = manifold.points();
  for (const char* name : {"eigenvalues", "normalized_eigenvalues", "stretch", "alignment"}) {
    put_summary(result, prefix, name, m, gain, random);
  }
  for (const char* name : {"volume", "condition", "effective_dim", "visible", "speed"}) {
    put_summary(result, prefix, name, 1, gain, random);
  }
  if (m == 2) put(result, prefix + "curvature_total", {slices}, {0, 0.1, 0.2, 0.1, 0.05});
  put_course(result, prefix, m, random);
  if (!maps) return;
  std::vector<double> metric, eigenvalues, places;
  for (Index s = 0; s < slices; ++s) {
    for (Index k = 0; k < K; ++k) {
      const auto G = manifold.metric(s, k, gain);
      metric.insert(metric.end(), G.begin(), G.end());
      if (m == 1) eigenvalues.push_back(G[0]);
      if (m == 2) {
        const double middle = (G[0] + G[2]) / 2, half = std::hypot((G[0] - G[2]) / 2, G[1]);
        eigenvalues.insert(eigenvalues.end(), {middle + half, middle - half});
      }
      const auto at = manifold.place(s, k, gain);
      places.insert(places.end(), at.begin(), at.end());
    }
  }
  put(result, prefix + "metric", {slices, K, m * (m + 1) / 2}, metric);
  put(result, prefix + "eigenvalues", {slices, K, m}, eigenvalues);
  put(result, prefix + "projections", {slices, K, 3}, places);
  put(result, prefix + "slice_projections", {slices, K, 3}, places);
  put_geodesics(result, prefix, manifold, gain);
  result.arrays[prefix + "alignment"] = fill({slices, K, m}, [&] { return random.uniform(); });
  for (const char* name : {"visible", "speed", "mean_curvature"}) {
    result.arrays[prefix + name] = fill({slices, K, 1}, [&] { return random.uniform(); });
  }
  if (m == 2) {
    result.arrays[prefix + "curvature"] = fill({slices, K, 1}, [&] { return random.normal(); });
    result.arrays[prefix + "gridline_defect"] =
        fill({slices, K, 1}, [&] { return random.uniform(); });
  }
}

}  // namespace

Dataset geometry(const Task& task, bool maps, RandomStream& random) {
  const Coordinate angle{"angle, rad", 0, 2 * std::numbers::pi, true, 8};
  const Coordinate circle{"angle, rad", 0, 2 * std::numbers::pi, true, 24};
  const Coordinate stream{"stream 1", -1, 1, false, 7};
  std::vector<Manifold> manifolds;
  if (task.inputs == 1) manifolds = {{"", {circle}}};
  if (task.inputs == 2)
    manifolds = {{"context 1", {stream, angle}}, {"context 2", {stream, angle}}};
  Dataset result;
  Json described = Json::array();
  for (std::size_t c = 0; c < manifolds.size(); ++c) {
    const std::string name = std::to_string(c) + "/";
    Json coordinates = Json::array(), grid = Json::array();
    for (std::size_t i = 0; i < manifolds[c].coordinates.size(); ++i) {
      const Coordinate& coordinate = manifolds[c].coordinates[i];
      result.arrays[name + "axis_" + std::to_string(i)] = list(axis(coordinate));
      coordinates.push_back({{"name", coordinate.name},
                             {"lowest", coordinate.lowest},
                             {"highest", coordinate.highest},
                             {"periodic", coordinate.periodic}});
      grid.push_back(coordinate.points);
    }
    described.push_back(
        {{"name", manifolds[c].name}, {"coordinates", coordinates}, {"grid", grid}});
    put_stage(result, name + "trained/", manifolds[c], 1, maps, random);
    put_stage(result, name + "untrained/", manifolds[c], 0.3, maps, random);
    for (const char* distance : {"affine_invariant", "spectral_ratio"}) {
      put_summary(result, name + "trained/", distance, 1, 1, random);
      if (maps) {
        result.arrays[name + "trained/" + distance] =
            fill({slices, manifolds[c].points(), 1}, [&] { return random.uniform(); });
      }
    }
  }
  result.arrays["time"] = list({0.4, 0.8, 1.2, 1.6, 2.0});
  for (const char* stage : {"trained", "untrained"}) {
    if (maps) result.arrays[std::string(stage) + "_variance"] = list({0.6, 0.3, 0.05});
  }
  const Json ranks = {{"last_input", 1.2}, {"changes", 0}};
  result.attributes = {{"manifolds", described},
                       {"maps", maps},
                       {"ranks", {{"trained", Json::array({ranks, ranks})}}}};
  return result;
}

}  // namespace nullcline::report::mock
