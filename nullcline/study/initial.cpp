// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/initial.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>
#include <vector>

#include "nullcline/cells/initialization.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/linear_algebra.hpp"
#include "nullcline/tasks/task.hpp"

namespace nullcline::study {
namespace {

/// The steps in the addresses of the streams of initial weights; the cell's own draw has 0.
constexpr std::uint64_t slow_step = 1, shuffle_step = 2;

std::string shape_text(const Matrix& A) { return fmt::format("({}, {})", A.rows(), A.cols()); }

/// The entries other than 0 in a random order [Fisher & Yates].
void shuffle(Matrix& A, RandomStream& stream) {
  std::vector<double*> entries;
  for (double& entry : A.reshaped()) {
    if (entry != 0) entries.push_back(&entry);
  }
  for (std::size_t i = entries.size(); i > 1; --i) {
    std::swap(*entries[i - 1], *entries[static_cast<std::size_t>(stream.below(i))]);
  }
}

void copy_parameters(cells::Network& network, const Population& population,
                     const cells::Network& source, RandomStream& stream) {
  for (const std::string& name : population.initial.texts("parameters")) {
    const auto to = network.parameters.find(name);
    const auto from = source.parameters.find(name);
    if (to == network.parameters.end() || from == source.parameters.end()) {
      throw Error("", "initial.parameters", fmt::format("'{}'", name),
                  "parameters that both networks have");
    }
    if (to->second.rows() != from->second.rows() || to->second.cols() != from->second.cols()) {
      throw Error("", "initial.parameters",
                  fmt::format("'{}' of shape {} in {}", name, shape_text(from->second),
                              population.initial.text("from")),
                  shape_text(to->second));
    }
    to->second = from->second;
    if (population.initial.flag("shuffled")) shuffle(to->second, stream);
  }
}

/// Whether the cell keeps the diagonal of W at zero.
bool has_zero_diagonal(const cells::Network& network) {
  const auto found = network.settings.values().find("self_connections");
  return found != network.settings.values().end() && !std::get<bool>(found->second);
}

/// W <- W + lambda Q Q'.
void add_slow_directions(cells::Network& network, const Settings& initial, RandomStream& stream) {
  const auto found = network.parameters.find("recurrent");
  const auto structure = network.settings.values().find("structure");
  const bool is_free = structure == network.settings.values().end() ||
                       structure->second == Value(std::string("dense"));
  if (found == network.parameters.end() || !is_free) {
    throw Error("", "initial.slow_directions", fmt::format("a network of cell {}", network.cell),
                "one with the parameter recurrent, all of it free");
  }
  Matrix& W = found->second;
  const Index k = initial.integer("slow_directions");
  if (W.rows() != W.cols() || k > W.rows()) {
    throw Error("", "initial.slow_directions", fmt::format("{} with weights {}", k, shape_text(W)),
                "square weights with at least as many rows");
  }
  const Matrix Q = orthonormal_basis(cells::random_normal(W.rows(), k, 1, stream));
  W += initial.number("slow_eigenvalue") * multiply(Q, Q, false, true);
  if (has_zero_diagonal(network)) W.diagonal().setZero();
}

}  // namespace

Schema initial_schema() {
  return {
      {"from", std::string(), "an earlier population, whose trained networks this one starts from"},
      {"parameters", std::vector<std::string>{"recurrent"}, "those that are taken from there"},
      {"shuffled", false, "the entries of each, those at exactly 0 aside, in a random order"},
      {"slow_directions", std::int64_t{0},
       "random orthonormal directions Q along which slow_eigenvalue Q Q' is added to recurrent", 0,
       100'000},
      {"slow_eigenvalue", 1.0, "1: the leak of a rate network and W cancel along Q", -100, 100},
  };
}

cells::Network initial_network(const Population& population, const cells::Network* source,
                               std::uint64_t seed, std::uint64_t stream) {
  const auto task = tasks::task_kind(population.task.name)
                        .make(population.task.settings, population.cell.settings.number("dt"));
  RandomStream weights({seed, stream, Purpose::initial_weights, 0});
  cells::Network network = cells::make_network(population.cell.name, population.cell.settings,
                                               static_cast<Index>(task->inputs().size()),
                                               static_cast<Index>(task->outputs().size()), weights);
  if (source != nullptr) {
    RandomStream order({seed, stream, Purpose::initial_weights, shuffle_step});
    copy_parameters(network, population, *source, order);
  }
  if (population.initial.integer("slow_directions") > 0) {
    RandomStream directions({seed, stream, Purpose::initial_weights, slow_step});
    add_slow_directions(network, population.initial, directions);
  }
  return network;
}

}  // namespace nullcline::study
