// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace nullcline::apps {

/// Help texts: descriptions wrapped to the width of the terminal.
class Formatter final : public CLI::Formatter {
 public:
  Formatter();
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_footer(const CLI::App* app) const override;
};

/// What is wrong with a command line, in one line, with the nearest word that would be right.
std::string complaint(const CLI::App& app, const CLI::ParseError& error);

}  // namespace nullcline::apps
