// SPDX-License-Identifier: Apache-2.0
#include "apps/interrupt.hpp"

#include <csignal>

namespace nullcline::apps {
namespace {

constexpr int signals[] = {SIGINT, SIGTERM};
struct sigaction before[2];  // what the Interrupt replaced
volatile std::sig_atomic_t caught = 0;

void note(int signal) {
  caught = signal;
  for (const int each : signals) std::signal(each, SIG_DFL);
}

}  // namespace

Interrupt::Interrupt() {
  caught = 0;
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 2; ++i) {
    sigaction(signals[i], nullptr, &before[i]);
    // What is ignored stays so, as scripts have it for what they run in the background.
    if (before[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (int i = 0; i < 2; ++i) sigaction(signals[i], &before[i], nullptr);
}

bool Interrupt::requested() const { return caught != 0; }

int Interrupt::exit_code() const { return 128 + caught; }

}  // namespace nullcline::apps
