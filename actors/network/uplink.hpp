/// A node's way into the network: takes what its fragments send, puts it in order, transmits it, and hands it
/// to the links. How it is transmitted is for `SerialUplink` and `FairUplink` to say.
#pragma once

#include <optional>
#include <vector>

#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "actors/network/outgoing_order.hpp"
#include "actors/record/hop_log.hpp"
#include "actors/stage_archive.hpp"
#include "netem/time/node_absence.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class Uplink : public UplinkActor::base, public PersistentActor {
 public:
  struct Settings {
    NodeId node = 0;
    FragmentId fragments = 1;
    RateProfile rate;
    NodeAbsence absence;  ///< while its node is away it accepts nothing, and what it has is dropped
    LinkSettings links;
  };

  /// `beyond` is where others transmit what it hands over to them.
  Uplink(caf::actor_config& config, const Settings& settings, Hop::Place beyond);

  static constexpr const char* type_name = "uplink";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  /// Who inherits from this adds what it has itself.
  void persist(StageArchive& archive) override;

 protected:
  /// Takes the transfer in, after all that it has. It has been counted as accepted.
  virtual void enqueue(const TransferPtr& transfer, Time now) = 0;
  /// Goes on transmitting, after changes.
  virtual void transmit(Time now) = 0;
  /// Drops what is not transmitted yet, of one fragment or of all.
  virtual void drop_untransmitted(std::optional<FragmentId> fragment, Time now) = 0;
  virtual void finish_service(const Served& served) = 0;
  /// It has been counted.
  virtual void note_transmitted(const Transmitted& transmitted) = 0;
  /// Those who were to transmit it have dropped it.
  virtual void take_back(const Transfer& transfer) = 0;
  /// What it has and has not transmitted, retransmissions that wait for their time not counted.
  virtual Traffic untransmitted() const = 0;
  /// At the end of the run.
  virtual void complete(LinkRow& row) = 0;

  LinkDirectory::Entry& link_to(NodeId node) { return links_.to(node, home_system(), this); }
  const LinkDirectory& links() const { return links_; }
  NodeId node() const { return node_; }
  Clock& clock() { return clock_; }
  EventKey next_event() { return events_.next(); }
  /// Whether there is room for the transfer on its way to another part, if it has to go to one and not through a pair
  /// server first. If not, `transmit` is called again when it is worth asking.
  bool find_room(const Transfer& transfer, LaneRoom& room);
  void count_passed(Bytes size) { total_.passed.add(size); }
  /// One that has not begun to be transmitted, and one that has.
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
