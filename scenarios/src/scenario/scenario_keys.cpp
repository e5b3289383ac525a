#include "scenarios/src/scenario/scenario_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/protocols/registry.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

using Names = std::vector<std::string>;

struct Section {
  std::string path;
  std::string place;  ///< as shown to the user
  Names keys;
};

struct Kind {
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

std::vector<Kind> all_kinds() {
  std::vector<Kind> all = {
      {"model", "null", {"parameters"}},
      {"model", "mlp", {"hidden"}},
      {"model", "lstm", {"embedding", "layers", "units"}},
      {"model", "resnet-20", {"norm", "groups", "statistics"}},
      {"model", "vgg-11", {"norm", "groups", "statistics"}},
      {"model", "torchscript", {"torchscript", "loss", "statistics"}},
      {"partition", "shards", {"per_node"}},
      {"partition", "dirichlet", {"alpha", "at_least"}},
      {"partition", "dirichlet-mix", {"alpha"}},
      {"learning_rate_schedule", "constant", {"warm_up"}},
      {"learning_rate_schedule", "step", {"every", "factor", "warm_up"}},
      {"learning_rate_schedule", "cosine", {"rounds", "final", "warm_up"}},
      {"topology", "random-regular", {"degree", "redraw"}},
      {"topology", "spanning-tree", {"of"}},
      {"topology", "file", {"path"}},
      {"step_time", "constant", {"mean"}},
      {"step_time", "exponential", {"mean"}},
      {"step_time", "lognormal", {"mean", "sigma"}},
      {"step_time", "uniform", {"low", "high"}},
      {"step_time", "normal", {"mean", "deviation"}},
      {"step_time", "pareto", {"mean", "shape"}},
      {"latency", "constant", {"mean"}},
      {"latency", "exponential", {"mean", "base"}},
      {"latency", "lognormal", {"mean", "sigma", "base"}},
      {"latency", "uniform", {"low", "high", "base"}},
      {"latency", "normal", {"mean", "deviation", "base"}},
      {"latency", "pareto", {"mean", "shape", "base"}},
  };
  for (const CodecKind& codec : codec_kinds()) all.push_back({"compression", codec.name, codec.keys});
  return all;
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = all_kinds();
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

const Names& kind_keys(std::string_view key, std::string_view kind) {
  static const Names none;
  const auto found =
      std::find_if(kinds().begin(), kinds().end(), [&](const Kind& k) { return k.key == key && k.kind == kind; });
  return found == kinds().end() ? none : found->keys;
}

bool has_kinds(const std::string& key) {
  return std::any_of(kinds().begin(), kinds().end(), [&](const Kind& kind) { return kind.key == key; });
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
  for (const Kind& kind : kinds()) {
    if (contains(kind.keys, key)) places.push_back(fmt::format("{} = {{ kind = \"{}\" }}", kind.key, kind.kind));
  }
  if (key == "wait_timeout") places.push_back("algorithms that wait for messages and can go on without them");
  for (const Algorithm& algorithm : algorithms()) {
    if (has_option(algorithm, key)) places.push_back("algorithm " + algorithm.name);
  }
  return listed(places);
}

}  // namespace tardigrad
