// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/trapping_box.hpp"

#include <algorithm>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

bool is_finite(const Box& box) {
  return std::all_of(box.begin(), box.end(), [](const Interval& x) { return x.is_finite(); });
}

bool is_within(const Box& inner, const Box& outer) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (!inner[i].within(outer[i])) return false;
  }
  return true;
}

}  // namespace

const char* name_of(TrappingStatus status) {
  switch (status) {
    case TrappingStatus::proven:
      return "proven";
    case TrappingStatus::not_found:
      return "not_found";
    case TrappingStatus::no_enclosure:
      return "no_enclosure";
  }
  return "";
}

std::optional<bool> maps_into_itself(const Map& map, const Box& box) {
  require(static_cast<Index>(box.size()) == map.dim(), "maps_into_itself: wrong size of box");
  const auto image = map.enclose(box);
  if (!image) return std::nullopt;
  return is_within(*image, box);
}

TrappingBox find_trapping_box(const Map& map, double radius, Index attempts) {
  require(radius > 0 && attempts > 0, "find_trapping_box: need radius > 0 and attempts > 0");
  TrappingBox result{TrappingStatus::not_found, box_around(Vector::Zero(map.dim()), radius)};
  for (Index attempt = 0; attempt < attempts; ++attempt) {
    const auto image = map.enclose(result.box);
    if (!image) {
      result.status = TrappingStatus::no_enclosure;
      return result;
    }
    if (is_within(*image, result.box)) {
      result.status = TrappingStatus::proven;
      return result;
    }
    // Saturating units want little more than their range; more would only saturate the gates too.
    const double growth = attempt == 0 ? 1.1 : 2;
    for (std::size_t i = 0; i < image->size(); ++i) {
      Interval& x = result.box[i];
      if ((*image)[i].within(x)) continue;
      const double room = growth * std::max(x.magnitude(), (*image)[i].magnitude());
      x = {-room, room};
    }
    if (!is_finite(result.box)) return result;
  }
  return result;
}

}  // namespace nullcline::dynamics
