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
VectorX<Real> signs(Index n, const Settings& settings) {
  return dale_signs(n, settings.number("excitatory")).cast<Real>();
}

/// The matrix (G n, n) that a structure's arrays stand for.
template <std::floating_point Real>
MatrixX<Real> effective(Structure structure, const Settings& settings, int blocks,
                        const MatrixX<Real>& first, const MatrixX<Real>* second) {
  switch (structure) {
    case Structure::masked:
      return first.cwiseProduct(second->replicate(blocks, 1));
    case Structure::low_rank:
      return first * second->transpose();
    case Structure::dale:
      return first.cwiseAbs() * signs<Real>(first.cols(), settings).asDiagonal();
    case Structure::dense:
      break;
  }
  return first;
}

/// Adds the gradients by the arrays from that by the matrix.
template <std::floating_point Real>
void effective_back(Structure structure, const Settings& settings, int blocks,
                    const MatrixX<Real>& dW, const std::vector<const MatrixX<Real>*>& values,
                    std::size_t a, const std::vector<MatrixX<Real>*>& gradients) {
  MatrixX<Real>& first = *gradients[a];
  switch (structure) {
    case Structure::masked:
      if (first.size() > 0) first += dW.cwiseProduct(values[a + 1]->replicate(blocks, 1));
      return;
    case Structure::low_rank:
      if (first.size() > 0) first.noalias() += dW * *values[a + 1];
      if (gradients[a + 1]->size() > 0) {
        gradients[a + 1]->noalias() += dW.transpose() * *values[a];
      }
      return;
    case Structure::dale:
      if (first.size() > 0) {
        first +=
            dW.cwiseProduct(values[a]->cwiseSign()) * signs<Real>(dW.cols(), settings).asDiagonal();
      }
      return;
    case Structure::dense:
      if (first.size() > 0) first += dW;
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
std::vector<MatrixX<Real>> assemble(const Layer& layer, const Settings& settings, Index m,
                                    const std::vector<const MatrixX<Real>*>& values) {
  const Index n = settings.integer("units");
  const Structure structure = structure_of(settings);
  const StagedStep<double>& step = layer.step_double;
  const Index c = step.operand_dim(n);
  std::vector<MatrixX<Real>> M;
  for (const auto& stage : step.stages) {
    M.push_back(MatrixX<Real>::Zero(stage.blocks * n, step.matrix_cols(n, m)));
  }
  std::size_t a = 0;
  for (const LayerParameter& parameter : layer.parameters) {
    const bool recurrent = parameter.columns == Columns::recurrent;
    const std::size_t arrays = arrays_of(parameter, structure);
    MatrixX<Real> made;
    if (recurrent && structure != Structure::dense) {
      made = effective<Real>(structure, settings, parameter.blocks(), *values[a],
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
  return M;
}

template <std::floating_point Real>
void disassemble(const Layer& layer, const Settings& settings,
                 const std::vector<const MatrixX<Real>*>& values,
                 const std::vector<MatrixX<Real>>& dM,
                 const std::vector<MatrixX<Real>*>& gradients) {
  const Index n = settings.integer("units");
  const Structure structure = structure_of(settings);
  const Index c = layer.step_double.operand_dim(n), m = dM[0].cols() - c - 1;
  std::size_t a = 0;
  for (const LayerParameter& parameter : layer.parameters) {
    const bool recurrent = parameter.columns == Columns::recurrent;
    const Index first = recurrent ? 0 : parameter.columns == Columns::input ? c : c + m;
    const Index cols = recurrent ? c : parameter.columns == Columns::input ? m : 1;
    MatrixX<Real> gradient = MatrixX<Real>::Zero(parameter.blocks() * n, cols);
    for (const Place& place : parameter.places) {
      gradient.middleRows(place.rows * n, n) +=
          dM[static_cast<std::size_t>(place.stage)].block(place.block * n, first, n, cols);
    }
    if (recurrent && structure != Structure::low_rank && zero_diagonal(settings)) {
      for (int g = 0; g < parameter.blocks(); ++g) {
        gradient.middleRows(g * n, n).diagonal().setZero();
      }
    }
    effective_back<Real>(recurrent ? structure : Structure::dense, settings, parameter.blocks(),
                         gradient, values, a, gradients);
    a += arrays_of(parameter, structure);
  }
}

template std::unique_ptr<Kernel<float>> make_kernel(const Layer&, Index, Index);
template std::unique_ptr<Kernel<double>> make_kernel(const Layer&, Index, Index);
template std::vector<MatrixX<float>> assemble(const Layer&, const Settings&, Index,
                                              const std::vector<const MatrixX<float>*>&);
template std::vector<Matrix> assemble(const Layer&, const Settings&, Index,
                                      const std::vector<const Matrix*>&);
template void disassemble(const Layer&, const Settings&, const std::vector<const MatrixX<float>*>&,
                          const std::vector<MatrixX<float>>&, const std::vector<MatrixX<float>*>&);
template void disassemble(const Layer&, const Settings&, const std::vector<const Matrix*>&,
                          const std::vector<Matrix>&, const std::vector<Matrix*>&);

}  // namespace nullcline::cells
