/// The directed way from one node to another: brings messages from the sender's uplink (or the pair's
/// server) to the receiver's downlink, late, in order, and not all of them. Lives with its sender.
///
/// `PairLatency` says how late, `PairLoss` which are lost. A message that is lost and transmitted again
/// holds up those behind it, as in a reliable stream: they come out when it has, or when it is given up.
#pragma once

#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "actors/stage_archive.hpp"
#include "netem/emulated_network.hpp"
#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

class Link final : public PassiveActor, public PersistentActor {
 public:
  Link(caf::actor_config& config, NodeId from, NodeId to, const std::shared_ptr<const LinkModel>& model,
       const LinkSettings& settings, UplinkActor uplink);
  void persist(StageArchive& archive) override;
  /// Where it leads, of whatever kind that is.
  const void* end() const { return control_block(downlink_); }

 private:
  /// Has begun to be transmitted, and is not on its way to the downlink yet.
  struct Waiting {
    TransferPtr transfer;
    std::uint32_t transmissions_left = 0;
    bool arrives = false;  ///< with the last of them
    bool sending = false;  ///< a transmission has begun that is not lost yet
    bool through = false;  ///< and it is the one that arrives
    Time begin{};          ///< of that one
    Time end{};

    void persist(StateArchive& archive);
  };
  /// On its way to the downlink.
  struct Passing {
    Bytes size;
    Time head;

    void persist(StateArchive& archive) { archive(size, head); }
  };

  /// What a link that loses messages keeps of them; most links lose none.
  struct Losses {
    PairLoss draws;
    std::vector<Waiting> waiting{};  ///< in order of their first transmission
  };

  void receive(const caf::type_erased_tuple& message) override;
  void depart(const Departing& departing);
  void transmit(Losses& losses, const Departing& departing);
  void pass(TransferPtr transfer, Time begin, Time end);
  /// Lets those pass for which nothing is in front any more.
  void let_pass(Losses& losses, Time now);
  void lose(const TransferPtr& transfer, Time now);
  void withdraw(const Withdrawn& withdrawn);
  void give_up(const TransferPtr& transfer, Time now);
  /// nullptr if it is not waiting.
  Waiting* find(const TransferPtr& transfer);
  /// Counts those as passed that have come out by now.
  void settle(Time now);
  void report();
  /// Lets go of all other actors.
  void finish();

  DownlinkActor downlink_;
  const FarActor* far_downlink_;  ///< null if it is here
  const Foresight* foresight_;    ///< of a downlink that passes on at once what comes in; else null
  EventSource events_;
  PairLatency latency_;
  /// The last one that has set out, beside the others: mostly there are none, and nothing else is touched then.
  struct {
    Bytes size = 0;  ///< 0 once it has come out, and is counted
    Time begin{};    ///< of its transmission
    Time head{};     ///< when that comes out
  } last_;
  std::vector<Passing> passing_;  ///< before it, in order
  LinkRow total_;
  std::unique_ptr<Losses> losses_;  ///< null where nothing is lost
  Time timeout_{};
  UplinkActor uplink_;
  bool tells_losses_;  ///< to its uplink
  RecorderActor recorder_;
};

}  // namespace tardigrad
