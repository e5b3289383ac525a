#include "scenarios/src/scenario/sections/whole_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "models/networks/model_kind.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"

namespace tardigrad {
namespace {

using FileKey = Key<Scenario>;

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr auto kLargestSeed = static_cast<double>(kLargest);

/// `seed` or `seeds`; one from the command line replaces the other.
void read_seeds(const TomlSection& root, const FileKey&, const Scenario&, Scenario& scenario) {
  const bool both = root.has("seed") && root.has("seeds");
  if (both && root.is_overridden("seed") == root.is_overridden("seeds")) {
    root.complain("seeds", "expected either seed or seeds, not both");
  }
  if (!root.has("seeds") || (both && root.is_overridden("seed"))) {
    scenario.seeds = {static_cast<std::uint64_t>(root.integer("seed", 1, 0, kLargest))};
    return;
  }
  const auto seeds = root.distinct_integers("seeds", kLargest);
  scenario.seeds = {seeds.begin(), seeds.end()};
}

void write_seeds(const Scenario& scenario, TomlWriter& out) {
  if (scenario.seeds.size() == 1) {
    out.key("seed", fmt::format("{}", scenario.seeds.front()));
  } else {
    out.key("seeds", fmt::format("[{}]", fmt::join(scenario.seeds, ", ")));
  }
}

void finish(const TomlSection& root, const Scenario&, Scenario& scenario) {
  scenario.data_at = root.has("data") ? root.section("data").where() : root.section("nodes").where("model");
  check_placement(root, scenario);
}

std::vector<FileKey> front_keys() {
  return {FileKey("name", &Scenario::name, "names the folder of results")
              .such_as("name = \"my-study\"")
              .read_by([](const TomlSection& root, const FileKey&, const Scenario&, Scenario& scenario) {
                scenario.name = read_name(root, scenario.name);
              })
              .usually("the file's name"),
          FileKey("seed", {"integer", {ValueForm{ValueForm::Type::integer, {0, kLargestSeed}}}},
                  "of all random numbers", read_seeds)
              .written_by(write_seeds)
              .usually("1")
              .excluding({"seeds"})
              .also_called({{"random_seed"}, {"rng_seed"}}),
          companion_key<Scenario>(
              "seeds", {"list of integers", {ValueForm{ValueForm::Type::list_of_integers, {0, kLargestSeed}}}},
              "instead: every algorithm runs once with each")
              .excluding({"seed"})
              .such_as("seeds = [1, 2, 3]")};
}

std::vector<FileKey> learning_keys() {
  return {section_key("time", &Scenario::time, time_section(), "how long a run lasts").required(),
          section_key("nodes", &Scenario::nodes, nodes_section(), "the nodes and their model").required(),
          section_key("data", &Scenario::data, data_section(), "what is learned from")
              .written_if([](const Scenario& scenario) { return has_data(task_of(scenario.nodes.model)); }),
          section_key("training", &Scenario::training, training_section(), "local steps"),
          section_key("compute", &Scenario::compute, compute_section(), "how long local steps take")};
}

std::vector<FileKey> all_keys() {
  std::vector<FileKey> keys = front_keys();
  for (FileKey& key : learning_keys()) keys.push_back(std::move(key));
  keys.push_back(section_key("network", &Scenario::network, network_section(), "how messages travel"));
  keys.push_back(
      section_key("energy", &Scenario::energy, energy_section(), "what nodes draw; without it none is counted")
          .written_if([](const Scenario& scenario) { return scenario.energy.counts(); }));
  keys.push_back(tables_key("servers", &Scenario::servers, servers_section(),
                            "train nothing, in addition to the nodes; for algorithms that take some"));
  keys.push_back(tables_key("churn", &Scenario::churn, churn_section(), "nodes that leave and return"));
  keys.push_back(algorithms_key());
  keys.push_back(
      section_key("evaluation", &Scenario::evaluation, evaluation_section(), "tests; without it there are none")
          .written_if([](const Scenario& scenario) { return scenario.evaluation.every.has_value(); }));
  keys.push_back(tables_key("placement", &Scenario::placement, placement_section(),
                            "hosts of nodes, if a run has several; the other nodes are spread over all hosts"));
  return keys;
}

}  // namespace

const Section<Scenario>& whole_file() {
  static const Section<Scenario> file = {"", all_keys(), finish};
  return file;
}

}  // namespace tardigrad
