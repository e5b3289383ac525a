#include "runtime/clock/real_clock.hpp"

#include <algorithm>
#include <caf/actor_registry.hpp>
#include <utility>

namespace tardigrad {

namespace {

using std::chrono::milliseconds;

bool is_evaluation(const EventKey& key) { return EntityId(key.entity).kind() == EntityKind::evaluation; }

bool ask(const std::function<bool()>& question, std::unique_lock<std::mutex>& lock) {
  struct Unlocked {
    std::unique_lock<std::mutex>& lock;
    ~Unlocked() { lock.lock(); }
  };
  lock.unlock();
  const Unlocked unlocked{lock};
  return question();
}

}  // namespace

/// Time passes while an object of this class exists. Constructed and destroyed with the clock's mutex held.
class RealClock::RunningTime {
 public:
  RunningTime(RealClock& clock, Time end) : clock_(clock) {
    clock_.origin_ = clock_.time_.now() - clock_.limit_.load();
    clock_.limit_ = end;
    clock_.running_ = true;
    clock_.armed_ = kNever;
    clock_.arm();
  }
  ~RunningTime() {
    clock_.limit_ = clock_.now();
    clock_.running_ = false;
  }
  RunningTime(const RunningTime&) = delete;
  RunningTime& operator=(const RunningTime&) = delete;

 private:
  RealClock& clock_;
};

RealClock::RealClock(caf::actor_system& system, TimeSource& time, Time end)
    : system_(system), time_(time), end_(end), origin_(time.now()) {
  time_.begin(system, [this] { deliver_due(); });
}

RealClock::~RealClock() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return awaited_jobs_ == 0; });
  }
  time_.end();
}

Time RealClock::now() const {
  const Time limit = limit_;  // read first: a later limit is set after its origin
  return std::min(limit, elapsed());
}

Time RealClock::elapsed() const { return time_.now() - origin_.load(); }

bool RealClock::run_until(Time end, const std::function<bool()>& keep_going) {
  std::unique_lock lock(mutex_);
  const RunningTime running(*this, end);
  while (!failure_) {
    if (!ask(keep_going, lock)) return false;
    const Time tick = std::clamp<Time>(end - now(), milliseconds(1), milliseconds(50));
    time_.wait(lock, changed_, tick, [this] { return failure_ != nullptr; });
    if (!failure_ && now() == end && events_.earliest() > end) return true;
  }
  std::rethrow_exception(std::exchange(failure_, nullptr));
}

void RealClock::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  changed_.notify_all();
}

void RealClock::clear() {
  // Destroyed after the lock is released: actors may die with the events addressed to them.
  EventQueue events;
  std::map<std::uint64_t, Computation> computations;
  const std::lock_guard lock(mutex_);
  std::swap(events, events_);
  std::swap(computations, computations_);
  moving_events_ = 0;
  for (const auto& [number, computation] : computations) note_overrun(computation, elapsed());
}

void RealClock::await_exits(std::size_t left) {
  // CAF itself can only wait for an exact number, which a failing actor might skip.
  std::unique_lock lock(mutex_);
  while (system_.registry().running() > left) time_.wait(lock, changed_, milliseconds(1), [] { return false; });
}

Time RealClock::next_event() const {
  const std::lock_guard lock(mutex_);
  return events_.earliest();
}

bool RealClock::stands_still() const {
  const std::lock_guard lock(mutex_);
  return moving_events_ == 0 && awaited_jobs_ == 0 && elapsed() - last_move_ > std::chrono::seconds(1);
}

std::map<std::uint64_t, Overruns> RealClock::overruns() const {
  const std::lock_guard lock(mutex_);
  return overruns_;
}

/// What is not kept is destroyed after the lock is released, as in `clear`.
void RealClock::add(Event event) {
  const std::lock_guard lock(mutex_);
  if (event.at <= end_) return push(std::move(event));
  if (moves_on(event.key)) ++moving_events_;
}

void RealClock::add_computation(Event event, Time begin) {
  if (!event.job) return add(std::move(event));
  const ComputeJobPtr job = event.job;
  std::uint64_t number;
  {
    const std::lock_guard lock(mutex_);
    number = begun_computations_++;
    ++awaited_jobs_;
    computations_.emplace(number, Computation{std::move(event), begin});
  }
  job->on_done([this, number](std::exception_ptr failure) { take_result(number, std::move(failure)); });
}

void RealClock::take_result(std::uint64_t number, std::exception_ptr failure) {
  const Time done = elapsed();
  const std::lock_guard lock(mutex_);
  if (auto found = computations_.extract(number)) {
    Computation& computation = found.mapped();
    if (failure) {
      if (!failure_) failure_ = std::move(failure);
    } else {
      note_overrun(computation, done);
      Event& event = computation.event;
      if (!is_evaluation(event.key)) event.at = std::max(event.at, done);
      push(std::move(event));
    }
  }
  --awaited_jobs_;
  last_move_ = std::max(last_move_, done);
  changed_.notify_all();
}

void RealClock::note_overrun(const Computation& computation, Time done) {
  const auto& [event, begin] = computation;
  if (event.at <= begin || done <= event.at) return;
  Overruns& overruns = overruns_[event.key.entity];
  ++overruns.count;
  overruns.worst_ratio = std::max(overruns.worst_ratio, to_seconds(done - begin) / to_seconds(event.at - begin));
}

void RealClock::push(Event event) {
  if (moves_on(event.key)) ++moving_events_;
  events_.push(std::move(event));
  arm();
}

void RealClock::arm() {
  if (!running_ || events_.earliest() >= armed_ || events_.earliest() > limit_.load()) return;
  armed_ = events_.earliest();
  time_.set_alarm(origin_.load() + armed_);
}

void RealClock::deliver_due() {
  std::unique_lock lock(mutex_);
  while (running_ && events_.earliest() <= now()) {
    ++delivered_;
    Event event = events_.pop();
    if (moves_on(event.key)) {
      --moving_events_;
      last_move_ = elapsed();
    }
    // A passive actor handles the message here and now, and may schedule more.
    lock.unlock();
    event.deliver();
    lock.lock();
  }
  armed_ = kNever;
  arm();
}

}  // namespace tardigrad
