#include "actors/fragment.hpp"

#include <utility>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Fragment::Fragment(caf::actor_config& config, NodeId node, FragmentId id, std::uint64_t parameters,
                   std::unique_ptr<FragmentProtocol> protocol, Clock& clock, NodeActor owner, UplinkActor uplink)
    : FragmentActor::base(config),
      node_(node),
      id_(id),
      message_size_(kHeaderBytes + sizeof(float) * parameters),
      protocol_(std::move(protocol)),
      clock_(clock),
      owner_(std::move(owner)),
      uplink_(std::move(uplink)) {}

Fragment::behavior_type Fragment::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Start& start) {
        Actions actions;
        protocol_->on_start(start.initial, actions);
        carry_out(actions, Time{}, false);
      },
      [this](const Trained& trained) {
        Actions actions;
        protocol_->on_trained(trained.round, trained.values, actions);
        carry_out(actions, trained.at, true);
      },
      [this](const Delivered& delivered) {
        const Transfer& transfer = *delivered.transfer;
        Actions actions;
        protocol_->on_message({transfer.from, transfer.kind, transfer.round, transfer.values}, actions);
        carry_out(actions, delivered.at, false);
      },
      [this](const Finish&) { quit(); },
  };
}

void Fragment::carry_out(Actions& actions, Time at, bool after_training) {
  if (after_training || actions.flushes() || !actions.sends().empty()) {
    Outgoing outgoing{id_, after_training, actions.flushes(), {}, at};
    outgoing.transfers.reserve(actions.sends().size());
    for (Actions::Send& message : actions.sends()) {
      outgoing.transfers.push_back(std::make_shared<const Transfer>(Transfer{node_,
                                                                             message.to,
                                                                             id_,
                                                                             message.kind,
                                                                             message.round,
                                                                             message_size_,
                                                                             message.order,
                                                                             std::move(message.values),
                                                                             {}}));
    }
    send(uplink_, std::move(outgoing));
  }
  if (actions.values() || actions.mixed_count() > 0) {
    send(owner_, FragmentState{id_, actions.values(), actions.starts_round(), actions.mixed_count(),
                               actions.staleness_sum(), at});
  }
}

void Fragment::on_exit() {
  owner_ = nullptr;
  uplink_ = nullptr;
}

}  // namespace tardigrad
