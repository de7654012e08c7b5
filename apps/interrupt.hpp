// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nullcline::apps {

/// While one is alive, the first SIGINT or SIGTERM is only noted; the second one ends the process
/// as usual. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool requested() const;
  int exit_code() const;  ///< 128 + the number of the signal, as shells have it: 130 for Ctrl-C.
};

}  // namespace nullcline::apps
