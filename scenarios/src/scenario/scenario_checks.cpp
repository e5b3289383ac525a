#include "scenarios/src/scenario/scenario_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "models/networks/model_kind.hpp"
#include "scenarios/src/scenario/network_plan.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// Graphs are stored edge by edge; more edges do not fit into an ordinary memory.
constexpr std::uint64_t kMostEdges = 20'000'000;
constexpr std::int64_t kMostEvaluations = 1'000'000;

void check_round(const Scenario& scenario, const TomlSection& root) {
  const auto check = [&](std::uint32_t steps) {
    if (scenario.expected_round(steps) <= kLongestDuration) return;
    root.section("compute").complain("step_time",
                                     fmt::format("a round of {} local steps takes too long: expected at most {}", steps,
                                                 duration_text(kLongestDuration)));
  };
  check(scenario.training.local_steps);
  for (const AlgorithmSection& section : scenario.algorithms) check(scenario.local_steps_of(section));
}

void check_evaluation(const Scenario& scenario, const TomlSection& root) {
  if (!scenario.evaluation.every) return;
  const Task task = task_of(scenario.nodes.model);
  if (task == Task::nothing) {
    root.complain("evaluation", "expected no [evaluation] for the null model, which learns nothing");
  }
  if (task == Task::ratings && scenario.evaluation.samples != 0) {
    root.section("evaluation")
        .complain("samples", "expected \"all\": a node is tested on all that its own users keep for testing");
  }
  if (task == Task::optimum && scenario.evaluation.samples != 0) {
    root.section("evaluation").complain("samples", "expected \"all\": the distance to an optimum has no samples");
  }
  if (task == Task::own && scenario.evaluation.samples != 0) {
    root.section("evaluation").complain("samples", "expected \"all\": a learner in Python chooses what it tests on");
  }
  const EvaluationSection& evaluation = scenario.evaluation;
  if (evaluation.target && evaluation.target->unit != LossUnit::nats && task != Task::labels) {
    root.section("evaluation")
        .complain(key_of(*evaluation.target), "expected target_loss: the loss of this model is no cross entropy");
  }
  if (evaluation.refine.value_or(false) && scenario.time.clock == "real") {
    root.section("evaluation")
        .complain("refine", "under the real clock no model is kept for later: expected false, or clock = \"virtual\"");
  }
  if (evaluation.refine.value_or(false) && !evaluation.target) {
    root.section("evaluation").complain("refine", "expected a target, whose time it refines");
  }
  if (evaluation.stop == "target" && !evaluation.target) {
    root.section("evaluation").complain("stop", "expected a target, at which runs end");
  }
  if (scenario.time.duration / *scenario.evaluation.every > kMostEvaluations) {
    root.section("evaluation")
        .complain("every", fmt::format("expected at most {} evaluations in {}", kMostEvaluations,
                                       duration_text(scenario.time.duration)));
  }
}

/// The reason why an algorithm cannot use graphs of this sort at all; empty if it can.
std::string objection_to_sort(const AlgorithmSection& section, const Graph& graph) {
  const TopologySpec& spec = section.topology;
  if (graph.is_directed() && !section.algorithm->follows_directed_graphs) {
    return fmt::format(
        "topology {} is directed, but it needs a graph in which who sends to a node hears of it, too; "
        "expected for example \"{}\"",
        spec.kind, section.algorithm->usual_topology.kind);
  }
  if (changes_by_round(spec) && !section.algorithm->follows_changing_graphs(section.options)) {
    return fmt::format("it needs a graph that stays the same, but {} {}; expected for example \"{}\"", spec.kind,
                       spec.redraw ? "with redraw is another one every round" : "is another one every round",
                       section.algorithm->usual_topology.kind);
  }
  return {};
}

/// Builds every graph of the scenario once, under one seed.
class GraphCheck {
 public:
  GraphCheck(const Scenario& scenario, const TomlSection& root)
      : scenario_(scenario), network_(root.section("network")), tables_(root.sections("algorithm")) {}

  void check(std::size_t place, std::uint64_t seed) {
    const AlgorithmSection& section = scenario_.algorithms[place];
    const TopologySpec& spec = section.topology;
    if (most_edges(spec, scenario_.nodes.count) > kMostEdges) {
      complain(place, fmt::format("topology {} of {} nodes is too large: expected at most {} edges", spec.kind,
                                  scenario_.nodes.count, kMostEdges));
      return;
    }
    const TopologyResult& built = build(spec, seed);
    if (!built.error.empty()) {
      complain(place, built.error);
      return;
    }
    if (scenario_.nodes.count == 1) return;  // a single node has no receivers
    const std::string wrong_sort = objection_to_sort(section, built.graph);
    if (!wrong_sort.empty()) {
      complain(place, fmt::format("{}: {}", section.name, wrong_sort));
      return;
    }
    const std::string objection = section.algorithm->objection(section.options, built.graph);
    if (!objection.empty()) complain_of_objection(place, objection);
  }

  /// To be called before another seed.
  void forget() { built_.clear(); }

 private:
  const TopologyResult& build(const TopologySpec& spec, std::uint64_t seed) {
    const std::string key = value_toml(spec);
    const auto known = built_.find(key);
    if (known != built_.end()) return known->second;
    return built_.emplace(key, build_topology(spec, scenario_.nodes.count, seed)).first->second;
  }

  /// Reports a mistake at the graph's place in the file.
  void complain(std::size_t place, const std::string& what) const {
    const TomlSection& table = tables_[place];
    if (!table.has("topology") && network_.has("topology")) {
      network_.complain("topology", what);
    } else {
      table.complain(table.has("topology") ? "topology" : "kind", what);
    }
  }

  /// At the option that the objection speaks of, whether the scenario says it or not, or else at the graph.
  void complain_of_objection(std::size_t place, const std::string& objection) const {
    const AlgorithmSection& section = scenario_.algorithms[place];
    const std::string what = fmt::format("{}: {}", section.name, objection);
    for (const auto& option : section.options.all()) {
      const std::string& key = option.first;
      if (objection.find(key) == std::string::npos) continue;
      const bool is_said = tables_[place].has(key);
      tables_[place].complain(key, is_said ? what : fmt::format("{}; that is the default: set {} yourself", what, key));
      return;
    }
    complain(place, what);
  }

  const Scenario& scenario_;
  TomlSection network_;
  std::vector<TomlSection> tables_;
  std::map<std::string, TopologyResult> built_;  ///< by the scenario's specification
};

void check_graphs(const Scenario& scenario, const TomlSection& root) {
  GraphCheck graphs(scenario, root);
  for (const std::uint64_t seed : scenario.seeds) {
    for (std::size_t place = 0; place < scenario.algorithms.size(); ++place) {
      if (is_drawn(scenario.algorithms[place].topology) || seed == scenario.seeds.front()) graphs.check(place, seed);
    }
    graphs.forget();
  }
}

/// There may be servers that no algorithm takes.
void check_servers(const Scenario& scenario, const TomlSection& root) {
  const auto tables = root.sections("algorithm");
  for (std::size_t place = 0; place < tables.size(); ++place) {
    const AlgorithmSection& section = scenario.algorithms[place];
    const std::size_t wanted = section.algorithm->server_count(section.options);
    if (wanted <= scenario.servers.size()) continue;
    tables[place].complain("kind", fmt::format("{} needs {}: expected {} [[servers]] table{}, got {}", section.name,
                                               wanted == 1 ? "a server" : "servers", wanted, wanted == 1 ? "" : "s",
                                               scenario.servers.size()));
  }
}

/// With momentum or AdamW the sum of a round's learning rates does not tell what its gradients were.
void check_optimizer(const Scenario& scenario, const TomlSection& root) {
  const OptimizerOptions& optimizer = scenario.training.optimizer;
  if (optimizer.kind == OptimizerOptions::Kind::sgd && optimizer.momentum == 0) return;
  const auto tables = root.sections("algorithm");
  for (std::size_t place = 0; place < tables.size(); ++place) {
    const AlgorithmSection& section = scenario.algorithms[place];
    if (!section.algorithm->needs_plain_steps) continue;
    tables[place].complain("kind",
                           fmt::format("{} takes its nodes' gradients from their models' change, which {} hides: "
                                       "expected optimizer = \"sgd\" without momentum in [training]",
                                       section.name, optimizer.momentum > 0 ? "momentum" : "adamw"));
  }
}

/// What a learner in Python is not told of, it cannot follow.
void check_own_learner(const Scenario& scenario, const TomlSection& root) {
  if (task_of(scenario.nodes.model) != Task::own) return;
  const TrainingSpec& training = scenario.training;
  const LearningRateSchedule& schedule = training.schedule;
  const struct {
    const char* key;
    bool asks;
  } untold[] = {
      {"learning_rate_schedule", schedule.kind != LearningRateSchedule::Kind::constant || schedule.warm_up > 0},
      {"optimizer", training.optimizer.kind != OptimizerOptions::Kind::sgd},
      {"clip_norm", training.optimizer.clip_norm > 0},
      {"drop_last", training.drop_last},
      {"backend", training.backend != Backend::kernels}};
  for (const auto& [key, asks] : untold) {
    if (asks) {
      root.section("training").complain(key, "a learner in Python is not told of it: leave it out, and do it there");
    }
  }
}

/// The size of other models is only known once they are made.
void check_null_model(const Scenario& scenario, const TomlSection& root) {
  if (task_of(scenario.nodes.model) != Task::nothing) return;
  const ParameterLayout layout{{{"parameters", {scenario.nodes.model.parameters}}}, false};
  const auto tables = root.sections("algorithm");
  for (std::size_t place = 0; place < tables.size(); ++place) {
    const std::string objection = objection_to_fragments(scenario.algorithms[place], layout);
    if (!objection.empty()) tables[place].complain("fragments", objection);
  }
}

void check_clock(const Scenario& scenario, const TomlSection& root) {
  if (scenario.network.emulated || scenario.time.clock == "real") return;
  root.section("network").complain("emulation",
                                   "in virtual time the network is emulated or there is none: expected "
                                   "\"on\", or clock = \"real\" in [time]");
}

/// The number of stays of stragglers, changes and churn, or steps of looped traces, that fits into an ordinary
/// memory.
constexpr double kMostStays = 2e7;
constexpr std::uint64_t kMostLoopSteps = 20'000'000;

/// `members`: number of nodes or links to which the rule applies.
void check_stays(const Scenario& scenario, const OnOff& process, std::size_t members, const TomlSection& table,
                 const char* key) {
  const double cycle = to_seconds(process.mean_on) + to_seconds(process.mean_off);
  const double stays = static_cast<double>(members) * to_seconds(scenario.time.duration) / cycle;
  if (stays <= kMostStays) return;
  table.complain(key, fmt::format("about {:.0f} stays in {} are too many: expected at most {:.0f}, hence longer ones",
                                  stays, duration_text(scenario.time.duration), kMostStays));
}

void check_all_stays(const Scenario& scenario, const TomlSection& root) {
  const std::uint64_t seed = scenario.seeds.front();
  const NetworkSection& network = scenario.network;
  const auto straggler_tables = root.section("network").sections("stragglers");
  for (std::size_t r = 0; r < network.stragglers.size(); ++r) {
    if (!network.stragglers[r].on_off) continue;
    check_stays(scenario, *network.stragglers[r].on_off, nodes_of_stragglers(scenario, r, seed).size(),
                straggler_tables[r], kChangeKeys.mean_on);
  }
  const auto change_tables = root.section("network").sections("changes");
  for (std::size_t c = 0; c < network.changes.size(); ++c) {
    const OnOff* drawn = std::get_if<OnOff>(&network.changes[c].when);
    const std::size_t members = network.changes[c].links.size() + nodes_of_change(scenario, c, seed).size();
    if (drawn) check_stays(scenario, *drawn, members, change_tables[c], kChangeKeys.mean_on);
  }
  const auto churn_tables = root.sections("churn");
  for (std::size_t r = 0; r < scenario.churn.size(); ++r) {
    const OnOff* drawn = std::get_if<OnOff>(&scenario.churn[r].away);
    const std::size_t members = nodes_of_churn(scenario, r, seed).size();
    if (drawn) check_stays(scenario, *drawn, members, churn_tables[r], kChurnKeys.mean_on);
  }
}

/// Short loops in a long run: multiplication has to unroll them.
void check_loops(const Scenario& scenario, const TomlSection& section, const TraceResult& traces, std::size_t place) {
  std::uint64_t steps = 0;
  for (const auto& entry : traces.traces) {
    const PiecewiseConstant& value = entry.second.value;
    if (!value.is_looped()) continue;
    for (Time at{}; at < scenario.time.duration; at = value.next_change(at)) {
      if (++steps <= kMostLoopSteps) continue;
      section.sections("traces")[place].complain(
          "at_end", fmt::format("expected loops of at most {} steps in {}, all in all", kMostLoopSteps,
                                duration_text(scenario.time.duration)));
      return;
    }
  }
}

void check_all_loops(const Scenario& scenario, const TomlSection& root) {
  for (std::size_t i = 0; i < scenario.network.traces.size(); ++i) {
    check_loops(scenario, root.section("network"), *scenario.network.traces[i].traces, i);
  }
  for (std::size_t i = 0; i < scenario.compute.traces.size(); ++i) {
    check_loops(scenario, root.section("compute"), *scenario.compute.traces[i].traces, i);
  }
}

/// True if two nodes are present at once at any moment of the run.
bool meets(const std::vector<NodeAbsence>& absences, Time duration) {
  int there = 0;
  std::vector<std::pair<Time, int>> changes;  // departures come before arrivals at the same moment
  for (const NodeAbsence& node : absences) {
    if (!node.away_at({})) ++there;
    if (there >= 2) return true;
  }
  for (const NodeAbsence& node : absences) {
    for (Time at = node.next_change({}); at < duration; at = node.next_change(at)) {
      changes.emplace_back(at, node.away_at(at) ? -1 : 1);
    }
  }
  std::sort(changes.begin(), changes.end());
  return std::any_of(changes.begin(), changes.end(), [&](const auto& change) { return (there += change.second) >= 2; });
}

void check_churn(const Scenario& scenario, const TomlSection& root) {
  if (scenario.churn.empty()) return;
  for (const std::uint64_t seed : scenario.seeds) {
    if (meets(make_absences(scenario, seed), scenario.time.duration)) continue;
    const bool drawn = scenario.seeds.size() > 1;
    root.sections("churn").front().complain(
        "nodes", fmt::format("at no moment of the run{} are two nodes there: nobody would have anyone to send to",
                             drawn ? fmt::format(" with seed {}", seed) : ""));
    return;
  }
}

/// An algorithm that waits for a message without a time limit stops if it never arrives.
void check_waiting(const Scenario& scenario, const TomlSection& root) {
  const bool loses = scenario.network.emulated && scenario.network.loss.loses();
  const bool leaves = !scenario.churn.empty() || scenario.time.survives_host_loss;
  if (!loses && !leaves) return;
  const char* const cause = !loses && scenario.churn.empty()                ? "a lost host may cut off"
                            : !loses                                        ? "[[churn]] may cut off"
                            : scenario.network.loss.on_loss == OnLoss::drop ? "[network] loss may drop"
                                                                            : "[network] loss may give up";
  const auto tables = root.sections("algorithm");
  for (std::size_t place = 0; place < tables.size(); ++place) {
    const AlgorithmSection& section = scenario.algorithms[place];
    if (section.algorithm->needs_every_message(section.options)) {
      tables[place].complain(
          "kind",
          fmt::format("{} needs every message to arrive, but {} some: expected a reliable "
                      "network without churn{}",
                      section.name, cause, scenario.time.survives_host_loss ? " and on_host_loss = \"stop\"" : ""));
      continue;
    }
    if (!section.algorithm->waits || section.wait_timeout) continue;
    tables[place].complain("wait_timeout", fmt::format("{} waits for messages, which {}: expected for example "
                                                       "wait_timeout = \"5s\"",
                                                       section.name, cause));
  }
}

}  // namespace

void check_whole(const Scenario& scenario, const TomlSection& root) {
  check_clock(scenario, root);
  check_round(scenario, root);
  check_evaluation(scenario, root);
  check_null_model(scenario, root);
  if (scenario.nodes.count > 1) check_servers(scenario, root);
  check_optimizer(scenario, root);
  check_own_learner(scenario, root);
  check_all_stays(scenario, root);
  check_all_loops(scenario, root);
  if (root.has_mistake()) return;                  // the checks below draw them
  const bool is_lone = scenario.nodes.count == 1;  // it waits for no other node
  if (!is_lone) check_churn(scenario, root);
  if (!is_lone) check_waiting(scenario, root);
  check_graphs(scenario, root);
}

}  // namespace tardigrad
