/// A model fragment of one node: carries its protocol's wishes to the uplink and the node.
#pragma once

#include <memory>

#include "actors/messages.hpp"
#include "actors/protocols/protocol.hpp"
#include "runtime/clock.hpp"

namespace tardigrad {

class Fragment final : public FragmentActor::base {
 public:
  /// `parameters` is the fragment's size, also where the model has no values.
  Fragment(caf::actor_config& config, NodeId node, FragmentId id, std::uint64_t parameters,
           std::unique_ptr<FragmentProtocol> protocol, Clock& clock, NodeActor owner, UplinkActor uplink);

  static constexpr const char* type_name = "fragment";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void carry_out(Actions& actions, Time at, bool after_training);

  NodeId node_;
  FragmentId id_;
  Bytes message_size_;
  std::unique_ptr<FragmentProtocol> protocol_;
  Clock& clock_;
  NodeActor owner_;
  UplinkActor uplink_;
};

}  // namespace tardigrad
