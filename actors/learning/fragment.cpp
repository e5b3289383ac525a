#include "actors/learning/fragment.hpp"

#include <algorithm>
#include <utility>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Fragment::Fragment(caf::actor_config& config, const Settings& settings, std::unique_ptr<FragmentProtocol> protocol,
                   Clock& clock, NodeActor owner, UplinkEntry uplink, RecorderActor recorder)
    : FragmentActor::base(config),
      settings_(settings),
      protocol_(std::move(protocol)),
      clock_(clock),
      owner_(std::move(owner)),
      uplink_(std::move(uplink)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::fragment, settings.node, settings.id)) {}

Fragment::behavior_type Fragment::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Delivered& delivered) {
        if (started_) return take(delivered);
        early_.push_back(delivered);
      },
      [this](const Start& start) {
        Actions actions;
        protocol_->on_start(start.initial, actions);
        carry_out(actions, Time{}, false);
        started_ = true;
        for (const Delivered& delivered : std::exchange(early_, {})) take(delivered);
      },
      [this](const Trained& trained) {
        Actions actions(trained.at);
        protocol_->on_trained({trained.round, trained.values, trained.steps, trained.learning_rates}, actions);
        carry_out(actions, trained.at, true);
      },
      [this](const WaitOver& over) {
        if (over.wait != waits_) return;  // the wait ended before its time was up
        Actions actions(over.at);
        protocol_->on_wait_over(actions);
        carry_out(actions, over.at, false);
      },
      [this](const Finish&) {
        if (!awaited_.empty()) send(recorder_, WaitRow{settings_.node, awaited_});
        quit();
      },
  };
}

// Under the virtual clock no message is early.
void Fragment::persist(ActorArchive& archive) {
  archive(events_, started_, awaited_, waits_, sent_);
  protocol_->persist(archive.fields());
}

void Fragment::take(const Delivered& delivered) {
  const Transfer& transfer = *delivered.transfer;
  Actions actions(delivered.at);
  protocol_->on_message({transfer.from, transfer.kind, transfer.round, transfer.values, transfer.encoded}, actions);
  carry_out(actions, delivered.at, false);
}

void Fragment::carry_out(Actions& actions, Time at, bool after_training) {
  if (settings_.refusals) {
    for (const NodeId from : actions.refused()) settings_.refusals->note_message(from, settings_.node);
  }
  if (actions.changes_wait()) wait(actions.awaited(), actions.longest_wait(), at);
  if (after_training || actions.flushes() || !actions.sends().empty()) send_out(actions, at, after_training);
  if (actions.values() || !actions.mixing().is_zero()) {
    send(owner_,
         FragmentState{settings_.id, actions.values(), actions.starts_round(), actions.work(), actions.mixing(), at});
  }
}

void Fragment::send_out(Actions& actions, Time at, bool after_training) {
  Outgoing outgoing{settings_.id, after_training, actions.flushes(), {}, at};
  outgoing.transfers.reserve(actions.sends().size());
  const Bytes whole = sizeof(float) * settings_.parameters;
  for (Actions::Send& message : actions.sends()) {
    outgoing.transfers.push_back(std::make_shared<const Transfer>(
        Transfer{settings_.node, message.to, settings_.id, message.kind, message.round,
                 kHeaderBytes + message.payload.value_or(whole), sent_++, message.order, std::move(message.values),
                 std::move(message.encoded), at}));
  }
  send(uplink_, std::move(outgoing));
}

void Fragment::wait(const std::vector<NodeId>& awaited, const std::optional<Time>& longest, Time at) {
  // If some of the awaited messages were awaited before, the wait goes on.
  const bool goes_on = !longest && !awaited.empty() && awaited.size() < awaited_.size() &&
                       std::includes(awaited_.begin(), awaited_.end(), awaited.begin(), awaited.end());
  awaited_ = awaited;
  if (goes_on) return;
  ++waits_;
  const std::optional<Time>& limit = longest ? longest : settings_.wait_timeout;
  if (awaited_.empty() || !limit) return;
  clock_.schedule(at + *limit, events_.next(), this, WaitOver{waits_, {}});
}

void Fragment::on_exit() {
  owner_ = nullptr;
  uplink_ = nullptr;
  recorder_ = nullptr;
}

}  // namespace tardigrad
