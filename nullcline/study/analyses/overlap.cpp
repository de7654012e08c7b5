// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/cells/initialization.hpp"
#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/linear/linearization.hpp"
#include "nullcline/study/analyses/visited_points.hpp"

namespace nullcline::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// An orthonormal basis of the real space that the slowest modes span: `dim` of them, one more
/// where that would split a pair; empty where the modes are not known.
Matrix slow_subspace(const dynamics::Linearization& at, Index dim) {
  const Index n = at.jacobian.rows();
  if (at.status != dynamics::SpectrumStatus::known) return {};
  Matrix basis(n, n);
  Index k = 0;
  for (Index a = 0; a < n && k < dim; ++a) {
    basis.col(k++) = at.eigenvectors.col(a).real();
    if (at.eigenvalues(a).imag() == 0 || k == n) continue;
    basis.col(k++) = at.eigenvectors.col(a).imag();
    ++a;  // its conjugate
  }
  return orthonormal_basis(basis.leftCols(k));
}

/// The points at one input.
struct PointSet {
  Matrix states;                  // (n, P)
  std::vector<Matrix> subspaces;  // (P)
};

/// From each of the `points` to the nearest of `others`: the mean distance, and the column.
struct Match {
  double distance = unknown;
  std::vector<Index> partner;
};
Match match(In<Matrix> points, In<Matrix> others) {
  Match result;
  if (points.cols() == 0 || others.cols() == 0) return result;
  double sum = 0;
  for (Index p = 0; p < points.cols(); ++p) {
    Index nearest = 0;
    sum += (others.colwise() - points.col(p)).colwise().norm().minCoeff(&nearest);
    result.partner.push_back(nearest);
  }
  result.distance = sum / static_cast<double>(points.cols());
  return result;
}

/// Radians, the mean of the principal angles; NaN where they are not to be had.
double angle(const Matrix& A, const Matrix& B) {
  if (A.size() == 0 || B.size() == 0) return unknown;
  try {
    return principal_angles(A, B).mean();
  } catch (const NotConverged&) {
    return unknown;
  }
}

/// Over the points whose modes are known.
double mean_angle(const PointSet& set, const PointSet& other, const Match& match) {
  double sum = 0;
  Index known = 0;
  for (std::size_t p = 0; p < match.partner.size(); ++p) {
    const double one =
        angle(set.subspaces[p], other.subspaces[static_cast<std::size_t>(match.partner[p])]);
    if (std::isnan(one)) continue;
    sum += one;
    ++known;
  }
  return known > 0 ? sum / static_cast<double>(known) : unknown;
}

/// As many states of the trials as columns, at random.
Matrix random_states(const Matrix& states, Index count, RandomStream& stream) {
  Matrix drawn(states.rows(), count);
  for (Index k = 0; k < count; ++k) {
    drawn.col(k) =
        states.col(static_cast<Index>(stream.below(static_cast<std::uint64_t>(states.cols()))));
  }
  return drawn;
}

/// The mean angle between random subspaces of this dimension.
double chance_angle(Index n, Index dim, RandomStream& stream) {
  constexpr int draws = 100;
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    sum += angle(orthonormal_basis(cells::random_normal(n, dim, 1, stream)),
                 orthonormal_basis(cells::random_normal(n, dim, 1, stream)));
  }
  return sum / draws;
}

std::vector<PointSet> sets_of(const AnalysisContext& context, const VisitedPoints& points,
                              Index dim) {
  const auto driven = cells::driven_map(context.trained);
  std::vector<PointSet> sets;
  for (std::size_t i = 0; i < points.inputs.size(); ++i) {
    std::vector<Index> here;
    for (Index p = 0; p < points.count(); ++p) {
      if (points.input_index[static_cast<std::size_t>(p)] == static_cast<std::int64_t>(i)) {
        here.push_back(p);
      }
    }
    PointSet set{points.states(Eigen::all, here), {}};
    const FrozenMap map(*driven, points.inputs[i].input);
    for (Index p = 0; p < set.states.cols(); ++p) {
      const auto at =
          dynamics::linearize(map, set.states.col(p), context.trained.dt(), {.eigenvectors = true});
      set.subspaces.push_back(slow_subspace(at, dim));
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

/// The mean of the entries that are known, of rows other than their column.
double mean_between(const Matrix& values) {
  double sum = 0;
  Index known = 0;
  for (Index i = 0; i < values.rows(); ++i) {
    for (Index j = 0; j < values.cols(); ++j) {
      if (i == j || std::isnan(values(i, j))) continue;
      sum += values(i, j);
      ++known;
    }
  }
  return known > 0 ? sum / static_cast<double>(known) : unknown;
}

io::Dataset run(const AnalysisContext& context) {
  const VisitedPoints points = visited_points(context);
  io::Dataset result;
  if (!points.complete) return result;
  const Index n = points.states.rows(), dim = std::min(context.settings.integer("dim"), n);
  const std::vector<PointSet> sets = sets_of(context, points, dim);
  const auto I = static_cast<Index>(sets.size());
  Matrix distance = Matrix::Constant(I, I, unknown), chance = distance, angles = distance;
  RandomStream stream({context.seed, context.stream, Purpose::analysis_noise, 1});
  for (Index i = 0; i < I; ++i) {
    for (Index j = 0; j < I; ++j) {
      if (i == j) continue;
      const PointSet& a = sets[static_cast<std::size_t>(i)];
      const PointSet& b = sets[static_cast<std::size_t>(j)];
      const Match matched = match(a.states, b.states);
      distance(i, j) = matched.distance / points.scale;
      angles(i, j) = mean_angle(a, b, matched);
      const Matrix random = random_states(points.runs.states, b.states.cols(), stream);
      chance(i, j) = match(a.states, random).distance / points.scale;
    }
  }
  put_visited_points(result, points);
  result.arrays["distance"] = Array::matrix(distance);
  result.arrays["chance_distance"] = Array::matrix(chance);
  result.arrays["angle"] = Array::matrix(angles);
  const double by_chance = chance_angle(n, dim, stream);
  result.attributes["chance_angle"] = by_chance;
  result.attributes["scale"] = points.scale;
  result.attributes["dim"] = dim;
  if (I > 1 && points.count() > 1) {
    result.attributes["metrics"] = {{"point_distance", mean_between(distance)},
                                    {"chance_distance", mean_between(chance)},
                                    {"slow_angle", mean_between(angles)},
                                    {"chance_angle", by_chance}};
  }
  return result;
}

}  // namespace

AnalysisKind overlap_analysis() {
  return {"overlap",
          "how near the fixed and slow points at one steady input are to those at another, and "
          "their slow subspaces",
          visited_points_schema(
              {{"dim", std::int64_t{3}, "of the slow subspace of a point (our choice)", 1, 1e5}}),
          run};
}

}  // namespace nullcline::study
