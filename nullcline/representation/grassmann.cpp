// SPDX-License-Identifier: Apache-2.0
#include "nullcline/representation/grassmann.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nullcline/representation/detail/grassmann_ascent.hpp"

namespace nullcline::representation {
namespace {

void check(In<Matrix> start, const GrassmannOptions& options) {
  if (start.cols() < 1 || start.cols() > start.rows()) {
    throw std::invalid_argument(
        fmt::format("maximize_on_grassmann: the start is {} x {}, needs 1 .. n columns",
                    start.rows(), start.cols()));
  }
  if (options.max_iterations < 1 || !(options.gradient_tolerance > 0) || options.memory < 1) {
    throw std::invalid_argument(
        fmt::format("maximize_on_grassmann: max_iterations ({}), gradient_tolerance ({}) and "
                    "memory ({}) must be positive",
                    options.max_iterations, options.gradient_tolerance, options.memory));
  }
}

}  // namespace

const char* name_of(GrassmannStatus status) {
  switch (status) {
    case GrassmannStatus::converged:
      return "converged";
    case GrassmannStatus::stalled:
      return "stalled";
    case GrassmannStatus::max_iterations:
      return "max_iterations";
    case GrassmannStatus::undefined:
      return "undefined";
  }
  return "unknown";
}

GrassmannMaximum maximize_on_grassmann(const SubspaceFunction& f, In<Matrix> start,
                                       const GrassmannOptions& options) {
  check(start, options);
  return detail::GrassmannAscent(f, start, options).climb();
}

}  // namespace nullcline::representation
