// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "nullcline/dynamics/branches/family.hpp"

namespace nullcline::dynamics::detail {

/// A point of the curve G(z) = F(x; p) - x = 0, z = (x, p).
struct CurvePoint {
  Vector z;                    ///< (n + 1)
  Vector tangent;              ///< t (n + 1), |t| = 1, A t = 0.
  int sign = 0;                ///< Of det [A; t'].
  double log_determinant = 0;  ///< log |det [A; t']|.
  ComplexVector eigenvalues;   ///< (n) of J; empty unless wanted.

  Vector state() const { return z.head(z.size() - 1); }
  double parameter() const { return z(z.size() - 1); }
  double slope() const { return tangent(tangent.size() - 1); }  ///< dp/ds
};

enum class Correction { converged, failed, not_finite };

struct Corrected {
  Correction status = Correction::failed;
  Vector z;              ///< (n + 1) The last iterate.
  Index iterations = 0;  ///< Jacobians.
};

/// The equations of the curve, and what is computed at one point of it.
class Curve {
 public:
  Curve(const MapFamily& family, double tolerance, Index max_iterations)
      : family_(family), tolerance_(tolerance), max_iterations_(max_iterations) {}

  const MapFamily& family() const { return family_; }
  Index dim() const { return family_.dim(); }

  Vector residual(In<Vector> z) const;    ///< G (n)
  Matrix derivative(In<Vector> z) const;  ///< A = dG/dz (n, n + 1)

  /// Newton from `guess` in the hyperplane border' (z - guess) = 0. Fails when |G| grows.
  Corrected correct(In<Vector> guess, In<Vector> border) const;

  /// What there is to know at z of the curve, the tangent oriented along `along`, and equal to it
  /// where [A; along'] is singular. nullopt where the derivative is not finite.
  std::optional<CurvePoint> describe(In<Vector> z, In<Vector> along, bool eigenvalues) const;

 private:
  const MapFamily& family_;
  double tolerance_;
  Index max_iterations_;
};

/// The part of a curve between two neighbors a and b, parametrized by the projection on the tangent
/// of a: sigma in [0, length]. Refers to all three.
class Segment {
 public:
  Segment(const Curve& on, const CurvePoint& from, const CurvePoint& to);
  const Curve& curve;
  const CurvePoint& a;
  const CurvePoint& b;
  double
      length;  ///< t_a' (z_b - z_a); positive where the tangent turns by less than a right angle.

  Vector guess(double sigma) const;    ///< Cubic Hermite interpolation.
  Vector tangent(double sigma) const;  ///< Between those of a and b, |t| = 1.
  std::optional<CurvePoint> at(double sigma, bool eigenvalues) const;  ///< By the corrector.
};

}  // namespace nullcline::dynamics::detail
