/// A machine for the real clock whose time passes when a test says so. The clock, its actors and its
/// computations are all on the test's thread: the times of all events are exact, the same in every run, and
/// take no real time.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "runtime/clock/time_source.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace tardigrad::test {

/// Time passes while the clock runs and no actor has anything to do, from each event to the next one.
class DrivenTime final : public TimeSource {
 public:
  caf::atom_value scheduler() const override { return caf::atom("testing"); }
  Time now() const override { return now_; }

  /// Schedules an action at `moment`, or at once if that has passed.
  void at(Time moment, std::function<void()> action) { happenings_.emplace(std::max(moment, now_), std::move(action)); }
  /// Lets so much time pass. The clock may run or not.
  void pass(Time duration) {
    for (const Time end = now_ + duration; now_ < end;) jump(end);
  }

  void begin(caf::actor_system& system, std::function<void()> ring) override {
    actors_ = &dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
    ring_ = std::move(ring);
  }
  void end() override {
    actors_ = nullptr;
    alarm_ = kNever;
  }
  void set_alarm(Time at) override { alarm_ = at; }
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable&, Time most,
            const std::function<bool()>& is_over) override {
    lock.unlock();
    settle();
    lock.lock();
    if (is_over()) return;
    lock.unlock();
    jump(now_ + most);
    lock.lock();
  }

 private:
  /// Goes to the next moment with an event, but not beyond `end`.
  void jump(Time end) {
    settle();
    const Time next = happenings_.empty() ? kNever : happenings_.begin()->first;
    now_ = std::min({next, std::max(alarm_, now_), end});
    settle();
  }
  /// Does everything that is to be done at this moment.
  void settle() {
    while (let_an_actor_work() || let_something_happen() || ring()) {
    }
  }
  bool let_an_actor_work() { return actors_ != nullptr && actors_->try_run_once(); }
  bool let_something_happen() {
    if (happenings_.empty() || happenings_.begin()->first > now_) return false;
    happenings_.extract(happenings_.begin()).mapped()();
    return true;
  }
  bool ring() {
    if (alarm_ > now_) return false;
    alarm_ = kNever;
    ring_();
    return true;
  }

  Time now_{};
  Time alarm_ = kNever;
  std::multimap<Time, std::function<void()>> happenings_;
  std::function<void()> ring_;
  caf::scheduler::test_coordinator* actors_ = nullptr;
};

/// Workers with driven time: a computation takes the time that it states by `spend`, otherwise none.
class DrivenPool final : public ComputePool {
 public:
  DrivenPool(DrivenTime& time, unsigned workers) : ComputePool(0, nullptr), time_(time) {
    for (unsigned worker = 0; worker < workers; ++worker) free_.insert(worker);
  }
  ~DrivenPool() override { DrivenPool::drain(); }

  /// To be called within a computation: it takes so long.
  void spend(Time duration) { spent_ += duration; }

  ComputeJobPtr submit(Time needed_at, std::function<void(unsigned worker)> work) override {
    auto task = std::make_shared<Task>();
    task->work = std::move(work);
    task->job = std::make_shared<ComputeJob>([&failure = task->failure](unsigned) {
      if (failure) std::rethrow_exception(failure);
    });
    waiting_.emplace(std::make_pair(needed_at, submitted_++), task);
    time_.at(time_.now(), [this, submitted = std::weak_ptr<Task>(task)] {
      if (submitted.lock()) begin_tasks();
    });
    return task->job;
  }
  void drain() override {
    for (const auto& [urgency, task] : std::exchange(waiting_, {})) cancel(*task->job);
    while (!running_.empty()) finish(*running_.begin());
  }

 private:
  struct Task {
    std::function<void(unsigned)> work;
    ComputeJobPtr job;
    std::exception_ptr failure;
    unsigned worker = 0;
  };
  using TaskPtr = std::shared_ptr<Task>;

  void begin_tasks() {
    while (!free_.empty() && !waiting_.empty()) {
      const TaskPtr task = waiting_.extract(waiting_.begin()).mapped();
      task->worker = free_.extract(free_.begin()).value();
      running_.insert(task);
      spent_ = {};
      try {
        std::exchange(task->work, nullptr)(task->worker);
      } catch (...) {
        task->failure = std::current_exception();
      }
      time_.at(time_.now() + spent_, [this, running = std::weak_ptr<Task>(task)] {
        if (const TaskPtr done = running.lock()) finish(done);
      });
    }
  }
  void finish(const TaskPtr& running) {
    const TaskPtr task = running_.extract(running).value();
    free_.insert(task->worker);
    run(*task->job, task->worker);
    begin_tasks();
  }

  DrivenTime& time_;
  std::map<std::pair<Time, std::uint64_t>, TaskPtr> waiting_;  ///< the most urgent first
  std::set<TaskPtr> running_;
  std::set<unsigned> free_;
  std::uint64_t submitted_ = 0;
  Time spent_{};
};

}  // namespace tardigrad::test
