/// A node's uplink: takes the messages of its fragments, and hands them to the links. `UplinkRule` decides; the uplink
/// carries out what it answers. Under fair sharing the fair switch transmits its messages together with all others of
/// the run, and reports when it has.
#pragma once

#include <optional>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "actors/record/hop_log.hpp"
#include "netem/link/uplink_rule.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// A message and, once it is in order, its link: found for a whole round of messages at a time.
struct Outbound {
  TransferPtr transfer{};
  LinkDirectory::Entry* way = nullptr;

  const Transfer* operator->() const { return transfer.get(); }
  friend bool operator==(const Outbound& a, const Outbound& b) { return a.transfer == b.transfer; }
  friend bool operator!=(const Outbound& a, const Outbound& b) { return !(a == b); }
  void persist(StateArchive& archive);
};

class Uplink final : public UplinkActor::base, public PersistentActor, private Foresight {
 public:
  struct Settings {
    NodeId node = 0;
    FragmentId fragments = 1;
    RateProfile rate;
    NodeAbsence absence;  ///< while its node is away it accepts no message, and drops those it has
    LinkSettings links;
    FairSwitchActor fair_switch;  ///< null under serial sharing
  };

  Uplink(caf::actor_config& config, const Settings& settings);

  static constexpr const char* type_name = "uplink";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  using Rule = UplinkRule<Outbound, Uplink>;
  friend Rule;

  // The link to which a message will be passed.
  caf::actor_control_block* receiver(const void* way) const override;
  const void* beyond(const caf::abstract_actor& link) const override;

  void wake_rule(const Wake& due);
  void accept(const Outgoing& outgoing);
  void take(const Transmitted& transmitted);
  void take(const Dropped& dropped);
  void proceed(Time now);

  // The effects of the rule.
  void wake(Time at, UplinkWake why, const Outbound& message);
  std::optional<ReservedRoom> room_for(const Outbound& message);
  void depart(const Outbound& message, Time begin, Time end);
  void withdraw(const Outbound& message, Time unserved, Time now);
  void give_up(const Outbound& message, Time now);
  void hand_over(const std::vector<Outbound>& messages, Time now);
  void drop_handed_over(std::optional<FragmentId> fragment, Time now);
  bool served(const Outbound& message, Time begin, Time end);
  void cut(const Outbound& message, Time begin, Time now);
  void dropped(const Outbound& message, Time now);

  /// Tells a link that has a rate of its own what to drop: through the clock, as it then goes on with its next message,
  /// and must have heard before of all that is given up at this instant.
  template <class Message>
  void tell_own_rate(const LinkDirectory::Entry& way, Time now, Message message) {
    clock_.schedule(now, events_.next(), way.link, std::move(message));
  }
  LinkDirectory::Entry& link_to(NodeId node) { return links_.to(node, home_system(), this); }
  LinkDirectory::Entry& way_of(const Outbound& message) {
    return message.way ? *message.way : link_to(message.transfer->to);
  }
  /// Where in the timeline a message is transmitted that was handed over.
  Hop::Place beyond_here() const { return switch_ ? Hop::Place::shared_uplink : Hop::Place::pair; }
  void report_round(Round round);
  void report_totals();

  NodeId node_;
  double rate_;  ///< at the start of the run
  Clock& clock_;
  RecorderActor recorder_;
  FairSwitchActor switch_;  ///< null under serial sharing
  EventSource events_;
  EventSource absence_events_;
  LinkDirectory links_;
  Rule rule_;
  HopLog log_;
  struct {
    Traffic accepted, passed, dropped;
  } at_last_round_;
};

}  // namespace tardigrad
