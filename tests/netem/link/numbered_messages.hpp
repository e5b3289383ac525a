/// What tests of the rules of uplinks, links and downlinks share: messages known by a number, the effects that a test
/// notes, and a clock that keeps wake-ups until they are due.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "netem/link/link_count.hpp"

namespace tardigrad::test {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }
constexpr BitsPerSecond kByteEachMicrosecond{8e6};  // 1,000 bytes take 1 ms

struct Message {
  Bytes size = 0;
  std::uint64_t number = 0;

  void persist(StateArchive& archive) { archive(size, number); }
};
using MessagePtr = std::shared_ptr<const Message>;

inline MessagePtr message(std::uint64_t number, Bytes size = 1000) {
  return std::make_shared<const Message>(Message{size, number});
}

/// One answer of a rule: what, about which message, at which time (or since when) and until when.
using Effect = std::tuple<std::string, std::uint64_t, Time, Time>;
using Effects = std::vector<Effect>;

/// The effects whose first field this is.
inline Effects of_kind(const Effects& effects, const std::string& what) {
  Effects out;
  for (const Effect& effect : effects) {
    if (std::get<0>(effect) == what) out.push_back(effect);
  }
  return out;
}

/// Of uplinks and downlinks, which lose nothing.
inline void check_balance(const LinkCount& count) {
  CHECK(count.accepted.messages == count.passed.messages + count.dropped.messages + count.under_way.messages);
  CHECK(count.accepted.bytes == count.passed.bytes + count.dropped.bytes + count.under_way.bytes);
}

/// The wake-ups that a rule has asked for; those of one time in the order of asking.
template <class Why, class MessagePtr = test::MessagePtr>
class WakeUps {
 public:
  void add(Time at, Why why, const MessagePtr& m) { due_[{at, asked_++}] = {why, m}; }
  /// Calls `wake(why, message, at)` for all that are due by `end`, also those that are added meanwhile.
  template <class Wake>
  void run_until(Time end, Wake wake) {
    while (!due_.empty() && due_.begin()->first.first <= end) {
      const auto [key, due] = *due_.begin();
      due_.erase(due_.begin());
      wake(due.first, due.second, key.first);
    }
  }
  void persist(StateArchive& archive) { archive(due_); }

 private:
  std::uint64_t asked_ = 0;
  std::map<std::pair<Time, std::uint64_t>, std::pair<Why, MessagePtr>> due_;
};

}  // namespace tardigrad::test
