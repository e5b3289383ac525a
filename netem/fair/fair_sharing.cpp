#include "netem/fair/fair_sharing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tardigrad {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Loads are sums to which rates are added and from which they are subtracted: a rate far above the others would
// drown them in rounding errors.
constexpr double kHighest = 1e17 / 8;  // bytes/s
constexpr double kHalfTick = 0.5e-12;  // seconds; completions are rounded to whole ticks of Time

double bytes_per_second(BitsPerSecond rate) { return rate.value > 0 ? std::min(rate.value / 8, kHighest) : 0; }

}  // namespace

FairSharing::FairSharing(double tolerance) : tolerance_(tolerance) {
  add_link({0});
  links_[kNoLink].capacity = kInfinity;
}

FairSharing::LinkId FairSharing::add_link(BitsPerSecond capacity) {
  const auto id = static_cast<LinkId>(links_.size());
  links_.emplace_back();
  links_.back().capacity = bytes_per_second(capacity);
  links_.back().next_mark = kInfinity;
  levels_.push_back(kInfinity);
  crossings_.emplace_back();
  completions_.resize(links_.size());
  return id;
}

void FairSharing::set_capacity(Time now, LinkId link, BitsPerSecond capacity) {
  move_to(now);
  count_busy(link);
  links_[link].capacity = bytes_per_second(capacity);
  if (!crossings_[link].empty()) compute_level(link);
}

FairSharing::FlowId FairSharing::start(Time now, const Route& route, Bytes size) {
  move_to(now);
  const LinkId at = first_bottleneck(route);
  FlowId id;
  if (free_flows_.empty()) {
    id = static_cast<FlowId>(paths_.size());
    paths_.emplace_back();
    marks_.emplace_back();
  } else {
    id = free_flows_.back();
    free_flows_.pop_back();
  }
  paths_[id].route = route;
  for (std::size_t i = 0; i < route.size(); ++i) {
    if (route[i] == kNoLink) continue;
    std::vector<Crossing>& crossings = crossings_[route[i]];
    paths_[id].position[i] = static_cast<std::uint32_t>(crossings.size());
    crossings.push_back({id, {route[(i + 1) % 3], route[(i + 2) % 3]}});
  }
  hold_up(at, id, static_cast<double>(size));
  for (LinkId link : route) change_load(link, levels_[at]);
  return id;
}

std::optional<Time> FairSharing::next_completion() {
  settle();
  if (completions_.time() >= kNever) return std::nullopt;
  return completions_.time();
}

const std::vector<FairSharing::FlowId>& FairSharing::complete(Time now) {
  move_to(now);
  settle();
  through_.clear();
  while (completions_.time() <= now) {
    const LinkId id = completions_.first();
    bring_to_now(id);
    Link& link = links_[id];
    link.received = std::max(link.received, link.next_mark);
    const double passed = link.received + levels_[id] * kHalfTick;
    look_through_marks(id, passed);
    completions_.set(id, completion(id));
  }
  return through_;
}

void FairSharing::go_on(FlowId flow, Bytes size) {
  const LinkId at = bottleneck(flow);
  marks_[flow] += static_cast<double>(size);
  links_[at].next_mark = std::min(links_[at].next_mark, marks_[flow]);
  want_completion(at);
}

void FairSharing::restart(Time now, FlowId flow, Bytes size) {
  move_to(now);
  const LinkId at = bottleneck(flow);
  let_go(at, flow);
  hold_up(at, flow, static_cast<double>(size));
}

void FairSharing::stop(Time now, FlowId flow) {
  move_to(now);
  const LinkId at = bottleneck(flow);
  const double rate = levels_[at];
  let_go(at, flow);
  const Path& path = paths_[flow];
  for (std::size_t i = 0; i < path.route.size(); ++i) {
    if (path.route[i] == kNoLink) continue;
    change_load(path.route[i], -rate);
    remove_crossing(path.route[i], path.position[i]);
  }
  free_flows_.push_back(flow);
}

double FairSharing::remaining(Time now, FlowId flow) {
  move_to(now);
  return std::max(0.0, marks_[flow] - received(bottleneck(flow)));
}

BitsPerSecond FairSharing::rate(FlowId flow) {
  settle();
  return {levels_[bottleneck(flow)] * 8};
}

BitsPerSecond FairSharing::load(LinkId link) {
  settle();
  return {links_[link].load * 8};
}

Time FairSharing::busy_time(Time now, LinkId link) {
  move_to(now);
  count_busy(link);
  return from_seconds(links_[link].busy);
}

void FairSharing::Link::persist(StateArchive& archive) {
  archive(capacity, load, received, since, next_mark, busy, busy_since, held_up, next_mark_left, waits_for_level,
          waits_for_completion);
}

void FairSharing::persist(StateArchive& archive) {
  archive(now_, links_, levels_, crossings_, marks_, paths_, free_flows_, levels_wanted_, completions_wanted_,
          completions_);
}

void FairSharing::move_to(Time now) {
  if (now == now_) return;
  settle();
  if (now < now_ || completions_.time() < now) throw std::logic_error("fair sharing: time runs past a completion");
  now_ = now;
}

void FairSharing::settle() {
  for (std::size_t next = 0; next < levels_wanted_.size(); ++next) {
    const LinkId id = levels_wanted_[next];
    links_[id].waits_for_level = false;
    if (is_off(id)) compute_level(id);
  }
  levels_wanted_.clear();
  for (LinkId id : completions_wanted_) {
    links_[id].waits_for_completion = false;
    completions_.set(id, completion(id));
  }
  completions_wanted_.clear();
  // A mark whose flow has ended only makes a link look due too early; the mark is corrected when it comes
  // first.
  while (links_[completions_.first()].next_mark_left) {
    const LinkId id = completions_.first();
    look_through_marks(id, -kInfinity);
    completions_.set(id, completion(id));
  }
}

/// The link that limits a new flow.
FairSharing::LinkId FairSharing::first_bottleneck(const Route& route) {
  const LinkId tightest = tighter(tighter(route[0], route[1]), route[2]);
  if (levels_[tightest] < kInfinity) return tightest;
  const LinkId narrowest = *std::min_element(
      route.begin(), route.end(), [&](LinkId a, LinkId b) { return links_[a].capacity < links_[b].capacity; });
  // Too many flows have started there since shares were computed.
  if (is_off(narrowest)) compute_level(narrowest);
  if (levels_[narrowest] == kInfinity) {
    // Nothing limits the flow yet. The link gets a provisional level that is off and that no other flow can
    // feel: no flow gets more than all of them together, which is less than this level.
    bring_to_now(narrowest);
    levels_[narrowest] = 2 * links_[narrowest].capacity;
  }
  return narrowest;
}

/// True if the link carries too much, or if it has a level and could carry more.
bool FairSharing::is_off(LinkId id) const {
  const Link& link = links_[id];
  if (levels_[id] == kInfinity) return link.load > link.capacity * (1 + tolerance_);
  return std::abs(link.load - link.capacity) > tolerance_ * levels_[id] * std::max(1U, link.held_up);
}

void FairSharing::compute_level(LinkId id) {
  bring_to_now(id);
  limits_.clear();
  for (const Crossing& crossing : crossings_[id]) {
    limits_.push_back(std::min(levels_[crossing.elsewhere[0]], levels_[crossing.elsewhere[1]]));
  }
  const double before = levels_[id];
  const double level = levels_[id] = fair_level(links_[id].capacity, before);
  double load = 0;
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    const Crossing& crossing = crossings_[id][i];
    const double limit = limits_[i];
    const double rate = std::min(level, limit);
    load += rate;
    if (limit < level && limit < before) continue;  // limited elsewhere, before and after
    const LinkId other = tighter(crossing.elsewhere[0], crossing.elsewhere[1]);
    const bool held_up_before = before < limit || (before == limit && id < other);
    const bool held_up_now = level < limit || (level == limit && id < other);
    if (held_up_before && !held_up_now) move_bottleneck(crossing.flow, id, other);
    if (held_up_now && !held_up_before) move_bottleneck(crossing.flow, other, id);
    const double change = rate - std::min(before, limit);
    if (change == 0) continue;
    for (LinkId link : crossing.elsewhere) change_load(link, change);
  }
  count_busy(id);
  links_[id].load = load;
  want_completion(id);
}

/// Finds the level x with sum of min(x, limit) = capacity by Newton's method. The sum is concave in x, so that
/// from any guess every x from the second on is too low or right. These x only rise, also under rounding, and
/// leave ever fewer flows free: there are no more steps than flows. The level is +inf if the limits leave
/// capacity over.
double FairSharing::fair_level(double capacity, double guess) const {
  double sum = 0;
  for (double limit : limits_) sum += limit;
  if (sum < capacity) return kInfinity;
  double level = better_level(capacity, guess);
  for (double next = better_level(capacity, level); next > level; next = better_level(capacity, level)) level = next;
  return level;
}

/// The level that would be right if the flows that `level` leaves free were those that the right level leaves
/// free.
double FairSharing::better_level(double capacity, double level) const {
  double taken = 0;
  std::size_t free = 0;
  for (double limit : limits_) {
    taken += limit < level ? limit : 0.0;
    free += limit < level ? 0 : 1;
  }
  const double lowest = capacity / static_cast<double>(limits_.size());
  return free > 0 ? std::max(lowest, (capacity - taken) / static_cast<double>(free)) : lowest;
}

void FairSharing::change_load(LinkId id, double by) {
  if (id == kNoLink) return;
  count_busy(id);
  links_[id].load += by;
  if (is_off(id)) want_level(id);
}

/// Counts busy time up to now. Called before the load or the capacity changes, which are constant in between. A
/// load beyond the capacity, which the tolerance permits, counts as the capacity.
void FairSharing::count_busy(LinkId id) {
  Link& link = links_[id];
  if (link.busy_since == now_) return;
  if (link.load > 0 && link.capacity > 0 && link.capacity < kHighest) {
    link.busy += std::min(1.0, link.load / link.capacity) * to_seconds(now_ - link.busy_since);
  }
  link.busy_since = now_;
}

/// The link with the lower level; of equal ones the link that was added first.
FairSharing::LinkId FairSharing::tighter(LinkId a, LinkId b) const {
  return levels_[b] < levels_[a] || (levels_[b] == levels_[a] && b < a) ? b : a;
}

FairSharing::LinkId FairSharing::bottleneck(FlowId flow) const {
  const Route& route = paths_[flow].route;
  return tighter(tighter(route[0], route[1]), route[2]);
}

/// True if `id` is the bottleneck of a flow that passes it.
bool FairSharing::holds_up(LinkId id, const Crossing& crossing) const {
  return tighter(tighter(id, crossing.elsewhere[0]), crossing.elsewhere[1]) == id;
}

void FairSharing::hold_up(LinkId id, FlowId flow, double remaining) {
  Link& link = links_[id];
  ++link.held_up;
  marks_[flow] = received(id) + remaining;
  if (marks_[flow] >= link.next_mark) return;
  link.next_mark = marks_[flow];
  want_completion(id);
}

void FairSharing::move_bottleneck(FlowId flow, LinkId from, LinkId to) {
  const double remaining = marks_[flow] - received(from);
  let_go(from, flow);
  hold_up(to, flow, remaining);
}

void FairSharing::let_go(LinkId id, FlowId flow) {
  Link& link = links_[id];
  --link.held_up;
  if (marks_[flow] == link.next_mark) link.next_mark_left = true;
}

/// Moves the flows that are limited here and whose mark is passed to `through_`, and finds the lowest mark of
/// the others.
void FairSharing::look_through_marks(LinkId id, double passed) {
  double next = kInfinity;
  for (const Crossing& crossing : crossings_[id]) {
    if (!holds_up(id, crossing)) continue;
    const double mark = marks_[crossing.flow];
    if (mark <= passed) {
      through_.push_back(crossing.flow);
    } else {
      next = std::min(next, mark);
    }
  }
  links_[id].next_mark = next;
  links_[id].next_mark_left = false;
}

void FairSharing::remove_crossing(LinkId id, std::uint32_t position) {
  std::vector<Crossing>& crossings = crossings_[id];
  crossings[position] = crossings.back();
  Path& moved = paths_[crossings[position].flow];
  for (std::size_t i = 0; i < moved.route.size(); ++i) {
    if (moved.route[i] == id) moved.position[i] = position;
  }
  crossings.pop_back();
  if (!crossings.empty()) return;
  Link& idle = links_[id];
  idle.next_mark = kInfinity;
  idle.next_mark_left = false;
  idle.received = 0;
  count_busy(id);
  idle.load = 0;
  levels_[id] = kInfinity;
  want_completion(id);
}

void FairSharing::want_level(LinkId id) {
  if (links_[id].waits_for_level) return;
  links_[id].waits_for_level = true;
  levels_wanted_.push_back(id);
}

void FairSharing::want_completion(LinkId id) {
  if (links_[id].waits_for_completion) return;
  links_[id].waits_for_completion = true;
  completions_wanted_.push_back(id);
}

/// The link's count of bytes at now. A link without a level limits no flow, so that its count stands still.
double FairSharing::received(LinkId id) const {
  const Link& link = links_[id];
  if (levels_[id] == kInfinity || link.since == now_) return link.received;
  return link.received + levels_[id] * to_seconds(now_ - link.since);
}

void FairSharing::bring_to_now(LinkId id) {
  links_[id].received = received(id);
  links_[id].since = now_;
}

Time FairSharing::completion(LinkId id) const {
  const Link& link = links_[id];
  if (link.next_mark == kInfinity) return kNever;
  const double left = link.next_mark - link.received;
  if (left <= 0) return link.since;
  if (levels_[id] <= 0) return kNever;
  return std::min(kNever, link.since + from_seconds(left / levels_[id]));
}

}  // namespace tardigrad
