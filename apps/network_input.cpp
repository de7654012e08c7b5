// SPDX-License-Identifier: Apache-2.0
#include "apps/network_input.hpp"

#include <charconv>

#include "nullcline/core/errors.hpp"
#include "nullcline/io/arrays.hpp"
#include "nullcline/io/settings_json.hpp"
#include "nullcline/training/network_file.hpp"

namespace nullcline::apps {
namespace {

std::string text_of(const io::Json& json) {
  const std::string text = json.dump();
  return text.size() <= 40 ? text : text.substr(0, 40) + "...";
}

std::unique_ptr<tasks::Task> task_in(const io::Json& attributes, double dt) {
  const auto task = attributes.find("task");
  if (task == attributes.end()) return nullptr;
  if (!task->is_object() || !task->contains("name") || !(*task)["name"].is_string()) {
    throw Error("", "attributes.task", text_of(*task), "an object {name, settings}");
  }
  const auto& kind = tasks::task_kind((*task)["name"].get<std::string>());
  return kind.make(io::settings_from_json(task->value("settings", io::Json::object()), kind.schema,
                                          "attributes.task.settings"),
                   dt);
}

std::uint64_t seed_in(const io::Json& attributes) {
  const auto seed = attributes.find("seed");
  if (seed == attributes.end()) return 0;
  if (!seed->is_number_unsigned()) {
    throw Error("", "attributes.seed", text_of(*seed), "a whole number, not negative");
  }
  return seed->get<std::uint64_t>();
}

std::uint64_t stream_in(const io::Json& attributes) {
  const auto stream = attributes.find("stream");
  if (stream == attributes.end()) return 0;
  std::uint64_t value = 0;
  if (stream->is_string()) {
    const auto& text = stream->get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (error == std::errc() && end == text.data() + text.size()) return value;
  }
  throw Error("", "attributes.stream", text_of(*stream), "hexadecimal digits");
}

}  // namespace

bool is_network(const io::Dataset& file) {
  const auto cell = file.attributes.find("cell");
  return cell != file.attributes.end() && cell->is_object();
}

NetworkInput::NetworkInput(std::filesystem::path path, io::Dataset file, const std::string& prefix)
    : path_(std::move(path)),
      file_(std::move(file)),
      network_(training::get_network(file_, prefix, path_)) {
  try {
    task_ = task_in(file_.attributes, network_.dt());
    seed_ = seed_in(file_.attributes);
    stream_ = stream_in(file_.attributes);
  } catch (const Error& error) {
    throw error.at(path_.string());
  }
  if (task_ == nullptr) return;
  const auto inputs = static_cast<Index>(task_->inputs().size());
  if (inputs != network_.input_dim()) {
    throw Error(path_.string(), "attributes.task",
                "a task of " + std::to_string(inputs) + " inputs",
                std::to_string(network_.input_dim()) + ", as the network has");
  }
}

NetworkInput NetworkInput::load(const std::filesystem::path& path, const std::string& prefix) {
  return NetworkInput(path, io::read_arrays(path), prefix);
}

study::AnalysisContext NetworkInput::context(const Settings& settings) const {
  require(task_ != nullptr, "NetworkInput: there is no task");
  return {*task_, network_, network_, file_, settings, seed_, stream_, {}};
}

}  // namespace nullcline::apps
