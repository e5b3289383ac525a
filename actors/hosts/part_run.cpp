#include "actors/hosts/part_run.hpp"

#include <algorithm>
#include <atomic>
#include <caf/actor_system.hpp>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "actors/hosts/part_outbox.hpp"
#include "actors/hosts/report_book.hpp"
#include "actors/hosts/wire_guard.hpp"
#include "actors/moments_between.hpp"
#include "actors/refusals.hpp"
#include "actors/run/run_actors.hpp"
#include "runtime/clock/real_clock.hpp"
#include "runtime/clock/system_time.hpp"
#include "runtime/clock/virtual_clock.hpp"
#include "runtime/clock/wall_pulse.hpp"
#include "runtime/hosts/window_barrier.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using KeepGoing = std::function<bool(const RunPosition&)>;

constexpr milliseconds kTick{50};
/// The interval at which a computing part handles frames, and asks whether to continue.
constexpr milliseconds kLook{100};
/// The greatest number of frames handled at once, so that no part can block the rest by sending.
constexpr int kMostAtOnce = 4096;
/// The interval at which hosts report their position during a long window of virtual time.
constexpr milliseconds kProgress{250};
/// The time for hosts in the middle of a window after the user has stopped the run.
constexpr milliseconds kFarewellTime{2000};
constexpr Time kSmallestStep{1};

/// The actors of one part, and its communication with the others.
class Part {
 public:
  Part(const PartTools& tools, caf::actor_system& system, RunningClock& clock, RecordSink* sink, bool at_once)
      : tools_(tools),
        clock_(clock),
        at_once_(at_once),
        outbox_(tools.channel, tools.placement, at_once),
        refusals_(tools.placement,
                  [&tools](PartId part, const std::string& what) {
                    if (tools.on_refusal)
                      tools.on_refusal(name_of(part) + " has sent what is no part of this run: " + what +
                                       "; it is left out, and so is all else of the kind");
                  }),
        actors_(std::make_unique<RunActors>(RunActors::Setting{tools.plan, tools.learner, tools.pool, system, clock,
                                                               sink, tools.placement, &outbox_, &refusals_})),
        limits_(actors_->limits()),
        guard_(tools.plan, tools.placement, limits_, tools.learner.learns()),
        reports_(tools.placement, tools.plan.fragments),
        positions_(tools.placement.parts) {}

  RunActors& actors() { return *actors_; }
  const PartTools& tools() const { return tools_; }
  RunningClock& clock() { return clock_; }
  PartId self() const { return tools_.placement.self; }
  PartId parts() const { return tools_.placement.parts; }

  /// The barrier report of this part.
  PartReport report() {
    PartReport report;
    report.next = clock_.next_event();
    report.position = own_position();
    report.held_up = actors_->counters().held_up;
    report.done = actors_->counters().done;
    report.stands_still = clock_.stands_still();
    report.refused = refusals_.count();
    outbox_.complete(report);
    return report;
  }
  void send(const PartReport& report, bool to_all) { outbox_.send(report, to_all); }
  /// Sent to the coordinator only, which is waiting.
  void send_progress() { outbox_.send(own_position()); }

  /// Handles one frame, if one arrives in time: messages go to their actors, a report to `take_report`, which
  /// returns false for an impossible report. False if no frame has arrived.
  template <class TakeReport>
  bool hear(milliseconds most, const TakeReport& take_report) {
    std::optional<PartFrame> frame;
    try {
      frame = tools_.channel.receive(most);
    } catch (const PartLost& lost) {
      if (lost.host == 0 || !tools_.on_loss) throw;
      take_report(lost.host, lose(lost));
    }
    if (!frame) return false;
    if (frame->room) {
      if (FlowControl* flow_control = outbox_.flow_control(frame->from)) flow_control->on_room();
      return true;
    }
    ByteReader in = frame->content();
    const auto kind = static_cast<PartFrameKind>(in.get<std::uint8_t>());
    if (kind == PartFrameKind::messages) {
      while (!in.at_end()) {
        auto wire_message = read_wire_message(in, limits_);
        if (!wire_message) throw out_of_place(frame->from);
        const std::string objection = guard_.objection(*wire_message, frame->from);
        if (!objection.empty()) {
          refusals_.note(frame->from, objection);
        } else if (!is_due(frame->from, *wire_message) ||
                   !actors_->deliver(*wire_message, at_once_ ? frame->credit : nullptr)) {
          throw out_of_place(frame->from);
        }
      }
    } else if (kind == PartFrameKind::report) {
      auto report = read_report(in, limits_.nodes);
      if (!report) throw out_of_place(frame->from);
      positions_[frame->from] = report->position;
      if (!take_report(frame->from, std::move(*report))) throw out_of_place(frame->from);
    } else {
      const auto position = read_progress(in);
      if (kind != PartFrameKind::progress || self() != 0 || !position) throw out_of_place(frame->from);
      positions_[frame->from] = *position;
    }
    return true;
  }

  /// Handles the frames that have arrived, while there is more to do here.
  template <class TakeReport>
  void look_up(const TakeReport& take_report) {
    for (int i = 0; i < kMostAtOnce && hear(milliseconds(0), take_report); ++i) {
    }
  }

  /// The position of the run according to the reports. Virtual time only, for the coordinator.
  RunPosition position() {
    positions_[0] = own_position();
    RunPosition all{kNever};
    for (PartId part = 0; part < parts(); ++part) {
      all.events += positions_[part].events;
      all.rounds += positions_[part].rounds;
      all.steps += positions_[part].steps;
      const bool has_actors = part != 0 || tools_.plan.network.sharing == Sharing::fair;
      if (has_actors) all.now = std::min(all.now, positions_[part].now);
    }
    return all;
  }

  /// Handles frames until `done` is true. False if the user wants to stop and `done` does not become true soon:
  /// hosts may be in the middle of long computations.
  template <class Done, class TakeReport>
  bool hear_until(const Done& done, const TakeReport& take_report, const std::function<bool()>& wanted) {
    auto deadline = steady_clock::time_point::max();
    while (!done()) {
      hear(kTick, take_report);
      if (wanted()) continue;
      deadline = std::min(deadline, steady_clock::now() + kFarewellTime);
      if (steady_clock::now() > deadline) return false;
    }
    return true;
  }

  /// The host's actors report all that they have, and the coordinator is told that this was all.
  void finish(PartReport report) {
    actors_->end_nodes();
    report.last = true;
    send(report, false);
  }

  /// The coordinator handles the last frames of all hosts, which know that the run is over, and takes its own
  /// actors down. Throws the failure if there was one.
  void take_down(RunOutcome& outcome, std::string failure, const std::function<bool()>& wanted) {
    std::set<PartId> left;
    for (PartId part = 1; part < parts(); ++part) {
      if (!outbox_.is_lost(part)) left.insert(part);
    }
    const auto take_report = [&](PartId from, const PartReport& report) {
      if (!report.last && !report.lost) return true;
      left.erase(from);
      if (failure.empty()) failure = report.failure;
      outcome.refused += report.refused;
      for (const SlowNode& slow : report.slow_nodes) outcome.slow_nodes.push_back(slow);
      return true;
    };
    hear_until([&] { return left.empty(); }, take_report, wanted);
    std::sort(outcome.slow_nodes.begin(), outcome.slow_nodes.end(),
              [](const SlowNode& a, const SlowNode& b) { return a.node < b.node; });
    const auto waits = actors_->waits();
    actors_.reset();
    outcome.refused += refusals_.count();
    outcome.waits = *waits;
    outcome.lost_hosts = std::move(lost_hosts_);
    if (!failure.empty()) throw std::runtime_error(failure);
  }

 private:
  /// The run goes on without a host. Returns the report that stands for its reports from now on.
  PartReport lose(const PartLost& lost) {
    LostHost host{lost.host, clock_.now(), {}, lost.what()};
    for (NodeId node = 0; node < tools_.plan.nodes; ++node) {
      if (tools_.placement.home(node) == lost.host) host.nodes.push_back(node);
    }
    outbox_.lose(lost.host);
    actors_->lose(host.nodes);
    tools_.on_loss(host);
    lost_hosts_.push_back(std::move(host));
    PartReport report;
    report.stands_still = true;
    report.lost = true;
    return report;
  }

  RunPosition own_position() const {
    const RunCounters& counters = actors_->counters();
    return {clock_.now(), clock_.delivered_events(), counters.rounds, counters.steps};
  }

  /// True if that part's report comes in its order.
  bool is_due(PartId from, const WireMessage& wire_message) {
    return self() != 0 || reports_.enter(from, wire_message);
  }

  const PartTools& tools_;
  RunningClock& clock_;
  bool at_once_;
  PartOutbox outbox_;
  Refusals refusals_;
  std::unique_ptr<RunActors> actors_;
  WireLimits limits_;
  WireGuard guard_;
  ReportBook reports_;                  ///< only used by the coordinator
  std::vector<RunPosition> positions_;  ///< by part, as reported
  std::vector<LostHost> lost_hosts_;    ///< hosts lost so far
};

RunPosition sum_of(const std::vector<PartReport>& reports, Time now) {
  RunPosition sum{now};
  for (const PartReport& report : reports) {
    sum.events += report.position.events;
    sum.rounds += report.position.rounds;
    sum.steps += report.position.steps;
  }
  return sum;
}

/// True if no node can go on, although there is time left.
bool all_stand_still(const std::vector<PartReport>& reports) {
  NodeId held_up = 0;
  NodeId done = 0;
  bool still = true;
  for (const PartReport& report : reports) {
    held_up += report.held_up;
    done += report.done;
    still &= report.stands_still;
  }
  return held_up > 0 && done == 0 && still;
}

bool all_lost(const std::vector<PartReport>& reports) {
  return std::all_of(reports.begin() + 1, reports.end(), [](const PartReport& report) { return report.lost; });
}

std::string failure_in(const std::vector<PartReport>& reports) {
  if (all_lost(reports)) return "all hosts are gone";
  for (const PartReport& report : reports) {
    if (!report.failure.empty()) return report.failure;
  }
  return {};
}

/// The same of a run that goes on without hosts that are lost.
std::string failure_of_rest(const std::vector<PartReport>& reports, const PartTools& tools) {
  const std::string failure = failure_in(reports);
  if (!failure.empty()) return failure;
  for (NodeId node = 0; node < tools.plan.workers(); ++node) {
    if (!reports[tools.placement.home(node)].lost) return {};
  }
  return "all nodes that train are gone";
}

/// All parts decide alike, as all have the same reports.
bool goes_on(const std::vector<PartReport>& reports, const WindowBarrier<PartReport>& windows, Time duration) {
  return reports.front().go_on && failure_in(reports).empty() && !all_stand_still(reports) &&
         windows.begin() <= duration;
}

/// The time up to which a part runs in this window: not beyond a time at which the run may end.
Time end_of_window(const WindowBarrier<PartReport>& windows, const RunPlan& plan) {
  return std::min(windows.end() - kSmallestStep, plan.end_from(windows.begin()));
}

/// Handles frames of the other parts on a thread of its own, until it is told to stop or is destroyed. A
/// failure there stops the clock.
class Listening {
 public:
  template <class TakeReport>
  Listening(Part& part, std::atomic<bool>& stopped, TakeReport take_report)
      : stopped_(stopped), thread_([this, &part, take_report] {
          try {
            while (!stopped_ && !over_) part.hear(kTick, take_report);
          } catch (...) {
            part.clock().fail(std::current_exception());
          }
        }) {}
  ~Listening() {
    over_ = true;
    thread_.join();
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  std::atomic<bool>& stopped_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Runs the clock as long as `goes_on` returns true; the next report carries the failure, if there is one.
void run_window(Part& part, Time until, const std::function<bool()>& goes_on, std::string& failure) {
  try {
    part.clock().run_until(until, goes_on);
  } catch (const PartLost&) {
    throw;
  } catch (const std::exception& problem) {
    failure = problem.what();
  }
}

}  // namespace

Time lookahead_of(const RunPlan& plan, const Placement& placement) {
  Time least = kNever;
  // Under fair sharing the coordinator transmits all messages.
  const bool all_cross = plan.network.sharing == Sharing::fair;
  for (NodeId from = 0; from < plan.nodes; ++from) {
    for (NodeId to = 0; to < plan.nodes; ++to) {
      if (from == to || (!all_cross && placement.home(from) == placement.home(to))) continue;
      least = std::min(least, plan.network.link(from, to)->latency.least());
    }
  }
  for (std::size_t i = 1; i < plan.evaluations.size(); ++i) {
    least = std::min(least, plan.evaluations[i] - plan.evaluations[i - 1]);
  }
  if (!plan.moments_between.empty()) least = std::min(least, least_asking_delay(plan.evaluations));
  return least;
}

HostOutcome host_in_virtual_time(const PartTools& tools) {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system, tools.plan.duration);
  Part part(tools, system, clock, nullptr, false);
  WindowBarrier<PartReport> windows(part.parts(), tools.placement.lookahead);
  bool is_over = false;  // true if a part ends the run, whatever is left of the window
  const auto take_report = [&](PartId from, PartReport report) {
    is_over |= !report.failure.empty() || (from == 0 && !report.go_on && !report.is_enough);
    return windows.put(from, std::move(report));
  };
  PartReport own;
  std::vector<PartReport> reports;
  HostOutcome outcome;
  part.actors().begin();
  do {
    WallPulse look(kLook), progress(kProgress);
    const auto attend = [&] {
      if (look.is_due()) part.look_up(take_report);
      if (progress.is_due()) part.send_progress();
      return !is_over;
    };
    std::string failure;
    run_window(part, end_of_window(windows, tools.plan), attend, failure);
    own = part.report();
    own.failure = std::move(failure);
    part.send(own, true);
    windows.put(part.self(), own);
    const auto begin = steady_clock::now();
    while (!windows.is_complete()) part.hear(kTick, take_report);
    outcome.waiting_s += std::chrono::duration<double>(steady_clock::now() - begin).count();
    ++outcome.windows;
    reports = windows.take();
  } while (goes_on(reports, windows, tools.plan.duration));
  const bool is_enough = reports.front().is_enough;
  if (!is_enough && windows.begin() > tools.plan.duration) clock.run_until(tools.plan.duration, [] { return true; });
  part.finish(own);
  outcome.finished = (is_enough || windows.begin() > tools.plan.duration) && !is_over;
  return outcome;
}

RunOutcome coordinate_in_virtual_time(const PartTools& tools, RecordSink& sink, const KeepGoing& keep_going) {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system, tools.plan.duration);
  Part part(tools, system, clock, &sink, false);
  WindowBarrier<PartReport> windows(part.parts(), tools.placement.lookahead);
  RunOutcome outcome;
  std::vector<PartReport> reports;
  const auto take_report = [&](PartId from, PartReport report) { return windows.put(from, std::move(report)); };
  const auto wanted = [&] {
    clock.settle();  // the recorder handles its messages
    outcome.position = part.position();
    return keep_going(outcome.position);
  };
  const auto send_report = [&](bool go_on, std::string failure, bool is_enough = false) {
    PartReport own = part.report();
    own.failure = std::move(failure);
    own.go_on = go_on && !is_enough;
    own.is_enough = go_on && is_enough;
    part.send(own, true);
    windows.put(part.self(), std::move(own));
  };
  part.actors().begin();
  do {
    // The coordinator runs after the hosts: the events that they cause here in this window have arrived by
    // then, and nothing here reaches them in it. They are told at once, however, that the user wants to stop.
    bool has_enough = false;
    const auto still_wanted = [&] {
      if (!has_enough && !wanted()) {
        has_enough = true;
        send_report(false, {});
      }
      return !has_enough;
    };
    const auto hosts_are_through = [&] { return windows.is_complete(part.self()); };
    if (!part.hear_until(hosts_are_through, take_report, still_wanted)) return outcome;
    if (!has_enough) {
      WallPulse look(kLook);
      bool is_wanted = true;
      std::string failure;
      const Time end = end_of_window(windows, tools.plan);
      run_window(
          part, end,
          [&] {
            if (!look.is_due()) return is_wanted;
            part.look_up(take_report);
            return is_wanted = wanted();
          },
          failure);
      const bool may_end = failure.empty() && end == tools.plan.end_from(windows.begin());
      send_report(wanted(), std::move(failure), may_end && sink.has_enough());
    }
    reports = windows.take();
    outcome.position = part.position();
  } while (goes_on(reports, windows, tools.plan.duration));
  outcome.stands_still = all_stand_still(reports);
  const bool is_over = windows.begin() > tools.plan.duration && reports.front().go_on && !outcome.stands_still;
  if (is_over) clock.run_until(tools.plan.duration, [] { return true; });
  outcome.finished = is_over || reports.front().is_enough;
  if (outcome.finished) outcome.position.now = clock.now();
  const RunPosition reached = outcome.position;
  part.take_down(outcome, failure_in(reports), wanted);
  outcome.position = reached;
  return outcome;
}

HostOutcome host_in_real_time(const PartTools& tools) {
  SystemTime time;
  RealTimeConfig config(time);
  caf::actor_system system(config);
  RealClock clock(system, time, tools.plan.duration);
  Part part(tools, system, clock, nullptr, true);
  std::atomic<bool> stopped{false};
  PartReport own;
  HostOutcome outcome;
  {
    const Listening listening(part, stopped, [&](PartId from, const PartReport& report) {
      if (from != 0 || report.go_on) return true;
      outcome.finished = report.position.now >= tools.plan.duration;
      stopped = true;
      return true;
    });
    part.actors().begin();
    try {
      while (!stopped) {
        clock.run_until(tools.plan.duration, [&] {
          part.send(part.report(), false);
          return !stopped;
        });
        if (!stopped) std::this_thread::sleep_for(kTick);
      }
    } catch (const PartLost&) {
      throw;
    } catch (const std::exception& problem) {
      own.failure = problem.what();
    }
  }
  std::string failure = std::move(own.failure);
  own = part.report();
  own.failure = std::move(failure);
  for (const auto& [entity, overruns] : clock.overruns()) {
    own.slow_nodes.push_back({EntityId(entity).node(), overruns.count, overruns.worst_ratio});
  }
  part.finish(own);
  return outcome;
}

RunOutcome coordinate_in_real_time(const PartTools& tools, RecordSink& sink, const KeepGoing& keep_going) {
  SystemTime time;
  RealTimeConfig config(time);
  caf::actor_system system(config);
  RealClock clock(system, time, tools.plan.duration);
  Part part(tools, system, clock, &sink, true);
  RunOutcome outcome;
  std::mutex mutex;
  std::vector<PartReport> reports(part.parts());
  {
    std::atomic<bool> stopped{false};
    const Listening listening(part, stopped, [&](PartId from, PartReport report) {
      const std::lock_guard lock(mutex);
      if (report.lost) report.position = reports[from].position;
      reports[from] = std::move(report);
      return true;
    });
    part.actors().begin();
    const auto wanted = [&] {
      PartReport own = part.report();
      const std::lock_guard lock(mutex);
      reports[0] = std::move(own);
      outcome.position = sum_of(reports, clock.now());
      outcome.stands_still = all_stand_still(reports);
      return failure_of_rest(reports, tools).empty() && !outcome.stands_still && keep_going(outcome.position);
    };
    outcome.finished = clock.run_until(tools.plan.duration, wanted);
    while (outcome.finished && !part.actors().counters().evaluated) {
      outcome.finished = clock.run_until(tools.plan.duration, wanted);
    }
    stopped = true;
  }
  PartReport over = part.report();
  over.go_on = false;
  part.send(over, true);
  part.take_down(outcome, failure_of_rest(reports, tools), [&] { return keep_going(outcome.position); });
  return outcome;
}

}  // namespace tardigrad
