#include "runtime/compute/compute_pool.hpp"

#include <asio/post.hpp>
#include <stdexcept>
#include <utility>

namespace tardigrad {

namespace {
thread_local unsigned this_worker = 0;
}

bool ComputeJob::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

void ComputeJob::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_; });
  if (failure_) std::rethrow_exception(failure_);
}

void ComputeJob::on_done(std::function<void(std::exception_ptr)> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!done_) {
      callback_ = std::move(callback);
      return;
    }
  }
  callback(failure_);
}

void ComputeJob::run(unsigned worker) {
  std::exception_ptr failure;
  try {
    work_(worker);
  } catch (...) {
    failure = std::current_exception();
  }
  finish(std::move(failure));
}

void ComputeJob::cancel() { finish(std::make_exception_ptr(std::runtime_error("the computation was cancelled"))); }

void ComputeJob::finish(std::exception_ptr failure) {
  work_ = nullptr;  // frees the objects that the work holds
  std::function<void(std::exception_ptr)> callback;
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    done_ = true;
    callback = std::exchange(callback_, nullptr);
    changed_.notify_all();
  }
  if (callback) callback(std::move(failure));
}

ComputePool::ComputePool(unsigned workers, const std::function<void()>& on_thread_start)
    : open_(asio::make_work_guard(work_)) {
  for (unsigned worker = 0; worker < workers; ++worker) {
    threads_.emplace_back([this, worker, on_thread_start] {
      this_worker = worker;
      if (on_thread_start) on_thread_start();
      work_.run();
    });
  }
}

ComputePool::~ComputePool() {
  ComputePool::drain();
  open_.reset();
  for (auto& thread : threads_) thread.join();
}

ComputeJobPtr ComputePool::submit(Time needed_at, std::function<void(unsigned)> work) {
  auto job = std::make_shared<ComputeJob>(std::move(work));
  {
    const std::lock_guard lock(mutex_);
    waiting_.push({needed_at, submitted_++, job});
  }
  asio::post(work_, [this] { run_most_urgent(this_worker); });
  return job;
}

void ComputePool::drain() {
  std::unique_lock lock(mutex_);
  auto cancelled = std::exchange(waiting_, {});
  lock.unlock();  // cancelling calls back
  for (; !cancelled.empty(); cancelled.pop()) cancelled.top().job->cancel();
  lock.lock();
  idle_.wait(lock, [this] { return running_ == 0; });
}

void ComputePool::run_most_urgent(unsigned worker) {
  ComputeJobPtr job;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return;  // the queue was drained after this call was posted
    job = waiting_.top().job;
    waiting_.pop();
    ++running_;
  }
  job->run(worker);
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) idle_.notify_all();
}

}  // namespace tardigrad
