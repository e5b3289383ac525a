/// An uplink under `sharing = "serial"`: whole messages, one at a time. `SerialServer` is the rule; the clock
/// delivers.
#pragma once

#include "actors/network/uplink.hpp"
#include "netem/link/serial_server.hpp"

namespace tardigrad {

/// A message and the link to which it goes from its uplink, found once for a whole round of messages at a time.
struct Outbound {
  TransferPtr transfer;
  LinkDirectory::Entry* way = nullptr;

  void persist(StateArchive& archive) { archive(transfer); }
};

class SerialUplink final : public Uplink, private Foresight {
 public:
  SerialUplink(caf::actor_config& config, const Settings& settings);
  void persist(ActorArchive& archive) override;

 private:
  void enqueue(const TransferPtr& transfer, Time now) override;
  void transmit(Time now) override;
  void drop_untransmitted(std::optional<FragmentId> fragment, Time now) override;
  void finish_service(const Served& served) override;
  void note_transmitted(const Transmitted& transmitted) override;
  void take_back(const Transfer& transfer) override;
  Traffic untransmitted() const override;
  void complete(LinkRow& row) override;
  caf::actor_control_block* receiver(const void* way) const override;
  const void* beyond(const caf::abstract_actor& link) const override;

  /// True if the next message need not wait for its way to another part; `room` is the room that it gets there.
  bool may_set_out(ReservedRoom& room);
  void withdraw(std::optional<FragmentId> fragment, Time now);
  /// Tells a link that has a rate of its own what to drop: through the clock, as it then goes on with its next message,
  /// and must have heard before of all that is given up at this instant.
  template <class Message>
  void tell_own_rate(const LinkDirectory::Entry& way, Time now, Message message);
  void complete_service();

  Outbound outbound(const TransferPtr& transfer) { return {transfer, &link_to(transfer->to)}; }
  SerialServer<Outbound> server_;
  Traffic at_own_rates_;
};

}  // namespace tardigrad
