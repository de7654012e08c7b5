// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace nullcline {

/// What a stream of random numbers is for. A value here is part of the address of a stream, so
/// the numbers of existing entries never change.
enum class Purpose : std::uint32_t {
  initial_weights = 1,
  trials = 2,
  recurrent_noise = 3,
  test_trials = 4,
  analysis_starts = 5,
  analysis_noise = 6,
  optimizer_starts = 7,
  piecewise = 8,
  connections = 9,
  lyapunov_tangents = 10,
  lyapunov_noise = 11,
  cycle_starts = 12,
  surrogates = 20,
};

/// The address of a stream: any part of any run can draw its numbers without having drawn those
/// before, which makes results independent of thread counts, of order, and of interruptions.
struct StreamAddress {
  std::uint64_t seed = 0;     ///< Of the study.
  std::uint64_t network = 0;  ///< Of the network in it (a hash or an index).
  Purpose purpose = Purpose::initial_weights;
  std::uint64_t step = 0;  ///< Training step, condition, start: what the caller counts.
};

/// A stream of Philox4x32-10 [Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"].
///
/// key     = Philox(counter = (network, purpose), key = seed), its first 64 bits;
/// counter = (block, step): each block holds four 32-bit words.
///
/// Normals are pairs by Box and Muller, r = sqrt(-2 log u1), (r cos a, r sin a). Those that fill an
/// array come from Philox with seven rounds and 32-bit uniforms, so |z| <= 6.8; the vector code
/// (Highway) and the scalar code draw the same words in the same order, and give the same bits at
/// every vector length where the CPU has fused multiply-add, and to rounding where it has not.
class RandomStream {
 public:
  explicit RandomStream(const StreamAddress& address);

  std::uint32_t word();                  ///< The next 32 random bits.
  double uniform();                      ///< In (0, 1), 53 bits, from two words.
  double normal();                       ///< N(0, 1).
  std::uint64_t below(std::uint64_t n);  ///< Uniform in 0 .. n - 1, n > 0, without bias.

  /// Makes group `group` of 64 normals the next that `fill_normal` draws.
  void seek_group(std::uint64_t group);

  /// Fills `values` with scale * N(0, 1), starting at a new group of 64. float is vectorized.
  void fill_normal(std::span<float> values, float scale = 1);
  void fill_normal(std::span<double> values, double scale = 1);

 private:
  void refill();

  std::uint32_t key_[2];
  std::uint64_t step_;
  std::uint64_t block_ = 0;
  std::uint32_t words_[4];
  int used_ = 4;
};

}  // namespace nullcline
