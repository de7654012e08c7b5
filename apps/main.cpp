// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "apps/usage.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/core/version.hpp"

namespace nullcline::apps {
namespace {

int complain(const std::string& message, int exit_code) {
  std::fprintf(stderr, "nullcline: %s\n", one_line(message).c_str());
  return exit_code;
}

void describe(CLI::App& app) {
  app.formatter(std::make_shared<Formatter>());
  app.option_defaults()->always_capture_default(false);
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", std::string("nullcline ") + version(), "Print the version");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  nullcline run amrut2021_hypotheses --quick       train, analyze, report\n"
      "  nullcline list tasks                             what there is, with every setting\n"
      "  nullcline fixed-points runs/x/networks/ID.h5     where a network comes to rest\n"
      "  nullcline lyapunov runs/x/networks/ID.h5         whether it is chaotic\n"
      "  nullcline pca recording.npz --dim 3 --json -     of any data\n"
      "\n"
      "Exit codes: 0 done; 1 a numerical result to look at; 2 bad usage or bad input;\n"
      "130 interrupted. 'nullcline COMMAND --help' tells more.");
}

Action action_of(CLI::App& app, int argc, char** argv) {
  Action action;
  describe(app);
#define NULLCLINE_ADD(name) add_##name(app, action);
  NULLCLINE_COMMANDS(NULLCLINE_ADD)
  for (CLI::App* command : app.get_subcommands({})) command->group("Commands");
  app.parse(argc, argv);
  return action;
}

int main_of_command(int argc, char** argv) {
  CLI::App app("Trains recurrent networks on tasks and takes them apart.", "nullcline");
  try {
    return action_of(app, argc, argv)();
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return done;
  } catch (const CLI::CallForVersion& version_text) {
    print(version_text.what() + std::string("\n"));
    return done;
  } catch (const CLI::ParseError& error) {
    return complain(complaint(app, error), bad);
  }
}

}  // namespace
}  // namespace nullcline::apps

int main(int argc, char** argv) {
  using namespace nullcline::apps;
  try {
    return main_of_command(argc, argv);
  } catch (const nullcline::Error& error) {
    return complain(error.what(), bad);
  } catch (const std::invalid_argument& error) {
    return complain(error.what(), bad);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", bad);
  } catch (const std::system_error& error) {
    return complain(error.what(), bad);
  } catch (const std::exception& error) {  // numerical failure: LAPACK that does not converge
    return complain(error.what(), look);
  }
}
