/// A directed link from one node to another: the pair's own rate, if it has one (`SerialServer`), then latency and
/// order (`PairLatency`), and losses (`PairLoss`).
///
/// The sender's uplink transmits one message after the other. Where the pair has a rate of its own, messages are served
/// while they are still arriving; as there is only one sender, this holds up no other. A message that is lost and
/// transmitted again holds up those behind it, as in a reliable stream: they leave the link when it has arrived or has
/// been given up.
///
/// The rule is told what happens, and answers with effects, which the caller carries out. `Message` is a pointer to a
/// message with a `size`, and identifies it. `Effects` has these functions:
///
///     arrive(message, head, tail)        its first byte gets to the receiver at `head`, its last at `tail`
///     cut_short(message, unserved, at)   its last bytes, `unserved` long, do not; all others are there at `at`
///     wake(at, why, message)             call `wake` with these at that time
///     lost(message, now)                 its last byte has left the sender in vain
///     retransmit(message, at)            the uplink is to transmit it again
///
/// and for a pair with a rate of its own:
///
///     room_for(message)                  false: it waits until `proceed`; else the answer is kept until it has set out
///     transmitted(message, begin, now)   its last byte has left
///     interrupted(message, begin, now)   `withdraw` came during its service
///     dropped(messages, now)             `drop_unsent` has found these
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/link/dropped_message.hpp"
#include "netem/link/latency.hpp"
#include "netem/link/link_count.hpp"
#include "netem/link/link_model.hpp"
#include "netem/link/loss.hpp"
#include "netem/link/serial_server.hpp"

namespace tardigrad {

/// What a link asks to be woken for. A message that was withdrawn meanwhile is no longer found, and nothing happens.
enum class LinkWake : std::uint8_t {
  served,  ///< the last byte of a message has passed at the own rate
  lost     ///< the last byte of a message that is lost has left the sender
};

template <class Message, class Effects>
class LinkRule {
 public:
  /// `applies_rate`: false if something else applies the model's rate, as under fair sharing.
  LinkRule(const std::shared_ptr<const LinkModel>& model, bool applies_rate, std::uint64_t seed, NodeId from, NodeId to)
      : latency_(std::shared_ptr<const Latency>(model, &model->latency), seed, from, to) {
    if (model->loss.loses()) {
      losses_ = std::make_unique<Losses>(Losses{PairLoss(model->loss, seed, from, to), model->loss.timeout});
    }
    if (model->rate && applies_rate) own_rate_ = std::make_unique<SerialServer<Message>>(*model->rate);
  }

  /// True if messages are served at the pair's own rate.
  bool applies_rate() const { return own_rate_ != nullptr; }

  /// The message's first byte leaves the uplink at `begin`, its last at `end`.
  void depart(const Message& message, Time begin, Time end, Effects& effects) {
    count_.accepted.add(message->size);
    if (!own_rate_) return transmit(message, begin, end, effects);
    own_rate_->enqueue(message, message->size, end);
    serve(begin, effects);
  }
  /// There may be room again.
  void proceed(Time now, Effects& effects) {
    if (own_rate_) serve(now, effects);
  }
  void wake(LinkWake why, const Message& message, Time now, Effects& effects) {
    why == LinkWake::served ? finish_service(message, now, effects) : lose(message, now, effects);
  }
  /// The uplink has dropped the message during its transmission, of which the last part, `unserved` long, will not
  /// come.
  void withdraw(const Message& message, Time unserved, Time now, Effects& effects) {
    if (!own_rate_) return cut(message, unserved, now, effects);
    const auto is_it = [&](const Message& other) { return other == message; };
    for (const auto& [gone, begin] : take_out(now, is_it, effects)) {
      if (begin) effects.interrupted(gone, *begin, now);
    }
  }
  /// Drops the messages that meet the condition and have not been transmitted at the own rate.
  template <class Condition>
  void drop_unsent(const Condition& condition, Time now, Effects& effects) {
    if (!own_rate_) return;
    auto gone = take_out(now, condition, effects);
    if (!gone.empty()) effects.dropped(std::move(gone), now);
  }
  /// The uplink will not transmit the lost message again.
  void give_up(const Message& message, Time now, Effects& effects) {
    const Waiting* own = find(message);
    if (own == nullptr) return;
    losses_->waiting.erase(losses_->waiting.begin() + (own - losses_->waiting.data()));
    let_pass(*losses_, now, effects);
  }
  /// The receiver is gone for good: what would pass is dropped from now on.
  void sever() { is_severed_ = true; }

  /// What there is to tell at `now`.
  LinkCount count(Time now) {
    settle(now);
    LinkCount sum = count_;
    for (const Passing& passing : passing_) sum.under_way.add(passing.size);
    if (last_.size > 0) sum.under_way.add(last_.size);
    if (losses_) {
      for (const Waiting& waiting : losses_->waiting) {
        if (waiting.sending) sum.under_way.add(waiting.message->size);
      }
    }
    if (own_rate_) add_own_rate(sum);
    return sum;
  }

  void persist(StateArchive& archive) {
    archive(latency_, passing_, last_.size, last_.begin, last_.head, count_);
    if (losses_) archive(losses_->draws, losses_->waiting);
    if (own_rate_) archive(*own_rate_);
  }

 private:
  /// A message whose transmission has begun, and that is not on its way to the receiver yet.
  struct Waiting {
    Message message;
    std::uint32_t transmissions_left = 0;
    bool arrives = false;  ///< true if the last transmission arrives
    bool sending = false;  ///< true during a transmission, until it is lost
    bool through = false;  ///< true during the transmission that arrives
    Time begin{};          ///< of the transmission that arrives
    Time end{};

    void persist(StateArchive& archive) { archive(message, transmissions_left, arrives, sending, through, begin, end); }
  };
  /// A message on its way to the receiver.
  struct Passing {
    Bytes size;
    Time head;

    void persist(StateArchive& archive) { archive(size, head); }
  };
  /// The state of a link that can lose messages; most links cannot.
  struct Losses {
    PairLoss draws;
    Time timeout;
    std::vector<Waiting> waiting{};  ///< in order of their first transmission
  };

  // ---- at the own rate

  void serve(Time now, Effects& effects) {
    if (own_rate_->busy() || !own_rate_->next()) return;
    const auto room = effects.room_for(*own_rate_->next());
    if (!room) return;
    const auto& [message, size, begin, end] = *own_rate_->start_next(now);
    effects.wake(end, LinkWake::served, message);
    transmit(message, begin, end, effects);
  }

  void finish_service(const Message& message, Time now, Effects& effects) {
    if (!own_rate_ || !own_rate_->busy() || own_rate_->current().item != message) return;
    effects.transmitted(message, own_rate_->complete().begin, now);
    serve(now, effects);
  }

  template <class Condition>
  std::vector<DroppedMessage<Message>> take_out(Time now, const Condition& condition, Effects& effects) {
    std::vector<DroppedMessage<Message>> gone;
    for (auto& [message, served] : own_rate_->withdraw(now, condition)) {
      if (served) {
        cut(message, served->unserved, now, effects);
      } else {
        count_.dropped.add(message->size);
        give_up(message, now, effects);  // it may have been lost before
      }
      gone.push_back({std::move(message), served ? std::optional(served->begin) : std::nullopt});
    }
    serve(now, effects);
    return gone;
  }

  void add_own_rate(LinkCount& sum) const {
    const auto [messages, bytes] = own_rate_->present();
    sum.under_way += Traffic{messages, bytes};
    if (own_rate_->busy()) sum.under_way.take_back(own_rate_->current().size);  // it is counted where it is now
    sum.busy = own_rate_->busy_time();
    sum.longest_queue = own_rate_->longest_queue();
  }

  // ---- on the way

  void transmit(const Message& message, Time begin, Time end, Effects& effects) {
    count_.busy += end - begin;
    settle(begin);
    if (!losses_) return pass(message, begin, end, effects);
    std::vector<Waiting>& waiting = losses_->waiting;
    Waiting* own = find(message);
    if (own == nullptr) {
      const Passage passage = losses_->draws.next();
      if (waiting.empty() && passage.transmissions == 1 && passage.arrives) return pass(message, begin, end, effects);
      own = &waiting.emplace_back(Waiting{message, passage.transmissions, passage.arrives});
    }
    --own->transmissions_left;
    own->sending = true;
    if (own->transmissions_left > 0 || !own->arrives) return effects.wake(end, LinkWake::lost, message);
    own->through = true;
    own->begin = begin;
    own->end = end;
    let_pass(*losses_, begin, effects);
  }

  void pass(const Message& message, Time begin, Time end, Effects& effects) {
    if (is_severed_) {
      count_.dropped.add(message->size);
      count_.absent.add(message->size);
      return;
    }
    const auto [head, tail] = latency_.pass(begin, end);
    if (last_.size > 0) passing_.push_back({last_.size, last_.head});
    last_ = {message->size, begin, head};
    effects.arrive(message, head, tail);
  }

  /// Passes on the messages that nothing in front holds up any more.
  void let_pass(Losses& losses, Time now, Effects& effects) {
    auto first = losses.waiting.begin();
    for (; first != losses.waiting.end() && first->through; ++first) {
      const Time begin = std::max(first->begin, now);
      pass(first->message, begin, begin + (first->end - first->begin), effects);
    }
    losses.waiting.erase(losses.waiting.begin(), first);
  }

  void lose(const Message& message, Time now, Effects& effects) {
    Waiting* own = find(message);
    if (own == nullptr) return;
    count_.lost.add(message->size);
    effects.lost(message, now);
    own->sending = false;
    if (own->transmissions_left > 0) return effects.retransmit(message, now + losses_->timeout);
    give_up(message, now, effects);
  }

  /// The transmission ends at `now`, `unserved` before its time.
  void cut(const Message& message, Time unserved, Time now, Effects& effects) {
    settle(now);
    count_.busy -= unserved;
    if (find(message) != nullptr) {
      count_.dropped.add(message->size);
      return give_up(message, now, effects);
    }
    latency_.cut(unserved);
    // Only the last message can be affected: the sender transmits one after the other.
    effects.cut_short(message, unserved, last_.head + (std::max(now, last_.begin) - last_.begin));
  }

  /// nullptr if the message is not waiting.
  Waiting* find(const Message& message) {
    if (!losses_) return nullptr;
    for (Waiting& waiting : losses_->waiting) {
      if (waiting.message == message) return &waiting;
    }
    return nullptr;
  }

  /// Counts the messages as passed that have left the link by now.
  void settle(Time now) {
    if (!passing_.empty()) {
      const auto under_way = std::partition_point(passing_.begin(), passing_.end(),
                                                  [&](const Passing& passing) { return passing.head <= now; });
      for (auto passed = passing_.begin(); passed != under_way; ++passed) count_.passed.add(passed->size);
      passing_.erase(passing_.begin(), under_way);
    }
    if (last_.size == 0 || last_.head > now) return;
    count_.passed.add(last_.size);
    last_.size = 0;
  }

  PairLatency latency_;
  /// The message that set out last, apart from the others: usually there are no others, and no other memory is
  /// touched.
  struct {
    Bytes size = 0;  ///< 0 once the message has left the link and is counted
    Time begin{};    ///< of its transmission
    Time head{};     ///< time at which its head leaves the link
  } last_;
  std::vector<Passing> passing_;  ///< messages before the last one, in order
  LinkCount count_;
  std::unique_ptr<Losses> losses_;                   ///< null for a link without losses
  std::unique_ptr<SerialServer<Message>> own_rate_;  ///< null for a pair without a rate of its own
  bool is_severed_ = false;
};

}  // namespace tardigrad
