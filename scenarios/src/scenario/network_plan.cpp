#include "scenarios/src/scenario/network_plan.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

namespace tardigrad {
namespace {

/// Rules are numbered from here, so that their draws differ from those of other kinds of rules;
/// [[network.stragglers]] begin at 0, [[compute.stragglers]] at 2^32.
constexpr std::uint64_t kFirstChange = std::uint64_t{2} << 32;
constexpr std::uint64_t kFirstChurn = std::uint64_t{3} << 32;
constexpr std::uint64_t kFirstPause = std::uint64_t{4} << 32;
constexpr std::uint64_t kFirstEnergyGroup = std::uint64_t{5} << 32;

/// The intervals of a rule; drawn ones up to `until`.
std::vector<Interval> intervals_of(const When& when, Time until, RandomStream stream) {
  if (const Interval* once = std::get_if<Interval>(&when)) return {*once};
  return on_intervals(std::get<OnOff>(when), until, std::move(stream));
}

PiecewiseConstant factor_over_time(const LinkChange& change, std::size_t rule, std::uint64_t entity, Time until,
                                   std::uint64_t seed) {
  const Purpose purpose = change.factor ? Purpose::link_slowdown : Purpose::link_outage;
  return during(intervals_of(change.when, until, RandomStream(seed, purpose, entity, kFirstChange + rule)),
                change.multiplier());
}

/// The rules for which `counts` holds. The others keep their places, on which draws depend, but name no nodes.
template <class Condition>
std::vector<LinkStragglerRule> straggler_rules(const NetworkSection& network, const Condition& counts) {
  std::vector<LinkStragglerRule> rules(network.stragglers.begin(), network.stragglers.end());
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (counts(r)) continue;
    rules[r].nodes = {};
    rules[r].nodes.count = 0;
  }
  return rules;
}

/// Makes the access links of a network's nodes.
class AccessPlan {
 public:
  AccessPlan(const Scenario& scenario, std::uint64_t seed)
      : network_(scenario.network), size_(scenario.nodes.count), until_(scenario.time.duration), seed_(seed) {
    for (std::size_t c = 0; c < network_.changes.size(); ++c)
      change_nodes_.push_back(nodes_of_change(scenario, c, seed));
    for (std::size_t r = 0; r < network_.stragglers.size(); ++r) {
      straggler_nodes_.push_back(nodes_of_stragglers(scenario, r, seed));
    }
  }

  std::vector<AccessLink> make() {
    links_ = steady_links();
    for (std::size_t r = 0; r < network_.stragglers.size(); ++r) {
      if (network_.stragglers[r].on_off) slow_now_and_then(r);
    }
    for (std::size_t c = 0; c < network_.changes.size(); ++c) {
      if (std::holds_alternative<OnOff>(network_.changes[c].when)) change_now_and_then(c);
    }
    return std::move(links_);
  }

 private:
  /// The parts of a rate over time that are not drawn: a trace or a constant, and the changes at known times.
  struct Recipe {
    const Trace* trace;  // none: a constant
    double rate;         // the constant, or the share of the trace
    std::vector<std::size_t> changes;

    bool operator<(const Recipe& other) const {
      return std::tie(trace, rate, changes) < std::tie(other.trace, other.rate, other.changes);
    }
  };

  std::vector<AccessLink> steady_links() {
    const auto rules = straggler_rules(network_, [&](std::size_t r) { return !network_.stragglers[r].on_off; });
    const auto rates = access_rates(network_.access, rules, size_, seed_);
    const auto shares = access_rates({{1}, {1}}, rules, size_, seed_);
    const auto recipe = [&](NodeId node, Direction direction, BitsPerSecond AccessRates::*rate) {
      const Trace* trace = trace_of(node, direction);
      return Recipe{trace, ((trace ? shares : rates)[node].*rate).value, {}};
    };
    std::vector<Recipe> uplinks;
    std::vector<Recipe> downlinks;
    for (NodeId node = 0; node < size_; ++node) {
      uplinks.push_back(recipe(node, Direction::uplink, &AccessRates::uplink));
      downlinks.push_back(recipe(node, Direction::downlink, &AccessRates::downlink));
    }
    for (std::size_t c = 0; c < network_.changes.size(); ++c) {
      if (!std::holds_alternative<Interval>(network_.changes[c].when)) continue;
      for (const NodeId node : change_nodes_[c]) {
        if (network_.changes[c].direction != Direction::downlink) uplinks[node].changes.push_back(c);
        if (network_.changes[c].direction != Direction::uplink) downlinks[node].changes.push_back(c);
      }
    }
    std::vector<AccessLink> links;
    for (NodeId node = 0; node < size_; ++node) links.push_back({rate_of(uplinks[node]), rate_of(downlinks[node])});
    return links;
  }

  /// The last trace about the node.
  const Trace* trace_of(NodeId node, Direction direction) const {
    for (auto table = network_.traces.rbegin(); table != network_.traces.rend(); ++table) {
      const bool fits = table->direction == Direction::both || table->direction == direction;
      if (const Trace* own = fits ? table->traces->of_node(node) : nullptr) return own;
    }
    return nullptr;
  }

  /// Nodes of one recipe share one profile: a trace may have millions of steps.
  RateProfile rate_of(const Recipe& recipe) {
    if (!recipe.trace && recipe.changes.empty()) return BitsPerSecond{recipe.rate};
    const auto known = known_.find(recipe);
    if (known != known_.end()) return known->second;
    RateProfile rate = BitsPerSecond{recipe.rate};
    if (recipe.trace)
      rate = RateProfile(recipe.rate == 1 ? recipe.trace->value : recipe.trace->value.scaled(recipe.rate));
    for (const std::size_t c : recipe.changes) {
      const LinkChange& change = network_.changes[c];
      rate = rate.scaled(during({std::get<Interval>(change.when)}, change.multiplier()), until_);
    }
    return known_.emplace(recipe, rate).first->second;
  }

  void slow_now_and_then(std::size_t rule) {
    const auto only_this = straggler_rules(network_, [&](std::size_t r) { return r == rule; });
    const auto slow = access_rates(network_.access, only_this, size_, seed_);
    for (const NodeId node : straggler_nodes_[rule]) {
      const auto on = on_intervals(*network_.stragglers[rule].on_off, until_,
                                   RandomStream(seed_, Purpose::link_slowdown, node, rule));
      scale(links_[node].uplink, during(on, slow[node].uplink.value / network_.access.uplink.value));
      scale(links_[node].downlink, during(on, slow[node].downlink.value / network_.access.downlink.value));
    }
  }

  void change_now_and_then(std::size_t rule) {
    const LinkChange& change = network_.changes[rule];
    for (const NodeId node : change_nodes_[rule]) {
      const PiecewiseConstant factor = factor_over_time(change, rule, node, until_, seed_);
      if (change.direction != Direction::downlink) scale(links_[node].uplink, factor);
      if (change.direction != Direction::uplink) scale(links_[node].downlink, factor);
    }
  }

  void scale(RateProfile& rate, const PiecewiseConstant& factor) const { rate = rate.scaled(factor, until_); }

  const NetworkSection& network_;
  NodeId size_;
  Time until_;
  std::uint64_t seed_;
  std::vector<std::vector<NodeId>> straggler_nodes_;  // by rule
  std::vector<std::vector<NodeId>> change_nodes_;     // by rule
  std::vector<AccessLink> links_;
  std::map<Recipe, RateProfile> known_;
};

/// The links between nodes. Immutable, hence usable by any thread.
class LinkPlan {
 public:
  LinkPlan(const Scenario& scenario, std::uint64_t seed)
      : usual_(std::make_shared<const LinkModel>(LinkModel{latency_of(scenario.network), scenario.network.loss, {}})),
        until_(scenario.time.duration),
        seed_(seed),
        changes_(scenario.network.changes) {
    const NetworkSection& network = scenario.network;
    if (network.matrix) matrix_ = network.matrix->links;
    for (const LinkTrace& trace : network.traces) {
      if (trace.traces->scope != TraceScope::node) traces_.push_back(trace.traces);
    }
    for (std::size_t c = 0; c < changes_.size(); ++c) {
      for (const auto& [from, to] : changes_[c].links) changed_.push_back({{from, to}, c});
    }
    std::sort(changed_.begin(), changed_.end());
  }

  /// Links without rules of their own share one model.
  std::shared_ptr<const LinkModel> between(NodeId from, NodeId to) const {
    const std::pair pair(from, to);
    auto change = std::lower_bound(changed_.begin(), changed_.end(), Changed{pair, 0});
    const auto changes = [&] { return change != changed_.end() && change->first == pair; };
    if (!matrix_ && traces_.empty() && !changes()) return usual_;
    LinkModel model = *usual_;
    if (matrix_) {
      const MatrixNetwork::PairLink& link = matrix_->between(from, to);
      model.rate = link.rate;
      model.latency.base = PiecewiseConstant(to_seconds(link.latency));
    }
    for (const auto& traces : traces_) take_trace(*traces, from, to, model);
    for (; changes(); ++change) {
      const std::size_t rule = change->second;
      const auto factor = factor_over_time(changes_[rule], rule, pair_entity(from, to), until_, seed_);
      model.rate = model.rate.value_or(kUnlimited).scaled(factor, until_);
    }
    return std::make_shared<const LinkModel>(std::move(model));
  }

 private:
  /// A link and a change of it.
  using Changed = std::pair<std::pair<NodeId, NodeId>, std::size_t>;

  static Latency latency_of(const NetworkSection& network) {
    return {PiecewiseConstant(to_seconds(network.latency)), network.late_by};
  }

  /// From a trace for everyone the links take only the latency: the rate is that of access links.
  static void take_trace(const TraceResult& traces, NodeId from, NodeId to, LinkModel& model) {
    const Trace* own = traces.of_pair(from, to);
    if (!own) return;
    if (traces.scope == TraceScope::pair) model.rate = RateProfile(own->value);
    if (own->latency) model.latency.base = *own->latency;
  }

  std::shared_ptr<const LinkModel> usual_;
  Time until_;
  std::uint64_t seed_;
  std::vector<LinkChange> changes_;
  std::shared_ptr<const MatrixNetwork> matrix_;
  std::vector<std::shared_ptr<const TraceResult>> traces_;
  std::vector<Changed> changed_;  // ascending
};

ComputePace usual_pace(const ComputeSection& compute, NodeId node) {
  for (auto trace = compute.traces.rbegin(); trace != compute.traces.rend(); ++trace) {
    if (const Trace* own = trace->traces->of_node(node)) return ComputePace(own->value);
  }
  return {};
}

}  // namespace

EmulatedNetwork make_network(const Scenario& scenario, std::uint64_t seed) {
  EmulatedNetwork network;
  if (!scenario.network.emulated) {
    network.access.resize(scenario.nodes.count);
    network.link = [link = std::make_shared<const LinkModel>()](NodeId, NodeId) { return link; };
    return network;
  }
  network.sharing = scenario.network.sharing;
  network.access = AccessPlan(scenario, seed).make();
  network.link = [plan = std::make_shared<const LinkPlan>(scenario, seed)](NodeId from, NodeId to) {
    return plan->between(from, to);
  };
  return network;
}

std::vector<NodeAbsence> make_absences(const Scenario& scenario, std::uint64_t seed) {
  std::vector<std::vector<Interval>> away(scenario.nodes.count);
  for (std::size_t r = 0; r < scenario.churn.size(); ++r) {
    for (const NodeId node : nodes_of_churn(scenario, r, seed)) {
      const auto intervals =
          intervals_of(scenario.churn[r].away, scenario.time.duration, RandomStream(seed, Purpose::absence, node, r));
      away[node].insert(away[node].end(), intervals.begin(), intervals.end());
    }
  }
  std::vector<NodeAbsence> absences;
  absences.reserve(away.size());
  for (const auto& intervals : away) absences.emplace_back(intervals);
  return absences;
}

std::vector<PowerDraw> make_draws(const Scenario& scenario, std::uint64_t seed) {
  if (!scenario.energy.counts()) return {};
  std::vector<PowerDraw> draws(scenario.nodes.count, scenario.energy.usual);
  for (std::size_t g = 0; g < scenario.energy.groups.size(); ++g) {
    const EnergyGroup& own = scenario.energy.groups[g];
    for (const NodeId node : nodes_of_energy_group(scenario, g, seed)) {
      PowerDraw& draw = draws[node];
      draw = {own.idle_watts.value_or(draw.idle_watts), own.busy_watts.value_or(draw.busy_watts),
              own.joules_per_byte_sent.value_or(draw.joules_per_byte_sent),
              own.joules_per_byte_received.value_or(draw.joules_per_byte_received)};
    }
  }
  return draws;
}

std::vector<Pace> make_paces(const Scenario& scenario, std::uint64_t seed) {
  const ComputeSection& compute = scenario.compute;
  const auto slowdowns = compute_slowdowns(compute.stragglers, scenario.nodes.count, seed);
  std::vector<Pace> paces;
  paces.reserve(scenario.nodes.count);
  for (NodeId node = 0; node < scenario.nodes.count; ++node) {
    RandomStream draw(seed, Purpose::start_stagger, node);
    const Time start = from_seconds(draw.uniform() * to_seconds(compute.start_stagger));
    paces.push_back(
        {start, compute.step_time, slowdowns[node], scenario.training.local_steps, usual_pace(compute, node)});
  }
  for (std::size_t p = 0; p < compute.pauses.size(); ++p) {
    const PiecewiseConstant factor = during({compute.pauses[p].interval}, compute.pauses[p].multiplier());
    for (const NodeId node : nodes_of_pause(scenario, p, seed)) {
      paces[node].compute = paces[node].compute.scaled(factor, scenario.time.duration);
    }
  }
  return paces;
}

std::vector<NodeId> nodes_of_stragglers(const Scenario& scenario, std::size_t rule, std::uint64_t seed) {
  return select_nodes(scenario.network.stragglers[rule].nodes, scenario.nodes.count, seed, rule);
}

std::vector<NodeId> nodes_of_change(const Scenario& scenario, std::size_t rule, std::uint64_t seed) {
  const LinkChange& change = scenario.network.changes[rule];
  if (!change.links.empty()) return {};
  return select_nodes(change.nodes, scenario.nodes.count, seed, kFirstChange + rule);
}

std::vector<NodeId> nodes_of_churn(const Scenario& scenario, std::size_t rule, std::uint64_t seed) {
  return select_nodes(scenario.churn[rule].nodes, scenario.nodes.count, seed, kFirstChurn + rule);
}

std::vector<NodeId> nodes_of_pause(const Scenario& scenario, std::size_t rule, std::uint64_t seed) {
  return select_nodes(scenario.compute.pauses[rule].nodes, scenario.nodes.count, seed, kFirstPause + rule);
}

std::vector<NodeId> nodes_of_energy_group(const Scenario& scenario, std::size_t rule, std::uint64_t seed) {
  return select_nodes(scenario.energy.groups[rule].nodes, scenario.nodes.count, seed, kFirstEnergyGroup + rule);
}

double mean_over(const PiecewiseConstant& value, Time until) {
  return value.is_constant() ? value.at(Time{}) : value.integral(Time{}, until) / to_seconds(until);
}

}  // namespace tardigrad
