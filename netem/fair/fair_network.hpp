/// The network under `sharing = "fair"`: the transfers under way share every node's uplink and downlink, and
/// the dedicated links of ordered pairs where there are any, max-min fairly (`FairSharing`).
///
/// A stream is an ordered pair of nodes and a lane. Messages of one stream pass one after the other, first
/// come, first served; streams pass side by side. A message's bytes pass all links at once. A message is
/// transmitted when its last byte has left the uplink, which is when that byte enters the downlink. Latency is
/// added by the caller, who delivers the message that much later.
///
/// A message can be withdrawn until it is transmitted; that frees its share at once. The caller passes the
/// time; nothing here runs by itself. Times never decrease from call to call and never pass
/// `next_completion()`.
///
/// Shares are computed when time advances or when a caller asks for a time or a rate. All starts and
/// withdrawals of one instant that precede such a question cost one computation.
///
/// Cost: that of `FairSharing`. In addition each message needs a search among its sender's open streams, and
/// each stream that opens or closes moves up to as many 12-byte entries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "netem/fair/fair_sharing.hpp"

namespace tardigrad {

template <class Item>
class FairNetwork {
 public:
  /// Distinguishes streams between the same two nodes.
  using Lane = std::uint32_t;

  struct Transmitted {
    Item item;
    NodeId from;
    NodeId to;
    Bytes size;
    std::uint64_t acceptance;  ///< number of messages accepted before this one
    Time begin;

    void persist(StateArchive& archive) { archive(item, from, to, size, acceptance, begin); }
  };
  struct Withdrawn {
    Item item;
    std::optional<Time> begin;  ///< none if the message had to wait for another one of its stream
  };

  /// Rates by node.
  FairNetwork(const std::vector<BitsPerSecond>& uplinks, const std::vector<BitsPerSecond>& downlinks,
              double tolerance = FairSharing::kTolerance)
      : sharing_(tolerance), open_(uplinks.size()) {
    for (BitsPerSecond rate : uplinks) uplinks_.push_back(sharing_.add_link(rate));
    for (BitsPerSecond rate : downlinks) downlinks_.push_back(sharing_.add_link(rate));
  }

  void set_uplink(Time now, NodeId node, BitsPerSecond rate) { sharing_.set_capacity(now, uplinks_[node], rate); }
  void set_downlink(Time now, NodeId node, BitsPerSecond rate) { sharing_.set_capacity(now, downlinks_[node], rate); }

  /// Sends the transfers of this ordered pair through a dedicated link of this rate as well. The rate can
  /// change at any time, but must be set before the pair's first message.
  void set_pair_link(Time now, NodeId from, NodeId to, BitsPerSecond rate) {
    const auto [known, added] = pair_links_.try_emplace({from, to}, FairSharing::kNoLink);
    if (added) {
      known->second = sharing_.add_link(rate);
    } else {
      sharing_.set_capacity(now, known->second, rate);
    }
  }

  /// Accepts a message. Its transmission begins at once, or when the previous message of its stream has been
  /// transmitted.
  void start(Time now, Item item, NodeId from, NodeId to, Bytes size, Lane lane = 0) {
    const MessageId id = new_message({std::move(item), size, accepted_++, kNone, {}});
    std::vector<Open>& open = open_[from];
    const Open wanted{to, lane, 0};
    const auto found = std::lower_bound(open.begin(), open.end(), wanted);
    if (found == open.end() || wanted < *found) {
      messages_[id].begin = now;
      open.insert(found, {to, lane, open_stream(now, {from, to, lane, id, id}, size)});
      return;
    }
    Stream& stream = streams_[found->stream];
    messages_[stream.last].next = id;
    stream.last = id;
  }

  /// The time at which the next message will be transmitted; nothing if none will be.
  std::optional<Time> next_completion() { return early_.empty() ? sharing_.next_completion() : early_at_; }

  /// The messages whose last byte has left by `now`; those of one instant are in the order of their acceptance.
  std::vector<Transmitted> advance(Time now) {
    collect(now);
    std::sort(early_.begin(), early_.end(),
              [](const Transmitted& a, const Transmitted& b) { return a.acceptance < b.acceptance; });
    return std::exchange(early_, {});
  }

  /// Removes every message of `from` for which `condition(item)` holds and whose last byte has not left at
  /// `now`, in order of acceptance.
  template <class Condition>
  std::vector<Withdrawn> withdraw(Time now, NodeId from, const Condition& condition) {
    if (now != collected_at_) collect(now);
    std::vector<MessageId> withdrawn;
    const auto is_done = [&](const Open& open) { return withdraw_from(now, open.stream, condition, withdrawn); };
    open_[from].erase(std::remove_if(open_[from].begin(), open_[from].end(), is_done), open_[from].end());
    std::sort(withdrawn.begin(), withdrawn.end(),
              [&](MessageId a, MessageId b) { return messages_[a].acceptance < messages_[b].acceptance; });
    std::vector<Withdrawn> out;
    out.reserve(withdrawn.size());
    for (MessageId id : withdrawn) {
      Message gone = take(id);
      out.push_back({std::move(gone.item), gone.begin});
    }
    return out;
  }

  /// The bytes that `from` has accepted and not transmitted at `now`, without withdrawn messages.
  double untransmitted(Time now, NodeId from) {
    double bytes = 0;
    for (const Open& open : open_[from]) {
      bytes += sharing_.remaining(now, open.stream);
      for (MessageId id = messages_[streams_[open.stream].first].next; id != kNone; id = messages_[id].next) {
        bytes += static_cast<double>(messages_[id].size);
      }
    }
    return bytes;
  }

  /// The number of streams of `from` with a message under way.
  std::size_t open_streams(NodeId from) const { return open_[from].size(); }

  /// The uplink's busy time at `now`: the integral of load over capacity.
  Time uplink_busy(Time now, NodeId node) { return sharing_.busy_time(now, uplinks_[node]); }
  Time downlink_busy(Time now, NodeId node) { return sharing_.busy_time(now, downlinks_[node]); }
  /// The busy time of a pair's dedicated link; 0 without one.
  Time pair_busy(Time now, NodeId from, NodeId to) {
    const auto own = pair_links_.find({from, to});
    return own == pair_links_.end() ? Time{} : sharing_.busy_time(now, own->second);
  }

  BitsPerSecond uplink_load(NodeId node) { return sharing_.load(uplinks_[node]); }
  BitsPerSecond downlink_load(NodeId node) { return sharing_.load(downlinks_[node]); }

  void persist(StateArchive& archive) {
    archive(sharing_, pair_links_, open_, streams_, messages_, free_messages_, accepted_, early_, early_at_,
            collected_at_);
  }

 private:
  using MessageId = std::uint32_t;
  static constexpr MessageId kNone = ~MessageId{0};

  struct Message {
    Item item;
    Bytes size;
    std::uint64_t acceptance;
    MessageId next;  // the message behind it in its stream
    std::optional<Time> begin;

    void persist(StateArchive& archive) { archive(item, size, acceptance, next, begin); }
  };
  struct Stream {
    NodeId from;
    NodeId to;
    Lane lane;
    MessageId first;  // the message under way
    MessageId last;

    void persist(StateArchive& archive) { archive(from, to, lane, first, last); }
  };
  /// A stream in its sender's list. A stream and its flow have the same number.
  struct Open {
    NodeId to;
    Lane lane;
    FairSharing::FlowId stream;

    bool operator<(const Open& other) const { return to != other.to ? to < other.to : lane < other.lane; }
    void persist(StateArchive& archive) { archive(to, lane, stream); }
  };

  MessageId new_message(Message message) {
    if (free_messages_.empty()) {
      messages_.push_back(std::move(message));
      return static_cast<MessageId>(messages_.size() - 1);
    }
    const MessageId id = free_messages_.back();
    free_messages_.pop_back();
    messages_[id] = std::move(message);
    return id;
  }

  Message take(MessageId id) {
    free_messages_.push_back(id);
    return std::move(messages_[id]);
  }

  FairSharing::FlowId open_stream(Time now, const Stream& stream, Bytes size) {
    FairSharing::Route route{uplinks_[stream.from], downlinks_[stream.to]};
    if (const auto own = pair_links_.find({stream.from, stream.to}); own != pair_links_.end()) route[2] = own->second;
    const FairSharing::FlowId id = sharing_.start(now, route, size);
    if (streams_.size() <= id) streams_.resize(id + 1);
    streams_[id] = stream;
    return id;
  }

  /// Moves the messages that are transmitted by `now` to `early_`.
  void collect(Time now) {
    for (auto due = sharing_.next_completion(); due && *due <= now; due = sharing_.next_completion()) {
      for (FairSharing::FlowId stream : sharing_.complete(*due)) complete(*due, stream);
      early_at_ = *due;
    }
    collected_at_ = now;
  }

  void complete(Time now, FairSharing::FlowId id) {
    Stream& stream = streams_[id];
    Message done = take(stream.first);
    early_.push_back({std::move(done.item), stream.from, stream.to, done.size, done.acceptance, *done.begin});
    stream.first = done.next;
    if (stream.first != kNone) {
      messages_[stream.first].begin = now;
      return sharing_.go_on(id, messages_[stream.first].size);
    }
    sharing_.stop(now, id);
    std::vector<Open>& open = open_[stream.from];
    open.erase(std::lower_bound(open.begin(), open.end(), Open{stream.to, stream.lane, id}));
  }

  /// Unlinks the messages that meet the condition. True if the stream is empty then and has been stopped.
  template <class Condition>
  bool withdraw_from(Time now, FairSharing::FlowId id, const Condition& condition, std::vector<MessageId>& withdrawn) {
    Stream& stream = streams_[id];
    const MessageId under_way = stream.first;
    MessageId* link = &stream.first;
    stream.last = kNone;
    while (*link != kNone) {
      const MessageId message = *link;
      if (condition(messages_[message].item)) {
        withdrawn.push_back(message);
        *link = messages_[message].next;
      } else {
        stream.last = message;
        link = &messages_[message].next;
      }
    }
    if (stream.first == kNone) {
      sharing_.stop(now, id);
    } else if (stream.first != under_way) {
      messages_[stream.first].begin = now;
      sharing_.restart(now, id, messages_[stream.first].size);
    }
    return stream.first == kNone;
  }

  FairSharing sharing_;
  std::vector<FairSharing::LinkId> uplinks_;
  std::vector<FairSharing::LinkId> downlinks_;
  std::map<std::pair<NodeId, NodeId>, FairSharing::LinkId> pair_links_;

  std::vector<std::vector<Open>> open_;  // by sender, sorted: the streams with a message under way
  std::vector<Stream> streams_;
  std::vector<Message> messages_;
  std::vector<MessageId> free_messages_;

  std::uint64_t accepted_ = 0;
  std::vector<Transmitted> early_;  // transmitted, but not yet returned by `advance`
  Time early_at_{};
  Time collected_at_ = Time::min();  // everything that was complete at this instant has been collected
};

}  // namespace tardigrad
