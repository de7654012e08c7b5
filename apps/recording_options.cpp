// SPDX-License-Identifier: Apache-2.0
#include "apps/recording_options.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "apps/setting_options.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

using representation::BinValue;
using representation::Normalization;

const std::vector<std::string> all_axes = {"btn", "bnt", "tbn", "tnb", "nbt", "ntb", "tn", "nt"};

/// "0.02s" is in seconds, "3" in steps.
bool in_seconds(const std::string& text) { return text.ends_with('s'); }

double number_of(const std::string& text) {
  const std::string digits = in_seconds(text) ? text.substr(0, text.size() - 1) : text;
  const Error wrong("", "--smooth", "'" + text + "'", "steps (3) or seconds (0.02s), at least 0");
  try {
    const double value = std::get<double>(parse_value(digits, 0.0, "--smooth"));
    if (value >= 0 && value < 1e9) return value;
  } catch (const Error&) {
  }
  throw wrong;
}

}  // namespace

const char* const recording_help =
    "Files: .npz, .h5, .nwb (time series, or spike times with --bin), .csv, .tsv.\n";

void RecordingOptions::add_to(CLI::App& command) {
  command
      .add_option("--key", read.key,
                  "What to read, where a file has several: an array; a beginning and *, each "
                  "array a trial; a time series of NWB, or units")
      ->type_name("NAME");
  add_all_but_key_to(command);
}

void RecordingOptions::add_all_but_key_to(CLI::App& command) {
  command
      .add_option("--axes", read.axes,
                  "The order of dimensions: b trials, t time, n units, of two without the b; tbn "
                  "is that of sequences that networks run on")
      ->type_name("btn|nt|...")
      ->default_str("btn")
      ->check(CLI::IsMember(all_axes).description(""));
  command.add_option("--bin", read.bin, "Count spike times in bins of so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::PositiveNumber.description(""));
  command
      .add_option("--intervals", read.intervals,
                  "Cut by this table of NWB's /intervals: trials, as a rule")
      ->type_name("NAME");
  command
      .add_option("--separator", separator,
                  "Between fields of a table (default: a comma, in .tsv a tabulator)")
      ->type_name("CHARACTER");
  command
      .add_option("--smooth", smooth,
                  "Standard deviation of a Gaussian in steps (3) or seconds (0.02s)")
      ->type_name("WIDTH");
  command.add_option("--rebin", prepare.rebin, "So many steps become one, after smoothing")
      ->type_name("STEPS")
      ->check(CLI::PositiveNumber.description(""));
  command
      .add_option_function<std::string>(
          "--rebin-by",
          [this](const std::string& word) {
            prepare.bin_value = word == "sum" ? BinValue::sum : BinValue::mean;
          },
          "Which of them it is")
      ->type_name("mean|sum")
      ->default_str("mean")
      ->check(CLI::IsMember({"mean", "sum"}).description(""));
  command
      .add_option_function<std::string>(
          "--normalize",
          [this](const std::string& word) {
            for (const auto each : {Normalization::none, Normalization::center,
                                    Normalization::zscore, Normalization::soft}) {
              if (word == name_of(each)) prepare.normalization = each;
            }
          },
          "Of each unit: zscore; soft, x / (range + softness); center")
      ->type_name("none|center|zscore|soft")
      ->default_str("none")
      ->check(CLI::IsMember({"none", "center", "zscore", "soft"}).description(""));
  command.add_option("--softness", prepare.softness, "In the unit of the data")
      ->type_name("X")
      ->default_str("5")
      ->check(CLI::NonNegativeNumber.description(""));
}

void RecordingOptions::check() const {
  if (separator.size() > 1 && separator != "\\t") {
    throw Error("", "--separator", "'" + separator + "'", "one character");
  }
  if (!smooth.empty()) (void)number_of(smooth);
}

io::Recording RecordingOptions::recording(const std::string& file) const {
  io::RecordingOptions options = read;
  options.separator = separator.empty() ? '\0' : separator == "\\t" ? '\t' : separator[0];
  return io::read_recording(file, options);
}

double RecordingOptions::smooth_steps(double step, const std::string& file) const {
  if (smooth.empty()) return 0;
  const double width = number_of(smooth);
  if (!in_seconds(smooth)) return width;
  if (step > 0) return width / step;
  throw Error(file, "--smooth", "'" + smooth + "' and data without a time step",
              "a number of steps");
}

std::vector<Matrix> RecordingOptions::prepared(std::vector<Matrix> trials, double step,
                                               const std::string& file) const {
  representation::PreprocessOptions options = prepare;
  options.smooth = smooth_steps(step, file);
  if (options.smooth == 0 && options.rebin == 1 && options.normalization == Normalization::none) {
    return trials;
  }
  try {
    return representation::preprocess(trials, options);
  } catch (const std::invalid_argument& error) {
    throw Error::because(file, "", error.what());
  }
}

}  // namespace nullcline::apps
