// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/points/proven_points.hpp"

#include <algorithm>

#include "nullcline/core/errors.hpp"

namespace nullcline::dynamics {
namespace {

class Pairs {
 public:
  Pairs(In<Matrix> states, const std::vector<Certificate>& certificates)
      : states_(states), certificates_(certificates) {}

  bool distinct(Index a, Index b) const {
    return below(distance(a, b)) > above(exists(a) + exists(b));
  }
  bool same(Index a, Index b) const { return holds(a, b) || holds(b, a); }
  double exists(Index a) const { return at(a).radius_exists; }

 private:
  const Certificate& at(Index a) const { return certificates_[static_cast<std::size_t>(a)]; }
  double distance(Index a, Index b) const {
    return (states_.col(a) - states_.col(b)).cwiseAbs().maxCoeff();
  }
  /// The box of existence of b lies in the unique box of a.
  bool holds(Index a, Index b) const {
    return above(above(distance(a, b)) + exists(b)) <= at(a).radius_unique;
  }

  const Matrix states_;
  const std::vector<Certificate>& certificates_;
};

bool lies_inside(const Box& a, const Box& b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](const Interval& x, const Interval& of) { return x.inside_of(of); });
}
bool lies_outside(const Box& a, const Box& b) {
  return !std::equal(a.begin(), a.end(), b.begin(), [](const Interval& x, const Interval& of) {
    return x.lo <= of.hi && of.lo <= x.hi;
  });
}

bool all_certified(const std::vector<Certificate>& certificates) {
  return std::all_of(certificates.begin(), certificates.end(), [](const Certificate& proof) {
    return proof.status == CertificateStatus::certified;
  });
}

}  // namespace

ProvenPoints merge_by_proof(In<Matrix> states, const std::vector<Certificate>& certificates) {
  require(static_cast<std::size_t>(states.cols()) == certificates.size(),
          "merge_by_proof: one certificate a state");
  const Pairs pairs(states, certificates);
  ProvenPoints points;
  for (Index p = 0; p < states.cols(); ++p) {
    if (certificates[static_cast<std::size_t>(p)].status != CertificateStatus::certified) continue;
    // Sameness is transitive: p may join groups that nothing joined before.
    std::vector<Index> merged = {p};
    for (auto& group : points.groups) {
      const bool joins = std::any_of(group.begin(), group.end(),
                                     [&](Index other) { return pairs.same(p, other); });
      if (!joins) continue;
      merged.insert(merged.begin(), group.begin(), group.end());
      group.clear();
    }
    std::erase_if(points.groups, [](const auto& group) { return group.empty(); });
    points.groups.push_back(std::move(merged));
  }
  for (auto& group : points.groups) std::sort(group.begin(), group.end());
  std::sort(points.groups.begin(), points.groups.end());
  for (auto& group : points.groups) {
    std::stable_sort(group.begin(), group.end(),
                     [&](Index a, Index b) { return pairs.exists(a) < pairs.exists(b); });
  }
  for (std::size_t a = 0; a < points.groups.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const auto apart = [&](Index p) {
        return std::any_of(points.groups[b].begin(), points.groups[b].end(),
                           [&](Index q) { return pairs.distinct(p, q); });
      };
      points.distinct &= std::any_of(points.groups[a].begin(), points.groups[a].end(), apart);
    }
  }
  return points;
}

DegreeStatement degree_statement(const TrappingBox& trap, In<Matrix> states,
                                 const std::vector<Certificate>& certificates) {
  const ProvenPoints points = merge_by_proof(states, certificates);
  DegreeStatement statement;
  if (trap.status != TrappingStatus::proven) return statement;
  require(static_cast<Index>(trap.box.size()) == states.rows(),
          "degree_statement: states must have the size of the box");
  // Who is not certified may be the fixed point that the others lack.
  bool decided = points.distinct && all_certified(certificates);
  for (const auto& group : points.groups) {
    const Certificate& best = certificates[static_cast<std::size_t>(group.front())];
    const Box near = box_around(states.col(group.front()), best.radius_exists);
    if (lies_outside(near, trap.box)) continue;
    decided = decided && lies_inside(near, trap.box) && best.degree != 0;
    ++statement.points;
    statement.sum += best.degree;
  }
  if (decided) {
    statement.verdict = statement.sum == 1 ? DegreeVerdict::consistent : DegreeVerdict::missing;
  }
  return statement;
}

const char* name_of(DegreeVerdict verdict) {
  switch (verdict) {
    case DegreeVerdict::missing:
      return "missing";
    case DegreeVerdict::consistent:
      return "consistent";
    case DegreeVerdict::undecided:
      return "undecided";
  }
  return "";
}

}  // namespace nullcline::dynamics
