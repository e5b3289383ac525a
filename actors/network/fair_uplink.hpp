/// An uplink under `sharing = "fair"`: the fair switch transmits its messages together with all others of the
/// run, and reports when it has.
#pragma once

#include <deque>

#include "actors/network/uplink.hpp"

namespace tardigrad {

class FairUplink final : public Uplink {
 public:
  FairUplink(caf::actor_config& config, const Settings& settings, FairSwitchActor fair_switch);
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  void enqueue(const TransferPtr& transfer, Time now) override;
  void transmit(Time now) override;
  void drop_untransmitted(std::optional<FragmentId> fragment, Time now) override;
  void finish_service(const Served&) override {}
  void note_transmitted(const Transmitted& transmitted) override;
  void take_back(const Transfer& transfer) override;
  Traffic untransmitted() const override;
  void complete(LinkRow& row) override;

  /// Hands transmitted messages to the links, as far as there is room on the way.
  void pass_on(Time now);

  FairSwitchActor switch_;
  std::deque<TransferPtr> waiting_;      ///< not handed to the switch while `transmitted_` has messages
  std::deque<TransferPtr> transmitted_;  ///< transmitted, but without room on the way to another part
  Traffic at_switch_;
  std::uint64_t most_at_switch_ = 0;
};

}  // namespace tardigrad
