// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace nullcline::apps {

/// One known number against what this program makes of it.
struct SelftestCheck {
  std::string quantity;
  double known = 0;
  double measured = 0;
  double allowed = 0;  ///< Of |measured - known|: from rounding, the digits known, or 4 standard
                       ///< errors.
  bool ok() const { return std::abs(measured - known) <= allowed; }  // NaN is not
};

/// A system of which numbers are known.
struct SelftestCase {
  std::string system;
  std::string source;  ///< Where the numbers come from.
  std::vector<SelftestCheck> (*checks)();
};

std::vector<SelftestCase> selftest_points();          ///< Fixed points, proofs, connections.
std::vector<SelftestCase> selftest_cycles();          ///< Of maps and flows.
std::vector<SelftestCase> selftest_lyapunov();        ///< Exponents and what follows from them.
std::vector<SelftestCase> selftest_continuation();    ///< Bifurcations.
std::vector<SelftestCase> selftest_representation();  ///< Predictive information, DCA.
std::vector<SelftestCase> selftest_shape();           ///< Distances, alignments, homology.
std::vector<SelftestCase> selftest_similarity();      ///< Of representations.
std::vector<SelftestCase> selftest_methods();         ///< Rotations, slowness, dimensions of data.
std::vector<SelftestCase> selftest_geometry();        ///< Surfaces: curvature, geodesics.

}  // namespace nullcline::apps
