// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/core/parallel.hpp"
#include "nullcline/dynamics/points/slow_points.hpp"

namespace nullcline::dynamics {

/// What a minimum of the speed is to the states that come by. To be slow is not to attract.
enum class SlowGrade {
  ghost,    ///< A bottleneck: states are drawn into the channel before they have passed it.
  saddle,   ///< A channel that states leave along a growing mode before they have passed it.
  shallow,  ///< The others: passed before a decaying mode has drawn anything near. No bottleneck.
  drift,    ///< The speed does not change along the orbit: there is no passage to speak of.
  unknown,  ///< A step or J is not finite there, or LAPACK gave up: the times are NaN.
};

const char* name_of(SlowGrade grade);  ///< "ghost", ...

/// The time scales of one slow point, all in seconds: none has the units of the state.
struct SlowTimeScale {
  double passage = 0;  ///< From far before to far behind the point; infinite for `drift`.
  double dwell = 0;    ///< From the point until the speed |F(x) - x| of its orbit has doubled;
                       ///< infinite where max_steps do not do it.
  double decay = 0;    ///< The slowest of the decaying modes beside the channel; 0: there is none.
  double escape = 0;   ///< The fastest of the growing modes, to grow by e; infinite: there is none.
  SlowGrade grade = SlowGrade::shallow;
};

struct SlowTimeOptions {
  double dt = 1;           ///< > 0, seconds of one step of the map; that of the search.
  Index max_steps = 2000;  ///< > 0; of the orbit that `dwell` is read from.
  Threads threads = {};
};

/// How long states stay near slow points. At a minimum of q off the kinks A' d = 0, with the step
/// d = F(x) - x and A = J - I: J has the eigenvalue 1, its left eigenvector d. With 1 + mu, the
/// eigenvalue nearest to 1, its left and right eigenvectors l and r, and y the coordinate along r,
/// what enters the channel obeys the normal form of the saddle-node that has just vanished
/// [Kuznetsov 2004, "Elements of applied bifurcation theory", section 3.2]
///
///     dy/dt = alpha + mu y + beta y^2,   alpha = l'd / (l'r),
///                                        beta = r' (sum_k l_k d2F_k/dx dx') r / (2 l'r),
///
/// per step, and passes it in pi / sqrt(alpha beta - mu^2 / 4) steps. That is the same wherever in
/// the channel the search ended, and changes little with a small distance from it. It holds for a
/// passage of many steps. The curvature of q along d would give the same only if J were normal.
///
/// At a kink or a flat point, or where the eigenvalue nearest to 1 is complex, there is no such
/// form: `passage` is 4 dwell there, as it is for a parabola, where the speed doubles in the fourth
/// part of the passage.
///
/// decay and escape are -dt / ln|lambda| and dt / ln|lambda| of the eigenvalues of J but the one
/// nearest to 1; one within 1e-9 of the unit circle decays in infinite time. With them
///
///     drift: passage infinite;  shallow: passage <= decay;  saddle: escape < passage;  else ghost.
///
/// Throws std::invalid_argument on a wrong size or option.
std::vector<SlowTimeScale> slow_time_scales(const Map& map, const SlowPoints& points,
                                            const SlowTimeOptions& options = {});

}  // namespace nullcline::dynamics
