// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/selftest_cases.hpp"
#include "apps/text.hpp"
#include "apps/watch.hpp"

namespace nullcline::apps {
namespace {

struct Ran {
  SelftestCase test;
  std::vector<SelftestCheck> checks;
  double seconds;
};

std::vector<SelftestCase> all_cases() {
  std::vector<SelftestCase> all;
  for (const auto& part : {selftest_points(), selftest_cycles(), selftest_lyapunov(),
                           selftest_continuation(), selftest_shape(), selftest_similarity(),
                           selftest_methods(), selftest_representation(), selftest_geometry()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Ran run_case(const SelftestCase& test) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::vector<SelftestCheck> checks = test.checks();
  return {test, std::move(checks), std::chrono::duration<double>(Clock::now() - start).count()};
}

std::string decimals(double value) { return fmt::format("{:.9g}", value); }

std::string difference(const SelftestCheck& check) {
  return fmt::format("{:.1e}", std::abs(check.measured - check.known));
}

std::string text_of(const std::vector<Ran>& all) {
  TextTable table({"system", "quantity", "known", "measured", "off by", "allowed", "ok"});
  double seconds = 0;
  std::size_t failed = 0, checks = 0;
  for (const Ran& ran : all) {
    seconds += ran.seconds;
    std::string system = ran.test.system;
    for (const SelftestCheck& check : ran.checks) {
      table.add({system, check.quantity, decimals(check.known), decimals(check.measured),
                 difference(check), fmt::format("{:.1e}", check.allowed),
                 check.ok() ? "yes" : "NO"});
      system.clear();
      ++checks;
      failed += check.ok() ? 0 : 1;
    }
  }
  return table.text() + fmt::format("{} of {} numbers of {} systems are as known, in {:.1f} s.\n",
                                    checks - failed, checks, all.size(), seconds);
}

io::Json json_of(const std::vector<Ran>& all) {
  io::Json rows = io::Json::array();
  for (const Ran& ran : all) {
    for (const SelftestCheck& check : ran.checks) {
      rows.push_back({{"system", ran.test.system},
                      {"source", ran.test.source},
                      {"quantity", check.quantity},
                      {"known", check.known},
                      {"measured", check.measured},
                      {"allowed", check.allowed},
                      {"ok", check.ok()}});
    }
  }
  return {{"checks", rows}};
}

int run(const ResultOptions& results) {
  results.check();
  const auto cases = all_cases();
  std::vector<Ran> all;
  Watch watch;
  for (const SelftestCase& test : cases) {
    const double fraction = static_cast<double>(all.size()) / static_cast<double>(cases.size());
    watch.progress(test.system)(fraction);
    if (watch.interrupted()) break;
    all.push_back(run_case(test));
  }
  if (!watch.finish()) return watch.exit_code();
  deliver(results, text_of(all), json_of(all));
  const bool good = std::all_of(all.begin(), all.end(), [](const Ran& ran) {
    return std::all_of(ran.checks.begin(), ran.checks.end(),
                       [](const SelftestCheck& check) { return check.ok(); });
  });
  return good ? done : look;
}

}  // namespace

void add_selftest(CLI::App& app, Action& action) {
  const auto results = std::make_shared<ResultOptions>();
  CLI::App* command = app.add_subcommand(
      "selftest", "Systems of which the answers are known: measured against known");
  results->add_to(*command, false);
  command->footer(
      "Fixed points, proofs, connections, cycles, Lyapunov exponents and bifurcations of systems,\n"
      "and shapes, with closed forms or published numbers; --json gives the source of each "
      "number.\n"
      "What is allowed follows from rounding, the digits that are known, or 4 standard errors.\n"
      "Exit code 1 if any number is off by more.\n"
      "\n"
      "Examples:\n"
      "  nullcline selftest\n"
      "  nullcline selftest --json - | jq '.checks[] | select(.ok | not)'");
  command->callback([results, &action] { action = [results] { return run(*results); }; });
}

}  // namespace nullcline::apps
