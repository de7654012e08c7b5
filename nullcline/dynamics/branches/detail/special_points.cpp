// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/branches/detail/special_points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "nullcline/core/attempt.hpp"
#include "nullcline/dynamics/branches/detail/branch_point.hpp"
#include "nullcline/dynamics/branches/detail/illinois.hpp"
#include "nullcline/dynamics/branches/detail/normal_form.hpp"

namespace nullcline::dynamics::detail {
namespace {

constexpr int most_halvings = 6;
constexpr double on_circle = 1e-12;  // moduli up to 1 + this: all are where a map keeps areas
constexpr double noise = 1e-10;      // a test function up to this on both sides has no sign
constexpr double vertical = 1e-4;    // dp/ds of a branch that turns back at a branch point, at most
constexpr double not_near = 1;       // a test function where no eigenvalue is of its kind

using Test = std::function<double(const CurvePoint&)>;

bool negative(double value) { return value < 0; }

double doubling_test(const CurvePoint& point) {
  double sign = 1, nearest = not_near;
  for (const auto& lambda : point.eigenvalues) {
    if (lambda.imag() != 0) continue;
    if (lambda.real() < -1) sign = -sign;
    nearest = std::min(nearest, std::abs(lambda.real() + 1));
  }
  return sign * nearest;
}

double pair_test(const MultiplierCounts& at_a, const CurvePoint& point) {
  double nearest = not_near;
  for (const auto& lambda : point.eigenvalues) {
    if (lambda.imag() != 0) nearest = std::min(nearest, std::abs(std::abs(lambda) - 1));
  }
  const Index left = pairs_that_left(at_a, count_multipliers(point.eigenvalues));
  return left % 2 == 0 ? nearest : -nearest;
}

/// The eigenvalue nearest to where it is critical.
std::complex<double> critical_eigenvalue(const ComplexVector& eigenvalues, SpecialKind kind) {
  const auto distance = [kind](const std::complex<double>& lambda) {
    if (kind == SpecialKind::period_doubling) return std::abs(lambda + 1.0);
    if (kind != SpecialKind::neimark_sacker) return std::abs(lambda - 1.0);
    return lambda.imag() > 0 ? std::abs(std::abs(lambda) - 1)
                             : std::numeric_limits<double>::infinity();
  };
  return *std::min_element(
      eigenvalues.begin(), eigenvalues.end(),
      [&](const auto& left, const auto& right) { return distance(left) < distance(right); });
}

/// How small a test function need become: eigenvalues and tangents have rounding errors of this
/// size, branch points are polished anyway.
double value_tolerance(SpecialKind kind) {
  return kind == SpecialKind::branch_point ? 1e-9 : kind == SpecialKind::fold ? 1e-14 : 1e-13;
}

/// Looks for sign changes of test functions between the ends of a segment.
class Search {
 public:
  explicit Search(const Segment& segment)
      : segment_(segment),
        eigenvalues_(segment.a.eigenvalues.size() > 0 && segment.b.eigenvalues.size() > 0) {}

  std::vector<SpecialPoint> run() {
    const double reference = std::max(segment_.a.log_determinant, segment_.b.log_determinant);
    locate(SpecialKind::branch_point, false, [reference](const CurvePoint& point) {
      return point.sign * std::exp(point.log_determinant - reference);
    });
    locate(SpecialKind::fold, false, [](const CurvePoint& point) { return point.slope(); });
    if (eigenvalues_) {
      const MultiplierCounts at_a = count_multipliers(segment_.a.eigenvalues);
      locate(SpecialKind::period_doubling, true, doubling_test);
      locate(SpecialKind::neimark_sacker, true,
             [at_a](const CurvePoint& point) { return pair_test(at_a, point); });
    }
    std::stable_sort(found_.begin(), found_.end(), [](const auto& left, const auto& right) {
      return left.arclength < right.arclength;
    });
    return std::move(found_);
  }

 private:
  void locate(SpecialKind kind, bool needs_eigenvalues, const Test& test) {
    const double at_a = test(segment_.a), at_b = test(segment_.b);
    if (!(segment_.length > 0)) return;
    if (kind == SpecialKind::branch_point) {
      if (segment_.a.sign == 0) return;  // starts there, or was found at the end of the last one
      if (segment_.b.sign == 0) return add(kind, segment_.length);
    }
    if (kind == SpecialKind::fold) {
      if (segment_.a.sign == 0 && std::abs(at_a) <= vertical) return;
    }
    if (kind != SpecialKind::branch_point && std::max(std::abs(at_a), std::abs(at_b)) < noise)
      return;
    if (negative(at_a) == negative(at_b)) return;
    const double tolerance = 1e-13 * (1 + segment_.length + segment_.a.z.norm());
    const Zero zero = find_sign_change(
        [&](double sigma) -> std::optional<double> {
          const auto point = segment_.at(sigma, needs_eigenvalues);
          return point ? std::optional<double>(test(*point)) : std::nullopt;
        },
        {0, at_a, segment_.length, at_b}, tolerance, value_tolerance(kind));
    if (!zero.jumps) return add(kind, zero.at);
    const auto point = segment_.at(zero.low, false);
    if (point && derivative_jumps(zero)) add_corner(*point);
  }

  bool derivative_jumps(const Zero& zero) const {
    const auto before = segment_.at(zero.low, false), after = segment_.at(zero.high, false);
    if (!before || !after) return false;
    if ((before->z - after->z).norm() > 1e-6 * (1 + before->z.norm())) return false;
    const Matrix A = segment_.curve.derivative(before->z);
    return (segment_.curve.derivative(after->z) - A).norm() > 1e-6 * (1 + A.norm());
  }

  /// Several tests jump at one corner.
  void add_corner(const CurvePoint& point) {
    for (const SpecialPoint& other : found_) {
      if (other.kind == SpecialKind::corner &&
          (other.state - point.state()).norm() <= 1e-6 * (1 + point.z.norm())) {
        return;
      }
    }
    found_.push_back(special(SpecialKind::corner, point));
  }

  /// At a fold J - I is singular. Where a derivative by differences has smoothed a corner it is
  /// not.
  bool is_fold(const Vector& z) const {
    const auto values =
        attempt(singular_values, segment_.curve.derivative(z).leftCols(segment_.curve.dim()));
    return values && (*values)(values->size() - 1) <= 1e-4 * (1 + (*values)(0));
  }

  void add(SpecialKind kind, double sigma) {
    Vector z = segment_.guess(sigma), along = segment_.tangent(sigma);
    if (const auto corrected = segment_.at(sigma, false)) {
      z = corrected->z;
      along = corrected->tangent;
    }
    if (kind == SpecialKind::branch_point) {
      along = segment_.tangent(sigma);  // where two branches cross that of the matrix is noise
      const auto polished = polish_branch_point(segment_.curve, z);
      if (polished && (*polished - z).norm() <= segment_.length) z = *polished;
    }
    auto point = segment_.curve.describe(z, along, eigenvalues_);
    if (!point) return;
    point->tangent = along;
    if (kind == SpecialKind::fold && !is_fold(z)) return add_corner(*point);
    SpecialPoint result = special(kind, *point);
    if (kind == SpecialKind::branch_point) {
      const auto branches = crossing_branches(segment_.curve, z, along);
      result.crossing = branches.crossing;
      result.second_tangent = branches.second_tangent;
      if (branches.crossing != Crossing::none) result.tangent = branches.tangent;
    }
    if (kind == SpecialKind::fold) result.curvature = fold_curvature(segment_.curve, z, along);
    if (kind == SpecialKind::period_doubling) result.second_tangent = doubled_direction(z);
    // A pair whose modulus is not 1 has not crossed: the count changed for another reason.
    if (kind == SpecialKind::neimark_sacker && std::abs(std::abs(result.eigenvalue) - 1) > 1e-6) {
      return;
    }
    judge(result);
    found_.push_back(std::move(result));
  }

  SpecialPoint special(SpecialKind kind, const CurvePoint& point) const {
    SpecialPoint result;
    result.kind = kind;
    result.parameter = point.parameter();
    result.state = point.state();
    result.tangent = point.tangent;
    result.arclength = (point.z - segment_.a.z).norm();
    if (kind == SpecialKind::corner) return result;
    result.eigenvalue = point.eigenvalues.size() > 0 ? critical_eigenvalue(point.eigenvalues, kind)
                                                     : std::complex<double>(1);
    if (kind == SpecialKind::neimark_sacker) {
      result.frequency = std::arg(result.eigenvalue) / (2 * std::numbers::pi);
    }
    return result;
  }

  /// What branches off, and to which side.
  void judge(SpecialPoint& point) const {
    const bool branches = point.kind == SpecialKind::period_doubling ||
                          point.kind == SpecialKind::neimark_sacker ||
                          point.crossing == Crossing::pitchfork;
    if (!branches || !eigenvalues_) return;
    const NormalForm form = normal_form(segment_.curve.family(), point.state, point.parameter,
                                        point.kind, point.eigenvalue);
    point.criticality = form.criticality;
    point.normal_form = form.coefficient;
  }

  /// (v, 0) with J v = -v; empty where it is not to be had.
  Vector doubled_direction(const Vector& z) const {
    const Index n = segment_.curve.dim();
    Matrix at_minus_one = segment_.curve.derivative(z).leftCols(n);
    at_minus_one.diagonal().array() += 2.0;
    const auto decomposed = attempt(svd, at_minus_one);
    if (!decomposed) return {};
    Vector direction = Vector::Zero(n + 1);
    direction.head(n) = decomposed->V.col(n - 1);
    return direction;
  }

  const Segment& segment_;
  bool eigenvalues_;
  std::vector<SpecialPoint> found_;
};

/// Could one event of each kind have changed the number of unstable eigenvalues so, and only these?
bool are_told_apart(const CurvePoint& a, const CurvePoint& b) {
  if (a.eigenvalues.size() == 0 || b.eigenvalues.size() == 0) return true;
  const MultiplierCounts before = count_multipliers(a.eigenvalues);
  const MultiplierCounts after = count_multipliers(b.eigenvalues);
  const Index pairs = pairs_that_left(before, after);
  const bool crosses = a.sign * b.sign < 0, turns = negative(a.slope()) != negative(b.slope());
  const Index through_one = crosses || turns;
  const Index through_minus_one = (after.below - before.below) % 2 != 0;
  const Index change = (after.above + after.below + 2 * after.pairs) -
                       (before.above + before.below + 2 * before.pairs);
  // Real eigenvalues that became or come of a pair hide which way another one crossed.
  if (through_one + through_minus_one > 0 && after.pairs != before.pairs) return false;
  const Index most = through_one + through_minus_one + 2 * (pairs % 2 != 0);
  // Along a branch that turns back at a branch point the eigenvalue +1 is touched, not crossed.
  return std::abs(change) <= most && ((change - most) % 2 == 0 || (crosses && turns));
}

/// Halves the segment where too much happens on it for a test function each.
std::vector<SpecialPoint> special_points(const Segment& segment, int halvings) {
  if (halvings > 0 && segment.length > 0 && !are_told_apart(segment.a, segment.b)) {
    if (const auto middle = segment.at(0.5 * segment.length, true)) {
      auto found = special_points(Segment(segment.curve, segment.a, *middle), halvings - 1);
      const double before = (middle->z - segment.a.z).norm();
      for (SpecialPoint& point :
           special_points(Segment(segment.curve, *middle, segment.b), halvings - 1)) {
        point.arclength += before;
        found.push_back(std::move(point));
      }
      return found;
    }
  }
  return Search(segment).run();
}

}  // namespace

MultiplierCounts count_multipliers(const ComplexVector& eigenvalues) {
  MultiplierCounts counts;
  for (const auto& lambda : eigenvalues) {
    if (lambda.imag() > 0 && std::abs(lambda) > 1 + on_circle) ++counts.pairs;
    if (lambda.imag() == 0 && lambda.real() > 1) ++counts.above;
    if (lambda.imag() == 0 && lambda.real() < -1) ++counts.below;
  }
  return counts;
}

Index pairs_that_left(const MultiplierCounts& before, const MultiplierCounts& after) {
  return after.pairs - before.pairs + (after.above - before.above) / 2 +
         (after.below - before.below) / 2;
}

std::vector<SpecialPoint> special_points(const Segment& segment) {
  return special_points(segment, most_halvings);
}

}  // namespace nullcline::dynamics::detail
