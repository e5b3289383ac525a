/// Links that concurrent flows share max-min fairly, as TCP flows with equal round-trip times do: a
/// fluid model under `sharing = "fair"`.
///
/// Every link has a level: the most that one flow gets there. A flow's rate is the lowest level along
/// its route, so it is held up at one link, its bottleneck. The rates are max-min fair when every
/// bottleneck carries just its capacity (Bertsekas and Gallager, "Data Networks", 6.5.2).
///
/// A change stays local. When a flow starts or ends, or a capacity changes, a link concerned computes
/// the level that fills its capacity, given the levels that its flows meet elsewhere. Another link on
/// their routes does the same only when what it carries is off its capacity by more than `tolerance`
/// times what its own held-up flows carry (by more than `tolerance` times its capacity where it holds
/// up none). This ends: links that went on for ever would, given the others, compute one another's
/// max-min levels exactly after finitely many steps (Charny, Clark and Jain, "Congestion control with
/// explicit rate indication", ICC 1995), and then none of them is off.
///
/// Bytes are not counted flow by flow: a link counts what a flow held up there has received, and such
/// a flow is through when that count passes the flow's mark. A changed level therefore leaves the
/// marks alone; only a flow whose bottleneck moves gets a new one.
///
/// Cost of a transfer: its start and its end each take O(f) at the links whose level they change, f being the
/// flows on such a link, O(f) at each neighbour that follows, and O(log links) for the next completion. A
/// neighbour's load changes by a part in f or so, so that few follow: with 60 flows at each link and
/// all links full, one to two levels are computed for each start or end, whether there are 100 nodes or 1,000.
/// A flow that goes on with its next message changes no level: O(f) to find the next completion there.
/// What changes at one instant is settled together, when time goes on or somebody asks: a thousand flows that start at
/// once take hardly more levels than one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "netem/earliest_first.hpp"
#include "netem/state_archive.hpp"
#include "netem/units.hpp"

namespace tardigrad {

class FairSharing {
 public:
  /// As `add_link` gave it; `kNoLink` fills a route up.
  using LinkId = std::uint32_t;
  /// As `start` gave it; given out again after `stop`.
  using FlowId = std::uint32_t;
  static constexpr LinkId kNoLink = 0;

  /// The links that a flow passes, in any order, each at most once, at least one.
  using Route = std::array<LinkId, 3>;

  /// Smaller changes do not spread (see above). With this one, times of transfers are right within 0.1 % for
  /// nearly all, within 3 % for every one of 1,000 random sets.
  static constexpr double kTolerance = 3e-3;

  explicit FairSharing(double tolerance = kTolerance);

  /// A capacity above 1e17 bit/s counts as 1e17: a megabyte in a tenth of a nanosecond.
  LinkId add_link(BitsPerSecond capacity);

  // Time never runs backwards from call to call, and never past `next_completion()`.

  /// Flows in progress feel it at once. A link of rate zero stops its flows.
  void set_capacity(Time now, LinkId link, BitsPerSecond capacity);

  FlowId start(Time now, const Route& route, Bytes size);

  /// When the next flow is through; nothing if none will be.
  std::optional<Time> next_completion();

  /// The flows that are through at `now`, in no particular but a reproducible order. Each must be told
  /// to go on or to stop before anything else happens. Valid until the next call of this.
  const std::vector<FlowId>& complete(Time now);

  /// The flow carries `size` bytes more, without a gap.
  void go_on(FlowId flow, Bytes size);

  /// Gives up what the flow still has to carry for `size` other bytes. Its share stays as it is.
  void restart(Time now, FlowId flow, Bytes size);

  /// Ends the flow, through or not. That frees its share at once.
  void stop(Time now, FlowId flow);

  /// Bytes of the flow that have not been carried at `now`.
  double remaining(Time now, FlowId flow);

  BitsPerSecond rate(FlowId flow);
  /// The sum of the rates of the link's flows.
  BitsPerSecond load(LinkId link);
  /// The integral over time of the link's load as a share of its capacity. 0 of a link that does not limit anything.
  Time busy_time(Time now, LinkId link);

  void persist(StateArchive& archive);

 private:
  /// A flow as a link sees it: where else it passes.
  struct Crossing {
    FlowId flow;
    std::array<LinkId, 2> elsewhere;

    void persist(StateArchive& archive) { archive(flow, elsewhere); }
  };
  struct Link {
    double capacity = 0;  // bytes/s, as all rates in here
    double load = 0;
    double received = 0;  // by a flow held up here, counted from an arbitrary moment to `since`
    Time since{};
    double next_mark = 0;  // no mark of a flow held up here is lower; +inf if there is none
    double busy = 0;       // seconds, to `busy_since`
    Time busy_since{};
    std::uint32_t held_up = 0;    // flows whose bottleneck this is
    bool next_mark_left = false;  // the flow of that mark is gone: it may be too low
    bool waits_for_level = false;
    bool waits_for_completion = false;

    void persist(StateArchive& archive);
  };
  struct Path {
    Route route{};
    std::array<std::uint32_t, 3> position{};  // in the crossings of route[i]

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
  std::vector<double> levels_;                    // by link; +inf where the link holds up no flow
  std::vector<std::vector<Crossing>> crossings_;  // by link
  std::vector<double> marks_;                     // by flow: through when the bottleneck's count of bytes is here
  std::vector<Path> paths_;                       // by flow
  std::vector<FlowId> free_flows_;
  std::vector<LinkId> levels_wanted_;
  std::vector<LinkId> completions_wanted_;
  std::vector<FlowId> through_;
  std::vector<double> limits_;  // of the link being computed: by crossing, the lowest level elsewhere
  EarliestFirst completions_;
};

}  // namespace tardigrad
