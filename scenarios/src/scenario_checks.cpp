#include "scenarios/src/scenario_checks.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "scenarios/src/units_text.hpp"

namespace tardigrad {
namespace {

/// Graphs are stored edge by edge; more than these do not fit into an ordinary memory.
constexpr std::uint64_t kMostEdges = 20'000'000;
constexpr std::int64_t kMostEvaluations = 1'000'000;

void check_round(const Scenario& scenario, const TomlSection& root) {
  if (scenario.expected_round() <= kLongestDuration) return;
  root.section("compute").complain("step_time",
                                   fmt::format("a round of {} local steps takes too long: expected at most {}",
                                               scenario.training.local_steps, duration_text(kLongestDuration)));
}

void check_evaluation(const Scenario& scenario, const TomlSection& root) {
  if (!scenario.evaluation.every) return;
  if (scenario.nodes.model.kind == "null") {
    root.complain("evaluation", "expected no [evaluation] for the null model, which learns nothing");
  }
  if (scenario.time.duration / *scenario.evaluation.every > kMostEvaluations) {
    root.section("evaluation")
        .complain("every", fmt::format("expected at most {} evaluations in {}", kMostEvaluations,
                                       duration_text(scenario.time.duration)));
  }
}

std::uint64_t most_edges(const TopologySpec& spec, std::uint64_t size) {
  if (spec.kind == "random-regular") return size * spec.degree / 2;
  return spec.kind == "bipartite" ? size * size / 4 : 0;
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
    const std::string objection = section.algorithm->objection(section.options, built.graph);
    if (!objection.empty()) complain_of_objection(place, objection);
  }

  /// Before another seed.
  void forget() { built_.clear(); }

 private:
  const TopologyResult& build(const TopologySpec& spec, std::uint64_t seed) {
    const auto key = std::tuple(spec.kind, spec.degree, spec.file);
    const auto known = built_.find(key);
    if (known != built_.end()) return known->second;
    return built_.emplace(key, build_topology(spec, scenario_.nodes.count, seed)).first->second;
  }

  /// Where the graph is named.
  void complain(std::size_t place, const std::string& what) const {
    const TomlSection& table = tables_[place];
    if (!table.has("topology") && network_.has("topology")) {
      network_.complain("topology", what);
    } else {
      table.complain(table.has("topology") ? "topology" : "kind", what);
    }
  }

  /// At the option that the objection speaks of, or else at the graph.
  void complain_of_objection(std::size_t place, const std::string& objection) const {
    const AlgorithmSection& section = scenario_.algorithms[place];
    const std::string what = fmt::format("{}: {}", section.name, objection);
    for (const auto& option : section.options.all()) {
      if (objection.find(option.first) != std::string::npos) return tables_[place].complain(option.first, what);
    }
    complain(place, what);
  }

  const Scenario& scenario_;
  TomlSection network_;
  std::vector<TomlSection> tables_;
  std::map<std::tuple<std::string, NodeId, std::string>, TopologyResult> built_;
};

void check_graphs(const Scenario& scenario, const TomlSection& root) {
  GraphCheck graphs(scenario, root);
  for (const std::uint64_t seed : scenario.seeds) {
    for (std::size_t place = 0; place < scenario.algorithms.size(); ++place) {
      const bool random = scenario.algorithms[place].topology.kind == "random-regular";
      if (random || seed == scenario.seeds.front()) graphs.check(place, seed);
    }
    graphs.forget();
  }
}

/// The size of other models is only known once they are made.
void check_null_model(const Scenario& scenario, const TomlSection& root) {
  if (scenario.nodes.model.kind != "null") return;
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

}  // namespace

void check_whole(const Scenario& scenario, const TomlSection& root) {
  check_clock(scenario, root);
  check_round(scenario, root);
  check_evaluation(scenario, root);
  check_null_model(scenario, root);
  check_graphs(scenario, root);
}

}  // namespace tardigrad
