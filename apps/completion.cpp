// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::apps {
namespace {

/// What can stand where a type name of the help stands: one of the words in "a|b", files and
/// studies, directories, files; nothing for "N" and the like.
std::string candidates(const std::string& type) {
  if (type.find('|') != std::string::npos) {
    std::string words = type;
    std::replace(words.begin(), words.end(), '|', ' ');
    return "words " + words;
  }
  if (type == "STUDY") {
    std::vector<std::string> names;
    for (const auto& shipped : study::shipped_studies()) names.push_back(shipped.name);
    return fmt::format("words_and_files {}", fmt::join(names, " "));
  }
  if (type == "DIR") return "directories";
  if (type == "FILE") return "files";
  return "nothing";
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

/// The lines of `case` for one subcommand: its options, and what each argument can be.
std::string rules_of(const CLI::App& command) {
  std::vector<std::string> options;
  std::string values, positionals;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      positionals += fmt::format("        {})  _nullcline_{} ;;\n",
                                 std::count(positionals.begin(), positionals.end(), '\n'),
                                 candidates(option->get_type_name()));
      continue;
    }
    const auto names = names_of(*option);
    options.insert(options.end(), names.begin(), names.end());
    if (option->get_items_expected_max() == 0) continue;
    values += fmt::format("        {})  _nullcline_{}; return ;;\n", fmt::join(names, " | "),
                          candidates(option->get_type_name()));
  }
  return fmt::format(
      "    {})\n"
      "      case $previous in\n"
      "{}"
      "      esac\n"
      "      if [[ $current == -* ]]; then _nullcline_words {}; return; fi\n"
      "      case $position in\n"
      "{}"
      "      esac\n"
      "      ;;\n",
      command.get_name(), values, fmt::join(options, " "), positionals);
}

/// The options that take a value, of all subcommands: behind them no argument is counted.
std::string options_with_values(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_positional() || option->get_items_expected_max() == 0) continue;
      for (const std::string& name : names_of(*option)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  return fmt::format("{}", fmt::join(names, " | "));
}

constexpr const char* functions =
    R"(# bash completion for nullcline; made by `nullcline completion bash`
_nullcline_words() { COMPREPLY=($(compgen -W "$*" -- "$current")); }
_nullcline_files() { COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames; }
_nullcline_directories() { COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames; }
_nullcline_nothing() { COMPREPLY=(); }
_nullcline_words_and_files() {
  COMPREPLY=($(compgen -W "$*" -- "$current") $(compgen -f -- "$current"))
  compopt -o filenames
}
)";

std::string bash_script(const CLI::App& app) {
  std::string commands, rules;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands += command->get_name() + " ";
    rules += rules_of(*command);
  }
  return functions + fmt::format(R"(
_nullcline() {{
  local IFS=$' \t\n'
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local position=-1 i
  for ((i = 1; i < COMP_CWORD; ++i)); do  # arguments before the cursor, the subcommand the first
    case ${{COMP_WORDS[i]}} in
      {}) ((++i)) ;;
      -*) ;;
      *) ((++position)) ;;
    esac
  done
  COMPREPLY=()
  if ((position < 0)); then
    _nullcline_words {}--help --version
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
}}
complete -F _nullcline nullcline
)",
                                 options_with_values(app), commands, rules);
}

}  // namespace

void add_completion(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print the script of shell completion");
  command->add_option("SHELL", *shell, "bash")
      ->type_name("bash|")
      ->required()
      ->check(CLI::IsMember({"bash"}).description(""));
  command->footer(
      "An installed nullcline brings it along. Otherwise, for this shell:\n"
      "\n"
      "Examples:\n"
      "  source <(nullcline completion bash)");
  command->callback([shell, &app, &action] {
    action = [shell, &app] {
      print(bash_script(app));
      return done;
    };
  });
}

}  // namespace nullcline::apps
