/// A node's uplink: takes the messages of its fragments, orders them, transmits them, and hands them to the
/// links. `SerialUplink` and `FairUplink` define the transmission.
#pragma once

#include <optional>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "actors/network/outgoing_order.hpp"
#include "actors/record/hop_log.hpp"
#include "netem/time/node_absence.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class Uplink : public UplinkActor::base, public PersistentActor {
 public:
  struct Settings {
    NodeId node = 0;
    FragmentId fragments = 1;
    RateProfile rate;
    NodeAbsence absence;  ///< while its node is away it accepts no message, and drops those it has
    LinkSettings links;
  };

  /// `beyond`: the place in the timeline under which transmissions at a pair's own rate or by the fair switch are
  /// recorded.
  Uplink(caf::actor_config& config, const Settings& settings, Hop::Place beyond);

  static constexpr const char* type_name = "uplink";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  /// Subclasses add their own state.
  void persist(ActorArchive& archive) override;

 protected:
  /// Queues the transfer behind all others. It has been counted as accepted.
  virtual void enqueue(const TransferPtr& transfer, Time now) = 0;
  /// Continues transmission, after changes.
  virtual void transmit(Time now) = 0;
  /// Drops messages that are not transmitted yet, of one fragment or of all.
  virtual void drop_untransmitted(std::optional<FragmentId> fragment, Time now) = 0;
  virtual void finish_service(const Served& served) = 0;
  /// Handles a transmitted message, which has been counted.
  virtual void note_transmitted(const Transmitted& transmitted) = 0;
  /// The link, at the pair's own rate, or the fair switch has dropped the transfer.
  virtual void take_back(const Transfer& transfer) = 0;
  /// The traffic accepted and not transmitted, without retransmissions that wait for their time.
  virtual Traffic untransmitted() const = 0;
  /// Completes the totals at the end of the run.
  virtual void complete(LinkRow& row) = 0;

  LinkDirectory::Entry& link_to(NodeId node) { return links_.to(node, home_system(), this); }
  const LinkDirectory& links() const { return links_; }
  NodeId node() const { return node_; }
  Clock& clock() { return clock_; }
  EventKey next_event() { return events_.next(); }
  /// True if there is room for the transfer on its way to another part, or if it needs none here (it stays in
  /// this part, or its link has a rate of its own). If false, `transmit` is called again when another attempt is
  /// worthwhile.
  bool find_room(const Transfer& transfer, ReservedRoom& room);
  void count_passed(Bytes size) { total_.passed.add(size); }
  /// Counts a dropped message whose transmission has not begun, and one whose transmission has.
  void count_dropped(const Transfer& transfer, Time now);
  void count_cut(const Transfer& transfer, Hop::Place place, Time begin, Time now);
  HopLog& log() { return log_; }

 private:
  void accept(const Outgoing& outgoing);
  void drop(std::optional<FragmentId> fragment, Time now);
  void serve(Time now);
  void retry(const Retry& retry);
  void schedule_leaving(Time now);
  void report_round(Round round);
  void report_totals();

  NodeId node_;
  NodeAbsence absence_;
  Clock& clock_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource absence_events_;
  LinkDirectory links_;

  OutgoingOrder order_;
  bool serve_wanted_ = false;
  bool serve_scheduled_ = false;
  std::vector<TransferPtr> unacknowledged_;  ///< lost, to be transmitted again

  LinkRow total_;
  HopLog log_;
  Hop::Place beyond_;
  struct {
    Traffic accepted, passed, dropped;
  } at_last_round_;
};

}  // namespace tardigrad
