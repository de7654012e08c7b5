// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "nullcline/study/analysis.hpp"

namespace nullcline::study {
namespace {

/// The loss at each step, averaged over as many steps as it takes to have at most `points` values.
io::Dataset run(const AnalysisContext& context) {
  io::Dataset result;
  const auto it = context.file.arrays.find("loss");
  const Vector loss = it == context.file.arrays.end() ? Vector() : it->second.as_vector();
  const Index points = context.settings.integer("points");
  const Index width = std::max<Index>(1, (loss.size() + points - 1) / points);
  const Index count = (loss.size() + width - 1) / width;
  Vector step(count), mean(count);
  for (Index i = 0; i < count; ++i) {
    const Index first = i * width, length = std::min(width, loss.size() - first);
    step(i) = static_cast<double>(first) + static_cast<double>(length + 1) / 2;
    mean(i) = loss.segment(first, length).mean();
  }
  result.arrays["step"] = Array::vector(step);
  result.arrays["loss"] = Array::vector(mean);
  result.attributes["steps"] = loss.size();
  result.attributes["steps_per_point"] = width;
  return result;
}

}  // namespace

AnalysisKind training_analysis() {
  return {"training",
          "the loss over the training",
          {{"points", std::int64_t{500}, "values of the curve at most", 1, 1e6}},
          run};
}

}  // namespace nullcline::study
