// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "mock_results.hpp"

namespace nullcline::report::mock {
namespace {

/// Columns of one number a step, of several kinds.
struct Columns {
  std::vector<double> coordinates, output, theta, speed;
  std::vector<std::int64_t> input_index;

  void add(std::int64_t input, double place, double x, double y, double z, double out) {
    coordinates.insert(coordinates.end(), {x, y, z});
    output.push_back(out);
    theta.push_back(place);
    speed.push_back(0.01 * (1 + std::abs(x)));
    input_index.push_back(input);
  }
};

constexpr Index places = 33;

Array per_place(const std::function<double(double)>& on_line, double elsewhere) {
  std::vector<double> values;
  for (Index s = 0; s < places; ++s) {
    values.push_back(on_line(-1 + 2 * static_cast<double>(s) / (places - 1)));
  }
  values.insert(values.end(), places, elsewhere);
  return {{2, places}, values};
}

}  // namespace

Dataset line_attractor(RandomStream& random) {
  Columns columns;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 60; ++i) {  // Out of order, as states of trials are.
    const double s = -1 + 2 * static_cast<double>((7 * i) % 60) / 59;
    const auto noise = [&] { return 0.02 * random.normal(); };
    columns.add(0, s, 3 * std::sin(s) + noise(), s * s + noise(), noise(), std::tanh(2 * s));
    if (i % 10 == 0) columns.add(0, nan, 3 * s, 1, noise(), 0);
    columns.add(1, nan, noise() - 2, noise(), 1 + noise(), 1);
  }
  Dataset result;
  const auto P = static_cast<Index>(columns.theta.size());
  result.arrays = {
      {"verdict", Array::integers({0, 1})},
      {"coordinates", {{P, 3}, columns.coordinates}},
      {"output", {{P, 1}, columns.output}},
      {"input_index", Array::integers(columns.input_index)},
      {"theta", list(columns.theta)},
      {"speed", list(columns.speed)},
      {"input_alignments", {{2, 2}, std::vector<double>{0.7, -0.6, 0.1, 0.1}}},
      {"place", per_place([](double s) { return s; }, nan)},
      {"leading_real", per_place([](double s) { return 1.002 - 0.01 * s * s; }, nan)},
      {"leading_imag", per_place([](double) { return 0; }, nan)},
      {"second_modulus", per_place([](double s) { return 0.8 + 0.05 * s; }, nan)},
      {"drift_place", per_place([](double s) { return s; }, nan)},
      {"drift", per_place([](double s) { return 0.1 * s * (0.16 - s * s); }, nan)},
      {"zeros", {{3, 4}, std::vector<double>{0, -0.4, 1, 5, 0, 0, 0, 7, 0, 0.4, 1, 5}}}};
  const auto two = [&](const char* name, double first, double second) {
    result.arrays[name] = list({first, second});
  };
  two("distinct", 66, 1);
  two("chain_fraction", 0.91, 1);
  two("local_dimension", 1.03, 0);
  two("aspect_ratio", 87, 0);
  two("slow_fraction", 0.94, 0);
  two("closed", 0, 0);
  two("length", 5.6, 0);
  two("variance_explained", 0.93, 0);
  two("readout_alignment", 0.81, 0);
  result.attributes = {{"inputs", {"inputs 0.3, 0.7", "inputs 0.7, 0.3"}},
                       {"input_names", {"input 1", "input 2"}},
                       {"output_names", {"output"}},
                       {"verdicts", {"line", "isolated_points", "plane_or_more", "none"}},
                       {"dt", dt}};
  return result;
}

}  // namespace nullcline::report::mock
