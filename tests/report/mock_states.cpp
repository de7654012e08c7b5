// SPDX-License-Identifier: Apache-2.0
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <utility>

#include "mock_results.hpp"

namespace nullcline::report::mock {

namespace {

Array trajectories(const Task& task, double gain, RandomStream& random) {
  std::vector<double> data;
  for (Index c = 0; c < static_cast<Index>(task.conditions.size()); ++c) {
    Vector x = 0.2 * Vector::NullaryExpr(3, [&] { return random.normal(); }), v = Vector::Zero(3);
    for (Index t = 0; t < steps; ++t) {
      const Vector pull = gain * rest(task.input(c, static_cast<double>(t) / steps)) - x;
      v += 0.02 * pull - 0.12 * v;
      v(0) += 0.006 * pull(2);
      v(2) -= 0.006 * pull(0);
      x += v;
      data.insert(data.end(), x.begin(), x.end());
    }
  }
  return {{static_cast<Index>(task.conditions.size()), steps, 3}, data};
}

Array grid(double gain, RandomStream& random) {
  std::vector<double> data;
  for (int i = 0; i < 11; ++i) {
    for (int j = 0; j < 11; ++j) {
      Vector x = gain * rest({0.2 + 0.06 * i, 0.2 + 0.06 * j});
      x(0) += 0.3 * std::sin(0.5 * j) + 0.01 * random.normal();
      data.insert(data.end(), x.begin(), x.end());
    }
  }
  return {{11, 11, 3}, data};
}

}  // namespace

Dataset latent(const Task& task, bool is_dca, RandomStream& random) {
  Dataset result;
  for (const auto& [stage, gain] : {std::pair("trained", 1.0), std::pair("untrained", 0.4)}) {
    const std::string prefix = std::string(stage) + "_";
    const Matrix raw =
        Matrix::NullaryExpr(task.units, 3, [&](Index, Index) { return random.normal(); });
    const Matrix basis =
        Eigen::HouseholderQR<Matrix>(raw).householderQ() * Matrix::Identity(task.units, 3);
    result.arrays[prefix + "basis"] = Array::matrix(basis);
    result.arrays[prefix + "mean"] = fill({task.units}, [&] { return 0.1 * random.uniform(); });
    result.arrays[prefix + "trajectories"] = trajectories(task, gain, random);
    if (is_dca) {
      result.arrays[prefix + "starts"] = fill({10}, [&] { return 3 + 0.2 * random.uniform(); });
      result.attributes[prefix + "predictive_information"] = 3 * gain + random.uniform();
      result.arrays[prefix + "curve_dims"] = list({gain, 1.8 * gain, 2.4 * gain, 2.7 * gain});
      result.arrays[prefix + "curve_window"] = list({1, 2, 5, 10});
      result.arrays[prefix + "curve_windows"] =
          list({2 * gain, 2.2 * gain, 2.4 * gain, 2.5 * gain});
    } else {
      result.arrays[prefix + "variance"] = list({0.61, 0.24, 0.08, 0.03, 0.01});
    }
    if (task.inputs == 2) {
      result.arrays[prefix + "grid"] = grid(gain, random);
      const std::vector<double> levels{0.2,  0.26, 0.32, 0.38, 0.44, 0.5,
                                       0.56, 0.62, 0.68, 0.74, 0.8};
      result.arrays["grid_levels1"] = result.arrays["grid_levels2"] = list(levels);
    }
  }
  if (is_dca) result.attributes.update({{"window", 5}, {"dim", 3}});
  return result;
}

Dataset subspaces(const Task& task, RandomStream& random) {
  constexpr Index D = 3;
  const auto angles = [&](Index cols, double first) {
    std::vector<double> data;
    for (Index d = 0; d < D; ++d) {
      for (Index k = 0; k < cols; ++k) {
        const double angle = first - 0.1 * static_cast<double>(d - k) - 0.1 * random.uniform();
        data.push_back(k <= d ? std::min(angle, 1.57) : std::nan(""));
      }
    }
    return Array{{D, cols}, data};
  };
  Dataset result;
  for (const char* name :
       {"training_dca", "training_pca", "trained_conditions", "untrained_conditions"}) {
    result.arrays[name] = angles(D, 1.3);
  }
  for (const auto& [name, first] : {std::pair("low", 1.3), {"median", 1.4}, {"high", 1.5}}) {
    result.arrays[std::string("random_") + name] = angles(D, first);
    result.arrays[std::string("random_readout_") + name] = angles(1, first);
  }
  result.attributes = {{"dims", D}, {"window", 5}, {"transient", 0.05}};
  for (const std::string stage : {"trained", "untrained"}) {
    result.arrays[stage + "_readout_dca"] = angles(1, 1.4);
    result.arrays[stage + "_readout_pca"] = angles(1, 1.2);
    for (const char* space : {"units", "dca"}) {
      for (const char* kind : {"onset_to_line", "onset_to_plane", "switch_to_line"}) {
        result.attributes["transients"][stage][space][kind] = 1.5 * random.uniform();
      }
      if (task.inputs != 2) continue;
      result.attributes["layers"][stage][space] = {
          {"ratio", 4.0}, {"gap", random.uniform()}, {"silhouette", 0.5 * random.uniform()}};
      std::vector<double> along;
      for (int i = 0; i < 25; ++i) along.push_back((i / 5 > i % 5) - (i / 5 < i % 5));
      result.arrays[stage + "_layers_" + space] = {{5, 5}, along};
      result.arrays["grid_levels1"] = result.arrays["grid_levels2"] = list({0, 1, 2, 3, 4});
    }
  }
  return result;
}

}  // namespace nullcline::report::mock
