/// Sets of flows over shared links, run through `FairSharing` and through the plain definition of max-min
/// fairness: fill all flows' rates up together, level by level, anew at every event.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"
#include "netem/fair/fair_sharing.hpp"

namespace tardigrad::test {

struct FluidFlow {
  std::vector<std::size_t> links;
  double bytes;
  double start_s;
};

struct CapacityChange {
  double at_s;
  std::size_t link;
  double capacity;
};

/// Capacities in bytes/s.
struct FluidCase {
  std::vector<double> capacities;
  std::vector<FluidFlow> flows;
  std::vector<CapacityChange> changes;  // in order of time
};

/// Max-min fair rates of flows over these links, by progressive filling (Bertsekas and Gallager, "Data
/// Networks", 6.5.2). O(links * flows).
inline std::vector<double> max_min_rates(std::vector<double> capacities,
                                         const std::vector<std::vector<std::size_t>>& routes) {
  std::vector<double> rates(routes.size(), -1);
  std::vector<std::size_t> users(capacities.size(), 0);
  for (const auto& route : routes) {
    for (std::size_t link : route) ++users[link];
  }
  for (std::size_t left = routes.size(); left > 0;) {
    std::size_t tightest = capacities.size();
    const auto share = [&](std::size_t link) {
      return std::max(0.0, capacities[link]) / static_cast<double>(users[link]);
    };
    for (std::size_t link = 0; link < capacities.size(); ++link) {
      if (users[link] > 0 && (tightest == capacities.size() || share(link) < share(tightest))) tightest = link;
    }
    const double rate = share(tightest);
    for (std::size_t flow = 0; flow < routes.size(); ++flow) {
      if (rates[flow] >= 0) continue;
      if (std::find(routes[flow].begin(), routes[flow].end(), tightest) == routes[flow].end()) continue;
      rates[flow] = rate;
      --left;
      for (std::size_t link : routes[flow]) {
        capacities[link] -= rate;
        --users[link];
      }
    }
  }
  return rates;
}

/// The completion times of all flows, in seconds, by the definition.
inline std::vector<double> exact_completions(FluidCase fluid) {
  const double never = std::numeric_limits<double>::infinity();
  std::vector<double> done(fluid.flows.size(), never);
  std::vector<std::size_t> order(fluid.flows.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fluid.flows[a].start_s < fluid.flows[b].start_s; });
  std::vector<std::size_t> active;
  std::size_t started = 0;
  std::size_t changed = 0;
  double now = 0;
  while (started < order.size() || !active.empty()) {
    std::vector<std::vector<std::size_t>> routes;
    for (std::size_t flow : active) routes.push_back(fluid.flows[flow].links);
    const std::vector<double> rates = max_min_rates(fluid.capacities, routes);
    double next = started < order.size() ? fluid.flows[order[started]].start_s : never;
    if (changed < fluid.changes.size()) next = std::min(next, fluid.changes[changed].at_s);
    for (std::size_t i = 0; i < active.size(); ++i) {
      if (rates[i] > 0) next = std::min(next, now + fluid.flows[active[i]].bytes / rates[i]);
    }
    if (next == never) return done;
    std::vector<std::size_t> still;
    for (std::size_t i = 0; i < active.size(); ++i) {
      FluidFlow& flow = fluid.flows[active[i]];
      flow.bytes -= rates[i] * (next - now);
      if (flow.bytes <= rates[i] * 1e-12) {
        done[active[i]] = next;
      } else {
        still.push_back(active[i]);
      }
    }
    active = std::move(still);
    now = next;
    for (; changed < fluid.changes.size() && fluid.changes[changed].at_s <= now; ++changed) {
      fluid.capacities[fluid.changes[changed].link] = fluid.changes[changed].capacity;
    }
    for (; started < order.size() && fluid.flows[order[started]].start_s <= now; ++started) {
      active.push_back(order[started]);
    }
  }
  return done;
}

/// A case under way in `FairSharing`. `step` takes the next start, change or completion.
class FluidRun {
 public:
  FluidRun(const FluidCase& fluid, double tolerance) : case_(fluid), sharing_(tolerance), order_(fluid.flows.size()) {
    for (double capacity : fluid.capacities) links_.push_back(sharing_.add_link({8 * capacity}));
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return fluid.flows[a].start_s < fluid.flows[b].start_s; });
    done_.assign(fluid.flows.size(), kNever);
  }

  bool step() {
    const Time start = started_ < order_.size() ? from_seconds(case_.flows[order_[started_]].start_s) : kNever;
    const Time change = changed_ < case_.changes.size() ? from_seconds(case_.changes[changed_].at_s) : kNever;
    const Time completion = sharing_.next_completion().value_or(kNever);
    now_ = std::min({start, change, completion});
    if (now_ == kNever) return false;
    if (completion == now_) {
      complete();
    } else if (change == now_) {
      const CapacityChange& what = case_.changes[changed_++];
      sharing_.set_capacity(now_, links_[what.link], {8 * what.capacity});
    } else {
      begin(order_[started_++]);
    }
    return true;
  }

  Time now() const { return now_; }
  FairSharing& sharing() { return sharing_; }
  FairSharing::LinkId link(std::size_t index) const { return links_[index]; }
  /// Under way: the case's flow, and its name in `sharing`.
  const std::vector<std::pair<std::size_t, FairSharing::FlowId>>& active() const { return active_; }
  const std::vector<Time>& done() const { return done_; }

 private:
  void begin(std::size_t flow) {
    FairSharing::Route route{};
    for (std::size_t i = 0; i < case_.flows[flow].links.size(); ++i) route.at(i) = links_[case_.flows[flow].links[i]];
    active_.emplace_back(flow, sharing_.start(now_, route, static_cast<Bytes>(case_.flows[flow].bytes)));
  }

  void complete() {
    for (FairSharing::FlowId id : sharing_.complete(now_)) {
      const auto flow = std::find_if(active_.begin(), active_.end(), [&](const auto& one) { return one.second == id; });
      done_[flow->first] = now_;
      sharing_.stop(now_, id);
      active_.erase(flow);
    }
  }

  const FluidCase& case_;
  FairSharing sharing_;
  std::vector<FairSharing::LinkId> links_;
  std::vector<std::size_t> order_;
  std::vector<std::pair<std::size_t, FairSharing::FlowId>> active_;
  std::vector<Time> done_;
  std::size_t started_ = 0;
  std::size_t changed_ = 0;
  Time now_{};
};

inline std::vector<double> model_completions(const FluidCase& fluid, double tolerance = FairSharing::kTolerance) {
  FluidRun run(fluid, tolerance);
  while (run.step()) {
  }
  std::vector<double> seconds;
  for (Time time : run.done()) seconds.push_back(to_seconds(time));
  return seconds;
}

/// 2 to 200 flows over the uplinks and downlinks of 3 to 60 nodes: 1 to 100 MB/s, one link in five a
/// fifth of that, 10 kB to 10 MB, staggered starts (some at once).
inline FluidCase random_case(RandomStream& random) {
  FluidCase fluid;
  const auto nodes = 3 + random.below(58);
  const auto flows = 2 + random.below(199);
  const bool equal = random.below(3) == 0;
  for (std::uint64_t link = 0; link < 2 * nodes; ++link) {
    const double capacity = equal ? 7.5e6 : 1e6 * std::pow(100.0, random.uniform());
    fluid.capacities.push_back(std::round(random.below(5) == 0 ? capacity / 5 : capacity));
  }
  const double span = 0.1 * random.uniform() * static_cast<double>(flows) / static_cast<double>(nodes);
  double start = 0;
  for (std::uint64_t flow = 0; flow < flows; ++flow) {
    const auto from = random.below(nodes);
    const auto to = (from + 1 + random.below(nodes - 1)) % nodes;
    if (random.below(3) != 0) start += random.exponential() * span / static_cast<double>(flows);
    fluid.flows.push_back({{from, nodes + to}, std::round(1e4 * std::pow(1000.0, random.uniform())), start});
  }
  return fluid;
}

/// |model - right| over the right time from the flow's start to its end, for every flow.
inline std::vector<double> relative_errors(const FluidCase& fluid, const std::vector<double>& model,
                                           const std::vector<double>& right) {
  std::vector<double> errors;
  for (std::size_t flow = 0; flow < model.size(); ++flow) {
    errors.push_back(std::abs(model[flow] - right[flow]) / (right[flow] - fluid.flows[flow].start_s));
  }
  return errors;
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace tardigrad::test
