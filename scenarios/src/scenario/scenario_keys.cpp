#include "scenarios/src/scenario/scenario_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "actors/protocols/registry.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "models/training/learning_rate_schedule.hpp"
#include "netem/time/distribution.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

using Names = std::vector<std::string>;

struct Section {
  std::string path;
  std::string place;  ///< as shown to the user
  Names keys;
};

struct KeysOfKind {
  std::string key;
  std::string kind;
  Names keys;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> all = {
      {"",
       "",
       {"name", "seed", "seeds", "time", "nodes", "data", "training", "compute", "network", "churn", "algorithm",
        "evaluation", "placement"}},
      {"time", "[time]", {"clock", "duration", "on_host_loss"}},
      {"nodes", "[nodes]", {"count", "model"}},
      {"data", "[data]", {"set", "root", "train", "test", "partition"}},
      {"training",
       "[training]",
       {"batch_size", "local_steps", "learning_rate", "learning_rate_schedule", "momentum", "nesterov", "weight_decay",
        "drop_last"}},
      {"compute", "[compute]", {"step_time", "start_stagger", "stragglers", "pauses", "traces"}},
      {"compute.stragglers", "[[compute.stragglers]]", {"nodes", "slowdown"}},
      {"compute.pauses", "[[compute.pauses]]", {"nodes", "begin", "end", "slowdown"}},
      {"compute.traces", "[[compute.traces]]", {"path", "at_end"}},
      {"network",
       "[network]",
       {"emulation", "sharing", "uplink", "downlink", "latency", "loss", "matrix", "topology", "stragglers", "changes",
        "traces"}},
      {"network.loss", "[network] loss = { }", {"rate", "mode", "timeout", "most_transmissions", "burst"}},
      {"network.loss.burst", "[network] loss = { burst = { } }", {"rate", "begins", "ends"}},
      {"network.matrix", "[network] matrix = { }", {"rates", "latencies", "regions", "latency"}},
      {"network.stragglers",
       "[[network.stragglers]]",
       {"nodes", "factor", "uplink", "downlink", "jitter", "mean_on", "mean_off"}},
      {"network.changes",
       "[[network.changes]]",
       {"nodes", "direction", "links", "begin", "end", "mean_on", "mean_off", "factor", "outage"}},
      {"network.traces", "[[network.traces]]", {"path", "at_end", "direction"}},
      {"churn", "[[churn]]", {"nodes", "leave", "return", "mean_away", "mean_present"}},
      {"placement", "[[placement]]", {"host", "nodes"}},
      {"nodes = { }", "nodes = { }", {"from", "count", "fraction", "list", "pick"}},
      {"algorithm", "[[algorithm]]", {"kind", "name", "topology", "compression"}},
      {"evaluation", "[evaluation]", {"every", "samples", "target", "target_loss", "refine", "baseline"}},
  };
  return all;
}

/// `more` are keys that tables of these kinds may have besides.
template <class Kinds>
void add_family(std::vector<KeysOfKind>& all, const std::string& key, const Kinds& kinds, const Names& more = {}) {
  for (const auto& kind : kinds) {
    Names keys = keys_of(kind);
    keys.insert(keys.end(), more.begin(), more.end());
    if (!keys.empty()) all.push_back({key, kind.name, std::move(keys)});
  }
}

std::vector<KeysOfKind> all_kinds() {
  std::vector<KeysOfKind> all;
  add_family(all, "model", model_kinds());
  add_family(all, "partition", partition_kinds());
  add_family(all, "learning_rate_schedule", schedule_kinds());
  add_family(all, "topology", topology_kinds());
  add_family(all, "step_time", distribution_kinds());
  add_family(all, "latency", distribution_kinds(), {"base"});
  add_family(all, "compression", codec_kinds());
  return all;
}

const std::vector<KeysOfKind>& kinds() {
  static const std::vector<KeysOfKind> all = all_kinds();
  return all;
}

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_option(const Algorithm& algorithm, const std::string& name) {
  const auto& options = algorithm.options;
  return std::any_of(options.begin(), options.end(), [&](const OptionSpec& option) { return option.name == name; });
}

}  // namespace

const Names& section_keys(const std::string& section) {
  const auto found =
      std::find_if(sections().begin(), sections().end(), [&](const Section& s) { return s.path == section; });
  return found->keys;
}

bool has_kinds(const std::string& key) {
  return std::any_of(kinds().begin(), kinds().end(), [&](const KeysOfKind& kind) { return kind.key == key; });
}

std::string places_of_key(const std::string& key) {
  Names places;
  for (const Section& section : sections()) {
    if (!contains(section.keys, key)) continue;
    const bool is_section =
        std::any_of(sections().begin(), sections().end(), [&](const Section& s) { return s.path == key; });
    const std::string top = is_section ? "a section of its own" : "front of the first [section]";
    places.push_back(section.path.empty() ? top : section.place);
  }
  for (const KeysOfKind& kind : kinds()) {
    if (contains(kind.keys, key)) places.push_back(fmt::format("{} = {{ kind = \"{}\" }}", kind.key, kind.kind));
  }
  if (key == "wait_timeout") places.push_back("algorithms that wait for messages and can go on without them");
  for (const Algorithm& algorithm : algorithms()) {
    if (has_option(algorithm, key)) places.push_back("algorithm " + algorithm.name);
  }
  return listed(places);
}

}  // namespace tardigrad
