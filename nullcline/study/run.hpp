// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// How far a run is; `fraction` counts estimated work, so that it grows evenly with time.
struct RunProgress {
  double fraction = 0;
  Index networks_done = 0, networks = 0;
  std::string now;  ///< "perception 3: step 400 of 2000"
};

struct RunOptions {
  Threads threads{0};           ///< Networks at a time.
  Index shard = 0, shards = 1;  ///< Only networks with number = shard modulo shards.
  std::function<bool(const RunProgress&)> progress;  ///< false: stop, keeping checkpoints.
};

struct RunResult {
  bool cancelled = false;
  Index networks = 0;                 ///< Of the study, in this shard.
  Index trained = 0;                  ///< By this call.
  Index analyzed = 0;                 ///< Analyses computed by this call,
  Index joined = 0;                   ///< and parts of joins.
  Index reused = 0;                   ///< Jobs whose file was there.
  bool joins_wait = false;            ///< For networks of other shards.
  std::vector<std::string> failures;  ///< One line for each job that failed, or diverged.
};

/// Trains and analyzes every network of the study in the directory `out`:
///
///     study.toml                 the resolved study
///     catalog.sqlite             one row a job (catalog.hpp)
///     networks/ID.h5             parameters before and after, loss, all that resuming needs
///     analyses/ID.h5             the result of an analysis of a network
///     checkpoints/ID.h5          of trainings in flight; removed when they are done
///     joins/ID.npz               a part of a join of networks (join.hpp), once all are there
///
/// ID is the hash of the resolved job. What is there is not computed again; what is missing starts
/// at its checkpoint. Killed at any moment, a run loses at most the steps since the last
/// checkpoints. The result does not depend on threads, shards or interruptions.
///
/// A job that fails numerically is noted and the others go on. Throws Error when a file cannot be
/// read or written.
RunResult run(const Study& study, const std::filesystem::path& out, const RunOptions& options = {});

/// A network of a result directory with what is known of it.
struct StudiedNetwork {
  std::string id;
  std::string population;
  Index number = 0;
  std::filesystem::path file;                                           ///< networks/ID.h5
  std::vector<std::pair<std::string, std::filesystem::path>> analyses;  ///< name, analyses/ID.h5
};

/// The networks of a study and where their files are, or would be.
std::vector<StudiedNetwork> networks_of(const Study& study, const std::filesystem::path& out);

/// A part of a join of a study.
struct StudiedJoin {
  std::string id;
  std::string name, part;
  std::filesystem::path file;  ///< joins/ID.npz
};

/// The parts of the joins of a study, in its order, and where their files are, or would be.
std::vector<StudiedJoin> joins_of(const Study& study, const std::filesystem::path& out);

}  // namespace nullcline::study
