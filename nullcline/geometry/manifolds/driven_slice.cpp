// SPDX-License-Identifier: Apache-2.0
#include "nullcline/geometry/manifolds/driven_slice.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

#include "nullcline/geometry/sensitivities.hpp"

namespace nullcline::geometry {

DrivenSlice::DrivenSlice(const DrivenMap& F, InputFunctions inputs, Options options)
    : F_(F), inputs_(std::move(inputs)), options_(std::move(options)) {
  check_domain("DrivenSlice", inputs_.domain);
  if (options_.step < 1) {
    throw std::invalid_argument(
        fmt::format("DrivenSlice: step is {}, must be at least 1", options_.step));
  }
}

Jets DrivenSlice::jets(In<Matrix> kappa, int order) const {
  const ManifoldInputs inputs = inputs_.at(kappa, order);
  if (inputs.points != kappa.cols() || inputs.dim != dim()) {
    throw std::invalid_argument(fmt::format(
        "DrivenSlice: asked for inputs at {} points of {} coordinates, got {} points of {}",
        kappa.cols(), dim(), inputs.points, inputs.dim));
  }
  Sensitivities found = sensitivities(F_, inputs,
                                      {.start = options_.start,
                                       .second = order >= 2,
                                       .steps = {options_.step},
                                       .threads = options_.threads});
  return {std::move(found.states), std::move(found.tangents), std::move(found.second)};
}

}  // namespace nullcline::geometry
