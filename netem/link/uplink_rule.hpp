/// A node's uplink: takes the messages of the node's fragments, puts them in order, and transmits them.
///
/// With a rate it transmits whole messages, one at a time (`SerialServer`), as under `sharing = "serial"`. Without one
/// it hands them over to a switch, which transmits them together with all others of a run, as under fair sharing. A
/// link that applies a rate of its own, too, transmits what is handed over to it.
///
/// A flush drops what is not transmitted yet of one fragment, the node's leaving what is not transmitted of all. While
/// its node is away the uplink accepts no message.
///
/// The rule is told what happens, and answers with effects, which the caller carries out. `Message` is like a pointer
/// to a message with `size`, `fragment` and `order`, and identifies it. `Effects` has these functions:
///
///     wake(at, why, message)             call `wake` with these at that time
///     room_for(message)                  false: it waits until `proceed`; else the answer is kept until it has set out
///     depart(message, begin, end)        its first byte enters the link at `begin`, its last at `end`
///     withdraw(message, unserved, now)   it was dropped during its transmission into the link
///     give_up(message, now)              the link has lost it, and it will not be transmitted again
///     hand_over(messages, now)           without a rate: to the switch
///     drop_handed_over(fragment, now)    those who transmit what was handed over are to drop what is of this fragment
///                                        (of all if none is named)
///     served(message, begin, end)        with a rate: it has been transmitted; true if the link transmits it once more
///     cut(message, begin, now)           dropped during its transmission
///     dropped(message, now)              dropped before its transmission
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/link/link_count.hpp"
#include "netem/link/outgoing_order.hpp"
#include "netem/link/serial_server.hpp"
#include "netem/time/node_absence.hpp"

namespace tardigrad {

/// What an uplink asks to be woken for. A message that was dropped meanwhile is no longer found, and nothing happens.
enum class UplinkWake : std::uint8_t {
  served,      ///< the transmission of a message ends
  serve,       ///< all that is queued at this instant has been queued; about no message
  retransmit,  ///< a message is to be transmitted again
  leave        ///< the node leaves; about no message
};

template <class Message, class Effects>
class UplinkRule {
 public:
  using Service = typename SerialServer<Message>::Service;

  /// `fragments` of the node report after every training. `rate`: none if a switch transmits.
  UplinkRule(FragmentId fragments, const NodeAbsence& absence, const std::optional<RateProfile>& rate)
      : absence_(absence), order_(fragments) {
    if (rate) server_.emplace(*rate);
  }

  /// To be called once, before anything else.
  void begin(Effects& effects) { await_leaving(Time{}, effects); }

  // A fragment's report is its flush, if it has one, its messages, and `serve_soon`.

  void flush(FragmentId fragment, Time now, Effects& effects) {
    drop(fragment, now, effects);
    is_serve_wanted_ = true;
  }
  void accept(Message message, Time now, Effects& effects) {
    count_.accepted.add(message->size);
    is_serve_wanted_ = true;
    if (absence_.away_at(now)) return drop_unsent(message, now, effects);
    order_.add(std::move(message));
  }
  /// Asks to be woken when everything of this instant has been queued. After training that is when all fragments have
  /// reported.
  void serve_soon(bool after_training, Time now, Effects& effects) {
    if (after_training && !order_.heard()) return;
    if (!is_serve_wanted_ || is_serve_due_) return;
    is_serve_wanted_ = false;
    is_serve_due_ = true;
    effects.wake(now, UplinkWake::serve, Message());
  }

  void wake(UplinkWake why, const Message& message, Time now, Effects& effects) {
    switch (why) {
      case UplinkWake::served:
        return finish_service(message, now, effects);
      case UplinkWake::serve:
        return serve(now, effects);
      case UplinkWake::retransmit:
        return retransmit(message, now, effects);
      case UplinkWake::leave:
        return leave(now, effects);
    }
  }
  /// There may be room again.
  void proceed(Time now, Effects& effects) { transmit(now, effects); }
  /// The link has lost the message, which is to be transmitted again at `at`.
  void lose(const Message& message, Time at, Effects& effects) {
    unacknowledged_.push_back(message);
    effects.wake(at, UplinkWake::retransmit, message);
  }
  /// What was handed over has been transmitted.
  void transmitted(const Message& message, Time now, Effects& effects) {
    count_.passed.add(message->size);
    handed_over_.take_back(message->size);
    if (server_) return;
    transmitted_.push_back(message);
    transmit(now, effects);
  }
  /// What was handed over has been dropped.
  void dropped(const Message& message, Time now, Effects& effects) {
    count_.dropped.add(message->size);
    handed_over_.take_back(message->size);
    give_up_if_again(message, now, effects);
  }
  void leave(Time now, Effects& effects) {
    for (const Message& message : order_.take()) drop_unsent(message, now, effects);
    drop(std::nullopt, now, effects);
    await_leaving(now, effects);
  }

  /// The transmission in progress; nullptr if there is none.
  const Service* current() const { return server_ && server_->busy() ? &server_->current() : nullptr; }
  /// The message whose transmission will follow; nullptr if there is none.
  const Message* next() const { return server_ ? server_->next() : nullptr; }
  /// Accepted, passed and dropped so far.
  const LinkCount& so_far() const { return count_; }
  LinkCount count() const {
    LinkCount sum = count_;
    sum.under_way = handed_over_;
    sum.longest_queue = most_handed_over_;
    for (const Message& message : waiting_) sum.under_way.add(message->size);
    for (const Message& message : order_.added()) sum.under_way.add(message->size);
    if (!server_) return sum;
    const auto [messages, bytes] = server_->present();
    sum.under_way += Traffic{messages, bytes};
    sum.busy = server_->busy_time();
    sum.longest_queue = server_->longest_queue();
    return sum;
  }

  /// The messages that were accepted and are not in order yet.
  std::vector<Message>& accepted() { return order_.added(); }
  /// Visits all messages here.
  template <class Visitor>
  void for_each(const Visitor& visit) {
    if (server_) server_->for_each(visit);
    for (auto* messages : {&order_.added(), &waiting_, &transmitted_, &unacknowledged_, &again_}) {
      std::for_each(messages->begin(), messages->end(), visit);
    }
  }
  void persist(StateArchive& archive) {
    archive(order_, is_serve_wanted_, is_serve_due_, unacknowledged_, again_, waiting_, transmitted_, handed_over_,
            most_handed_over_, count_);
    if (server_) archive(*server_);
  }

 private:
  void serve(Time now, Effects& effects) {
    is_serve_due_ = false;
    for (Message& message : order_.take()) enqueue(std::move(message));
    transmit(now, effects);
  }

  void enqueue(Message message) {
    if (!server_) return waiting_.push_back(std::move(message));
    const Bytes size = message->size;
    server_->enqueue(std::move(message), size);
  }

  void transmit(Time now, Effects& effects) { server_ ? transmit_in_turn(now, effects) : hand_over(now, effects); }

  void transmit_in_turn(Time now, Effects& effects) {
    while (!server_->busy() && server_->next()) {
      const auto room = effects.room_for(*server_->next());
      if (!room) return;
      const Service& service = *server_->start_next(now);
      depart(service.item, service.begin, service.end, effects);
      if (service.end > now) return effects.wake(service.end, UplinkWake::served, service.item);
      complete_service(effects);
    }
  }

  void finish_service(const Message& message, Time now, Effects& effects) {
    if (!server_ || !server_->busy() || server_->current().item != message) return;
    complete_service(effects);
    transmit(now, effects);
  }

  void complete_service(Effects& effects) {
    const auto [message, size, begin, end] = server_->complete();
    (effects.served(message, begin, end) ? handed_over_ : count_.passed).add(size);
  }

  /// Passes on what is transmitted, and then hands over what waits.
  void hand_over(Time now, Effects& effects) {
    pass_on(now, effects);
    if (!transmitted_.empty() || waiting_.empty()) return;
    for (const Message& message : waiting_) handed_over_.add(message->size);
    most_handed_over_ = std::max(most_handed_over_, handed_over_.messages);
    effects.hand_over(std::exchange(waiting_, {}), now);
  }

  /// Passes on what is transmitted, as far as there is room.
  void pass_on(Time now, Effects& effects) {
    auto first = transmitted_.begin();
    for (; first != transmitted_.end(); ++first) {
      const auto room = effects.room_for(*first);
      if (!room) break;
      depart(*first, now, now, effects);
    }
    transmitted_.erase(transmitted_.begin(), first);
  }

  void retransmit(const Message& message, Time now, Effects& effects) {
    const auto own = std::find(unacknowledged_.begin(), unacknowledged_.end(), message);
    if (own == unacknowledged_.end()) return;
    count_.accepted.add(message->size);
    again_.push_back(message);
    enqueue(std::move(*own));
    unacknowledged_.erase(own);
    transmit(now, effects);
  }

  /// Drops what is not transmitted yet, of one fragment or of all.
  void drop(std::optional<FragmentId> fragment, Time now, Effects& effects) {
    const auto concerned = [&](const Message& message) { return !fragment || message->fragment == *fragment; };
    for (const Message& message : take_out(unacknowledged_, concerned)) effects.give_up(message, now);
    for (const Message& message : take_out(waiting_, concerned)) drop_unsent(message, now, effects);
    if (server_) withdraw(concerned, now, effects);
    if (handed_over_.messages > 0) effects.drop_handed_over(fragment, now);
  }

  template <class Condition>
  void withdraw(const Condition& condition, Time now, Effects& effects) {
    for (const auto& [message, cut] : server_->withdraw(now, condition)) {
      if (!cut) {
        drop_unsent(message, now, effects);
        continue;
      }
      count_.dropped.add(message->size);
      effects.cut(message, cut->begin, now);
      effects.withdraw(message, cut->unserved, now);
    }
  }

  void drop_unsent(const Message& message, Time now, Effects& effects) {
    count_.dropped.add(message->size);
    effects.dropped(message, now);
    give_up_if_again(message, now, effects);
  }

  /// The link waits for a message that it has lost.
  void give_up_if_again(const Message& message, Time now, Effects& effects) {
    if (is_taken_from_again(message)) effects.give_up(message, now);
  }

  bool is_taken_from_again(const Message& message) {
    const auto own = std::find(again_.begin(), again_.end(), message);
    if (own == again_.end()) return false;
    again_.erase(own);
    return true;
  }

  void depart(const Message& message, Time begin, Time end, Effects& effects) {
    is_taken_from_again(message);
    effects.depart(message, begin, end);
  }

  void await_leaving(Time now, Effects& effects) {
    const Time leaving = absence_.next_leaving(now);
    if (leaving != kNever) effects.wake(leaving, UplinkWake::leave, Message());
  }

  /// Removes the messages that meet the condition, and returns them in their order.
  template <class Condition>
  static std::vector<Message> take_out(std::vector<Message>& messages, const Condition& condition) {
    const auto kept = std::stable_partition(messages.begin(), messages.end(),
                                            [&](const Message& message) { return !condition(message); });
    std::vector<Message> gone(std::make_move_iterator(kept), std::make_move_iterator(messages.end()));
    messages.erase(kept, messages.end());
    return gone;
  }

  NodeAbsence absence_;
  OutgoingOrder<Message> order_;
  bool is_serve_wanted_ = false;
  bool is_serve_due_ = false;
  std::vector<Message> unacknowledged_;          ///< lost, to be transmitted again
  std::vector<Message> again_;                   ///< of these, those that have been queued and have not set out
  std::optional<SerialServer<Message>> server_;  ///< none if a switch transmits
  std::vector<Message> waiting_;                 ///< not handed over while `transmitted_` has messages
  std::vector<Message> transmitted_;             ///< by the switch, but there is no room for them
  Traffic handed_over_;                          ///< and not transmitted yet
  std::uint64_t most_handed_over_ = 0;
  LinkCount count_;
};

}  // namespace tardigrad
