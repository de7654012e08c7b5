// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/scratch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "nullcline/core/aligned.hpp"

namespace nullcline {
namespace {

constexpr std::size_t line = 8;                         // numbers a cache line
constexpr std::size_t smallest = std::size_t{1} << 15;  // of a block: 256 KiB
constexpr std::size_t most_kept = std::size_t{1} << 20;

/// Blocks are filled one after the other; those behind `block` are empty.
struct Store {
  std::vector<AlignedVector<double>> blocks;
  std::size_t block = 0, used = 0;
  int frames = 0;

  double* take(std::size_t count) {
    count = (count + line - 1) / line * line;
    while (block < blocks.size() && used + count > blocks[block].size()) {
      ++block;
      used = 0;
    }
    if (block == blocks.size()) blocks.emplace_back(std::max(count, smallest));
    return blocks[block].data() + std::exchange(used, used + count);
  }

  void drop_what_is_too_much() {
    std::size_t kept = 0, count = 0;
    while (count < blocks.size() && kept + blocks[count].size() <= most_kept) {
      kept += blocks[count++].size();
    }
    blocks.resize(count);
  }
};

thread_local Store store;

}  // namespace

Scratch::Scratch() : block_(store.block), used_(store.used) { ++store.frames; }

Scratch::~Scratch() {
  store.block = block_;
  store.used = used_;
  if (--store.frames == 0) store.drop_what_is_too_much();
}

Scratch::Pad Scratch::matrix(Index rows, Index cols) {
  return {store.take(static_cast<std::size_t>(rows * cols)), rows, cols};
}

}  // namespace nullcline
