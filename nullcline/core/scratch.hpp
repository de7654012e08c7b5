// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "nullcline/core/types.hpp"

namespace nullcline {

/// Matrices for the length of one call, in memory that the calling thread keeps: a step that is
/// made a million times asks the system for its intermediate results once. (glibc gives the top of
/// its heap back as soon as 128 KiB of it are free, and each page that is asked for again costs a
/// page fault: of tangents in R^200 these took two thirds of a step.)
///
/// Frames nest as calls do: what a Scratch has handed out is free again when it is destroyed, and
/// those that were opened after it must have been destroyed before. A thread keeps up to 8 MiB.
class Scratch {
 public:
  using Pad = Eigen::Map<Matrix>;

  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// Entries are not initialized. Columns follow each other without gaps, from a cache line on.
  Pad matrix(Index rows, Index cols);

 private:
  std::size_t block_, used_;  // where the frame begins
};

}  // namespace nullcline
