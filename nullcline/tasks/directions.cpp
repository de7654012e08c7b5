// SPDX-License-Identifier: Apache-2.0
#include "nullcline/tasks/directions.hpp"

namespace nullcline::tasks {

Vector random_direction(Index dimensions, RandomStream& stream) {
  Vector direction(dimensions);
  do {
    for (Index i = 0; i < dimensions; ++i) direction(i) = stream.normal();
  } while (direction.squaredNorm() == 0);
  return direction.normalized();
}

std::vector<Channel> coordinates_of(const std::string& point, Index dimensions) {
  std::vector<Channel> channels;
  for (Index i = 1; i <= dimensions; ++i) {
    channels.push_back({point + " " + std::to_string(i),
                        "coordinate " + std::to_string(i) + " of the point, with noise"});
  }
  return channels;
}

}  // namespace nullcline::tasks
