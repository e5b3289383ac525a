/// Threads that compute while actors run: local training rounds and evaluations.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <tuple>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// One piece of work and its state.
class ComputeJob {
 public:
  /// `work` is called with the number of the worker that runs it, 0 .. workers - 1.
  explicit ComputeJob(std::function<void(unsigned worker)> work) : work_(std::move(work)) {}

  bool done() const;
  /// Blocks until the work is done; throws what the work threw.
  void wait();
  /// Calls `callback` once, with the exception of the work (or null), when the work is done or cancelled: on
  /// the thread that notices it, which is the caller's if the work is done already. A job has one callback.
  void on_done(std::function<void(std::exception_ptr failure)> callback);

 private:
  friend class ComputePool;
  void run(unsigned worker);
  void cancel();
  void finish(std::exception_ptr failure);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void(unsigned)> work_;
  std::function<void(std::exception_ptr)> callback_;
  std::exception_ptr failure_;
  bool done_ = false;
};

using ComputeJobPtr = std::shared_ptr<ComputeJob>;

/// A fixed number of workers. Of the waiting jobs, the job whose result is needed first in emulated time runs
/// first. Results must not depend on which worker runs a job, and when.
class ComputePool {
 public:
  /// `on_thread_start` runs once on every worker before its first job.
  ComputePool(unsigned workers, const std::function<void()>& on_thread_start);
  /// Finishes the running jobs and cancels the waiting ones.
  virtual ~ComputePool();

  unsigned workers() const { return static_cast<unsigned>(threads_.size()); }
  virtual ComputeJobPtr submit(Time needed_at, std::function<void(unsigned worker)> work);
  /// Cancels the waiting jobs and blocks until the running ones are done.
  virtual void drain();

 protected:
  // For pools that run jobs in their own way.
  static void run(ComputeJob& job, unsigned worker) { job.run(worker); }
  static void cancel(ComputeJob& job) { job.cancel(); }

 private:
  struct Waiting {
    Time needed_at;
    std::uint64_t number;
    ComputeJobPtr job;
    bool operator<(const Waiting& other) const {
      return std::tie(other.needed_at, other.number) < std::tie(needed_at, number);
    }
  };

  void run_most_urgent(unsigned worker);

  std::mutex mutex_;
  std::condition_variable idle_;
  unsigned running_ = 0;
  std::priority_queue<Waiting> waiting_;
  std::uint64_t submitted_ = 0;
  asio::io_context work_;
  asio::executor_work_guard<asio::io_context::executor_type> open_;
  std::vector<std::thread> threads_;
};

}  // namespace tardigrad
