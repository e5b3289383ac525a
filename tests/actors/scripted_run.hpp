/// A protocol that sends the messages of a script, and records their arrival.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"

namespace tardigrad {

inline RunOutcome execute(const RunPlan& plan, Learner& learner, RecordSink& sink, unsigned workers = 1) {
  ComputePool pool(workers, nullptr);
  return run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
}

/// A message to be sent at the end of a round, and the time of its arrival.
struct ScriptedMessage {
  NodeId from = 0;
  NodeId to = 0;
  Round round = 0;
  FragmentId fragment = 0;
  std::optional<Time> delivered{};
};

struct Script {
  std::vector<ScriptedMessage> messages{};
  std::vector<std::size_t> arrivals_to_be_timed{};
  bool flush = false;
};

class Scripted final : public FragmentProtocol {
 public:
  Scripted(NodeId self, FragmentId fragment, Script& script) : self_(self), fragment_(fragment), script_(script) {}

  void on_trained(LocalRound local, Actions& actions) override {
    if (script_.flush) actions.flush();
    for (std::size_t i = 0; i < script_.messages.size(); ++i) {
      const ScriptedMessage& message = script_.messages[i];
      if (message.from != self_ || message.round != local.round || message.fragment != fragment_) continue;
      actions.send({message.to, 0, static_cast<Round>(i), local.values, i});
    }
    actions.start_round(std::move(local.values));
  }
  /// The round of a message is its number in the script.
  void on_message(const ProtocolMessage& message, Actions&) override {
    script_.arrivals_to_be_timed.push_back(message.round);
  }
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
  FragmentId fragment_;
  Script& script_;
};

/// Runs the script and notes when each of its messages is delivered.
inline void play(Script& script, RunPlan plan, Learner& learner, MemorySink& sink) {
  plan.protocols = [&script](const FragmentInfo& info) {
    return std::make_unique<Scripted>(info.node, info.fragment, script);
  };
  const auto note = [&](Time now) {
    for (const std::size_t i : script.arrivals_to_be_timed) script.messages[i].delivered = now;
    script.arrivals_to_be_timed.clear();
  };
  ComputePool pool(1, nullptr);
  const auto outcome = run_in_virtual_time(plan, learner, pool, sink, [&](const RunPosition& position) {
    note(position.now);
    return true;
  });
  note(outcome.position.now);
}

constexpr std::int64_t kParameters = 244;  // 1,000 bytes with the header
constexpr Bytes kMessage = message_size(kParameters);

}  // namespace tardigrad
