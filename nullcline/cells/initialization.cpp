// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/initialization.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "nullcline/cells/common_settings.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"

namespace nullcline::cells {
namespace {

double root(Index k) { return std::sqrt(static_cast<double>(std::max<Index>(k, 1))); }

/// The widths of the streams in which the m inputs come: one, or as the setting says.
std::vector<Index> input_streams(const Settings& settings, Index m) {
  const auto& given = settings.numbers("input_streams");
  if (given.empty()) return {m};
  std::vector<Index> widths;
  for (const double width : given) widths.push_back(std::lround(width));
  const Index all = std::accumulate(widths.begin(), widths.end(), Index{0});
  if (all != m) {
    throw Error("", "input_streams", "streams of " + std::to_string(all) + " inputs together",
                std::to_string(m));
  }
  return widths;
}

Matrix random_uniform(Index rows, Index cols, double bound, RandomStream& stream) {
  Matrix A(rows, cols);
  for (double& entry : A.reshaped()) entry = bound * (2 * stream.uniform() - 1);
  return A;
}

/// Orthonormal columns, or rows where there are more columns than rows.
Matrix random_orthogonal(Index rows, Index cols, RandomStream& stream) {
  const bool wide = cols > rows;
  const Matrix A = random_normal(std::max(rows, cols), std::min(rows, cols), 1, stream);
  const Matrix Q = orthonormal_basis(A);
  return wide ? Matrix(Q.transpose()) : Q;
}

struct Draw {
  const LayeredShape& shape;
  std::string init;
  double gain;
  RandomStream& stream;

  Matrix recurrent_block() const {
    const Index n = shape.units;
    if (init == "pytorch") return random_uniform(n, n, gain / root(n), stream);
    if (init == "orthogonal") return gain * random_orthogonal(n, n, stream);
    if (init == "identity") return gain * Matrix::Identity(n, n);
    return random_normal(n, n, recurrent_sd(), stream);
  }

  double recurrent_sd() const {
    return shape.scales ? shape.scales->recurrent : gain / root(shape.units);
  }

  /// One matrix after the other, (G n, n).
  Matrix recurrent(int blocks) const {
    const Index n = shape.units;
    Matrix W(blocks * n, n);
    for (int g = 0; g < blocks; ++g) W.middleRows(g * n, n) = recurrent_block();
    if (flag_or(shape.settings, "self_connections", true)) return W;
    for (int g = 0; g < blocks; ++g) W.middleRows(g * n, n).diagonal().setZero();
    return W;
  }

  void add_recurrent(const LayerParameter& parameter, Index l,
                     std::map<std::string, Matrix>& all) const {
    const Index n = shape.units;
    const Settings& settings = shape.settings;
    const int G = parameter.blocks();
    const auto name = [&](const char* part) { return shape.names(parameter.name + part, l); };
    switch (structure_of(settings)) {
      case Structure::low_rank: {
        const Index rank = settings.integer("rank");
        const double sd = std::sqrt(recurrent_sd() / root(rank));
        all[name("_left")] = random_normal(G * n, rank, sd, stream);
        all[name("_right")] = random_normal(n, rank, sd, stream);
        return;
      }
      case Structure::masked: {
        const Matrix mask = random_mask(settings, stream);
        const double share = std::max(mask.mean(), 1 / static_cast<double>(n));
        all[name("")] = recurrent(G).cwiseProduct(mask.replicate(G, 1)) / std::sqrt(share);
        all[name("_mask")] = mask;
        return;
      }
      case Structure::dale: {
        const double share = settings.number("excitatory");
        const double inhibition = share < 1 ? std::max(share, 1e-3) / (1 - share) : 1;
        Matrix V = recurrent(G).cwiseAbs();
        const Vector s = dale_signs(n, share);
        for (Index j = 0; j < n; ++j) {
          if (s(j) < 0) V.col(j) *= inhibition;
        }
        all[name("")] = V;
        return;
      }
      case Structure::dense:
        all[name("")] = recurrent(G);
    }
  }

  Matrix input(Index rows, Index m, Index l) const {
    if (shape.scales) return random_normal(rows, m, shape.scales->input, stream);
    if (init == "pytorch") return random_uniform(rows, m, pytorch_bound(m), stream);
    if (init == "renn") return random_normal(rows, m, 1 / root(shape.units), stream);
    Matrix B = random_normal(rows, m, 1, stream);
    Index first = 0;
    for (const Index width : l == 0 ? input_streams(shape.settings, m) : std::vector{m}) {
      B.middleCols(first, width) *= 1 / root(width);
      first += width;
    }
    return B;
  }

  Matrix bias(Index rows, Index m) const {
    if (shape.scales) return random_normal(rows, 1, shape.scales->bias, stream);
    if (init == "pytorch") return random_uniform(rows, 1, pytorch_bound(m), stream);
    return Matrix::Zero(rows, 1);
  }

  /// nn.RNN counts units, nn.Linear what comes in.
  double pytorch_bound(Index m) const {
    return 1 / root(shape.layer.step_double.recurrent ? shape.units : m);
  }

  Matrix embedding() const {
    const Index V = shape.vocabulary, e = shape.settings.integer("embedding_size");
    if (init == "renn") return random_orthogonal(V, e, stream);
    return random_normal(V, e, 1, stream);
  }

  void add_readout(Index n_out, std::map<std::string, Matrix>& all) const {
    const Index F = shape.layer_features;
    if (init == "pytorch") {
      all["readout"] = random_uniform(n_out, F, 1 / root(F), stream);
      all["readout_bias"] = random_uniform(n_out, 1, 1 / root(F), stream);
    } else if (init == "renn") {
      all["readout"] = random_normal(n_out, F, std::sqrt(2.0) / root(F + n_out), stream);
      all["readout_bias"] = random_normal(n_out, 1, 0.01, stream);
    } else {
      const double sd = shape.scales ? shape.scales->readout : 1 / root(F);
      all["readout"] = random_normal(n_out, F, sd, stream);
      all["readout_bias"] = Matrix::Zero(n_out, 1);
    }
  }
};

}  // namespace

const std::vector<std::string>& initialization_names() {
  static const std::vector<std::string> names = {"pytorch", "renn", "fan_in", "orthogonal",
                                                 "identity"};
  return names;
}

std::string initialization_text() {
  return "pytorch, U(-1, 1) / sqrt(n); renn, input and recurrent N(0, 1/n), biases 0; fan_in, "
         "recurrent N(0, 1/n), input N(0, 1/m), biases 0; orthogonal and identity, recurrent "
         "weights, the rest as fan_in";
}

Matrix random_normal(Index rows, Index cols, double sd, RandomStream& stream) {
  Matrix A(rows, cols);
  stream.fill_normal(std::span<double>(A.data(), static_cast<std::size_t>(A.size())), sd);
  return A;
}

Matrix random_mask(const Settings& settings, RandomStream& stream) {
  const Index n = settings.integer("units");
  const bool blocks = settings.text("structure") == "blocks";
  const Index count = blocks ? settings.integer("blocks") : n + 1;
  const double density = settings.number("density");
  const bool diagonal = flag_or(settings, "self_connections", true);
  Matrix mask(n, n);
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      const bool within = blocks && i * count / n == j * count / n;
      const bool connected = stream.uniform() < density || within;
      mask(i, j) = connected && (diagonal || i != j) ? 1 : 0;
    }
  }
  return mask;
}

std::map<std::string, Matrix> random_parameters(const LayeredShape& shape, Index n_in, Index n_out,
                                                RandomStream& stream) {
  const Draw draw{shape, shape.settings.text("init"), shape.settings.number("gain"), stream};
  std::map<std::string, Matrix> all;
  if (shape.vocabulary > 0) all["embedding"] = draw.embedding();
  for (Index l = 0; l < shape.layers; ++l) {
    const Index m = shape.layer_input(l, n_in);
    for (const LayerParameter& parameter : shape.layer.parameters) {
      const Index rows = parameter.blocks() * shape.units;
      if (parameter.columns == Columns::recurrent) {
        draw.add_recurrent(parameter, l, all);
      } else {
        all[shape.names(parameter.name, l)] =
            parameter.columns == Columns::input ? draw.input(rows, m, l) : draw.bias(rows, m);
      }
    }
  }
  if (shape.trained_start) {
    const bool random = draw.init != "pytorch" && draw.init != "renn";
    all["initial_state"] = random ? random_normal(shape.state_dim(), 1, 0.1, stream)
                                  : Matrix::Zero(shape.state_dim(), 1);
  }
  draw.add_readout(n_out, all);
  return all;
}

}  // namespace nullcline::cells
