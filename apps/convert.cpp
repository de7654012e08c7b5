// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include "apps/commands.hpp"
#include "apps/results.hpp"
#include "apps/text.hpp"
#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"

namespace nullcline::apps {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string in, out;
  bool force = false;
};

int convert(const Arguments& arguments) {
  io::array_format(arguments.out);  // before anything is read
  std::error_code error;
  if (fs::exists(arguments.out, error) && !arguments.force) {
    throw Error(arguments.out, "", "a file that is there", "a new name, or --force");
  }
  const io::Dataset dataset = io::read_arrays(arguments.in);
  io::write_arrays(arguments.out, dataset);
  print(arguments.out + ": " + counted(static_cast<long>(dataset.arrays.size()), "array") + "\n");
  return done;
}

}  // namespace

void add_convert(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("convert", "Copy arrays and attributes from one file format to another");
  command->add_option("IN", arguments->in, "A file .h5 or .npz")->type_name("FILE")->required();
  command->add_option("OUT", arguments->out, "The file to write, .h5 or .npz")
      ->type_name("FILE")
      ->required();
  command->add_flag("--force", arguments->force, "Replace OUT if it is there");
  command->footer(
      "Entries are copied bit by bit: float32, float64, int64 and uint8 stay what they are. Other\n"
      "integers of a file from elsewhere become int64, truth values uint8.\n"
      "\n"
      "Examples:\n"
      "  nullcline convert runs/x/networks/ID.h5 network.npz\n"
      "  nullcline convert recording.npz recording.h5");
  command->callback([arguments, &action] { action = [arguments] { return convert(*arguments); }; });
}

}  // namespace nullcline::apps
