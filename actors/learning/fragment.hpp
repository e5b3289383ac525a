/// One fragment of one node: runs its protocol and executes the actions it returns.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/protocols/protocol.hpp"
#include "actors/refusals.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class Fragment final : public FragmentActor::base, public PersistentActor {
 public:
  struct Settings {
    NodeId node = 0;
    FragmentId id = 0;
    std::uint64_t parameters = 0;      ///< its size, also where the model has no values
    std::optional<Time> wait_timeout;  ///< the longest wait for a message; none: no limit
    Refusals* refusals = nullptr;      ///< only in a run over several hosts
  };

  Fragment(caf::actor_config& config, const Settings& settings, std::unique_ptr<FragmentProtocol> protocol,
           Clock& clock, NodeActor owner, UplinkEntry uplink, RecorderActor recorder);

  static constexpr const char* type_name = "fragment";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;
  const FragmentProtocol* protocol() const { return protocol_.get(); }

 private:
  void take(const Delivered& delivered);
  void carry_out(Actions& actions, Time at, bool after_training);
  void send_out(Actions& actions, Time at, bool after_training);
  /// For at most `longest`, or the scenario's limit.
  void wait(const std::vector<NodeId>& awaited, const std::optional<Time>& longest, Time at);

  Settings settings_;
  std::unique_ptr<FragmentProtocol> protocol_;
  Clock& clock_;
  NodeActor owner_;
  UplinkEntry uplink_;
  RecorderActor recorder_;
  EventSource events_;

  bool started_ = false;
  /// Messages that arrived before the fragment was started. Under the real clock a neighbour may start earlier.
  std::vector<Delivered> early_;
  std::vector<NodeId> awaited_;
  std::uint64_t waits_ = 0;  ///< number of waits so far
  std::uint64_t sent_ = 0;   ///< number of messages sent
};

}  // namespace tardigrad
