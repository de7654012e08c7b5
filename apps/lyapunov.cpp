// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/lyapunov.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "apps/commands.hpp"
#include "apps/network_options.hpp"
#include "apps/setting_options.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/orbits/attractor_verdict.hpp"

namespace nullcline::apps {
namespace {

constexpr double spectrum_share = 0.7;  // of the time; the rest is the verdict
constexpr Index verdict_transient = 10'000, verdict_steps = 20'000;

struct Arguments {
  NetworkOptions network;
  InputOption input;
  std::string noise;
  Index exponents = 0, steps = 10'000, transient = 1'000, orbits = 8;
  bool no_verdict = false;
};

/// A spectrum, and the verdict where there is one.
struct Outcome {
  dynamics::LyapunovSpectrum spectrum;
  std::optional<dynamics::AttractorVerdict> verdict;
  bool good() const {
    return spectrum.exponents.size() > 0 &&
           (!verdict || (verdict->kind != dynamics::AttractorKind::undecided &&
                         verdict->kind != dynamics::AttractorKind::diverged));
  }
};

/// The standard deviations of white noise on the inputs; empty for none.
Vector noise_of(const Arguments& arguments, const NetworkInput& input) {
  if (arguments.noise.empty()) return {};
  const std::string& file = arguments.network.file;
  if (arguments.noise == "task") {
    if (input.task() == nullptr) throw Error(file, "--noise task", "no task", "a file of a study");
    return input.task()->input_noise();
  }
  const Vector sd = parse_input(arguments.noise, "--noise", input, file).input;
  if (sd.minCoeff() < 0) {
    throw Error(file, "--noise", arguments.noise, "standard deviations, not negative");
  }
  return sd;
}

Outcome compute(const Arguments& arguments, const NetworkInput& input, const tasks::SteadyInput& at,
                const Vector& noise, Watch& watch) {
  const cells::Network& network = input.network();
  const Matrix starts = orbit_starts(input, at, arguments.orbits);
  const bool judge = noise.size() == 0 && !arguments.no_verdict;
  const dynamics::LyapunovOptions options = {
      .dt = network.dt(),
      .exponents = arguments.exponents,
      .transient = arguments.transient,
      .steps = arguments.steps,
      .seed = input.seed(),
      .network = input.stream(),
      .threads = arguments.network.threads(),
      .progress = watch.progress(counted(starts.cols(), "orbit"), 0, judge ? spectrum_share : 1)};
  const auto driven = cells::driven_map(network);
  const FrozenMap map(*driven, at.input);
  Outcome outcome;
  if (noise.size() > 0) {
    const dynamics::OrbitInput drive = {
        .sequence = at.input, .noise = noise, .seed = input.seed(), .network = input.stream()};
    outcome.spectrum = dynamics::lyapunov_spectrum(*driven, starts, drive, options);
  } else {
    outcome.spectrum = dynamics::lyapunov_spectrum(map, starts, options);
  }
  if (!judge || watch.interrupted() || !outcome.spectrum.final_states.col(0).allFinite()) {
    return outcome;
  }
  outcome.verdict = dynamics::attractor_verdict(
      map, outcome.spectrum.final_states.col(0),
      {.dt = network.dt(),
       .flow = network.cell == "leaky_rate" || network.cell == "wilson_cowan",  // ODEs
       .exponents = std::min<Index>(4, network.state_dim()),
       .transient = verdict_transient,
       .steps = verdict_steps,
       .seed = input.seed(),
       .progress = watch.progress("the first orbit's attractor", spectrum_share, 1)});
  return outcome;
}

std::string table_text(const dynamics::LyapunovSpectrum& spectrum) {
  TextTable table({"#", "exponent, 1/s", "error", "least orbit", "largest orbit"});
  for (Index i = 0; i < spectrum.exponents.size(); ++i) {
    table.add({std::to_string(i + 1),
               (i < spectrum.resolved ? "" : "<= ") + fmt::format("{:.6g}", spectrum.exponents(i)),
               fmt::format("{:.1e}", spectrum.standard_errors(i)),
               fmt::format("{:.6g}", spectrum.of_orbits.row(i).minCoeff()),
               fmt::format("{:.6g}", spectrum.of_orbits.row(i).maxCoeff())});
  }
  return table.text();
}

std::string sum_rule_text(const dynamics::DeterminantCheck& check) {
  if (check.steps == 0) return "";
  return fmt::format(
      " Sum rule: mean of ln|det J| / dt {:.6g} 1/s over {}; sums of exponents differ by at most "
      "{:.1e} 1/s.",
      check.mean, counted(check.steps, "step"), check.discrepancy);
}

/// Below the table: what follows from the exponents.
std::string summary(const dynamics::LyapunovSpectrum& spectrum) {
  const std::string dimension =
      spectrum.dimension_is_bound
          ? fmt::format("more than {:.4g}", spectrum.dimension)
          : fmt::format("{:.4g} +- {:.1g}", spectrum.dimension, spectrum.dimension_error);
  return fmt::format(
             "Kaplan-Yorke dimension {}; entropy rate {:.4g} +- {:.1g} nats/s; {} of {}, "
             "{} each.",
             dimension, spectrum.entropy_rate, spectrum.entropy_rate_error,
             spectrum.of_orbits.cols(), counted(static_cast<long>(spectrum.status.size()), "orbit"),
             counted(spectrum.steps, "step")) +
         sum_rule_text(spectrum.determinant);
}

/// "8 diverged".
std::string ends_of(const dynamics::LyapunovSpectrum& spectrum) {
  std::map<std::string, Index> counts;
  for (const auto status : spectrum.status) ++counts[dynamics::name_of(status)];
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  }
  return text;
}

/// The grounds of a verdict, in one sentence.
std::string reason(const dynamics::AttractorVerdict& verdict) {
  const std::string signs = fmt::format("{} positive, {} zero, {} negative exponents by their bars",
                                        verdict.positive, verdict.zero, verdict.negative);
  switch (verdict.kind) {
    case dynamics::AttractorKind::fixed_point:
      return fmt::format("|F(x)-x| = {:.1e}; {}{}", verdict.residual, signs,
                         verdict.zero > 0 ? ": it is not isolated, or marginal" : "");
    case dynamics::AttractorKind::cycle:
      return fmt::format("comes back after {:.6g} s to {:.1e} of a diameter of {:.3g}; {}",
                         verdict.period, verdict.return_distance, verdict.diameter, signs);
    case dynamics::AttractorKind::torus:
    case dynamics::AttractorKind::chaos:
      return fmt::format("{}; no return, the nearest within {:.2g} of how far it was away", signs,
                         verdict.closest_return);
    case dynamics::AttractorKind::diverged:
      return "left the ball of the escape radius";
    case dynamics::AttractorKind::undecided:
      break;
  }
  const auto& status = verdict.spectrum.status;
  if (!status.empty() && status.front() != dynamics::OrbitStatus::done) {
    return dynamics::name_of(status.front());
  }
  return signs + "; slow, too short, or on an unstable set";
}

std::string verdict_text(dynamics::AttractorKind kind) {
  std::string name = dynamics::name_of(kind);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string text_of(const tasks::SteadyInput& at, const Outcome& outcome) {
  const dynamics::LyapunovSpectrum& spectrum = outcome.spectrum;
  std::string text = fmt::format("input: {}\n", at.name);
  if (spectrum.exponents.size() == 0) {
    text += "no orbit came to its end: " + ends_of(spectrum) + "\n";
  } else {
    text += table_text(spectrum);
    text += wrapped(summary(spectrum), text_width(), 2) + "\n";
  }
  if (outcome.verdict) {
    text += wrapped(fmt::format("The first orbit's attractor: {} ({}).",
                                verdict_text(outcome.verdict->kind), reason(*outcome.verdict)),
                    text_width(), 2) +
            "\n";
  }
  return text;
}

io::Json verdict_json(const dynamics::AttractorVerdict& verdict) {
  return {{"kind", dynamics::name_of(verdict.kind)},
          {"reason", reason(verdict)},
          {"positive", verdict.positive},
          {"zero", verdict.zero},
          {"negative", verdict.negative},
          {"residual", verdict.residual},
          {"diameter", verdict.diameter},
          {"period", verdict.period},
          {"period_steps", verdict.period_steps},
          {"return_distance", verdict.return_distance},
          {"closest_return", verdict.closest_return}};
}

io::Dataset dataset_of(const tasks::SteadyInput& at, const Vector& noise, const Outcome& outcome) {
  const dynamics::LyapunovSpectrum& spectrum = outcome.spectrum;
  io::Json statuses = io::Json::array();
  for (const auto status : spectrum.status) statuses.push_back(dynamics::name_of(status));
  io::Dataset result;
  result.attributes = {{"input_name", at.name},
                       {"statuses", statuses},
                       {"steps", spectrum.steps},
                       {"resolved", spectrum.resolved},
                       {"dimension", spectrum.dimension},
                       {"dimension_error", spectrum.dimension_error},
                       {"dimension_is_bound", spectrum.dimension_is_bound},
                       {"entropy_rate", spectrum.entropy_rate},
                       {"entropy_rate_error", spectrum.entropy_rate_error},
                       {"determinant",
                        {{"steps", spectrum.determinant.steps},
                         {"mean", spectrum.determinant.mean},
                         {"discrepancy", spectrum.determinant.discrepancy}}}};
  if (outcome.verdict) result.attributes["verdict"] = verdict_json(*outcome.verdict);
  result.arrays["input"] = Array::vector(at.input);
  if (noise.size() > 0) result.arrays["noise"] = Array::vector(noise);
  result.arrays["final_states"] = Array::matrix(spectrum.final_states.transpose());
  if (spectrum.exponents.size() == 0) return result;
  result.arrays["exponents"] = Array::vector(spectrum.exponents);
  result.arrays["standard_errors"] = Array::vector(spectrum.standard_errors);
  result.arrays["of_orbits"] = Array::matrix(spectrum.of_orbits.transpose());
  result.arrays["times"] = Array::vector(spectrum.times);
  result.arrays["history"] = Array::matrix(spectrum.history.transpose());
  return result;
}

int run(const Arguments& arguments) {
  const NetworkInput input = arguments.network.load();
  const tasks::SteadyInput at = arguments.input.first(input, arguments.network.file);
  const Index n = input.network().state_dim();
  if (arguments.exponents > n) {
    throw Error(arguments.network.file, "--exponents", std::to_string(arguments.exponents),
                fmt::format("at most {}", counted(n, "number") + " of state"));
  }
  const Vector noise = noise_of(arguments, input);
  Watch watch;
  const Outcome outcome = compute(arguments, input, at, noise, watch);
  if (!watch.finish()) return watch.exit_code();
  io::Dataset result = dataset_of(at, noise, outcome);
  result.attributes.update(arguments.network.attributes(input));
  deliver(arguments.network.results, text_of(at, outcome), result);
  return outcome.good() ? done : look;
}

void add_count(CLI::App& command, const char* name, Index& value, const char* text, double least) {
  command.add_option(name, value, text)
      ->type_name("N")
      ->default_str(std::to_string(value))
      ->check(CLI::Range(least, 1e12).description(""));
}

}  // namespace

void add_lyapunov(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "lyapunov",
      "Lyapunov exponents of a network at a constant or noisy input, and its attractor");
  arguments->network.add_to(*command);
  arguments->input.add_to(*command, false);
  command
      ->add_option("--noise", arguments->noise,
                   "Standard deviations of white noise on the inputs, drawn at each step; 'task': "
                   "those of the task's trials")
      ->type_name("SD,...");
  add_count(*command, "--exponents", arguments->exponents, "The largest ones; 0: all", 0);
  add_count(*command, "--steps", arguments->steps, "Of each orbit", 1);
  add_count(*command, "--transient", arguments->transient, "Steps left out before", 0);
  add_count(*command, "--orbits", arguments->orbits, "Orbits, taken to be on one attractor", 1);
  command->add_flag("--no-verdict", arguments->no_verdict, "Do not say what the attractor is");
  command->footer(
      std::string(network_input_help) +
      "\n"
      "The table: exponents with standard errors of the mean over time and orbits, and how they\n"
      "differ between orbits: more than by errors where orbits are on different attractors.\n"
      "Below: Kaplan-Yorke dimension; the sum of the positive exponents, which bounds the\n"
      "entropy rate; the sum rule as a check. The verdict follows the first orbit for another\n"
      "30,000 steps. Exit code 1 if no orbit came to its end or its attractor is undecided.\n"
      "\n"
      "Examples:\n"
      "  nullcline lyapunov runs/x/networks/ID.h5\n"
      "  nullcline lyapunov network.h5 --exponents 10 --steps 100000 --orbits 16\n"
      "  nullcline lyapunov network.h5 --input 0.5,0 --noise task --json - | jq .exponents");
  command->callback([arguments, &action] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace nullcline::apps
