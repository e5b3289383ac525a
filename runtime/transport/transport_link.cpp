#include "runtime/transport/transport_link.hpp"

#include <utility>

namespace tardigrad {

TransportLink::TransportLink(const Limits& limits, std::function<void()> wake)
    : longest_sent_(limits.longest_sent),
      sending_(limits.send_window),
      receiving_(limits.receive_window),
      wake_(std::move(wake)) {}

void TransportLink::wake() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

TransportLink::Sending TransportLink::send(std::vector<std::uint8_t> frame, bool may_wait) {
  const std::uint64_t share = window_share(frame.size());
  std::unique_lock<std::mutex> lock(mutex_);
  if (finished_) return Sending::gone;
  if (frame.size() > longest_sent_) return Sending::too_long;
  if (may_wait) {
    const std::uint64_t ticket = next_ticket_++;
    const auto may_go = [&] { return finished_ || (ticket == served_ && sending_.has_room(share)); };
    if (!may_go()) wake();  // to ask for credit
    room_.wait(lock, may_go);
    if (finished_) return Sending::gone;
    ++served_;
    if (served_ != next_ticket_) room_.notify_all();
  }
  sending_.accept(share);
  const FrameHeader header{FrameKind::data, static_cast<std::uint32_t>(frame.size())};
  queue_.push_back({header.encode(), std::move(frame)});
  wake();
  return Sending::accepted;
}

std::uint64_t TransportLink::under_way() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sending_.under_way();
}

void TransportLink::release(std::size_t frame_bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  receiving_.release(window_share(frame_bytes));
  if (receiving_.has_announcement()) wake();
}

void TransportLink::begin_turn() {
  const std::lock_guard<std::mutex> lock(mutex_);
  woken_ = false;
}

void TransportLink::take_ready(std::deque<OutgoingFrame>& leaving) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (!queue_.empty()) {
    const std::uint64_t share = window_share(queue_.front().bytes.size());
    if (!sending_.may_leave(share)) return;
    sending_.leave(share);
    asked_ = false;
    leaving.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

bool TransportLink::must_ask() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool waiting = !queue_.empty() || served_ != next_ticket_;
  if (!waiting || asked_) return false;
  asked_ = true;
  return true;
}

bool TransportLink::is_drained() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return queue_.empty();
}

bool TransportLink::admit(std::size_t frame_bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return receiving_.admit(window_share(frame_bytes));
}

void TransportLink::on_ask() {
  const std::lock_guard<std::mutex> lock(mutex_);
  receiving_.ask();
}

bool TransportLink::on_credit(std::uint32_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!sending_.give_back(bytes)) return false;
  if (served_ != next_ticket_) room_.notify_all();
  return true;
}

std::uint32_t TransportLink::take_announcement() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return receiving_.take_announcement();
}

void TransportLink::finish() {
  const std::lock_guard<std::mutex> lock(mutex_);
  finished_ = true;
  room_.notify_all();
}

void TransportLink::cut() {
  std::deque<OutgoingFrame> dropped;  // freed without the mutex
  const std::lock_guard<std::mutex> lock(mutex_);
  finished_ = true;
  wake_ = nullptr;
  dropped.swap(queue_);
  room_.notify_all();
}

}  // namespace tardigrad
