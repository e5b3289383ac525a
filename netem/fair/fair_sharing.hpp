/// Links that concurrent flows share max-min fairly, as TCP flows with equal round-trip times do: the fluid
/// model of `sharing = "fair"`.
///
/// Every link has a level: the highest rate of one flow there. A flow's rate is the lowest level along its
/// route, so that one link, its bottleneck, limits it. The rates are max-min fair when every bottleneck carries
/// exactly its capacity (Bertsekas and Gallager, "Data Networks", 6.5.2).
///
/// A change stays local. When a flow starts or ends, or a capacity changes, each link concerned computes the
/// level that fills its capacity, given the levels that its flows meet elsewhere. Another link on their routes
/// does the same only when its load is off its capacity by more than `tolerance` times the load of the flows
/// that it limits (by more than `tolerance` times its capacity where it limits none). This ends: links that
/// continued for ever would, given the others, compute one another's max-min levels exactly after finitely many
/// steps (Charny, Clark and Jain, "Congestion control with explicit rate indication", ICC 1995), and then none
/// of them is off.
///
/// Bytes are not counted flow by flow: a link counts the bytes that a flow limited there has received, and such
/// a flow is complete when that count passes the flow's mark. A changed level therefore leaves the marks alone;
/// only a flow whose bottleneck moves gets a new mark.
///
/// Cost of a transfer: its start and its end each take O(f) at the links whose level they change, f being the
/// flows on such a link, O(f) at each neighbouring link that follows, and O(log links) for the next completion.
/// A neighbour's load changes by about a part in f, so that few follow: with 60 flows at each link and all
/// links full, one to two levels are computed for each start or end, with 100 nodes as with 1,000. A flow that
/// continues with its next message changes no level: O(f) to find the next completion there. All changes of one
/// instant are settled together, when time advances or a caller asks: a thousand simultaneous starts compute
/// hardly more levels than one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "netem/fair/earliest_first.hpp"

namespace tardigrad {

class FairSharing {
 public:
  /// The number that `add_link` returned; `kNoLink` fills unused places of a route.
  using LinkId = std::uint32_t;
  /// The number that `start` returned; reused after `stop`.
  using FlowId = std::uint32_t;
  static constexpr LinkId kNoLink = 0;

  /// The links that a flow passes, in any order, each at most once, at least one.
  using Route = std::array<LinkId, 3>;

  /// Changes below this tolerance do not spread (see above). With this value the times of nearly all transfers
  /// are right within 0.1 %, and all of those in 1,000 random sets within 3 %.
  static constexpr double kTolerance = 3e-3;

  explicit FairSharing(double tolerance = kTolerance);

  /// A capacity above 1e17 bit/s counts as 1e17: a megabyte in a tenth of a nanosecond.
  LinkId add_link(BitsPerSecond capacity);

  // Time never runs backwards from call to call, and never past `next_completion()`.

  /// Flows in progress feel the new rate at once. A link of rate zero stops its flows.
  void set_capacity(Time now, LinkId link, BitsPerSecond capacity);

  FlowId start(Time now, const Route& route, Bytes size);

  /// The time at which the next flow will be complete; nothing if none will be.
  std::optional<Time> next_completion();

  /// The flows that are complete at `now`, in an arbitrary but reproducible order. Each must be told to go on
  /// or to stop before any other call. Valid until the next call of this.
  const std::vector<FlowId>& complete(Time now);

  /// Gives the flow `size` further bytes, without a gap.
  void go_on(FlowId flow, Bytes size);

  /// Replaces the bytes that the flow still has to carry by `size` others. The flow's share does not change.
  void restart(Time now, FlowId flow, Bytes size);

  /// Ends the flow, complete or not. That frees its share at once.
  void stop(Time now, FlowId flow);

  /// The flow's bytes that have not been carried at `now`.
  double remaining(Time now, FlowId flow);

  BitsPerSecond rate(FlowId flow);
  /// The sum of the rates of the link's flows.
  BitsPerSecond load(LinkId link);
  /// The integral over time of the link's load as a share of its capacity; 0 for a link that limits nothing.
  Time busy_time(Time now, LinkId link);

  void persist(StateArchive& archive);

 private:
  /// A flow as a link sees it: the other links of its route.
  struct Crossing {
    FlowId flow;
    std::array<LinkId, 2> elsewhere;

    void persist(StateArchive& archive) { archive(flow, elsewhere); }
  };
  struct Link {
    double capacity = 0;  // bytes/s, as all rates in this class
    double load = 0;
    double received = 0;  // by a flow limited here, counted from an arbitrary moment to `since`
    Time since{};
    double next_mark = 0;  // a lower bound of the marks of the flows limited here; +inf without such flows
    double busy = 0;       // seconds, counted up to `busy_since`
    Time busy_since{};
    std::uint32_t held_up = 0;    // number of flows whose bottleneck this is
    bool next_mark_left = false;  // the flow of that mark has gone: the mark may be too low
    bool waits_for_level = false;
    bool waits_for_completion = false;

    void persist(StateArchive& archive);
  };
  struct Path {
    Route route{};
    std::array<std::uint32_t, 3> position{};  // place in the crossings of route[i]

    void persist(StateArchive& archive) { archive(route, position); }
  };

  void move_to(Time now);
  void settle();
  LinkId first_bottleneck(const Route& route);
  bool is_off(LinkId id) const;
  void compute_level(LinkId id);
  double fair_level(double capacity, double guess) const;
  double better_level(double capacity, double level) const;
  void change_load(LinkId id, double by);
  void count_busy(LinkId id);
  LinkId tighter(LinkId a, LinkId b) const;
  LinkId bottleneck(FlowId flow) const;
  bool holds_up(LinkId id, const Crossing& crossing) const;
  void hold_up(LinkId id, FlowId flow, double remaining);
  void move_bottleneck(FlowId flow, LinkId from, LinkId to);
  void let_go(LinkId id, FlowId flow);
  void look_through_marks(LinkId id, double passed);
  void remove_crossing(LinkId id, std::uint32_t position);
  void want_level(LinkId id);
  void want_completion(LinkId id);
  double received(LinkId id) const;
  void bring_to_now(LinkId id);
  Time completion(LinkId id) const;

  double tolerance_;
  Time now_{};
  std::vector<Link> links_;
  std::vector<double> levels_;                    // by link; +inf where the link limits no flow
  std::vector<std::vector<Crossing>> crossings_;  // by link
  std::vector<double> marks_;                     // by flow: the bottleneck's byte count at which the flow is complete
  std::vector<Path> paths_;                       // by flow
  std::vector<FlowId> free_flows_;
  std::vector<LinkId> levels_wanted_;
  std::vector<LinkId> completions_wanted_;
  std::vector<FlowId> through_;
  std::vector<double> limits_;  // scratch of one level's computation: by crossing, the lowest level elsewhere
  EarliestFirst completions_;
};

}  // namespace tardigrad
