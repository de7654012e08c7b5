// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "nullcline/core/map.hpp"

namespace nullcline {

/// Of the arithmetic of a long computation; what goes in and comes out is double.
enum class Precision { full, single };

/// The columns that belong to one point: its state, its derivatives by m coordinates, and, where
/// `second`, those by pairs i <= j of them,
///
///     x, a_1 .. a_m, b_11, b_12 .. b_1m, b_22 .. b_mm.
struct TangentColumns {
  Index dim = 1;  ///< m >= 0
  bool second = false;
  Index pairs() const { return second ? dim * (dim + 1) / 2 : 0; }
  Index width() const { return 1 + dim + pairs(); }
};

/// B states of a driven map that step together with their derivatives, as one matrix product where
/// the map knows how:
///
///     x <- F(x, u),   a_i <- F_x a_i + F_u du_i,
///     b_ij <- F_x b_ij + F_u d2u_ij + F''((a_i, du_i), (a_j, du_j)).
///
/// It owns what it needs, and its memory lasts from step to step.
class TangentOrbits {
 public:
  virtual ~TangentOrbits() = default;
  virtual void start(In<Matrix> Z) = 0;        ///< (n, B w) columns point by point.
  virtual void step(In<Matrix> W) = 0;         ///< (inputs, B w): u, du_i, d2u_ij likewise.
  virtual void read(Out<Matrix> Z) const = 0;  ///< (n, B w)
};

/// What a map also is that steps with its derivatives faster than by `evaluate` and the
/// push-forwards one after the other.
class TangentStepping {
 public:
  virtual ~TangentStepping() = default;
  virtual std::unique_ptr<TangentOrbits> tangent_orbits(const TangentColumns& columns,
                                                        Precision precision) const = 0;
};

/// By TangentStepping where F is that, else by its push-forwards; then F must live as long. Throws
/// std::invalid_argument where single precision is asked of a map that has none.
std::unique_ptr<TangentOrbits> tangent_orbits(const DrivenMap& F, const TangentColumns& columns,
                                              Precision precision = Precision::full);

/// Whether `tangent_orbits` would give first derivatives in single precision; of second ones it may
/// still throw.
bool has_single_precision(const DrivenMap& F);

}  // namespace nullcline
