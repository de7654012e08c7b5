// SPDX-License-Identifier: Apache-2.0
#include "nullcline/dynamics/orbits/lyapunov.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

#include "nullcline/core/errors.hpp"
#include "nullcline/dynamics/detail/over_items.hpp"
#include "nullcline/dynamics/orbits/detail/spectrum_statistics.hpp"
#include "nullcline/dynamics/orbits/detail/tangent_bundle.hpp"

namespace nullcline::dynamics {
namespace {

using detail::TangentBundle;
using StepperOf = std::function<std::unique_ptr<detail::OrbitStepper>(Index first, Index count)>;

constexpr Index most_blocks = 256, fewest_blocks = 16;
constexpr Index longest_portion = 2048;  // steps between two reports of progress

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

Index group_size(Index k) { return std::clamp<Index>(256 / k, 1, 32); }

void check(Index n, In<Matrix> starts, const LyapunovOptions& options) {
  require(n > 0 && starts.rows() == n, "lyapunov_spectrum: starts must be (dimension of map, B)");
  require(std::isfinite(options.dt) && options.dt > 0, "lyapunov_spectrum: need dt > 0");
  require(options.exponents >= 0 && options.exponents <= n,
          "lyapunov_spectrum: exponents must be 0 .. dimension of map");
  require(options.transient >= 0 && options.steps > 0,
          "lyapunov_spectrum: need transient >= 0 and steps > 0");
  require(options.spread > 1 && options.longest_interval > 0 && options.determinant_checks >= 0 &&
              options.error_bar > 0 && options.escape_radius > 0,
          "lyapunov_spectrum: need spread > 1, longest_interval > 0, determinant_checks >= 0, "
          "error_bar > 0, escape_radius > 0");
}

/// Progress of many bundles in orbit-steps.
class StepCount {
 public:
  StepCount(const Progress& progress, double total, detail::Cancellation& cancellation)
      : progress_(progress), total_(total), cancellation_(cancellation) {}

  void add(Index steps) {
    if (!progress_) return;
    const std::lock_guard lock(mutex_);
    done_ += static_cast<double>(steps);
    if (cancellation_.keep_going() && !progress_(std::min(1.0, done_ / total_)) && done_ < total_) {
      cancellation_.cancel();
    }
  }
  bool keep_going() const { return cancellation_.keep_going(); }

 private:
  const Progress& progress_;
  double done_ = 0, total_;
  detail::Cancellation& cancellation_;
  std::mutex mutex_;
};

struct Group {
  TangentBundle bundle;
  Index orbits;
  Index blocks_done = 0;
};

void run_transient(Group& group, const LyapunovOptions& options, StepCount& count) {
  Matrix ignored = Matrix::Zero(options.exponents, group.orbits);
  const Index portion = std::clamp<Index>(options.transient / 32, 1, longest_portion);
  for (Index left = options.transient; left > 0 && count.keep_going(); left -= portion) {
    const Index steps = std::min(left, portion);
    group.bundle.advance(steps, ignored, false);
    count.add(steps * group.orbits);
  }
  group.bundle.begin_measurement();
}

/// One block, in portions, so that a long one tells its progress; false if it was cancelled.
bool advance(Group& group, Index steps, bool check, StepCount& count, Matrix& growth) {
  for (Index left = steps; left > 0; left -= longest_portion) {
    if (!count.keep_going()) return false;
    const Index now = std::min(left, longest_portion);
    group.bundle.advance(now, growth, check && left == steps);
    count.add(now * group.orbits);
  }
  return true;
}

/// The growth of every block into columns b T + t of growth (k, B T).
void run_blocks(Group& group, Index T, Index block_steps, const LyapunovOptions& options,
                StepCount& count, Matrix& growth) {
  Matrix of_block(options.exponents, group.orbits);
  const Index checks = group.bundle.checkable() ? std::min(options.determinant_checks, T) : 0;
  for (Index t = 0; t < T; ++t) {
    of_block.setZero();
    const bool check = (t + 1) * checks / T > t * checks / T;
    if (!advance(group, block_steps, check, count, of_block)) return;
    for (Index b = 0; b < group.orbits; ++b) {
      growth.col((group.bundle.first() + b) * T + t) = of_block.col(b);
    }
    ++group.blocks_done;
  }
}

/// A power of two of blocks that are not shorter than the intervals between two QR, if possible.
Index number_of_blocks(const std::vector<Group>& groups, Index steps) {
  Index interval = 1;
  for (const Group& group : groups) interval = std::max(interval, group.bundle.interval());
  Index blocks = most_blocks;
  while (blocks > 1 && (blocks > steps || (blocks > fewest_blocks && steps < blocks * interval))) {
    blocks /= 2;
  }
  return blocks;
}

/// What is known of the orbits as such, whatever their exponents are.
LyapunovSpectrum summary_of(const std::vector<Group>& groups, Index n, Index T, Index block_steps,
                            double dt) {
  LyapunovSpectrum result;
  result.steps = T * block_steps;
  for (const Group& group : groups) {
    const TangentBundle& bundle = group.bundle;
    for (OrbitStatus status : bundle.status()) {
      const bool stopped = status == OrbitStatus::done && group.blocks_done < T;
      result.status.push_back(stopped ? OrbitStatus::cancelled : status);
    }
    result.final_states.conservativeResize(n, static_cast<Index>(result.status.size()));
    result.final_states.rightCols(group.orbits) = bundle.final_states();
    result.interval = std::max(result.interval, bundle.interval());
    result.orthonormalizations += bundle.orthonormalizations();
    result.tangents = bundle.method();
    result.determinant.steps += bundle.determinant().steps;
    result.determinant.mean += bundle.determinant().mean;
    result.determinant.discrepancy =
        std::max(result.determinant.discrepancy, bundle.determinant().discrepancy);
  }
  if (result.determinant.steps > 0) {
    result.determinant.mean /= dt * static_cast<double>(result.determinant.steps);
  }
  return result;
}

LyapunovSpectrum spectrum_of(Index n, In<Matrix> starts, LyapunovOptions options,
                             const StepperOf& stepper_of) {
  check(n, starts, options);
  if (options.exponents == 0) options.exponents = n;
  const Index B = starts.cols(), size = group_size(options.exponents);
  std::vector<Group> groups;
  Derivatives derivatives = Derivatives::exact;
  for (Index first = 0; first < B; first += size) {
    const Index count = std::min(size, B - first);
    auto stepper = stepper_of(first, count);
    derivatives = stepper->derivatives();
    groups.push_back({TangentBundle(std::move(stepper), starts.middleCols(first, count), first,
                                    options.exponents, options),
                      count});
  }

  detail::Cancellation cancellation;
  StepCount count(options.progress, static_cast<double>((options.transient + options.steps) * B),
                  cancellation);
  const auto G = static_cast<Index>(groups.size());
  parallel_for(G, options.threads, [&](Index g) { run_transient(groups[at(g)], options, count); });
  const Index T = number_of_blocks(groups, options.steps);
  const Index block_steps = (options.steps + T - 1) / T;
  Matrix growth = Matrix::Zero(options.exponents, B * T);
  parallel_for(G, options.threads,
               [&](Index g) { run_blocks(groups[at(g)], T, block_steps, options, count, growth); });

  LyapunovSpectrum result = summary_of(groups, n, T, block_steps, options.dt);
  result.derivatives = derivatives;
  result.resolved = options.exponents;
  std::vector<Index> blocks_of;
  for (const Group& group : groups) {
    result.resolved = std::min(result.resolved, group.bundle.resolved());
    blocks_of.insert(blocks_of.end(), at(group.orbits), group.blocks_done);
  }
  const double duration = static_cast<double>(block_steps) * options.dt;
  detail::add_statistics(growth / duration, T, blocks_of, duration, n, options.error_bar, result);
  return result;
}

}  // namespace

const char* name_of(OrbitStatus status) {
  switch (status) {
    case OrbitStatus::done:
      return "done";
    case OrbitStatus::diverged:
      return "diverged";
    case OrbitStatus::not_finite:
      return "not_finite";
    case OrbitStatus::cancelled:
      return "cancelled";
  }
  return "";
}

LyapunovSpectrum lyapunov_spectrum(const Map& map, In<Matrix> starts,
                                   const LyapunovOptions& options) {
  return spectrum_of(map.dim(), starts, options,
                     [&](Index, Index) { return detail::make_stepper(map); });
}

LyapunovSpectrum lyapunov_spectrum(const DrivenMap& map, In<Matrix> starts, const OrbitInput& input,
                                   const LyapunovOptions& options) {
  const Index m = map.input_dim(), B = starts.cols();
  require(input.sequence.cols() == 0 || input.sequence.rows() == m,
          "lyapunov_spectrum: the sequence must be (dimension of input, S)");
  require(!input.one_per_orbit || (B > 0 && input.sequence.cols() % B == 0),
          "lyapunov_spectrum: a sequence for each orbit must have S B columns");
  require(input.noise.size() == 0 || (input.noise.size() == m && input.noise.minCoeff() >= 0),
          "lyapunov_spectrum: noise must be (dimension of input), >= 0");
  return spectrum_of(map.state_dim(), starts, options, [&](Index first, Index count) {
    return detail::make_stepper(map, input, B, first, count);
  });
}

std::vector<LyapunovSpectrum> lyapunov_spectra(const std::vector<const Map*>& maps,
                                               const std::vector<Matrix>& starts,
                                               const LyapunovOptions& options) {
  require(maps.size() == starts.size(), "lyapunov_spectra: need starts for each map");
  for (std::size_t i = 0; i < maps.size(); ++i) {
    require(maps[i] != nullptr, "lyapunov_spectra: a map is null");
    check(maps[i]->dim(), starts[i], options);
  }
  std::vector<LyapunovSpectrum> results(maps.size());
  for (std::size_t i = 0; i < maps.size(); ++i) {
    results[i].status.assign(at(starts[i].cols()), OrbitStatus::cancelled);
    results[i].final_states = starts[i];
  }
  detail::Cancellation cancellation;
  std::mutex mutex;
  Vector done = Vector::Zero(static_cast<Index>(maps.size()));
  parallel_for(done.size(), options.threads, [&](Index i) {
    if (!cancellation.keep_going()) return;
    LyapunovOptions own = options;
    own.threads = {};
    own.network = options.network + static_cast<std::uint64_t>(i);
    own.progress = [&, i](double fraction) {
      if (!options.progress) return true;
      const std::lock_guard lock(mutex);
      done(i) = fraction;
      if (cancellation.keep_going() && !options.progress(done.mean())) cancellation.cancel();
      return cancellation.keep_going();
    };
    results[at(i)] = lyapunov_spectrum(*maps[at(i)], starts[at(i)], own);
  });
  return results;
}

}  // namespace nullcline::dynamics
