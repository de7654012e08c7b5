// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/report.hpp"

#include <memory>

#include "apps/commands.hpp"
#include "apps/results.hpp"

namespace nullcline::apps {

void add_report(CLI::App& app, Action& action) {
  const auto directory = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("report", "Write the report of a result directory anew");
  command->add_option("DIR", *directory, "What 'nullcline run' made")->type_name("DIR")->required();
  command->footer(
      "Examples:\n"
      "  nullcline report runs/amrut2021_hypotheses");
  command->callback([directory, &action] {
    action = [directory] {
      print("report: " + study::write_report(*directory).string() + "\n");
      return done;
    };
  });
}

}  // namespace nullcline::apps
