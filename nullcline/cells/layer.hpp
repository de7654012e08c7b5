// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nullcline/cells/kernel.hpp"
#include "nullcline/cells/parameter_shape.hpp"
#include "nullcline/cells/staged.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/core/tangent_orbits.hpp"

namespace nullcline::cells {

/// The columns of M_k = [recurrent, input, bias], of widths c, m and 1.
enum class Columns { recurrent, input, bias };

/// Where a block of n rows of a parameter is added into a stage's matrix.
struct Place {
  int rows;   ///< The parameter's rows rows n .. (rows + 1) n - 1
  int stage;  ///< go into M_stage
  int block;  ///< at rows block n .. (block + 1) n - 1.
};

/// A parameter of a layer: (G n, n), (G n, m) or (G n, 1), G the number of its row blocks.
struct LayerParameter {
  std::string name;  ///< Without the number of the layer.
  Columns columns;
  std::string meaning;
  std::vector<Place> places;
  std::vector<std::string> gates = {};  ///< Names of its blocks, as in the equation of the kind.

  int blocks() const;  ///< G
};

/// Added to the bias column of a block, such as the forget bias of an LSTM.
struct BiasConstant {
  int stage, block;
  double value;
};

template <std::floating_point Real>
using KernelMaker = std::function<std::unique_ptr<Kernel<Real>>(Index n, Index m)>;

using TangentMaker = std::function<std::unique_ptr<TangentOrbits>(
    const Matrix& M, const TangentColumns& columns, Precision precision)>;

/// One recurrent layer of a kind: its step, and how the matrices of its stages are put together.
struct Layer {
  std::vector<LayerParameter> parameters;
  std::vector<BiasConstant> constants;
  StagedStep<float> step_float;
  StagedStep<double> step_double;

  /// A kernel written by hand to be used instead of StagedKernel, for the same matrices; empty, or
  /// returns null, where there is none.
  KernelMaker<float> kernel_float = {};
  KernelMaker<double> kernel_double = {};

  /// A step of states with their derivatives written by hand, from M_0; or none.
  TangentMaker tangents = {};

  /// dx/dt as a step of one stage with the matrix M_0, where the layer is a stepped flow.
  std::optional<StagedStep<double>> flow = {};
};

template <class Rule>
Layer make_layer(const Rule& rule, std::vector<LayerParameter> parameters,
                 std::vector<BiasConstant> constants = {}) {
  return {std::move(parameters), std::move(constants), staged_step<float>(rule),
          staged_step<double>(rule)};
}

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> make_kernel(const Layer& layer, Index n, Index m);

/// The recurrent weights of each block that a setting `structure` stands for, from parameters:
///
///     dense           W
///     sparse, blocks  W * mask, entry by entry; mask (n, n), 0 or 1, is not trained
///     low_rank        left right', left (G n, rank), right (n, rank)
///     dale            |W| diag(s): unit j < excitatory n has s_j = 1, the others -1
///
/// and a diagonal without gradient where the setting `self_connections` is there and false (but in
/// low_rank, where the diagonal follows from the rest).
enum class Structure { dense, masked, low_rank, dale };
Structure structure_of(const Settings& settings);  ///< Dense where there is no such setting.

/// What the settings say of the recurrent weights, read once.
struct Connections {
  explicit Connections(const Settings& settings);
  Structure structure;
  Index units;
  bool zero_diagonal;
  double excitatory = 1;
};

/// The names of a layer's parameters end in "_l0", "_l1", ... as PyTorch's do; plain ones only from
/// the second layer on.
struct LayerNames {
  bool plain = false;
  std::string operator()(const std::string& base, Index layer) const {
    if (plain && layer == 0) return base;
    return base + "_l" + std::to_string(layer);
  }
};

/// The signs s of Dale's law.
Vector dale_signs(Index n, double excitatory);

/// The parameters of layer `l` with m inputs.
std::vector<ParameterShape> layer_parameters(const Layer& layer, const Settings& settings,
                                             const LayerNames& names, Index l, Index m);

/// M_k from the values of `layer_parameters`, in their order. Dense weights allocate nothing once M
/// has its shapes; nor does `disassemble`.
template <std::floating_point Real>
void assemble(const Layer& layer, const Connections& connections, Index m,
              std::span<const MatrixX<Real>* const> values, std::vector<MatrixX<Real>>& M);

/// Adds the gradients by the values from those by the M_k, whose diagonals it clears where they
/// have no gradient; an empty matrix is left out.
template <std::floating_point Real>
void disassemble(const Layer& layer, const Connections& connections,
                 std::span<const MatrixX<Real>* const> values, std::vector<MatrixX<Real>>& dM,
                 std::span<MatrixX<Real>* const> gradients);

}  // namespace nullcline::cells
