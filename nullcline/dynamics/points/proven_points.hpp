// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/dynamics/points/certificate.hpp"
#include "nullcline/dynamics/points/trapping_box.hpp"

namespace nullcline::dynamics {

/// Certified candidates by what is proven of them: two whose boxes of existence are disjoint are
/// distinct fixed points; if the box of existence of one lies in the unique box of the other they
/// are the same.
struct ProvenPoints {
  /// Candidates that are proven the same, the one with the smallest radius_exists first; groups in
  /// the order of their smallest member.
  std::vector<std::vector<Index>> groups;
  bool distinct = true;  ///< All groups are proven distinct: so many fixed points there are.
};

/// P candidates, states (n, P), certificates of as many.
ProvenPoints merge_by_proof(In<Matrix> states, const std::vector<Certificate>& certificates);

enum class DegreeVerdict {
  missing,     ///< The sum is not 1: the box holds a fixed point that is not among these.
  consistent,  ///< The sum is 1, as it must be if none is missing; that none is, it does not prove.
  undecided,   ///< No trapping box, or a point, a degree, or that two points are distinct is not
               ///< proven.
};

const char* name_of(DegreeVerdict verdict);  ///< "missing", ...

struct DegreeStatement {
  DegreeVerdict verdict = DegreeVerdict::undecided;
  int sum = 0;       ///< Of the proven degrees of the points that are proven to lie in the box.
  Index points = 0;  ///< How many these are.
};

/// The fixed point index of a map that takes a box into itself is 1 [Brouwer; Dold 1965], and it is
/// the degree sum over its fixed points in the box if these are regular and none lies on its
/// surface. Any other sum over proven, distinct points is a proof that there is one more.
DegreeStatement degree_statement(const TrappingBox& trap, In<Matrix> states,
                                 const std::vector<Certificate>& certificates);

}  // namespace nullcline::dynamics
