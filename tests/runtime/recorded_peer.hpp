/// A transport whose listener records its calls, for tests to wait for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "runtime/transport/transport.hpp"

namespace tardigrad::test {

/// No test waits longer for something that must come.
inline constexpr std::chrono::seconds kPatience{30};

class Recorder final : public TransportListener {
 public:
  struct Stranger {
    std::string address;
    std::string why;
  };

  std::vector<Peer> peers;
  std::vector<Frame> frames;
  std::vector<PeerGone> gone;
  std::vector<Stranger> strangers;
  int rooms = 0;  ///< number of calls about free room
  /// Takes the place of keeping frames.
  std::function<void(Frame)> handle_frame;

  void on_peer(const Peer& peer) override {
    note([&] { peers.push_back(peer); });
  }
  void on_frame(Frame frame) override {
    if (handle_frame) return handle_frame(std::move(frame));
    note([&] { frames.push_back(std::move(frame)); });
  }
  void on_room(PeerId) override {
    note([&] { ++rooms; });
  }
  void on_gone(PeerGone peer) override {
    note([&] { gone.push_back(std::move(peer)); });
  }
  void on_stranger(const std::string& address, const std::string& why) override {
    note([&] { strangers.push_back({address, why}); });
  }

  /// True if the condition came true; it is asked with the recorder locked.
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kPatience, condition);
  }
  template <class Action>
  void note(Action action) {
    const std::lock_guard<std::mutex> lock(mutex_);
    action();
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

inline TransportSettings token_settings(const std::string& token = "the run's secret") {
  TransportSettings settings;
  settings.token = token;
  return settings;
}

}  // namespace tardigrad::test
