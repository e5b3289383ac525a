/// The machine's own time.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <thread>

#include "runtime/clock/time_source.hpp"

namespace tardigrad {

/// The machine's steady clock; alarms use an Asio timer on a thread of their own.
class SystemTime final : public TimeSource {
 public:
  SystemTime();

  caf::atom_value scheduler() const override;
  Time now() const override;
  void begin(caf::actor_system& system, std::function<void()> ring) override;
  void end() override;
  void set_alarm(Time at) override;
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Time most,
            const std::function<bool()>& is_over) override;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::function<void()> ring_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> open_;
  asio::steady_timer timer_;  ///< used by the timer thread only
  std::thread timer_thread_;
};

}  // namespace tardigrad
