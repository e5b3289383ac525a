#include "scenarios/src/check/netcheck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <utility>

#include "models/fragmentation.hpp"
#include "models/learners/null_learner.hpp"
#include "netem/base/random_stream.hpp"
#include "runtime/clock/system_time.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kMostPairs = 30;
constexpr NodeId kSpreadNodes = 5;
/// 1 MB with its header.
constexpr std::uint64_t kParametersOfMegabyte = (1'000'000 - kHeaderBytes) / sizeof(float);
/// The number of messages of a transfer whose messages differ.
constexpr std::size_t kMessages = 20;
/// The time from a message's end to the next one's beginning.
constexpr Time kPause = std::chrono::milliseconds(20);
/// The delay after which a message is given up.
constexpr Time kPatience = std::chrono::seconds(5);

// Choice of pairs of nodes.

using Pair = std::pair<NodeId, NodeId>;

/// Nodes with the same uplink and downlink at the start, in ascending order; the fastest class first.
std::vector<std::vector<NodeId>> node_classes(const EmulatedNetwork& network) {
  std::map<std::pair<double, double>, std::vector<NodeId>> classes;
  for (NodeId node = 0; node < network.access.size(); ++node) {
    const AccessLink& own = network.access[node];
    classes[{-own.uplink.at(Time{}).value, -own.downlink.at(Time{}).value}].push_back(node);
  }
  std::vector<std::vector<NodeId>> result;
  for (auto& entry : classes) result.push_back(std::move(entry.second));
  return result;
}

/// One pair of nodes for every ordered pair of classes: the first of each, or the first two of the same.
std::vector<Pair> class_pairs(const std::vector<std::vector<NodeId>>& classes) {
  std::vector<Pair> pairs;
  for (const auto& from : classes) {
    for (const auto& to : classes) {
      if (&from != &to) pairs.emplace_back(from.front(), to.front());
      if (&from == &to && to.size() > 1) pairs.emplace_back(from[0], from[1]);
    }
  }
  return pairs;
}

/// The first, the last and others evenly in between.
template <class Item>
std::vector<Item> spread(const std::vector<Item>& items, std::size_t most) {
  if (items.size() <= most) return items;
  std::vector<Item> taken;
  for (std::size_t i = 0; i < most; ++i) taken.push_back(items[i * (items.size() - 1) / (most - 1)]);
  return taken;
}

std::vector<Pair> all_pairs(const std::vector<NodeId>& nodes) {
  std::vector<Pair> pairs;
  for (const NodeId from : nodes) {
    for (const NodeId to : nodes) {
      if (from != to) pairs.emplace_back(from, to);
    }
  }
  return pairs;
}

/// True if these pairs' links have rates, or not all the same latency.
bool have_links_of_their_own(const std::vector<Pair>& pairs, const EmulatedNetwork& network) {
  std::set<std::pair<double, Time>> latencies;
  for (const auto& [from, to] : pairs) {
    const auto link = network.link(from, to);
    if (link->rate) return true;
    latencies.emplace(link->latency.base.at(Time{}), link->latency.jitter.expected());
  }
  return latencies.size() > 1;
}

/// The chosen pairs, and the way they were chosen.
struct Choice {
  std::vector<Pair> pairs;
  std::string text;
};

Choice choose_pairs(const EmulatedNetwork& network) {
  const auto nodes = static_cast<NodeId>(network.access.size());
  std::vector<NodeId> all(nodes);
  std::iota(all.begin(), all.end(), NodeId{0});
  const std::vector<NodeId> some = spread(all, kSpreadNodes);
  std::vector<Pair> own_links = all_pairs(some);
  if (!have_links_of_their_own(own_links, network)) own_links.clear();

  const auto classes = node_classes(network);
  const std::vector<Pair> of_classes = class_pairs(classes);
  Choice choice{spread(of_classes, kMostPairs - own_links.size()), ""};
  choice.text =
      fmt::format("{} nodes in {} class{} of the same uplink and downlink, {} ordered pairs\n", grouped(nodes),
                  classes.size(), classes.size() == 1 ? "" : "es", grouped(static_cast<double>(nodes) * (nodes - 1.0)));
  choice.text += choice.pairs.size() == of_classes.size()
                     ? "Played: a pair of nodes for each pair of classes"
                     : fmt::format("Played: pairs of nodes for {} of the {} pairs of classes", choice.pairs.size(),
                                   grouped(static_cast<double>(of_classes.size())));
  if (!own_links.empty()) {
    choice.text += fmt::format(", and all pairs of nodes {}, as links differ", fmt::join(some, ", "));
  }
  const std::set<Pair> known(choice.pairs.begin(), choice.pairs.end());
  for (const Pair& pair : own_links) {
    if (known.count(pair) == 0) choice.pairs.push_back(pair);
  }
  return choice;
}

// Their messages.

/// The same network without losses.
EmulatedNetwork lossless(EmulatedNetwork network) {
  network.link = [link = std::move(network.link)](NodeId from, NodeId to) -> std::shared_ptr<const LinkModel> {
    auto model = link(from, to);
    if (!model->loss.loses()) return model;
    auto reliable = std::make_shared<LinkModel>(*model);
    reliable->loss = {};
    return reliable;
  };
  return network;
}

/// The parts of the scenario's network that are left out.
std::string omissions(const RunPlan& plan, const std::vector<Pair>& pairs) {
  std::string text;
  if (std::any_of(pairs.begin(), pairs.end(),
                  [&](const Pair& pair) { return plan.network.link(pair.first, pair.second)->loss.loses(); })) {
    text += "Played without loss\n";
  }
  if (std::any_of(plan.absences.begin(), plan.absences.end(), [](const NodeAbsence& own) { return own.ever(); })) {
    text += "Played as if nobody was ever away\n";
  }
  return text;
}

/// The same network, but no node trains or is away, and no message is lost.
RunPlan without_training(const RunPlan& run) {
  RunPlan plan;
  plan.nodes = run.nodes;
  plan.seed = run.seed;
  plan.network = lossless(run.network);
  plan.absences.resize(run.nodes);
  return plan;
}

/// The expected time of the transfer's n-th message, with its own draw of the jitter.
Time formula(const CheckedTransfer& transfer, const RunPlan& plan, Time sent, std::uint64_t number) {
  RandomStream draws(plan.seed, Purpose::latency_jitter, pair_entity(transfer.from, transfer.to), number);
  const Time jitter = transfer.way.link->latency.jitter.draw(draws);
  const Time arrival = lone_arrival(transfer.way, plan.network.sharing, sent, transfer.size, jitter);
  return arrival >= kNever ? kNever : arrival - sent;
}

/// The first after one interval: a node's rounds are all equally long, and it sends at the end of each.
std::vector<CheckedMessage> messages_every(Time interval, const CheckedTransfer& transfer, const RunPlan& plan,
                                           std::size_t count) {
  std::vector<CheckedMessage> messages;
  for (std::size_t i = 0; i < count; ++i) {
    const Time sent = interval * static_cast<std::int64_t>(i + 1);
    messages.push_back({sent, formula(transfer, plan, sent, i)});
  }
  return messages;
}

Time longest(const std::vector<CheckedMessage>& messages) {
  Time longest{};
  for (const CheckedMessage& message : messages) longest = std::max(longest, message.formula);
  return longest;
}

/// Enough messages to see how they differ, so far apart that each is received before the next.
void add_messages(CheckedTransfer& transfer, const RunPlan& plan, CheckedClock clock) {
  const Way& way = transfer.way;
  const bool differ = way.is_jittered() || (way.is_varying() && clock == CheckedClock::virtual_time);
  const std::size_t count = differ ? kMessages : 1;
  // By then all actors have been told that the run has begun.
  Time interval = kPause + std::chrono::microseconds(20) * plan.nodes;
  for (;;) {
    auto messages = messages_every(interval, transfer, plan, count);
    const Time needed = longest(messages) + kPause;
    if (needed >= kLongestDuration / static_cast<std::int64_t>(4 * count)) return;
    if (count == 1 || needed <= interval) {
      transfer.messages = std::move(messages);
      return;
    }
    interval = std::max(needed, interval + interval / 2);
  }
}

// Their execution.

/// Reads the clock for protocols, which have none.
class Stopwatch {
 public:
  Stopwatch(CheckedClock clock, const TimeSource& time) : clock_(clock), time_(time) {}

  /// An observer knows the virtual time once the events of this instant are over.
  void read(std::optional<Time>& mark) {
    if (clock_ == CheckedClock::virtual_time) {
      unread_.push_back(&mark);
    } else {
      mark = time_.now();
    }
  }
  void tell(Time now) {
    for (std::optional<Time>* mark : unread_) *mark = now;
    unread_.clear();
  }

 private:
  CheckedClock clock_;
  const TimeSource& time_;
  std::vector<std::optional<Time>*> unread_;
};

/// The times at which one message was sent and received.
struct Trip {
  std::optional<Time> sent;
  std::optional<Time> received;
};

struct Trips {
  Trips(const CheckedTransfer& played, CheckedClock clock, const TimeSource& time)
      : transfer(played), trips(played.messages.size()), stopwatch(clock, time) {}

  const CheckedTransfer& transfer;
  std::vector<Trip> trips;
  Stopwatch stopwatch;
  std::atomic<std::size_t> received{0};
};

/// The sender's and the receiver's part of a transfer, without any action at other nodes. A message is sent at
/// the end of every round.
class Sender final : public FragmentProtocol {
 public:
  Sender(NodeId self, Trips& trips) : self_(self), trips_(trips) {}

  void on_trained(LocalRound local, Actions& actions) override {
    if (self_ != trips_.transfer.from || local.round >= trips_.trips.size()) return;
    trips_.stopwatch.read(trips_.trips[local.round].sent);
    actions.send({trips_.transfer.to, 0, local.round, local.values, 0});
    actions.start_round(std::move(local.values));
  }
  void on_message(const ProtocolMessage& message, Actions&) override {
    trips_.stopwatch.read(trips_.trips[message.round].received);
    ++trips_.received;
  }
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
  Trips& trips_;
};

class Nowhere final : public RecordSink {
  void add(const RoundRecord&) override {}
  void add(const EvaluationRow&) override {}
  void add(const LinkRow&) override {}
  void commit() override {}
};

/// Only the sender's rounds end before the run does.
void set_paces(RunPlan& plan, const CheckedTransfer& transfer) {
  const auto& messages = transfer.messages;
  plan.duration = messages.back().sent + messages.back().formula + kPatience;
  plan.paces.assign(plan.nodes, Pace{Time{}, Distribution::constant(2 * plan.duration), 1, 1});
  plan.paces[transfer.from].step_time = Distribution::constant(messages.front().sent);
}

bool play(CheckedTransfer& transfer, RunPlan plan, CheckedClock clock, const std::function<bool()>& keep_going,
          TimeSource& time) {
  if (transfer.messages.empty()) return true;
  set_paces(plan, transfer);
  Trips trips(transfer, clock, time);
  plan.protocols = [&trips](const FragmentInfo& info) { return std::make_unique<Sender>(info.node, trips); };
  NullLearner learner(static_cast<std::int64_t>((transfer.size - kHeaderBytes) / sizeof(float)));
  ComputePool pool(1, nullptr);
  Nowhere nowhere;
  bool goes_on = true;
  const auto is_under_way = [&](const RunPosition& position) {
    trips.stopwatch.tell(position.now);
    goes_on = keep_going();
    return goes_on && trips.received < trips.trips.size();
  };
  if (clock == CheckedClock::real_time) {
    run_in_real_time(plan, learner, pool, nowhere, is_under_way, time);
  } else {
    run_in_virtual_time(plan, learner, pool, nowhere, is_under_way);
  }
  for (std::size_t i = 0; i < trips.trips.size(); ++i) {
    const Trip& trip = trips.trips[i];
    if (trip.sent && trip.received) transfer.messages[i].measured = *trip.received - *trip.sent;
  }
  return goes_on;
}

}  // namespace

NetworkCheck plan_network_check(const RunPlan& run, Bytes message, CheckedClock clock) {
  NetworkCheck check;
  check.clock = clock;
  const Choice choice = choose_pairs(run.network);
  check.introduction = choice.text + "\n" + omissions(run, choice.pairs);
  check.plan = without_training(run);
  for (const auto& [from, to] : choice.pairs) {
    for (const Bytes size : {message, message_size(kParametersOfMegabyte)}) {
      CheckedTransfer transfer{from, to, size, way_between(check.plan.network, from, to)};
      add_messages(transfer, check.plan, clock);
      check.transfers.push_back(std::move(transfer));
    }
  }
  return check;
}

NetworkCheck plan_network_check(const Scenario& scenario, const ParameterLayout& layout, CheckedClock clock) {
  const AlgorithmSection& section = scenario.algorithms.front();
  // Sizes alone: no permutation of the values is needed.
  const Fragmentation fragmentation({layout.tensors, false}, section.algorithm->fragments(section.options), 0);
  return plan_network_check(make_plan(scenario, section, scenario.seeds.front()), message_size(fragmentation.size(0)),
                            clock);
}

Time expected_duration(const NetworkCheck& check) {
  Time sum{};
  for (const CheckedTransfer& transfer : check.transfers) {
    if (!transfer.messages.empty()) {
      sum = std::min(kNever, sum + transfer.messages.back().sent + transfer.messages.back().formula);
    }
  }
  return sum;
}

bool play(NetworkCheck& check, const std::function<bool()>& keep_going, TimeSource& time) {
  return std::all_of(check.transfers.begin(), check.transfers.end(), [&](CheckedTransfer& transfer) {
    return play(transfer, check.plan, check.clock, keep_going, time);
  });
}

bool play(NetworkCheck& check, const std::function<bool()>& keep_going) {
  SystemTime time;
  return play(check, keep_going, time);
}

}  // namespace tardigrad
