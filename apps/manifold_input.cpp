// SPDX-License-Identifier: Apache-2.0
#include "apps/manifold_input.hpp"

#include <fmt/format.h>

#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/study/analyses/geometry.hpp"

namespace nullcline::apps {
namespace {

constexpr Index max_points = 250'000;  // of a grid; their results take some 200 bytes a step each

/// An array of a file that must have a shape, of which -1 may be any length. Null if it may be
/// absent and is.
const Array* array_of(const io::Dataset& data, const std::string& file, const std::string& name,
                      const std::vector<Index>& shape, bool needed) {
  const auto found = data.arrays.find(name);
  if (found == data.arrays.end()) {
    if (!needed) return nullptr;
    throw Error(file, name, "no such array", "u (K, T, n_in) and du (K, m, T, n_in)");
  }
  std::string wanted;
  bool fits = found->second.shape.size() == shape.size() && found->second.size() > 0;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    wanted += (d > 0 ? ", " : "") + (shape[d] < 0 ? "any" : std::to_string(shape[d]));
    fits = fits && (shape[d] < 0 || found->second.shape[d] == shape[d]);
  }
  if (!fits) {
    throw Error(file, name, "shape " + found->second.shape_text(), "shape (" + wanted + ")");
  }
  const Matrix values = found->second.as_columns();
  if (!values.allFinite()) throw Error(file, name, "an entry that is not finite", "numbers");
  return &found->second;
}

/// (K, of, T, n_in) of a file, points first .. first + count - 1, in the columns of the library.
Matrix columns_of(const Matrix& rows, Index T, Index of, Index first, Index count) {
  Matrix result(rows.rows(), T * count * of);
  for (Index k = 0; k < count; ++k) {
    for (Index i = 0; i < of; ++i) {
      for (Index t = 0; t < T; ++t) {
        result.col((t * count + k) * of + i) = rows.col(((first + k) * of + i) * T + t);
      }
    }
  }
  return result;
}

std::vector<Manifold> on_grids(const tasks::Task& task, const Settings& settings) {
  std::vector<Manifold> all;
  for (study::ManifoldGrid& grid : study::manifold_grids(task, settings, max_points)) {
    Manifold manifold{
        grid.name, {}, grid.points, {}, grid.grid.quadrature(), study::describe(grid)};
    for (const auto& coordinate : grid.coordinates) manifold.coordinates.push_back(coordinate.name);
    manifold.kappa = grid.grid.points();
    manifold.grid = grid.grid;
    manifold.decision = study::decision_points(grid);
    manifold.functions = grid.functions;
    all.push_back(std::move(manifold));
  }
  return all;
}

std::unique_ptr<tasks::Task> named_task(const std::string& name, const NetworkInput& input) {
  const tasks::TaskKind& kind = tasks::task_kind(name);
  auto task = kind.make(Settings(kind.schema), input.network().dt());
  const auto inputs = static_cast<Index>(task->inputs().size());
  if (inputs != input.network().input_dim()) {
    throw Error("", "--task", fmt::format("{}, of {} inputs", name, inputs),
                fmt::format("one of {}, as the network has", input.network().input_dim()));
  }
  return task;
}

}  // namespace

void ManifoldOption::add_to(CLI::App& command) {
  CLI::Option* of_task =
      command
          .add_option("--task", task,
                      "The task whose inputs are the manifold, with its default settings; if not "
                      "given, that of the file")
          ->type_name("NAME");
  command.add_option("--manifold", file, "A file with the inputs, .npz or .h5; see below")
      ->type_name("FILE")
      ->excludes(of_task);
}

std::vector<Manifold> ManifoldOption::load(const NetworkInput& input,
                                           const std::string& network_file,
                                           const Settings& settings) const {
  if (!file.empty()) {
    Manifold manifold = read_manifold(file);
    const Index n_in = manifold.points.at(0, 1, false).inputs.rows();
    if (n_in != input.network().input_dim()) {
      throw Error(file, "u", counted(n_in, "input"),
                  fmt::format("{}, as the network has", input.network().input_dim()));
    }
    return {std::move(manifold)};
  }
  const std::unique_ptr<tasks::Task> named = task.empty() ? nullptr : named_task(task, input);
  const tasks::Task* of = named ? named.get() : input.task();
  if (of == nullptr) {
    throw Error(network_file, "attributes.task", "nothing",
                "the task whose inputs are the manifold; or give --task or --manifold");
  }
  auto all = on_grids(*of, settings);
  if (all.empty()) {
    throw Error(named ? "" : network_file, named ? "--task" : "attributes.task",
                "a task without an input manifold", "one with, or --manifold");
  }
  return all;
}

Manifold read_manifold(const std::string& file) {
  const io::Dataset data = io::read_arrays(file);
  const Array* u = array_of(data, file, "u", {-1, -1, -1}, true);
  const Index K = u->shape[0], T = u->shape[1], n_in = u->shape[2];
  const Array* du = array_of(data, file, "du", {K, -1, T, n_in}, true);
  const Index m = du->shape[1];
  const Array* d2u = array_of(data, file, "d2u", {K, m * (m + 1) / 2, T, n_in}, false);
  const Array* kappa = array_of(data, file, "kappa", {K, m}, false);
  Manifold manifold;
  manifold.name = file;
  for (Index i = 0; i < m; ++i) manifold.coordinates.push_back(fmt::format("kappa {}", i + 1));
  manifold.points = {K, m, T, d2u != nullptr, {}};
  manifold.points.at = [T, m, u = u->as_columns(), du = du->as_columns(),
                        d2u = d2u != nullptr ? d2u->as_columns() : Matrix()](
                           Index first, Index count, bool second) {
    geometry::ManifoldInputs inputs;
    inputs.points = count;
    inputs.dim = m;
    inputs.inputs = columns_of(u, T, 1, first, count);
    inputs.tangents = columns_of(du, T, m, first, count);
    if (second) inputs.second = columns_of(d2u, T, inputs.pairs(), first, count);
    return inputs;
  };
  manifold.kappa = kappa != nullptr ? Matrix(kappa->as_matrix().transpose()) : Matrix(0, K);
  manifold.about = {{"name", file}, {"points", K}};
  return manifold;
}

}  // namespace nullcline::apps
