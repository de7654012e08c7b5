// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/errors.hpp"
#include "nullcline/study/join.hpp"

namespace nullcline::study {

/// A new join: the file of its name beside this one, and two lines here.
JoinKind similarity_join();
JoinKind warps_join();

const std::vector<JoinKind>& join_kinds() {
  static const std::vector<JoinKind> kinds = {similarity_join(), warps_join()};
  return kinds;
}

const JoinKind& join_kind(const std::string& name) {
  std::string known;
  for (const JoinKind& kind : join_kinds()) {
    if (kind.name == name) return kind;
    known += (known.empty() ? "" : ", ") + kind.name;
  }
  throw Error("", "join", "'" + name + "'", "one of: " + known);
}

}  // namespace nullcline::study
