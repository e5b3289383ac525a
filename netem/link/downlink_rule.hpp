/// A node's downlink under `sharing = "serial"`: whole messages, one at a time (`SerialServer`), each taken up at the
/// latest moment that does not delay it (`take_up_time`). At an unlimited rate it holds nothing up, as under fair
/// sharing, where something else applies the rate.
///
/// What comes while the node is away is dropped; what a node has not received when it leaves, too.
///
/// The rule is told what happens, and answers with effects, which the caller carries out. `Message` is a pointer to a
/// message with a `size`, and identifies it. `Effects` has these functions:
///
///     wake(at, why, message)              call `wake` with these at that time
///     deliver(message, begin, end, now)   it was served from `begin` to `end`
///     cut(message, begin, now)            dropped during its service
///     dropped(message, now)               dropped before its service
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/link/link_count.hpp"
#include "netem/link/serial_server.hpp"
#include "netem/time/node_absence.hpp"

namespace tardigrad {

/// What a downlink asks to be woken for. A message that was dropped meanwhile is no longer found, and nothing happens.
enum class DownlinkWake : std::uint8_t {
  served,   ///< the service of a message ends
  take_up,  ///< the service of a message that is arriving may begin
  leave     ///< the node leaves; about no message
};

template <class Message, class Effects>
class DownlinkRule {
 public:
  using Service = typename SerialServer<Message>::Service;

  DownlinkRule(const RateProfile& rate, const NodeAbsence& absence) : absence_(absence), server_(rate) {}

  /// To be called once, before anything else.
  void begin(Effects& effects) { await_leaving(Time{}, effects); }
  /// The message's first byte has arrived; its last arrives at `tail`.
  void arrive(const Message& message, Time tail, Time now, Effects& effects) {
    count_.accepted.add(message->size);
    if (absence_.away_at(now)) {
      effects.dropped(message, now);
      return drop_for_absence(message);
    }
    const Time at = take_up_time(now, tail, message->size, server_.profile());
    if (at <= now) return take_up(message, tail, now, effects);
    announced_.push_back({message, tail});
    effects.wake(at, DownlinkWake::take_up, message);
  }
  void wake(DownlinkWake why, const Message& message, Time now, Effects& effects) {
    switch (why) {
      case DownlinkWake::served:
        return finish_service(message, now, effects);
      case DownlinkWake::take_up:
        return take_up_announced(message, now, effects);
      case DownlinkWake::leave:
        return leave(now, effects);
    }
  }
  /// The sender has dropped the messages that meet the condition; the last bytes that it had sent have arrived. The
  /// messages may have been dropped here before.
  template <class Condition>
  void withdraw(const Condition& condition, Time now, Effects& effects) {
    for (const Message& message : take_out(condition, now, effects)) count_.dropped.add(message->size);
    serve(now, effects);
  }

  /// The service in progress; nullptr if there is none.
  const Service* current() const { return server_.busy() ? &server_.current() : nullptr; }
  const Traffic& passed() const { return count_.passed; }
  LinkCount count() const {
    LinkCount sum = count_;
    const auto [messages, bytes] = server_.present();
    sum.under_way = {messages, bytes};
    for (const Announced& announced : announced_) sum.under_way.add(announced.message->size);
    sum.busy = server_.busy_time();
    sum.longest_queue = server_.longest_queue();
    return sum;
  }

  void persist(StateArchive& archive) { archive(server_, announced_, count_); }

 private:
  /// A message that is arriving and has not been taken up.
  struct Announced {
    Message message;
    Time tail{};

    void persist(StateArchive& archive) { archive(message, tail); }
  };

  void take_up_announced(const Message& message, Time now, Effects& effects) {
    const auto own = std::find_if(announced_.begin(), announced_.end(),
                                  [&](const Announced& announced) { return announced.message == message; });
    if (own == announced_.end()) return;
    const Time tail = own->tail;
    announced_.erase(own);
    take_up(message, tail, now, effects);
  }

  void take_up(const Message& message, Time tail, Time now, Effects& effects) {
    server_.enqueue(message, message->size, tail);
    serve(now, effects);
  }

  void serve(Time now, Effects& effects) {
    while (const Service* service = server_.start_next(now)) {
      if (service->end > now) return effects.wake(service->end, DownlinkWake::served, service->item);
      deliver(server_.complete(), now, effects);
    }
  }

  void finish_service(const Message& message, Time now, Effects& effects) {
    if (!server_.busy() || server_.current().item != message) return;
    const Service service = server_.complete();
    serve(now, effects);
    deliver(service, now, effects);
  }

  void deliver(const Service& service, Time now, Effects& effects) {
    count_.passed.add(service.size);
    effects.deliver(service.item, service.begin, service.end, now);
  }

  void leave(Time now, Effects& effects) {
    const auto everything = [](const Message&) { return true; };
    for (const Message& message : take_out(everything, now, effects)) drop_for_absence(message);
    await_leaving(now, effects);
  }

  void await_leaving(Time now, Effects& effects) {
    const Time leaving = absence_.next_leaving(now);
    if (leaving != kNever) effects.wake(leaving, DownlinkWake::leave, nullptr);
  }

  void drop_for_absence(const Message& message) {
    count_.dropped.add(message->size);
    count_.absent.add(message->size);
  }

  template <class Condition>
  std::vector<Message> take_out(const Condition& condition, Time now, Effects& effects) {
    std::vector<Message> gone;
    for (auto& [message, cut] : server_.withdraw(now, condition)) {
      cut ? effects.cut(message, cut->begin, now) : effects.dropped(message, now);
      gone.push_back(std::move(message));
    }
    const auto kept = std::stable_partition(announced_.begin(), announced_.end(),
                                            [&](const Announced& announced) { return !condition(announced.message); });
    for (auto announced = kept; announced != announced_.end(); ++announced) {
      effects.dropped(announced->message, now);
      gone.push_back(std::move(announced->message));
    }
    announced_.erase(kept, announced_.end());
    return gone;
  }

  NodeAbsence absence_;
  SerialServer<Message> server_;
  std::vector<Announced> announced_;
  LinkCount count_;
};

}  // namespace tardigrad
