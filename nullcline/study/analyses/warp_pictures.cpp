// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/warp_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nullcline/representation/pca.hpp"

namespace nullcline::study {
namespace {

constexpr Index shown = 3;  // principal components

/// G_ij, i <= j, of the symmetric matrices (m m, C): (m (m + 1) / 2, C).
Matrix upper(const Matrix& metric, Index m) {
  Matrix result(m * (m + 1) / 2, metric.cols());
  for (Index i = 0, pair = 0; i < m; ++i) {
    for (Index j = i; j < m; ++j, ++pair) result.row(pair) = metric.row(i * m + j);
  }
  return result;
}

/// basis' (x - mean) with zeros below where there are fewer than three components.
Matrix projected(const Matrix& states, const representation::Pca& pca) {
  Matrix result = Matrix::Zero(shown, states.cols());
  result.topRows(pca.basis.cols()) = representation::project(states, pca.mean, pca.basis);
  return result;
}

representation::Pca components(const std::vector<Matrix>& states) {
  Index samples = 0;
  for (const Matrix& part : states) samples += part.cols();
  return representation::pca(states, {.dim = std::min({shown, states[0].rows(), samples})});
}

Matrix slice_of(const Warp& warp, Index s) {
  return warp.states.middleCols(s * warp.points, warp.points);
}

/// The components of each slice. Their signs are those that agree with the slice before, so that a
/// picture does not jump as time goes on.
std::vector<representation::Pca> slice_components(const Warp& warp) {
  std::vector<representation::Pca> all;
  for (Index s = 0; s < warp.count(); ++s) {
    representation::Pca pca = components({slice_of(warp, s)});
    for (Index d = 0; s > 0 && d < pca.basis.cols(); ++d) {
      if (pca.basis.col(d).dot(all.back().basis.col(d)) < 0) pca.basis.col(d) *= -1;
    }
    all.push_back(std::move(pca));
  }
  return all;
}

/// Paths of geodesics in components, of(step) of each slice.             (P, G, W, L, 3)
template <class Of>
Array projected_paths(const SliceGeodesics& geodesics, Index paths, Index knots, const Of& of) {
  const auto P = static_cast<Index>(geodesics.slices.size());
  const auto G = static_cast<Index>(geodesics.between.size());
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(P * paths * knots * shown));
  for (const GeodesicSlice& slice : geodesics.slices) {
    for (Index path = 0; path < paths; ++path) {
      const Matrix* states =
          slice.states.empty() ? nullptr : &slice.states[static_cast<std::size_t>(path)];
      const bool known = states != nullptr && states->size() > 0;
      const Matrix at =
          known ? projected(*states, of(slice.step)) : Matrix::Constant(shown, knots, std::nan(""));
      for (const double value : at.reshaped()) values.push_back(static_cast<float>(value));
    }
  }
  return {{P, G, paths / G, knots, shown}, std::move(values)};
}

void put_paths(io::Dataset& result, const std::string& prefix, const SliceGeodesics& geodesics,
               const Warp& warp, const representation::Pca& all,
               const std::vector<representation::Pca>& slices) {
  Index paths = 0, knots = 0;
  for (const GeodesicSlice& slice : geodesics.slices) {
    paths = std::max(paths, std::ssize(slice.states));
    for (const Matrix& states : slice.states) knots = std::max(knots, states.cols());
  }
  if (paths == 0 || knots == 0) return;
  result.arrays[prefix + "geodesics/projections"] = projected_paths(
      geodesics, paths, knots, [&](Index) -> const representation::Pca& { return all; });
  const auto own = [&](Index step) -> const representation::Pca& {
    const auto place = std::find(warp.steps.begin(), warp.steps.end(), step) - warp.steps.begin();
    return slices[static_cast<std::size_t>(place)];
  };
  result.arrays[prefix + "geodesics/slice_projections"] =
      projected_paths(geodesics, paths, knots, own);
}

}  // namespace

Array picture(const Matrix& values, const Warp& warp) {
  return Array::sequence(MatrixX<float>(values.cast<float>()), warp.count(), warp.points);
}

void put_maps(io::Dataset& result, const std::string& prefix, const Warp& warp) {
  const auto put = [&](const char* name, const Matrix& values) {
    if (values.size() > 0) result.arrays[prefix + name] = picture(values, warp);
  };
  put("metric", upper(warp.metric.metric, warp.dim));
  put("eigenvalues", warp.metric.eigenvalues);
  put("speed", warp.speed.transpose());
  put("curvature", warp.curvature.transpose());
  put("mean_curvature", warp.mean_curvature.transpose());
  put("ricci", warp.ricci);
  put("alignment", warp.alignment);
  put("visible", warp.visible.transpose());
  std::vector<std::uint8_t> statuses;
  for (const auto status : warp.metric.status) {
    statuses.push_back(static_cast<std::uint8_t>(status));
  }
  result.arrays[prefix + "status"] = {{warp.count(), warp.points}, std::move(statuses)};
}

void put_projections(io::Dataset& result, const std::string& stage, const std::vector<Warp>& warps,
                     const std::vector<SliceGeodesics>& geodesics) {
  std::vector<Matrix> states;
  for (const Warp& warp : warps) states.push_back(warp.states);
  if (!std::all_of(states.begin(), states.end(), [](const Matrix& X) { return X.allFinite(); })) {
    return;
  }
  const representation::Pca pca = components(states);
  Vector explained = Vector::Zero(shown);
  explained.head(pca.explained.size()) = pca.explained;
  result.arrays[stage + "_variance"] = Array::vector(explained);
  for (std::size_t c = 0; c < warps.size(); ++c) {
    const Warp& warp = warps[c];
    const std::string prefix = fmt::format("{}/{}/", c, stage);
    const auto slices = slice_components(warp);
    Matrix own(shown, warp.states.cols());
    for (Index s = 0; s < warp.count(); ++s) {
      own.middleCols(s * warp.points, warp.points) =
          projected(slice_of(warp, s), slices[static_cast<std::size_t>(s)]);
    }
    result.arrays[prefix + "projections"] = picture(projected(warp.states, pca), warp);
    result.arrays[prefix + "slice_projections"] = picture(own, warp);
    if (c < geodesics.size()) put_paths(result, prefix, geodesics[c], warp, pca, slices);
  }
}

}  // namespace nullcline::study
