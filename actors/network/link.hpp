/// The directed link from one node to another: passes messages from the sender's uplink (or the pair's server)
/// to the receiver's downlink, with latency, in order, and with losses. Lives with its sender.
///
/// `PairLatency` decides the latency, `PairLoss` the losses. A message that is lost and transmitted again holds
/// up those behind it, as in a reliable stream: they leave the link when it has arrived or has been given up.
#pragma once

#include <memory>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "netem/emulated_network.hpp"
#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

class Link final : public PassiveActor, public PersistentActor {
 public:
  Link(caf::actor_config& config, NodeId from, NodeId to, const std::shared_ptr<const LinkModel>& model,
       const LinkSettings& settings, UplinkActor uplink);
  void persist(ActorArchive& archive) override;
  /// The actor to which it leads, of any type.
  const void* end() const { return control_block(downlink_); }

 private:
  /// A message whose transmission has begun, and that is not on its way to the downlink yet.
  struct Waiting {
    TransferPtr transfer;
    std::uint32_t transmissions_left = 0;
    bool arrives = false;  ///< true if the last transmission arrives
    bool sending = false;  ///< true during a transmission, until it is lost
    bool through = false;  ///< true during the transmission that arrives
    Time begin{};          ///< of the transmission that arrives
    Time end{};

    void persist(StateArchive& archive);
  };
  /// A message on its way to the downlink.
  struct Passing {
    Bytes size;
    Time head;

    void persist(StateArchive& archive) { archive(size, head); }
  };

  /// The state of a link that can lose messages; most links cannot.
  struct Losses {
    PairLoss draws;
    std::vector<Waiting> waiting{};  ///< in order of their first transmission
  };

  void receive(const caf::type_erased_tuple& message) override;
  void depart(const Departing& departing);
  void transmit(Losses& losses, const Departing& departing);
  void pass(TransferPtr transfer, Time begin, Time end);
  /// Passes on the messages that nothing in front holds up any more.
  void let_pass(Losses& losses, Time now);
  void lose(const TransferPtr& transfer, Time now);
  void withdraw(const Withdrawn& withdrawn);
  void give_up(const TransferPtr& transfer, Time now);
  /// nullptr if the message is not waiting.
  Waiting* find(const TransferPtr& transfer);
  /// Counts the messages as passed that have left the link by now.
  void settle(Time now);
  void report();
  /// Releases all other actors.
  void finish();

  DownlinkActor downlink_;
  const FarActor* far_downlink_;  ///< null if the downlink lives here
  const Foresight* foresight_;    ///< the downlink, if it passes messages on at once; else null
  EventSource events_;
  PairLatency latency_;
  /// The message that set out last, apart from the others: usually there are no others, and no other memory is
  /// touched.
  struct {
    Bytes size = 0;  ///< 0 once the message has left the link and is counted
    Time begin{};    ///< of its transmission
    Time head{};     ///< time at which its head leaves the link
  } last_;
  std::vector<Passing> passing_;  ///< messages before the last one, in order
  LinkRow total_;
  std::unique_ptr<Losses> losses_;  ///< null for a link without losses
  Time timeout_{};
  UplinkActor uplink_;
  bool tells_losses_;  ///< true if it reports losses to its uplink
  RecorderActor recorder_;
};

}  // namespace tardigrad
