// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "nullcline/cells/unit_function.hpp"

namespace nullcline::cells {

/// A step of a recurrent layer of n units, s -> s', in stages. With r_0 = s, stage k is
///
///     q_k = operand_k(r_k),   v_k = M_k [q_k; u; 1],   r_{k+1} = combine_k(v_k, r_k; xi)
///
/// and the last r is s'. Operand and combination act unit by unit: a unit has C numbers of state,
/// R_k numbers of r_k, and G_k products v_k, one for each block of n rows of M_k (G_k n, c + m +
/// 1); c = n, or 0 for a layer whose units are not connected. Rows are ordered by the number first,
/// then by the unit: s = (h_1 .. h_n, c_1 .. c_n). xi ~ N(0, 1) is the noise of the step.
///
/// Features, what a readout and the next layer see, are functions of the state, unit by unit; if
/// there is none they are its first `feature_count` numbers.
template <std::floating_point Real>
struct StagedStep {
  struct Stage {
    int blocks;  // G_k
    std::shared_ptr<const UnitFunction<Real>> operand, combine;
  };
  int state = 1;          // C
  int feature_count = 1;  // numbers a unit
  bool recurrent = true;  // c = n
  bool noisy = false;     // whether xi has any effect
  std::vector<Stage> stages;
  std::shared_ptr<const UnitFunction<Real>> features;  // or null
  std::vector<double> bounds = {};  // of the C numbers, see Map::state_bound; or none

  Index operand_dim(Index n) const { return recurrent ? n : 0; }
  Index matrix_cols(Index n, Index m) const { return operand_dim(n) + m + 1; }
  Index carried(std::size_t k) const {
    return stages[k].combine->inputs - stages[k].blocks;
  }  // R_k
};

/// A rule is how the kind of a cell writes its step: an object with
///
///     static constexpr int stages, state, features; static constexpr bool recurrent;
///     static constexpr std::array blocks {G_0, ...}, carried {C, R_1, ..., C};
///     bool noisy;
///     template <int K, class T> void operand(const T* r, T& q) const;
///     template <int K, class T> void combine(const T* v, const T* r, const T& xi, T* next) const;
///     template <class T> void read(const T* s, T* y) const;      (optional: features)
///     std::array<double, C> bounds() const;      (optional: of the state, without noise)
///
/// where T is a number or a jet. OneStage has all but the combination.
template <int G, int C = 1>
struct OneStage {
  static constexpr int stages = 1, state = C, features = 1;
  static constexpr bool recurrent = true;
  static constexpr std::array<int, 1> blocks = {G};
  static constexpr std::array<int, 2> carried = {C, C};
  bool noisy = false;
  template <int K, class T>
  void operand(const T* r, T& q) const {
    q = r[0];
  }
};

template <std::floating_point Real, class Rule>
StagedStep<Real> staged_step(const Rule& rule) {
  StagedStep<Real> step{.state = Rule::state,
                        .feature_count = Rule::features,
                        .recurrent = Rule::recurrent,
                        .noisy = rule.noisy,
                        .stages = {},
                        .features = {}};
  if constexpr (requires { rule.bounds(); }) {
    for (const double bound : rule.bounds()) step.bounds.push_back(bound);
  }
  const auto add_stage = [&]<int K>(std::integral_constant<int, K>) {
    constexpr int G = Rule::blocks[K], R = Rule::carried[K], next = Rule::carried[K + 1];
    const auto operand = [rule]<class T>(const T* r, const T&, T* q) {
      rule.template operand<K, T>(r, *q);
    };
    const auto combine = [rule]<class T>(const T* x, const T& xi, T* y) {
      rule.template combine<K, T>(x, x + G, xi, y);
    };
    step.stages.push_back(
        {G, std::make_shared<UnitFunctionOf<Real, R, 1, decltype(operand)>>(operand),
         std::make_shared<UnitFunctionOf<Real, G + R, next, decltype(combine)>>(combine)});
  };
  [&]<int... K>(std::integer_sequence<int, K...>) {
    (add_stage(std::integral_constant<int, K>{}), ...);
  }
  (std::make_integer_sequence<int, Rule::stages>{});

  if constexpr (requires(const double* s, double* y) { rule.read(s, y); }) {
    const auto read = [rule]<class T>(const T* s, const T&, T* y) { rule.read(s, y); };
    step.features =
        std::make_shared<UnitFunctionOf<Real, Rule::state, Rule::features, decltype(read)>>(read);
  }
  return step;
}

}  // namespace nullcline::cells
