// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/errors.hpp"
#include "nullcline/study/analysis.hpp"

namespace nullcline::study {

/// A new analysis: the file of its name beside this one, and one line here.
#define NULLCLINE_ANALYSES(X) \
  X(training)                 \
  X(outputs)                  \
  X(pca)                      \
  X(dca)                      \
  X(subspaces)                \
  X(dimension)                \
  X(homology)                 \
  X(fixed_points)             \
  X(line_attractor)           \
  X(lyapunov)                 \
  X(connections)              \
  X(local_information)        \
  X(linear_models)            \
  X(overlap)                  \
  X(reversibility)            \
  X(continuation)             \
  X(geometry)                 \
  X(connectivity)

#define NULLCLINE_DECLARE(name) AnalysisKind name##_analysis();
NULLCLINE_ANALYSES(NULLCLINE_DECLARE)

const std::vector<AnalysisKind>& analysis_kinds() {
#define NULLCLINE_LIST(name) name##_analysis(),
  static const std::vector<AnalysisKind> kinds = {NULLCLINE_ANALYSES(NULLCLINE_LIST)};
  return kinds;
}

const AnalysisKind& analysis_kind(const std::string& name) {
  std::string known;
  for (const AnalysisKind& kind : analysis_kinds()) {
    if (kind.name == name) return kind;
    known += (known.empty() ? "" : ", ") + kind.name;
  }
  throw Error("", "analysis", "'" + name + "'", "one of: " + known);
}

}  // namespace nullcline::study
