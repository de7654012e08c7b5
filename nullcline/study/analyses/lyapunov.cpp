// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "nullcline/cells/registry.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"
#include "nullcline/study/analyses/steady_points.hpp"

namespace nullcline::study {
namespace {

using dynamics::AttractorKind;
using dynamics::AttractorVerdict;

/// In the order of their codes in the array `verdict`.
constexpr AttractorKind kinds[] = {AttractorKind::fixed_point, AttractorKind::cycle,
                                   AttractorKind::torus,       AttractorKind::chaos,
                                   AttractorKind::diverged,    AttractorKind::undecided};

/// Whether a step of the network is one of an ODE: then motion along an orbit has the exponent 0.
bool steps_a_flow(const cells::Network& network) {
  const auto& make = cells::cell_kind(network.cell).make_flow;
  return make && make(network) != nullptr;
}

/// The last states of `count` trials, spread over the conditions.          (n, count)
Matrix last_states(const AnalysisContext& context, Index count) {
  const Trajectories runs =
      noisy_trajectories(context, context.trained, context.settings.integer("trials"));
  const Index batch = runs.trials.batch, kept = std::min(count, batch);
  const Matrix last = runs.states.rightCols(batch);
  Matrix starts(last.rows(), kept);
  for (Index k = 0; k < kept; ++k) starts.col(k) = last.col(k * batch / kept);
  return starts;
}

/// An orbit at one input with what became of it.
struct Orbit {
  std::int64_t input_index;
  AttractorVerdict verdict;
};

/// One number of each orbit.
template <class Of>
Array column(const std::vector<Orbit>& orbits, const Of& of) {
  Vector values(static_cast<Index>(orbits.size()));
  for (Index r = 0; r < values.size(); ++r) values(r) = of(orbits[static_cast<std::size_t>(r)]);
  return Array::vector(values);
}

/// k numbers of each orbit, NaN where it has none.                           (R, k)
template <class Of>
Array rows(const std::vector<Orbit>& orbits, Index k, const Of& of) {
  Matrix values(static_cast<Index>(orbits.size()), k);
  values.setConstant(std::numeric_limits<double>::quiet_NaN());
  for (Index r = 0; r < values.rows(); ++r) {
    const Vector row = of(orbits[static_cast<std::size_t>(r)]);
    values.row(r).head(row.size()) = row.transpose();
  }
  return Array::matrix(values);
}

/// The running estimates of all orbits, (R, C, k), and their times, (C).
void put_history(io::Dataset& result, const std::vector<Orbit>& orbits, Index k) {
  Vector times;
  for (const Orbit& orbit : orbits) {
    if (orbit.verdict.spectrum.times.size() > times.size()) times = orbit.verdict.spectrum.times;
  }
  std::vector<double> entries;
  for (const Orbit& orbit : orbits) {
    Matrix history(k, times.size());
    history.setConstant(std::numeric_limits<double>::quiet_NaN());
    const Matrix& known = orbit.verdict.spectrum.history;
    history.topLeftCorner(known.rows(), known.cols()) = known;
    entries.insert(entries.end(), history.reshaped().begin(), history.reshaped().end());
  }
  result.arrays["times"] = Array::vector(times);
  result.arrays["history"] = {{static_cast<Index>(orbits.size()), times.size(), k},
                              std::move(entries)};
}

void put(io::Dataset& result, const std::vector<Orbit>& orbits, Index k) {
  std::vector<std::int64_t> inputs, verdicts;
  for (const Orbit& orbit : orbits) {
    inputs.push_back(orbit.input_index);
    verdicts.push_back(std::find(std::begin(kinds), std::end(kinds), orbit.verdict.kind) -
                       std::begin(kinds));
  }
  result.arrays["input_index"] = Array::integers(inputs);
  result.arrays["verdict"] = Array::integers(verdicts);
  result.arrays["exponents"] =
      rows(orbits, k, [](const Orbit& orbit) { return orbit.verdict.spectrum.exponents; });
  result.arrays["standard_errors"] =
      rows(orbits, k, [](const Orbit& orbit) { return orbit.verdict.spectrum.standard_errors; });
  result.arrays["bars"] = rows(orbits, k, [](const Orbit& orbit) { return orbit.verdict.bars; });
  const auto of_spectrum = [&](const char* name, double dynamics::LyapunovSpectrum::*part) {
    result.arrays[name] =
        column(orbits, [&](const Orbit& orbit) { return orbit.verdict.spectrum.*part; });
  };
  of_spectrum("dimension", &dynamics::LyapunovSpectrum::dimension);
  of_spectrum("dimension_error", &dynamics::LyapunovSpectrum::dimension_error);
  of_spectrum("entropy_rate", &dynamics::LyapunovSpectrum::entropy_rate);
  of_spectrum("entropy_rate_error", &dynamics::LyapunovSpectrum::entropy_rate_error);
  result.arrays["dimension_is_bound"] = column(
      orbits, [](const Orbit& orbit) { return orbit.verdict.spectrum.dimension_is_bound ? 1 : 0; });
  result.arrays["period"] = column(orbits, [](const Orbit& orbit) { return orbit.verdict.period; });
  put_history(result, orbits, k);
}

/// Of the orbit with the largest exponent, and how many orbits came to what.
io::Json metrics_of(const std::vector<Orbit>& orbits) {
  io::Json metrics = io::Json::object();
  const AttractorVerdict* first = nullptr;
  for (const Orbit& orbit : orbits) {
    const Vector& exponents = orbit.verdict.spectrum.exponents;
    if (exponents.size() == 0 || !std::isfinite(exponents(0))) continue;
    if (first == nullptr || exponents(0) > first->spectrum.exponents(0)) first = &orbit.verdict;
  }
  if (first != nullptr) {
    metrics = {{"largest_exponent", first->spectrum.exponents(0)},
               {"largest_exponent_error", first->spectrum.standard_errors(0)},
               {"kaplan_yorke_dimension", first->spectrum.dimension}};
  }
  for (const AttractorKind kind : kinds) {
    metrics[std::string("orbits_") + name_of(kind)] =
        std::count_if(orbits.begin(), orbits.end(),
                      [&](const Orbit& orbit) { return orbit.verdict.kind == kind; });
  }
  return metrics;
}

/// The largest exponent under white noise on the inputs, at the first steady input: what input does
/// to the stability of orbits. Empty where no amplitude is asked for.
void put_driven(io::Dataset& result, const AnalysisContext& context, const DrivenMap& driven,
                In<Vector> input, In<Matrix> starts) {
  const auto& amplitudes = context.settings.numbers("noise");
  if (amplitudes.empty() || starts.cols() == 0) return;
  Vector exponents(static_cast<Index>(amplitudes.size())), errors(exponents.size());
  for (Index a = 0; a < exponents.size(); ++a) {
    const double amplitude = amplitudes[static_cast<std::size_t>(a)];
    require(std::isfinite(amplitude) && amplitude >= 0,
            "lyapunov: `noise` needs standard deviations, not negative");
    const auto spectrum =
        dynamics::lyapunov_spectrum(driven, starts,
                                    {.sequence = input,
                                     .noise = Vector::Constant(input.size(), amplitude),
                                     .seed = context.seed,
                                     .network = context.stream},
                                    {.dt = context.trained.dt(),
                                     .exponents = 1,
                                     .transient = context.settings.integer("transient"),
                                     .steps = context.settings.integer("steps"),
                                     .seed = context.seed,
                                     .network = context.stream});
    const bool known = spectrum.exponents.size() > 0;
    const double none = std::numeric_limits<double>::quiet_NaN();
    exponents(a) = known ? spectrum.exponents(0) : none;
    errors(a) = known ? spectrum.standard_errors(0) : none;
  }
  result.arrays["noise"] =
      Array::vector(Eigen::Map<const Vector>(amplitudes.data(), exponents.size()));
  result.arrays["driven_exponent"] = Array::vector(exponents);
  result.arrays["driven_error"] = Array::vector(errors);
}

io::Dataset run(const AnalysisContext& context) {
  const Settings& settings = context.settings;
  const auto inputs = context.task.steady_inputs();
  const Matrix starts = last_states(context, settings.integer("orbits"));
  const auto driven = cells::driven_map(context.trained);
  const Index asked = settings.integer("exponents"), n = context.trained.state_dim();
  const Index k = asked == 0 ? n : std::min(asked, n);
  dynamics::VerdictOptions options;
  options.dt = context.trained.dt();
  options.flow = steps_a_flow(context.trained);
  options.exponents = k;
  options.transient = settings.integer("transient");
  options.steps = options.longest_period = settings.integer("steps");
  options.seed = context.seed ^ context.stream;

  io::Dataset result;
  result.attributes["inputs"] = io::Json::array();
  std::vector<Orbit> orbits;
  const std::size_t parts = inputs.size() * static_cast<std::size_t>(starts.cols());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const FrozenMap map(*driven, inputs[i].input);
    result.attributes["inputs"].push_back(inputs[i].name);
    for (Index b = 0; b < starts.cols(); ++b) {
      options.progress = part_of(context.progress, orbits.size(), parts);
      if (options.progress && !options.progress(0)) return result;
      orbits.push_back(
          {static_cast<std::int64_t>(i), dynamics::attractor_verdict(map, starts.col(b), options)});
    }
  }
  put(result, orbits, k);
  result.attributes["verdicts"] = io::Json::array();
  for (const AttractorKind kind : kinds) result.attributes["verdicts"].push_back(name_of(kind));
  result.attributes["steps"] = options.steps;
  result.attributes["dt"] = options.dt;
  result.attributes["metrics"] = metrics_of(orbits);
  if (!inputs.empty()) put_driven(result, context, *driven, inputs.front().input, starts);
  return result;
}

}  // namespace

AnalysisKind lyapunov_analysis() {
  return {
      "lyapunov",
      "Lyapunov exponents of orbits at the steady inputs of the task, and what they came to",
      {{"trials", std::int64_t{4}, "noisy trials of each condition that orbits start from", 1, 1e5},
       {"orbits", std::int64_t{2}, "at each input, from the ends of trials", 1, 1e4},
       {"exponents", std::int64_t{8}, "the largest ones; 0: all of them", 0, 1e6},
       {"transient", std::int64_t{5000}, "steps before anything is averaged", 0, 1e9},
       {"steps", std::int64_t{20'000},
        "for the exponents, and as far as a return of the orbit is looked for", 1, 1e9},
       {"noise", std::vector<double>{},
        "standard deviations of white noise on all inputs, drawn anew each step, to give the "
        "largest "
        "exponent under each at the first steady input",
        0, 1e6}},
      run};
}

}  // namespace nullcline::study
