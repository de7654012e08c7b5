// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "nullcline/core/errors.hpp"

namespace nullcline::study::detail {

/// Where the files of a result directory are.
struct Layout {
  using Path = std::filesystem::path;
  Path root;
  Path network(const std::string& id) const { return root / "networks" / (id + ".h5"); }
  Path analysis(const std::string& id) const { return root / "analyses" / (id + ".h5"); }
  Path checkpoint(const std::string& id) const { return root / "checkpoints" / (id + ".h5"); }
  Path join(const std::string& id) const { return root / "joins" / (id + ".npz"); }

  /// Throws Error if a folder cannot be made.
  void make(const char* folder) const {
    std::error_code error;
    std::filesystem::create_directories(root / folder, error);
    if (error) throw Error::because((root / folder).string(), "", error.message());
  }

  /// All but that of joins, which comes with the first of them.
  void create() const {
    for (const char* folder : {"networks", "analyses", "checkpoints"}) make(folder);
  }
};

}  // namespace nullcline::study::detail
