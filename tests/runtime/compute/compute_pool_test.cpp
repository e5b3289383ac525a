#include "runtime/compute/compute_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tardigrad {

namespace {
constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }
}  // namespace

TEST_CASE("of the jobs that wait, the one needed first goes first") {
  ComputePool pool(1, {});
  std::atomic<bool> open{false};
  pool.submit(ms(0), [&](unsigned) {
    while (!open) std::this_thread::yield();
  });
  std::vector<int> order;  // one worker: no race
  std::vector<ComputeJobPtr> jobs;
  for (const int needed : {5, 1, 9, 3, 1}) {
    jobs.push_back(pool.submit(ms(needed), [&order, needed](unsigned) { order.push_back(needed); }));
  }
  open = true;
  for (const auto& job : jobs) job->wait();
  CHECK(order == std::vector<int>{1, 1, 3, 5, 9});
}

TEST_CASE("every worker is prepared once and jobs know which one runs them") {
  std::atomic<int> prepared{0};
  std::mutex mutex;
  std::set<unsigned> seen;
  {
    ComputePool pool(3, [&] { ++prepared; });
    std::vector<ComputeJobPtr> jobs;
    for (int i = 0; i < 100; ++i) {
      jobs.push_back(pool.submit(ms(i), [&](unsigned worker) {
        const std::lock_guard lock(mutex);
        seen.insert(worker);
      }));
    }
    for (const auto& job : jobs) job->wait();
  }  // a worker that got no job may start late
  CHECK(prepared == 3);
  CHECK(*seen.rbegin() < 3);
}

TEST_CASE("a failure is thrown to whoever waits for the job and harms no other") {
  ComputePool pool(2, {});
  const auto bad = pool.submit(ms(0), [](unsigned) { throw std::runtime_error("broken"); });
  const auto good = pool.submit(ms(0), [](unsigned) {});
  CHECK_THROWS_WITH(bad->wait(), "broken");
  good->wait();
  CHECK(good->done());
}

TEST_CASE("draining cancels what waits and lets what runs finish") {
  ComputePool pool(1, {});
  std::atomic<bool> started{false};
  std::atomic<bool> finished{false};
  std::atomic<bool> ran{false};
  pool.submit(ms(0), [&](unsigned) {
    started = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    finished = true;
  });
  while (!started) std::this_thread::yield();
  const auto waiting = pool.submit(ms(1), [&](unsigned) { ran = true; });
  pool.drain();
  CHECK(finished);
  CHECK_FALSE(ran);
  CHECK_THROWS(waiting->wait());
  pool.submit(ms(2), [&](unsigned) { ran = true; })->wait();  // goes on working
  CHECK(ran);
}

TEST_CASE("a job says once that it is done, failed or cancelled, however late it is asked") {
  ComputePool pool(1, {});
  std::vector<std::string> said;
  const auto say = [&](std::exception_ptr failure) {
    try {
      if (failure) std::rethrow_exception(failure);
      said.push_back("done");
    } catch (const std::exception& problem) {
      said.push_back(problem.what());
    }
  };
  std::atomic<bool> open{false};
  const auto wait_for_it = [&](unsigned) {
    while (!open) std::this_thread::yield();
  };
  const auto good = pool.submit(ms(0), wait_for_it);
  const auto bad = pool.submit(ms(1), [](unsigned) { throw std::runtime_error("broken"); });
  good->on_done(say);
  bad->on_done(say);
  open = true;
  CHECK_THROWS(bad->wait());
  pool.drain();
  CHECK(said == std::vector<std::string>{"done", "broken"});
  good->on_done(say);
  CHECK(said.back() == "done");
  open = false;
  pool.submit(ms(0), wait_for_it)->on_done(say);
  const auto waiting = pool.submit(ms(1), [](unsigned) {});
  waiting->on_done([&](std::exception_ptr failure) {
    say(failure);
    open = true;  // while the other job is being waited for
  });
  pool.drain();
  CHECK(said.size() == 5);
  CHECK(std::count(said.begin(), said.end(), "the computation was cancelled") >= 1);
}

}  // namespace tardigrad
