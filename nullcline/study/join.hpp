// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nullcline/core/parallel.hpp"
#include "nullcline/core/settings.hpp"
#include "nullcline/io/dataset.hpp"
#include "nullcline/study/run.hpp"
#include "nullcline/study/study.hpp"

namespace nullcline::study {

/// What a join sees: many networks of a study at once, where an analysis sees one.
struct JoinContext {
  const Study& study;
  const std::vector<StudiedNetwork>& networks;  ///< In the order of the study; their files exist.
  const Settings& settings;
  const std::string& part;  ///< Which of its results is asked for.
  Threads threads;
  std::function<bool(double fraction, const std::string& now)> progress;  ///< false: stop.
};

/// A kind of join. It has one result or several, its parts, each computed and kept by itself: a
/// part that is there is not computed again. A part is arrays and attributes as of an analysis
/// (analysis.hpp), the same bits for any number of threads.
struct JoinKind {
  std::string name;
  std::string meaning;
  Schema schema;
  std::vector<std::string> bookkeeping;  ///< Settings that change nothing in a part.
  std::function<std::vector<std::string>(const Settings&)> parts;
  /// The populations whose networks it takes. Called when a study is read: throws Error where they
  /// do not go together.
  std::function<std::vector<const Population*>(const Study&, const Settings&)> populations;
  /// Rough operations of a part, as of a training step, for even progress.
  std::function<double(const Study&, const Settings&, const std::string& part)> cost;
  /// What it returns after `progress` asked to stop is thrown away.
  std::function<io::Dataset(const JoinContext&)> run;
};

const std::vector<JoinKind>& join_kinds();
const JoinKind& join_kind(const std::string& name);  ///< Throws Error on an unknown name.

}  // namespace nullcline::study
