// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/analyses/line_attractors.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/points/starts.hpp"
#include "nullcline/study/analyses/principal_coordinates.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::LineAttractor;
using dynamics::LineVerdict;

/// In the order of their codes in the array `verdict`.
constexpr LineVerdict verdicts[] = {LineVerdict::line, LineVerdict::isolated_points,
                                    LineVerdict::plane_or_more, LineVerdict::none};

Matrix relax(const Map& map, Matrix states, Index steps) {
  Matrix next(states.rows(), states.cols());
  for (Index t = 0; t < steps && states.cols() > 0; ++t) {
    map.step(states, next);
    states.swap(next);
  }
  Index kept = 0;
  for (Index k = 0; k < states.cols(); ++k) {
    if (states.col(k).allFinite()) states.col(kept++) = states.col(k);
  }
  return states.leftCols(kept);
}

/// d output / d state at x, for one output: the readout of what the network reads of its state.
Vector readout_at(const cells::Network& network, In<Vector> x, Index output) {
  return cells::features_jacobian(network, x).transpose() *
         network.parameter("readout").row(output).transpose();
}

std::int64_t code_of(LineVerdict verdict) {
  return std::find(std::begin(verdicts), std::end(verdicts), verdict) - std::begin(verdicts);
}

template <class Of>
Array column(const std::vector<RelaxedLine>& all, const Of& of) {
  Vector values(static_cast<Index>(all.size()));
  for (Index i = 0; i < values.size(); ++i) values(i) = of(all[static_cast<std::size_t>(i)].line);
  return Array::vector(values);
}

/// Vectors of one length a line, NaN where a line has none.                  (I, width)
template <class Of>
Array rows(const std::vector<RelaxedLine>& all, const Of& of) {
  Index width = 0;
  for (const RelaxedLine& each : all) width = std::max(width, Vector(of(each.line)).size());
  Matrix values(static_cast<Index>(all.size()), width);
  values.setConstant(std::numeric_limits<double>::quiet_NaN());
  for (Index i = 0; i < values.rows(); ++i) {
    const Vector row = of(all[static_cast<std::size_t>(i)].line);
    values.row(i).head(row.size()) = row.transpose();
  }
  return Array::matrix(values);
}

void put_verdicts(io::Dataset& result, const std::vector<RelaxedLine>& all) {
  std::vector<std::int64_t> codes;
  io::Json statuses = io::Json::array();
  for (const RelaxedLine& each : all) {
    codes.push_back(code_of(each.line.verdict));
    statuses.push_back(name_of(each.line.status));
  }
  result.arrays["verdict"] = Array::integers(codes);
  result.attributes["statuses"] = statuses;
  for (const LineVerdict verdict : verdicts) {
    result.attributes["verdicts"].push_back(name_of(verdict));
  }
  const auto put = [&](const char* name, auto LineAttractor::*part) {
    result.arrays[name] =
        column(all, [part](const LineAttractor& line) { return static_cast<double>(line.*part); });
  };
  put("distinct", &LineAttractor::distinct);
  put("chain_fraction", &LineAttractor::chain_fraction);
  put("local_dimension", &LineAttractor::local_dimension);
  put("aspect_ratio", &LineAttractor::aspect_ratio);
  put("slow_fraction", &LineAttractor::slow_fraction);
  put("marginal_fraction", &LineAttractor::marginal_fraction);
  put("closed", &LineAttractor::closed);
  put("length", &LineAttractor::length);
  put("thickness", &LineAttractor::thickness);
  put("variance_explained", &LineAttractor::variance_explained);
  put("readout_alignment", &LineAttractor::readout_alignment);
  result.arrays["input_alignments"] =
      rows(all, [](const LineAttractor& line) { return line.input_alignments; });
}

/// The points of all inputs one after the other, with their place on the line: NaN beside it.
void put_points(io::Dataset& result, const std::vector<RelaxedLine>& all,
                const cells::Network& network) {
  Index P = 0;
  for (const RelaxedLine& each : all) P += each.points.cols();
  Matrix points(network.state_dim(), P);
  Vector theta = Vector::Constant(P, std::numeric_limits<double>::quiet_NaN()), speeds(P);
  std::vector<std::int64_t> input_index;
  Index first = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Index count = all[i].points.cols();
    points.middleCols(first, count) = all[i].points;
    speeds.segment(first, count) = all[i].line.speeds;
    input_index.insert(input_index.end(), static_cast<std::size_t>(count),
                       static_cast<std::int64_t>(i));
    for (std::size_t m = 0; m < all[i].line.members.size(); ++m) {
      theta(first + all[i].line.members[m]) = all[i].line.theta(static_cast<Index>(m));
    }
    first += count;
  }
  const PrincipalCoordinates at = principal_coordinates(points, 3);
  result.arrays["points"] = Array::matrix(points.transpose());
  result.arrays["coordinates"] = Array::matrix(at.coordinates.transpose());
  result.arrays["output"] = Array::matrix(Matrix(cells::outputs(network, points).transpose()));
  result.arrays["input_index"] = Array::integers(input_index);
  result.arrays["theta"] = Array::vector(theta);
  result.arrays["speed"] = Array::vector(speeds);
}

void put_spectra(io::Dataset& result, const std::vector<RelaxedLine>& all) {
  auto& arrays = result.arrays;
  arrays["place"] = rows(all, [](const LineAttractor& line) { return line.spectra.theta; });
  arrays["leading_real"] =
      rows(all, [](const LineAttractor& line) -> Vector { return line.spectra.leading.real(); });
  arrays["leading_imag"] =
      rows(all, [](const LineAttractor& line) -> Vector { return line.spectra.leading.imag(); });
  arrays["second_modulus"] =
      rows(all, [](const LineAttractor& line) { return line.spectra.second_moduli; });
  arrays["overlap"] = rows(all, [](const LineAttractor& line) { return line.spectra.overlaps; });
  arrays["drift_place"] = rows(all, [](const LineAttractor& line) { return line.drift.theta; });
  arrays["drift"] = rows(all, [](const LineAttractor& line) { return line.drift.velocities; });
}

/// Where the drift changes its sign: rows (input, theta, 1 where stable, time constant in s).
void put_zeros(io::Dataset& result, const std::vector<RelaxedLine>& all) {
  std::vector<double> entries;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& zero : all[i].line.drift.zeros) {
      entries.insert(entries.end(), {static_cast<double>(i), zero.theta, zero.stable ? 1.0 : 0.0,
                                     zero.time_constant});
    }
  }
  const auto count = static_cast<Index>(entries.size()) / 4;
  result.arrays["zeros"] = {{count, 4}, std::move(entries)};
}

}  // namespace

Schema line_schema() {
  return {{"points", std::int64_t{200}, "states that relax, at each input", 3, 1e4},
          {"relax", std::int64_t{50}, "steps that they make at the constant input", 0, 1e7},
          {"output", std::int64_t{0}, "number of the one whose readout the line is compared with",
           0, 1e6}};
}

std::vector<RelaxedLine> relaxed_lines(const cells::Network& network,
                                       const std::vector<tasks::SteadyInput>& inputs,
                                       In<Matrix> states, const Settings& settings,
                                       std::uint64_t seed, std::uint64_t stream,
                                       const Progress& progress) {
  const Index output = settings.integer("output");
  require(output < network.output_dim(), "line_attractor: the network has no such `output`");
  const auto driven = cells::driven_map(network);
  const Index mixes = settings.integer("points") / 2;
  const Matrix starts = dynamics::draw_starts(states, {.states = settings.integer("points") - mixes,
                                                       .mixes = mixes,
                                                       .noisy = 0,
                                                       .seed = seed,
                                                       .network = stream});
  std::vector<RelaxedLine> all;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    dynamics::LineAttractorOptions options;
    options.dt = network.dt();
    options.progress = part_of(progress, i, inputs.size());
    if (options.progress && !options.progress(0)) break;
    const FrozenMap map(*driven, inputs[i].input);
    RelaxedLine each{inputs[i], relax(map, starts, settings.integer("relax")), {}};
    if (each.points.cols() > 0) {
      const Vector mean = each.points.rowwise().mean();
      options.readout = readout_at(network, mean, output);
      options.input_effects = driven->jacobians(mean, inputs[i].input).input;
    }
    each.line = dynamics::find_line_attractor(map, each.points, options);
    all.push_back(std::move(each));
  }
  return all;
}

io::Dataset line_attractors(const std::vector<RelaxedLine>& all, const cells::Network& network) {
  io::Dataset result;
  put_verdicts(result, all);
  put_points(result, all, network);
  put_spectra(result, all);
  put_zeros(result, all);
  result.attributes["inputs"] = io::Json::array();
  for (const RelaxedLine& each : all) result.attributes["inputs"].push_back(each.at.name);
  result.attributes["dt"] = network.dt();
  return result;
}

}  // namespace nullcline::study
