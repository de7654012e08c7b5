// SPDX-License-Identifier: Apache-2.0
#include "apps/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"

namespace nullcline::apps {
namespace {

constexpr std::size_t option_column = 30;

/// The subcommand that was chosen, or the whole command.
const CLI::App& chosen(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : chosen(*subcommands.front());
}

std::vector<std::string> subcommands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// The first word that nothing took; options before others, for one that is misspelled leaves its
/// value behind.
std::string unexpected_word(const CLI::App& app) {
  const auto words = app.remaining();
  const auto is_option = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  if (option != words.end()) return option->substr(0, option->find('='));
  return words.empty() ? "" : words.front();
}

}  // namespace

Formatter::Formatter() { column_width(option_column); }

std::string Formatter::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  const bool takes_value = option->get_items_expected_max() > 0 && !option->get_positional();
  return takes_value && !type.empty() ? " " + type : "";
}

std::string Formatter::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (!option->get_default_str().empty()) text += " (default: " + option->get_default_str() + ")";
  return wrapped(text, text_width() - option_column);
}

std::string Formatter::make_description(const CLI::App* app) const {
  std::istringstream lines(app->get_description());
  std::string text, line;
  while (std::getline(lines, line)) text += wrapped(line, text_width()) + "\n";
  return text + "\n";
}

std::string Formatter::make_usage(const CLI::App* app, std::string name) const {
  std::string text = "Usage: " + (name.empty() ? app->get_name() : name);
  if (!app->get_subcommands({}).empty()) text += " COMMAND ...";
  for (const CLI::Option* option : app->get_options()) {
    if (option->get_positional()) text += " " + make_option_usage(option);
  }
  return text + " [OPTIONS]\n";
}

std::string Formatter::make_help(const CLI::App* app, std::string name,
                                 CLI::AppFormatMode mode) const {
  std::string text = CLI::Formatter::make_help(app, name, mode);
  const auto gap = text.find("\n\n\n");  // before a second group of options
  if (gap != std::string::npos) text.erase(gap, 1);
  return text;
}

std::string Formatter::make_footer(const CLI::App* app) const {
  const std::string& footer = app->get_footer();
  return footer.empty() ? "" : footer + "\n";
}

std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  const bool top = &command == &app;
  const std::string name = top ? "nullcline" : "nullcline " + command.get_name();
  const std::string where = top ? "" : command.get_name() + ": ";
  const std::string help = fmt::format(" ({} --help)", name);
  const std::string word = unexpected_word(command);
  if (!word.empty()) {
    const bool option = word[0] == '-' && word.size() > 1;
    const auto known = option || !top ? options_of(command) : subcommands_of(command);
    const std::string nearest = option || top ? nearest_word(word, known) : "";
    const char* kind = option ? "option" : top ? "command" : "argument";
    return fmt::format("{}{} {} '{}'{}{}", where, option || top ? "unknown" : "unexpected", kind,
                       word, nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest),
                       nearest.empty() ? help : "");
  }
  if (top && command.get_subcommands().empty()) return "a command is missing" + help;
  return where + error.what() + help;
}

}  // namespace nullcline::apps
