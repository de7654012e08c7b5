// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nullcline/core/map.hpp"
#include "nullcline/dynamics/connections/connection_graph.hpp"
#include "nullcline/dynamics/orbits/settle.hpp"

namespace nullcline::dynamics {

/// y = readout(x) for the labels, on batches: (n, B) -> (m, B).
using LabelReadout = std::function<Matrix(In<Matrix>)>;

struct ConnectionOptions {
  Index samples = 64;          ///< > 0; orbits of a point with two unstable directions or more.
  double nonlinearity = 1e-3;  ///< > 0; they start where |F(x) - x* - J d| <= nonlinearity |J d|.
  bool aim = true;             ///< Look for connections between saddles too, in all three ways.
  bool implied = true;         ///< Also connections that follow from those found.
  Index aim_tries = 2;         ///< > 0; starts of that search for each pair.
  Index aim_budget = 20000;    ///< > 0; steps of one, and of following one edge.
  double aim_reach = 1e-3;     ///< > 0; times 1 + |x*|: arrived.
  SettleOptions settle = {};   ///< How orbits are followed; threads and progress are of all.
  LabelReadout readout = {};   ///< None: no labels.
  int label_limit = 1;         ///< > 0; label = readout rounded, clipped to +- this.
  std::uint64_t seed = 0;      ///< Of the study.
  std::uint64_t network = 0;   ///< Of the network in it.
};

/// How a connection was found.
enum class Found {
  branch,   ///< One of the two branches of a one-dimensional unstable manifold ends there.
  sampled,  ///< Orbits of a sample of a larger one do.
  edge,     ///< Between sampled orbits with different ends, the boundary leads to that saddle;
            ///< or, of index 2 and more, between boundaries that lead to different saddles.
  aimed,    ///< An orbit of a larger one was found that arrives at a saddle.
  implied,  ///< Through a saddle between them, see find_connections.
};

const char* name_of(Found found);  ///< "branch", ...

struct Connection {
  Index from = 0, to = 0;  ///< Nodes.
  Found found = Found::branch;
  Index orbits = 0;     ///< How many of the orbits followed end there; 0 beyond `sampled`.
  double fraction = 0;  ///< Of the orbits followed from `from`; 0 beyond `sampled`.
  double distance = 0;  ///< Where an aimed orbit was stopped, from `to`; else 0.
};

/// What left one of the points or cycles given.
struct Departures {
  Index orbits = 0;                  ///< 0 without unstable directions.
  double distance = 0;               ///< At which they started.
  double nonlinearity = 0;           ///< Reached there; more than allowed only where the
                                     ///< start would be lost in rounding.
  Index escaped = 0, undecided = 0;  ///< Orbits that ended nowhere.
  Index not_finite = 0, cancelled = 0;
  Index edges = 0;       ///< Boundaries between its orbits that were followed,
  Index edges_lost = 0;  ///< and of them those on which no fixed point was reached.
  /// Boundaries that were seen but not followed: between neighbors on the circle of which one ends
  /// at nothing that was given, and pairs of directions, or of boundaries, beyond the 64 that are
  /// followed of a point.
  Index edges_skipped = 0;
  Index junctions = 0;       ///< Places where boundaries meet that were looked for,
  Index junctions_lost = 0;  ///< and of them those at which no saddle was found.
};

struct Connections {
  ConnectionGraph graph;                ///< Nodes: points, cycles, new points, new cycles, and
                                        ///< new saddles.
  std::vector<Connection> connections;  ///< In order of from, to: the edges of the graph.
  std::vector<Departures> departures;   ///< (P + C) of the points and cycles given.
  Matrix new_points;                    ///< (n, U) attractors that were not given.
  std::vector<Matrix> new_cycles;       ///< Each (n, period).
  Matrix new_saddles;                   ///< (n, S) saddles at edges that were not given.
  bool cancelled = false;
};

/// Follows the unstable manifolds of fixed points and cycles to where they end.
///
/// One unstable direction r: the orbits of x* +- e r, with e so small that the map is linear there
/// to `nonlinearity`, are the two branches, up to a shift along them (for a multiplier < -1 the two
/// take turns, and F takes one to the other). More, E an orthonormal basis of their space: the
/// orbits of x* + e E u, u on the unit sphere, at equal angles for two and drawn at random for
/// more. Fractions are of these u: they depend on the coordinates, and count saddles never. A cycle
/// of period k is left at its first state, as a fixed point of F^k; a closed curve is not.
///
/// Connections to a saddle q of lower index k_q are the u of a set of codimension k_q, which no
/// sample meets. They are looked for in three ways:
///
/// - Between neighboring u whose orbits have different ends lies an orbit that goes to neither; it
///   is followed to the saddle on the boundary (detail/edge.hpp): neighbors on the circle of two
///   directions; for more, up to four pairs of each two ends, the nearest one and others far from
///   it, up to 64 pairs. Where the end behind that boundary is not the one of the second u, other
///   ends lie between them, and the rest of the chord is looked at in the same way. The saddle is
///   found even if it is not among the points given. Where none is, a cycle or more may lie there.
/// - From sampled orbits that come near q, for each q still without an edge: Gauss-Newton steps on
///   the unstable part of where the orbit stands after T steps, for growing T, at first at most
///   aim_budget / 8 (detail/aim.hpp).
/// - Of three unstable directions and more: where boundaries of one basin meet that lead to
///   different saddles, a saddle of index 2 or more lies behind, or an orbit of the boundary
///   changes from one to the other; bisection along the boundary leads there
///   (detail/junctions.hpp). Tried for each pair of such boundaries of a sampled basin unless a
///   known saddle leads to both; found even if it is not among the points given. Saddles of
///   index 3 and more are only aimed at.
///
/// If p leads to a saddle q of lower index and q to r, then p leads to r: where the manifolds cross
/// transversally, as they do in all but exceptional maps, orbits that pass close to q follow those
/// of q [inclination lemma, Palis 1969]. Such edges are added last, as `implied`.
///
/// Edges found exist to rounding; those not found may exist. Unstable cycles are left but not aimed
/// at. Orbits of marginal directions (modulus 1) are not followed, nor are those of points that
/// were not given.
///
/// A point or cycle at which orbits end and that is not among those given becomes a node: it has
/// been missed; add it and call again. Cost beside settle's: about 100 settled orbits for each
/// 1e5-fold growth along an edge, and for each pair aimed at up to aim_budget steps with index + 1
/// columns; for each junction up to 40 edges a way, and aims at the saddles near which they paused.
///
/// Same result for any number of threads. Throws std::invalid_argument on a wrong size or option.
Connections find_connections(const Map& map, const Landmarks& landmarks,
                             const ConnectionOptions& options = {});

/// Readouts (m, B) rounded to whole numbers and clipped to +- limit; what is not finite is 0.
std::vector<std::vector<int>> rounded_labels(In<Matrix> outputs, int limit = 1);

}  // namespace nullcline::dynamics
