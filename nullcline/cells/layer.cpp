// SPDX-License-Identifier: Apache-2.0
#include "nullcline/cells/layer.hpp"

#include <algorithm>
#include <cmath>

#include "nullcline/cells/staged_kernel.hpp"

namespace nullcline::cells {
namespace {

bool zero_diagonal(const Settings& settings) {
  return settings.values().contains("self_connections") && !settings.flag("self_connections");
}

std::string multiple(int blocks, const std::string& symbol) {
  if (blocks == 1) return symbol;
  std::string text = std::to_string(blocks);
  text += " ";
  return text += symbol;
}

/// The number of arrays that stand for one parameter.
std::size_t arrays_of(const LayerParameter& parameter, Structure structure) {
  const bool pair = structure == Structure::masked || structure == Structure::low_rank;
  return parameter.columns == Columns::recurrent && pair ? 2 : 1;
}

template <std::floating_point Real>
VectorX<Real> signs(const Connections& connections) {
  return dale_signs(connections.units, connections.excitatory).cast<Real>();
}

/// The matrix (G n, n) that a structure's arrays stand for.
template <std::floating_point Real>
MatrixX<Real> effective(const Connections& connections, int blocks, const MatrixX<Real>& first,
                        const MatrixX<Real>* second) {
  switch (connections.structure) {
    case Structure::masked:
      return first.cwiseProduct(second->replicate(blocks, 1));
    case Structure::low_rank:
      return first * second->transpose();
    case Structure::dale:
      return first.cwiseAbs() * signs<Real>(connections).asDiagonal();
    case Structure::dense:
      break;
  }
  return first;
}

/// Adds the gradients by the arrays from that by the matrix.
template <std::floating_point Real>
void effective_back(const Connections& connections, int blocks, const MatrixX<Real>& dW,
                    std::span<const MatrixX<Real>* const> values,
                    std::span<MatrixX<Real>* const> gradients) {
  MatrixX<Real>& first = *gradients[0];
  switch (connections.structure) {
    case Structure::masked:
      if (first.size() > 0) first += dW.cwiseProduct(values[1]->replicate(blocks, 1));
      return;
    case Structure::low_rank:
      if (first.size() > 0) first.noalias() += dW * *values[1];
      if (gradients[1]->size() > 0) gradients[1]->noalias() += dW.transpose() * *values[0];
      return;
    case Structure::dale:
      if (first.size() > 0) {
        first += dW.cwiseProduct(values[0]->cwiseSign()) * signs<Real>(connections).asDiagonal();
      }
      return;
    case Structure::dense:
      break;  // has no matrix of its own
  }
}

}  // namespace

Structure structure_of(const Settings& settings) {
  if (!settings.values().contains("structure")) return Structure::dense;
  const std::string& name = settings.text("structure");
  if (name == "sparse" || name == "blocks") return Structure::masked;
  if (name == "low_rank") return Structure::low_rank;
  return name == "dale" ? Structure::dale : Structure::dense;
}

Connections::Connections(const Settings& settings)
    : structure(structure_of(settings)),
      units(settings.integer("units")),
      zero_diagonal(structure != Structure::low_rank &&
                    ::nullcline::cells::zero_diagonal(settings)) {
  if (structure == Structure::dale) excitatory = settings.number("excitatory");
}

int LayerParameter::blocks() const {
  int last = 0;
  for (const Place& place : places) last = std::max(last, place.rows);
  return last + 1;
}

template <std::floating_point Real>
std::unique_ptr<Kernel<Real>> make_kernel(const Layer& layer, Index n, Index m) {
  const auto fast = [&] {
    if constexpr (std::same_as<Real, float>) {
      return layer.kernel_float ? layer.kernel_float(n, m) : nullptr;
    } else {
      return layer.kernel_double ? layer.kernel_double(n, m) : nullptr;
    }
  };
  if (auto kernel = fast()) return kernel;
  if constexpr (std::same_as<Real, float>) {
    return std::make_unique<StagedKernel<float>>(layer.step_float, n, m);
  } else {
    return std::make_unique<StagedKernel<double>>(layer.step_double, n, m);
  }
}

Vector dale_signs(Index n, double excitatory) {
  const auto positive = static_cast<Index>(std::lround(excitatory * static_cast<double>(n)));
  Vector s = Vector::Constant(n, -1);
  s.head(positive).setOnes();
  return s;
}

std::vector<ParameterShape> layer_parameters(const Layer& layer, const Settings& settings,
                                             const LayerNames& names, Index l, Index m) {
  const Index n = settings.integer("units");
  const Structure structure = structure_of(settings);
  std::vector<ParameterShape> shapes;
  const auto add = [&](const std::string& name, const Size& rows, const Size& cols,
                       const std::string& meaning, bool trained = true) {
    shapes.push_back({names(name, l), rows, cols, meaning, trained});
  };
  const Size one{1, "1"}, units{n, "n"};
  const Size inputs{m, l == 0 ? "m" : "n"};
  for (const LayerParameter& parameter : layer.parameters) {
    const Size rows{parameter.blocks() * n, multiple(parameter.blocks(), "n")};
    if (parameter.columns == Columns::bias) {
      add(parameter.name, rows, one, parameter.meaning);
    } else if (parameter.columns == Columns::input) {
      add(parameter.name, rows, inputs, parameter.meaning);
    } else if (structure == Structure::low_rank) {
      const Size rank{settings.integer("rank"), "rank"};
      add(parameter.name + "_left", rows, rank, parameter.meaning + " as left right': left");
      add(parameter.name + "_right", units, rank, "right");
    } else {
      add(parameter.name, rows, units, parameter.meaning);
      if (structure != Structure::masked) continue;
      add(parameter.name + "_mask", units, units, "1 where there are connections, else 0", false);
    }
  }
  return shapes;
}

template <std::floating_point Real>
void assemble(const Layer& layer, const Connections& connections, Index m,
              std::span<const MatrixX<Real>* const> values, std::vector<MatrixX<Real>>& M) {
  const Index n = connections.units;
  const StagedStep<double>& step = layer.step_double;
  const Index c = step.operand_dim(n);
  M.resize(step.stages.size());
  for (std::size_t k = 0; k < M.size(); ++k) {
    M[k].setZero(step.stages[k].blocks * n, step.matrix_cols(n, m));
  }
  std::size_t a = 0;
  for (const LayerParameter& parameter : layer.parameters) {
    const bool recurrent = parameter.columns == Columns::recurrent;
    const std::size_t arrays = arrays_of(parameter, connections.structure);
    MatrixX<Real> made;
    if (recurrent && connections.structure != Structure::dense) {
      made = effective<Real>(connections, parameter.blocks(), *values[a],
                             arrays == 2 ? values[a + 1] : nullptr);
    }
    const MatrixX<Real>& source = made.size() > 0 ? made : *values[a];
    const Index first = recurrent ? 0 : parameter.columns == Columns::input ? c : c + m;
    for (const Place& place : parameter.places) {
      M[static_cast<std::size_t>(place.stage)].block(place.block * n, first, n, source.cols()) +=
          source.middleRows(place.rows * n, n);
    }
    a += arrays;
  }
  for (const BiasConstant& constant : layer.constants) {
    M[static_cast<std::size_t>(constant.stage)].col(c + m).segment(constant.block * n, n).array() +=
        static_cast<Real>(constant.value);
  }
}

template <std::floating_point Real>
void disassemble(const Layer& layer, const Connections& connections,
                 std::span<const MatrixX<Real>* const> values, std::vector<MatrixX<Real>>& dM,
                 std::span<MatrixX<Real>* const> gradients) {
  const Index n = connections.units;
  const Index c = layer.step_double.operand_dim(n), m = dM[0].cols() - c - 1;
  std::size_t a = 0;
  for (const LayerParameter& parameter : layer.parameters) {
    const bool recurrent = parameter.columns == Columns::recurrent;
    const Index first = recurrent ? 0 : parameter.columns == Columns::input ? c : c + m;
    const Index cols = recurrent ? c : parameter.columns == Columns::input ? m : 1;
    const auto part = [&](const Place& place) {
      return dM[static_cast<std::size_t>(place.stage)].block(place.block * n, first, n, cols);
    };
    if (recurrent && connections.zero_diagonal) {
      for (const Place& place : parameter.places) part(place).diagonal().setZero();
    }
    if (recurrent && connections.structure != Structure::dense) {
      MatrixX<Real> dW = MatrixX<Real>::Zero(parameter.blocks() * n, cols);
      for (const Place& place : parameter.places) {
        dW.middleRows(place.rows * n, n) += part(place);
      }
      effective_back<Real>(connections, parameter.blocks(), dW, values.subspan(a),
                           gradients.subspan(a));
    } else if (gradients[a]->size() > 0) {
      for (const Place& place : parameter.places) {
        gradients[a]->middleRows(place.rows * n, n) += part(place);
      }
    }
    a += arrays_of(parameter, connections.structure);
  }
}

template std::unique_ptr<Kernel<float>> make_kernel(const Layer&, Index, Index);
template std::unique_ptr<Kernel<double>> make_kernel(const Layer&, Index, Index);
template void assemble(const Layer&, const Connections&, Index,
                       std::span<const MatrixX<float>* const>, std::vector<MatrixX<float>>&);
template void assemble(const Layer&, const Connections&, Index, std::span<const Matrix* const>,
                       std::vector<Matrix>&);
template void disassemble(const Layer&, const Connections&, std::span<const MatrixX<float>* const>,
                          std::vector<MatrixX<float>>&, std::span<MatrixX<float>* const>);
template void disassemble(const Layer&, const Connections&, std::span<const Matrix* const>,
                          std::vector<Matrix>&, std::span<Matrix* const>);

}  // namespace nullcline::cells
