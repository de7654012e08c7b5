// SPDX-License-Identifier: Apache-2.0
#include "nullcline/core/parallel.hpp"

#include <gtest/gtest.h>
#include <oneapi/tbb/global_control.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nullcline {
namespace {

const int thread_counts[] = {0, 1, 2, 8};

/// Lets TBB have eight threads on machines with fewer cores.
class ParallelFor : public testing::Test {
  tbb::global_control eight_{tbb::global_control::max_allowed_parallelism, 8};
};

TEST_F(ParallelFor, CallsEachIndexExactlyOnce) {
  for (const int threads : thread_counts) {
    for (const Index n : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> calls(static_cast<std::size_t>(n));
      parallel_for(n, Threads{threads}, [&](Index i) { ++calls[static_cast<std::size_t>(i)]; });
      for (const auto& count : calls) EXPECT_EQ(count, 1);
    }
  }
}

TEST_F(ParallelFor, GivesTheSameBitsOnAnyNumberOfThreads) {
  const auto results = [](int threads) {
    std::vector<double> values(257);
    parallel_for(257, Threads{threads}, [&](Index i) {
      double sum = 0;
      for (int k = 1; k < 100; ++k) sum += std::sin(static_cast<double>(i) / k);
      values[static_cast<std::size_t>(i)] = sum;
    });
    return values;
  };
  EXPECT_EQ(results(1), results(2));
  EXPECT_EQ(results(1), results(8));
}

TEST_F(ParallelFor, UsesNoMoreThreadsThanAllowed) {
  for (const int allowed : {1, 2, 3}) {
    std::atomic<int> running{0}, most{0};
    parallel_for(60, Threads{allowed}, [&](Index) {
      const int now = ++running;
      int seen = most;
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
      --running;
    });
    EXPECT_LE(most, allowed);
  }
}

TEST_F(ParallelFor, HandsOutItemsInOrderOneAtATime) {
  // With any number of workers, item i starts only after all before it were handed out: the
  // number of items started when it starts is at least i + 1 less those just handed out.
  constexpr int workers = 4;
  std::atomic<Index> started{0};
  parallel_for(200, Threads{workers},
               [&](Index i) { EXPECT_GE(++started, i + 1 - (workers - 1)); });
  std::vector<Index> order;
  parallel_for(10, Threads{1}, [&](Index i) { order.push_back(i); });
  for (Index i = 0; i < 10; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST_F(ParallelFor, WorksNested) {
  for (const int threads : thread_counts) {
    std::vector<std::atomic<int>> calls(20 * 30);
    parallel_for(20, Threads{threads}, [&](Index i) {
      parallel_for(30, Threads{threads},
                   [&](Index j) { ++calls[static_cast<std::size_t>(i * 30 + j)]; });
    });
    for (const auto& count : calls) EXPECT_EQ(count, 1);
  }
}

TEST_F(ParallelFor, KeepsAThreadThatWaitsForAnInnerLoopInsideIt) {
  // Were it lent to another outer item while it waits, `inside` of one thread would be 2.
  static thread_local int inside = 0;
  parallel_for(40, Threads{2}, [&](Index) {
    EXPECT_EQ(++inside, 1);
    parallel_for(8, Threads{2},
                 [](Index) { std::this_thread::sleep_for(std::chrono::microseconds(50)); });
    --inside;
  });
}

TEST_F(ParallelFor, RethrowsAndStartsNoNewItems) {
  for (const int threads : thread_counts) {
    std::atomic<int> calls{0};
    const auto body = [&](Index i) {
      ++calls;
      if (i == 3) throw std::runtime_error("item 3");
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    };
    try {
      parallel_for(10'000, Threads{threads}, body);
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "item 3");
    }
    EXPECT_LT(calls, 10'000);
  }
}

TEST_F(ParallelFor, CanBeUsedAgainAfterAnException) {
  EXPECT_THROW(parallel_for(4, Threads{2}, [](Index) { throw std::runtime_error("x"); }),
               std::runtime_error);
  std::atomic<int> calls{0};
  parallel_for(4, Threads{2}, [&](Index) { ++calls; });
  EXPECT_EQ(calls, 4);
}

TEST_F(ParallelFor, RefusesNegativeCounts) {
  EXPECT_THROW(parallel_for(-1, Threads{1}, [](Index) {}), std::invalid_argument);
  EXPECT_THROW(parallel_for(1, Threads{-1}, [](Index) {}), std::invalid_argument);
}

TEST(ThreadCount, IsTheNumberGivenOrAllCores) {
  EXPECT_EQ(thread_count(Threads{3}), 3);
  EXPECT_GE(thread_count(Threads{0}), 1);
}

}  // namespace
}  // namespace nullcline
