// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace nullcline::apps {

/// How the command ends. An interrupted one ends with 128 + the number of the signal.
inline constexpr int done = 0;
inline constexpr int look = 1;  ///< A numerical result that the user must look at.
inline constexpr int bad = 2;   ///< Bad usage or bad input: one line says which.

/// What the chosen subcommand does; returns how the command ends.
using Action = std::function<int()>;

/// The subcommands, in the order of the help. A new one: the file of its name beside this one,
/// and one line here.
#define NULLCLINE_COMMANDS(X) \
  X(run)                      \
  X(report)                   \
  X(list)                     \
  X(show)                     \
  X(convert)                  \
  X(fixed_points)             \
  X(line_attractor)           \
  X(lyapunov)                 \
  X(cycles)                   \
  X(continue)                 \
  X(connections)              \
  X(pca)                      \
  X(dca)                      \
  X(homology)                 \
  X(compare)                  \
  X(mds)                      \
  X(jpca)                     \
  X(dpca)                     \
  X(connectivity)             \
  X(geometry)                 \
  X(selftest)                 \
  X(completion)

/// Each adds itself to the command line, and sets `action` when it is chosen there.
#define NULLCLINE_DECLARE(name) void add_##name(CLI::App& app, Action& action);
NULLCLINE_COMMANDS(NULLCLINE_DECLARE)
#undef NULLCLINE_DECLARE

}  // namespace nullcline::apps
