// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <vector>

#include "nullcline/core/random.hpp"
#include "nullcline/core/types.hpp"

namespace nullcline::cells {

// Sequences as training runs them: B trials of T steps at once. Step t = 1 .. T of an array is its
// columns (t - 1) B .. t B - 1. S is the size of a state, m that of an input, F that of the
// features, which are what a readout sees.

template <std::floating_point Real>
using View = Eigen::Map<const MatrixX<Real>, 0, Eigen::OuterStride<>>;

template <class Real>
View<Real> view(const MatrixX<Real>& A) {
  return {A.data(), A.rows(), A.cols(), Eigen::OuterStride<>(A.rows())};
}

/// What drives a batch.
template <std::floating_point Real>
struct Drive {
  Index steps = 0, batch = 0;
  View<Real> inputs;  ///< (m, T B)
  View<Real> start;   ///< (S, B); without columns: a Cell's own start, see Cell::forward

  /// Recurrent noise, or none when null. That of step t of a network of n units is the normals
  /// (n, B) at RandomStream::seek_group((first_step + t - 1) ceil(n B / 64)).
  const RandomStream* noise = nullptr;
  Index first_step = 0;

  /// Called after each step t = 1 .. T, whose features are there, and still in cache; may be empty.
  std::function<void(Index t)> after_step = {};
};

/// The gradient of a loss by features and states: dL/dfeatures_t = D' E_t, plus what `more` adds.
template <std::floating_point Real>
struct OutputGradient {
  View<Real> readout;  ///< D (o, F)
  View<Real> errors;   ///< E (o, T B)

  /// Adds to dL/dfeatures_t (F, B), t = 1 .. T; may be empty.
  std::function<void(Index t, InOut<MatrixX<Real>> G)> more = {};
  const MatrixX<Real>* last_state = nullptr;  ///< dL/ds_T by what comes later, (S, B), or null.

  /// Called on the way back with ranges of steps first .. last that cover each step once, the
  /// latest first, while their features are in cache; may be empty.
  std::function<void(Index first, Index last)> after_steps = {};
};

/// Where backpropagation leaves its results.
template <std::floating_point Real>
struct Gradients {
  /// By each parameter, added to what is there; an empty matrix is left out.
  std::vector<MatrixX<Real>> parameters;
  MatrixX<Real>* inputs = nullptr;  ///< dL/du (m, T B), overwritten, or null: left out.
  MatrixX<Real>* start = nullptr;   ///< dL/ds_0 (S, B), overwritten, or null: left out.
};

}  // namespace nullcline::cells
