// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/geodesic_arrays.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "nullcline/representation/smacof.hpp"

namespace nullcline::study {
namespace {

using geometry::GeodesicStatus;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::array statuses = {GeodesicStatus::converged, GeodesicStatus::not_converged,
                                 GeodesicStatus::left_domain, GeodesicStatus::degenerate,
                                 GeodesicStatus::not_finite};

std::uint8_t place_of(GeodesicStatus status) {
  return static_cast<std::uint8_t>(std::find(statuses.begin(), statuses.end(), status) -
                                   statuses.begin());
}

/// Numbers of an array in C order, one block after the other.
class Numbers {
 public:
  explicit Numbers(std::vector<Index> shape) : shape_(std::move(shape)) {}
  void add(double value) { values_.push_back(value); }
  /// Column by column; NaN for the whole of (rows, cols) where it is empty.
  void add(In<Matrix> block, Index rows, Index cols) {
    if (block.size() > 0) {
      for (Index c = 0; c < cols; ++c) {
        for (Index i = 0; i < rows; ++i) values_.push_back(block(i, c));
      }
    } else {
      values_.insert(values_.end(), static_cast<std::size_t>(rows * cols), unknown);
    }
  }
  Array array() const { return {shape_, values_}; }

 private:
  std::vector<Index> shape_;
  std::vector<double> values_;
};

/// One number of every slice.
template <class Value>
Array by_slice(const SliceGeodesics& geodesics, const Value& value) {
  Numbers numbers({std::ssize(geodesics.slices)});
  for (const GeodesicSlice& slice : geodesics.slices) numbers.add(value(slice));
  return numbers.array();
}

/// Vectors as rows.
template <class Of>
Array rows(std::size_t count, Index m, const Of& of) {
  Numbers numbers({static_cast<Index>(count), m});
  for (std::size_t i = 0; i < count; ++i) numbers.add(of(i), m, 1);
  return numbers.array();
}

/// The search that all have in common: how many windings, and how long a path is.
const geometry::GeodesicSearch* example(const SliceGeodesics& geodesics) {
  for (const GeodesicSlice& slice : geodesics.slices) {
    if (!slice.between.empty()) return &slice.between.front();
  }
  return nullptr;
}

void put_between(io::Dataset& result, const std::string& name, const SliceGeodesics& geodesics) {
  const geometry::GeodesicSearch* first = example(geodesics);
  const Index P = std::ssize(geodesics.slices), G = std::ssize(geodesics.between);
  if (G == 0) return;
  const Index m = geodesics.between.front().from.size();
  result.arrays[name + "from"] = rows(geodesics.between.size(), m, [&](std::size_t g) -> Matrix {
    return geodesics.between[g].from;
  });
  result.arrays[name + "to"] = rows(geodesics.between.size(), m, [&](std::size_t g) -> Matrix {
    return geodesics.between[g].to;
  });
  if (first == nullptr) return;
  const Index W = std::ssize(first->all), L = first->all.front().path.cols();
  Numbers windings({W, m}), length({P, G, W}), error({P, G, W}), straight({P, G, W}),
      paths({P, G, W, L, m});
  for (const auto& one : first->all) {
    for (const Index turns : one.winding) windings.add(static_cast<double>(turns));
  }
  std::vector<std::uint8_t> status;
  for (const GeodesicSlice& slice : geodesics.slices) {
    for (Index g = 0; g < G; ++g) {
      for (Index w = 0; w < W; ++w) {
        const geometry::Geodesic* one =
            slice.searched
                ? &slice.between[static_cast<std::size_t>(g)].all[static_cast<std::size_t>(w)]
                : nullptr;
        const bool good = one != nullptr && one->status == GeodesicStatus::converged;
        length.add(good ? one->length : unknown);
        error.add(good ? one->error : unknown);
        straight.add(one != nullptr ? slice.straight(w, g) : unknown);
        paths.add(good ? one->path : Matrix(), m, L);
        status.push_back(one != nullptr ? place_of(one->status)
                                        : static_cast<std::uint8_t>(statuses.size()));
      }
    }
  }
  result.arrays[name + "windings"] = windings.array();
  result.arrays[name + "length"] = length.array();
  result.arrays[name + "error"] = error.array();
  result.arrays[name + "straight"] = straight.array();
  result.arrays[name + "paths"] = paths.array();
  result.arrays[name + "status"] = {{P, G, W}, std::move(status)};
}

void put_rays(io::Dataset& result, const std::string& name, const SliceGeodesics& geodesics) {
  const Index P = std::ssize(geodesics.slices), B = std::ssize(geodesics.rays);
  if (B == 0) return;
  const Index m = geodesics.rays.front().from.size();
  result.arrays[name + "ray_from"] = rows(
      geodesics.rays.size(), m, [&](std::size_t b) -> Matrix { return geodesics.rays[b].from; });
  result.arrays[name + "ray_velocity"] =
      rows(geodesics.rays.size(), m,
           [&](std::size_t b) -> Matrix { return geodesics.rays[b].velocity; });
  Index L = 0;
  for (const GeodesicSlice& slice : geodesics.slices) L = std::max(L, slice.rays.knots);
  if (L == 0) return;
  Numbers reached({P, B}), error({P, B}), length({P, B}), paths({P, B, L, m});
  std::vector<std::uint8_t> status;
  for (const GeodesicSlice& slice : geodesics.slices) {
    const geometry::Rays& rays = slice.rays;
    for (Index b = 0; b < B; ++b) {
      const bool known = rays.knots > 0;
      reached.add(known ? rays.reached(b) : unknown);
      error.add(known ? rays.error(b) : unknown);
      length.add(known ? rays.reached(b) * slice.ray_speed(b) : unknown);
      paths.add(known ? Matrix(rays.points.middleCols(b * L, L)) : Matrix(), m, L);
      status.push_back(known ? place_of(rays.status[static_cast<std::size_t>(b)])
                             : static_cast<std::uint8_t>(statuses.size()));
    }
  }
  result.arrays[name + "ray_reached"] = reached.array();
  result.arrays[name + "ray_error"] = error.array();
  result.arrays[name + "ray_length"] = length.array();
  result.arrays[name + "ray_paths"] = paths.array();
  result.arrays[name + "ray_status"] = {{P, B}, std::move(status)};
}

}  // namespace

void put_geodesics(io::Dataset& result, const std::string& prefix,
                   const SliceGeodesics& geodesics) {
  if (geodesics.slices.empty()) return;
  const std::string name = prefix + "geodesics/";
  std::vector<std::int64_t> steps;
  for (const GeodesicSlice& slice : geodesics.slices) steps.push_back(slice.step);
  result.arrays[name + "steps"] = Array::integers(steps);
  result.arrays[name + "metric_error"] =
      by_slice(geodesics, [](const GeodesicSlice& slice) { return slice.metric_error; });
  put_between(result, name, geodesics);
  put_rays(result, name, geodesics);
}

void put_distances_of_points(io::Dataset& result, const std::string& prefix,
                             const SliceGeodesics& geodesics) {
  Index K = 0;
  for (const GeodesicSlice& slice : geodesics.slices) {
    K = std::max(K, slice.distances.lengths.cols());
  }
  if (K == 0) return;
  const std::string name = prefix + "geodesics/";
  Numbers distances({std::ssize(geodesics.slices), K, K});
  for (const GeodesicSlice& slice : geodesics.slices) {
    distances.add(slice.distances.lengths, K, K);
  }
  result.arrays[name + "distances"] = distances.array();
  // Where no pair was checked nothing is known of the excess.
  const auto of = [](double geometry::GridDistances::*excess) {
    return [excess](const GeodesicSlice& slice) {
      const auto pairs = std::ssize(slice.distances.pairs);
      return pairs > slice.distances.unchecked ? slice.distances.*excess : unknown;
    };
  };
  result.arrays[name + "mean_excess"] =
      by_slice(geodesics, of(&geometry::GridDistances::mean_excess));
  result.arrays[name + "largest_excess"] =
      by_slice(geodesics, of(&geometry::GridDistances::largest_excess));
}

void put_drawings(io::Dataset& result, const std::string& prefix, const SliceGeodesics& geodesics,
                  const geometry::Domain& domain) {
  Index K = 0;
  for (const GeodesicSlice& slice : geodesics.slices) {
    K = std::max(K, slice.distances.lengths.cols());
  }
  if (K == 0) return;
  const bool closed = std::any_of(domain.begin(), domain.end(),
                                  [](const auto& coordinate) { return coordinate.periodic; });
  const Index d = closed ? 3 : 2, P = std::ssize(geodesics.slices);
  MatrixX<float> map = MatrixX<float>::Constant(d, P * K, std::numeric_limits<float>::quiet_NaN());
  Vector stress = Vector::Constant(P, unknown);
  for (Index p = 0; p < P; ++p) {
    const Matrix& lengths = geodesics.slices[static_cast<std::size_t>(p)].distances.lengths;
    if (lengths.size() == 0 || !lengths.allFinite()) continue;
    const auto drawn = representation::smacof(
        lengths, {.dim = d, .starts = 0, .max_iterations = 300, .tolerance = 1e-4});
    map.middleCols(p * K, K) = drawn.points.cast<float>();
    stress(p) = drawn.stress_1;
  }
  result.arrays[prefix + "geodesics/map"] = Array::sequence(map, P, K);
  result.arrays[prefix + "geodesics/stress"] = Array::vector(stress);
}

io::Json geodesic_statuses() {
  io::Json names = io::Json::array();
  for (const auto status : statuses) names.push_back(name_of(status));
  names.push_back("left_out");
  return names;
}

}  // namespace nullcline::study
