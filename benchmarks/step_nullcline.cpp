// SPDX-License-Identifier: Apache-2.0
// nullcline's side of training_step.py, in float: whole training steps (fresh trials and noise,
// forward, backward, Adam).
//
//     benchmark_step_nullcline CELL UNITS BATCH STEPS [setting=text ...]
//     benchmark_step_nullcline population equal|mixed
//
// It writes "ready" once it is warm. Then a line "R" on its input asks for R steps on one thread
// and is answered by the median of their milliseconds; of a population, a line "R THREADS" asks
// for R steps of every network and is answered by the milliseconds that all of them took.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "levels.hpp"
#include "nullcline/cells/registry.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/training/trainer.hpp"

namespace {

using namespace nullcline;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Case {
  std::string cell;
  Index units, batch, steps;
  std::map<std::string, Value> settings = {};
};

/// A network with its task and its training. Of the leaky network only W is trained, of the others
/// everything.
class Training {
 public:
  Training(const Case& it, std::uint64_t id)
      : task_(it.steps), trainer_(start(it, id), task_, options(start(it, id), it.batch), 1, id) {
    for (int i = 0; i < 3; ++i) trainer_.step();  // memory, caches, clock
  }
  void step() {
    trainer_.step();
    if (trainer_.status() != training::TrainingStatus::running) {
      throw std::runtime_error("the training has come to an end");
    }
  }

 private:
  static cells::Network start(const Case& it, std::uint64_t id) {
    const auto& kind = cells::cell_kind(it.cell);
    auto given = it.settings;
    given["units"] = std::int64_t{it.units};
    RandomStream stream({1, id, Purpose::initial_weights, 0});
    return cells::make_network(it.cell, Settings(kind.schema, given), Levels::channels,
                               Levels::channels, stream);
  }

  static Settings options(const cells::Network& network, Index batch) {
    std::vector<std::string> trainable = {"recurrent"};
    if (network.cell != "leaky_rate") {
      trainable.clear();
      for (const auto& [name, value] : network.parameters) trainable.push_back(name);
    }
    std::map<std::string, Value> given = {{"steps", std::int64_t{1'000'000'000}},
                                          {"batch", std::int64_t{batch}},
                                          {"trainable", trainable}};
    return Settings(training::training_schema(), given);
  }

  Levels task_;
  training::Trainer<float> trainer_;
};

int serve_steps(const Case& it) {
  Training training(it, 1);
  fmt::print("ready\n");
  std::fflush(stdout);
  int repeats = 0;
  while (std::cin >> repeats) {
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i) {
      const auto start = Clock::now();
      training.step();
      times.push_back(milliseconds_since(start));
    }
    const auto middle = times.begin() + repeats / 2;
    std::nth_element(times.begin(), middle, times.end());
    fmt::print("{:.5f}\n", *middle);
    std::fflush(stdout);
  }
  return 0;
}

/// Recurrent products of a step of the cell, (n, n) each.
Index gates(const std::string& cell) {
  return cell == "lstm" ? 4 : cell == "gru" ? 3 : cell == "ugrnn" ? 2 : 1;
}

/// The networks of a population, those with the most work first, as in step_torch.py.
std::vector<Case> population(const std::string& which) {
  if (which == "equal") return std::vector<Case>(16, {"leaky_rate", 128, 64, 100});
  std::vector<Case> all;
  for (const Index units : {256, 192, 128, 96, 64}) {
    for (const char* cell : {"lstm", "gru", "vanilla", "leaky_rate"}) {
      all.push_back({cell, units, 64, 100});
    }
  }
  std::ranges::stable_sort(all, std::greater(),
                           [](const Case& it) { return gates(it.cell) * it.units * it.units; });
  return all;
}

int serve_population(const std::string& which) {
  std::vector<std::unique_ptr<Training>> all;
  for (const Case& it : population(which)) {
    all.push_back(std::make_unique<Training>(it, all.size()));
  }
  fmt::print("ready\n");
  std::fflush(stdout);
  int repeats = 0, threads = 0;
  while (std::cin >> repeats >> threads) {
    const auto start = Clock::now();
    parallel_for(static_cast<Index>(all.size()), Threads{threads}, [&](Index k) {
      for (int i = 0; i < repeats; ++i) all[static_cast<std::size_t>(k)]->step();
    });
    fmt::print("{:.5f}\n", milliseconds_since(start));
    std::fflush(stdout);
  }
  return 0;
}

int serve(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "population") return serve_population(words[1]);
  if (words.size() < 4) {
    fmt::print(stderr, "usage: CELL UNITS BATCH STEPS [setting=text ...] | population WHICH\n");
    return 2;
  }
  Case it{words[0], std::stol(words[1]), std::stol(words[2]), std::stol(words[3])};
  for (std::size_t i = 4; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    it.settings[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  return serve_steps(it);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
