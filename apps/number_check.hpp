// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace nullcline::apps {

/// Of an option that is a number from `least` to `most`; CLI::Range takes nan too.
CLI::Validator number_between(double least, double most);

/// Of a seed: digits alone, of a number below 2^64; CLI takes -1 and more than that.
CLI::Validator seed_number();

}  // namespace nullcline::apps
