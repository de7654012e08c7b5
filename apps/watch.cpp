// SPDX-License-Identifier: Apache-2.0
#include "apps/watch.hpp"

#include <cstdio>
#include <utility>

namespace nullcline::apps {

Progress Watch::progress(std::string now, double first, double last) {
  return [this, now = std::move(now), first, last](double fraction) {
    if (line_) line_->show(first + fraction * (last - first), "", now);
    return !interrupted();
  };
}

bool Watch::finish() {
  line_.reset();
  if (interrupted()) std::fputs("nullcline: interrupted\n", stderr);
  return !interrupted();
}

}  // namespace nullcline::apps
