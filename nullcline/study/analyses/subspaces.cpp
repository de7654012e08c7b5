// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/representation/dca.hpp"
#include "nullcline/representation/pca.hpp"
#include "nullcline/representation/random_angles.hpp"
#include "nullcline/study/analyses/rest_layout.hpp"
#include "nullcline/study/analyses/trajectories.hpp"

namespace nullcline::study {
namespace {

namespace rp = representation;

constexpr Index shown_dim = 3;  // of the space of dynamical components that layouts are seen in
const char* const stages[] = {"trained", "untrained"};

/// Bases of dimension 1, 2, ..; where there is none, an empty matrix.
using Subspaces = std::vector<Matrix>;

Subspaces dca_subspaces(const std::vector<Matrix>& trials, const AnalysisContext& context) {
  const Index window = context.settings.integer("window");
  const auto covariances = rp::cross_covariances(trials, {.count = 2 * window});
  Subspaces found;
  for (Index d = 1; d <= std::min(context.settings.integer("dims"), covariances.dim()); ++d) {
    const rp::DcaOptions options = {
        .dim = d,
        .window = window,
        .starts = context.settings.integer("starts"),
        .seed = context.seed ^ context.stream,
        .ridge = context.settings.number("ridge"),
    };
    found.push_back(rp::dca(covariances, options).projection);
  }
  return found;
}

/// Leading principal components, each subspace within the next.
Subspaces pca_subspaces(const std::vector<Matrix>& trials, Index dims) {
  const Matrix basis = rp::pca(trials).basis;
  Subspaces found;
  for (Index d = 1; d <= std::min(dims, basis.cols()); ++d) found.push_back(basis.leftCols(d));
  return found;
}

/// Row d - 1: the principal angles of A[d - 1] and B[d - 1], radians, ascending, then NaN to
/// `cols`.
Array angle_table(const Subspaces& A, const Subspaces& B, Index cols) {
  const auto rows = static_cast<Index>(A.size());
  Matrix table = Matrix::Constant(rows, cols, std::numeric_limits<double>::quiet_NaN());
  for (Index i = 0; i < rows; ++i) {
    const Matrix &a = A[static_cast<std::size_t>(i)], &b = B[static_cast<std::size_t>(i)];
    if (a.size() == 0 || b.size() == 0) continue;
    const Vector angles = principal_angles(a, b);
    table.row(i).head(angles.size()) = angles.transpose();
  }
  return Array::matrix(table);
}

/// Quantiles of the angles of random subspaces: d-dimensional ones to one another, or, where
/// `other` > 0, to others of that dimension.
void put_random(io::Dataset& result, const std::string& prefix, Index n, Index dims, Index other,
                Index draws) {
  const Vector probabilities{{0.05, 0.5, 0.95}};
  const char* const names[] = {"low", "median", "high"};
  const Index cols = other > 0 ? other : dims;
  Matrix tables[3];
  for (Matrix& table : tables) {
    table = Matrix::Constant(dims, cols, std::numeric_limits<double>::quiet_NaN());
  }
  for (Index d = 1; d <= dims; ++d) {
    const auto random = rp::random_principal_angles(
        n, d, other > 0 ? other : d, {.draws = draws, .probabilities = probabilities});
    for (Index i = 0; i < 3; ++i) {
      tables[i].row(d - 1).head(random.mean.size()) = random.quantiles.col(i).transpose();
    }
  }
  for (Index i = 0; i < 3; ++i) {
    result.arrays[prefix + "_" + names[i]] = Array::matrix(tables[i]);
  }
}

bool is_constant(In<Matrix> inputs) { return (inputs.colwise() - inputs.col(0)).isZero(0); }

/// The first two conditions of a constant input; fewer where the task has fewer.
std::vector<Index> steady_conditions(const tasks::Task& task) {
  std::vector<Index> found;
  const auto conditions = task.conditions();
  for (std::size_t c = 0; c < conditions.size() && found.size() < 2; ++c) {
    if (is_constant(conditions[c].inputs)) found.push_back(static_cast<Index>(c));
  }
  return found;
}

std::vector<Matrix> trials_of(const Trajectories& runs, Index condition) {
  std::vector<Matrix> trials;
  for (Index r = 0; r < runs.repeats; ++r)
    trials.push_back(runs.trial(condition * runs.repeats + r));
  return trials;
}

/// Those that are defined.
io::Json in_numbers(const TransientAngles& angles) {
  io::Json numbers = io::Json::object();
  const auto put = [&](const char* name, double angle) {
    if (!std::isnan(angle)) numbers[name] = angle;
  };
  put("onset_to_line", angles.onset_to_line);
  put("onset_to_plane", angles.onset_to_plane);
  put("switch_to_line", angles.switch_to_line);
  return numbers;
}

/// Transients and fixed points, in the space of the units and in that of `shown`.
void put_transients(io::Dataset& result, const std::string& stage, const AnalysisContext& context,
                    const cells::Network& network, In<Matrix> shown) {
  const double seconds = context.settings.number("transient");
  const auto steps = std::max<Index>(1, std::llround(seconds / network.dt()));
  const auto layout = rest_layout(context, network, steps);
  if (!layout) return;
  io::Json& angles = result.attributes["transients"][stage];
  if (layout->moduli.allFinite()) angles["largest_modulus"] = layout->moduli.maxCoeff();
  angles["units"] = in_numbers(transient_angles(*layout));
  if (shown.size() > 0) angles["dca"] = in_numbers(transient_angles(projected(*layout, shown)));
}

/// Of a grid of pairs of inputs, whether the states for input 1 > input 2 and those for input 1 <
/// input 2 are layers.
void put_layers(io::Dataset& result, const std::string& stage, const AnalysisContext& context,
                const cells::Network& network, In<Matrix> shown) {
  const tasks::InputGrid grid = context.task.grid();
  const Index G1 = grid.levels1.size(), G2 = grid.levels2.size();
  if (G1 == 0 || shown.size() == 0) return;
  std::vector<int> labels;
  for (const double first : grid.levels1) {
    for (const double second : grid.levels2) labels.push_back((first > second) - (first < second));
  }
  const Matrix states = grid_states(context, network, context.settings.integer("rest_trials"));
  const auto put = [&](const std::string& space, In<Matrix> points) {
    const LayerSeparation layers = layer_separation(points, labels);
    result.attributes["layers"][stage][space] = {
        {"ratio", layers.ratio}, {"gap", layers.gap}, {"silhouette", layers.silhouette}};
    result.arrays[stage + "_layers_" + space] =
        Array::matrix(layers.along.reshaped(G2, G1).transpose());
  };
  result.arrays["grid_levels1"] = Array::vector(grid.levels1);
  result.arrays["grid_levels2"] = Array::vector(grid.levels2);
  put("units", states);
  put("dca", shown.transpose() * states);
}

io::Dataset run(const AnalysisContext& context) {
  const Index dims = std::min(context.settings.integer("dims"), context.trained.state_dim());
  const std::vector<Index> steady = steady_conditions(context.task);
  io::Dataset result;
  std::map<std::string, Subspaces> dca, pca;
  double done = 0;
  for (const std::string stage : stages) {
    const cells::Network& network = stage == "trained" ? context.trained : context.untrained;
    const Trajectories runs =
        noisy_trajectories(context, network, context.settings.integer("trials"));
    const auto trials = runs.all_trials();
    dca[stage] = dca_subspaces(trials, context);
    pca[stage] = pca_subspaces(trials, dims);
    if (steady.size() == 2) {
      result.arrays[stage + "_conditions"] =
          angle_table(dca_subspaces(trials_of(runs, steady[0]), context),
                      dca_subspaces(trials_of(runs, steady[1]), context), dims);
    }
    const Matrix shown =
        dims >= shown_dim ? dca[stage][static_cast<std::size_t>(shown_dim - 1)] : Matrix();
    put_transients(result, stage, context, network, shown);
    put_layers(result, stage, context, network, shown);
    done += 0.45;
    if (context.progress && !context.progress(done)) return result;
  }
  const Index n_out = context.trained.output_dim();
  const auto readout = [&](const cells::Network& network) {
    const Matrix D = network.parameter("readout").transpose();
    return Subspaces(static_cast<std::size_t>(dims), D);
  };
  for (const std::string stage : stages) {
    const cells::Network& network = stage == "trained" ? context.trained : context.untrained;
    result.arrays[stage + "_readout_dca"] = angle_table(dca[stage], readout(network), n_out);
    result.arrays[stage + "_readout_pca"] = angle_table(pca[stage], readout(network), n_out);
  }
  result.arrays["training_dca"] = angle_table(dca["untrained"], dca["trained"], dims);
  result.arrays["training_pca"] = angle_table(pca["untrained"], pca["trained"], dims);
  const Index draws = context.settings.integer("draws"), n = context.trained.state_dim();
  put_random(result, "random", n, dims, 0, draws);
  put_random(result, "random_readout", n, dims, n_out, draws);
  result.attributes["dims"] = dims;
  result.attributes["window"] = context.settings.integer("window");
  result.attributes["transient"] = context.settings.number("transient");
  for (const Index c : steady) {
    result.attributes["steady_conditions"].push_back(
        context.task.conditions()[static_cast<std::size_t>(c)].name);
  }
  return result;
}

}  // namespace

AnalysisKind subspaces_analysis() {
  return {
      "subspaces",
      "principal angles of DCA and PCA subspaces: before and after training, between two constant "
      "inputs, to the readout; of transients to the fixed points; layers of the states of rest",
      {{"trials", std::int64_t{16}, "noisy trials of each condition", 1, 1e5},
       {"dims", std::int64_t{3}, "subspaces of 1, 2, .. to so many dimensions", 1, 100},
       {"window", std::int64_t{5}, "T of DCA, steps of past and of future (our choice)", 1, 1000},
       {"starts", std::int64_t{2}, "random starts of DCA, besides two deterministic ones", 0,
        10'000},
       {"ridge", 1e-3, "of DCA, as in the analysis dca (our choice)", 0, 1},
       {"draws", std::int64_t{400}, "random subspaces that angles are compared with", 1, 1e6},
       {"transient", 0.05, "s, of the first transient after onset and switches (our choice)", 1e-6,
        1e6},
       {"rest_trials", std::int64_t{3}, "trial durations until the states of a grid are at rest", 1,
        1000}},
      run};
}

}  // namespace nullcline::study
