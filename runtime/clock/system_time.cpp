#include "runtime/clock/system_time.hpp"

#include <asio/post.hpp>
#include <utility>

namespace tardigrad {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

SystemTime::SystemTime() : io_(1), open_(asio::make_work_guard(io_)), timer_(io_) {}

// Threads that steal work look for it only every 10 ms when idle; threads that share a queue sleep until there
// is work in it.
caf::atom_value SystemTime::scheduler() const { return caf::atom("sharing"); }

Time SystemTime::now() const { return steady_clock::now() - start_; }

void SystemTime::begin(caf::actor_system&, std::function<void()> ring) {
  ring_ = std::move(ring);
  io_.restart();
  timer_thread_ = std::thread([this] { io_.run(); });
}

void SystemTime::end() {
  io_.stop();
  timer_thread_.join();
}

void SystemTime::set_alarm(Time at) {
  asio::post(io_, [this, at] {
    if (at <= now()) return ring_();
    timer_.expires_at(start_ + std::chrono::ceil<nanoseconds>(at));
    timer_.async_wait([this](const asio::error_code& cancelled) {
      if (!cancelled) ring_();
    });
  });
}

void SystemTime::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Time most,
                      const std::function<bool()>& is_over) {
  changed.wait_for(lock, std::chrono::ceil<nanoseconds>(most), is_over);
}

}  // namespace tardigrad
