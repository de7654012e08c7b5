// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "nullcline/io/dataset.hpp"

namespace nullcline::study {

/// A row of the catalog: a job of a study, which is the training of a network (kind "network"), an
/// analysis of one (kind = the name of the analysis), or a part of a join (kind = JOIN/PART,
/// without network and population).
struct CatalogRow {
  std::string id;  ///< Hash of the resolved job; the name of its file.
  std::string kind;
  std::string network;  ///< The id of the network that the job is about.
  std::string population;
  std::int64_t number = 0;  ///< Of the network in its population, from 0.
  std::string state;        ///< "running", "done", "failed".
  std::string error;        ///< Why it failed.
  io::Json parameters = io::Json::object();
  io::Json metrics = io::Json::object();
};

/// catalog.sqlite of a result directory: one table, `jobs`, one row a job. What is done is told by
/// the files; the catalog says what they are, and may be deleted: a run writes it again. Several
/// processes and threads may write.
class Catalog {
 public:
  /// Opens or makes the file. Throws Error if that fails.
  explicit Catalog(const std::filesystem::path& path);
  ~Catalog();

  void put(const CatalogRow& row);
  bool has_done(const std::string& id) const;  ///< Whether the job is there and done.
  std::vector<CatalogRow> rows() const;        ///< By population, number, and kind.

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
  mutable std::mutex mutex_;
};

}  // namespace nullcline::study
