// SPDX-License-Identifier: Apache-2.0
#include "apps/number_check.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace nullcline::apps {

CLI::Validator number_between(double least, double most) {
  return {[=](std::string& text) -> std::string {
            double number = 0;
            if (CLI::detail::lexical_cast(text, number) && number >= least && number <= most) {
              return {};
            }
            return fmt::format("found {}, expected a number from {:g} to {:g}", text, least, most);
          },
          ""};
}

CLI::Validator seed_number() {
  return {[](std::string& text) -> std::string {
            std::uint64_t seed = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, seed);
            const bool octal = text.size() > 1 && text.front() == '0';  // as CLI11 reads it
            if (error == std::errc() && stop == end && !octal) return {};
            return fmt::format("found {}, expected a whole number from 0 to {}", text,
                               std::numeric_limits<std::uint64_t>::max());
          },
          ""};
}

}  // namespace nullcline::apps
