/// Reads the sections of a scenario file about learning: [nodes] and [data].
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/scenario/section_readers.hpp"
#include "scenarios/src/scenario/value_readers.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

/// Kinds that go with what a model learns.
template <class Kinds, class Fits>
Kinds fitting(const Kinds& kinds, const Fits& fits) {
  Kinds chosen;
  std::copy_if(kinds.begin(), kinds.end(), std::back_inserter(chosen), fits);
  return chosen;
}

std::vector<std::string> keys_of_any_model() {
  std::vector<std::string> keys = {"kind"};
  for (const ModelKind& kind : model_kinds()) {
    for (const std::string& key : keys_of(kind)) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

ModelSpec read_model(const TomlSection& section) {
  if (section.is_table("model")) {
    const TomlSection table = section.section("model");
    // An unknown key may be a misspelt key that names the kind.
    if (!table.has("kind") && !find_kind_by_option(model_kinds(), table)) table.allow(keys_of_any_model());
  }
  return read_kind(section, "model", model_kinds(), ModelSpec{});
}

/// Reads the paths of its files.
void read_places(const TomlSection& section, const DatasetKind& kind, DataSpec& data) {
  const std::vector<std::string> own = keys_of(kind);
  for (const char* key : {"root", "train", "test"}) {
    const bool is_own = std::find(own.begin(), own.end(), key) != own.end();
    if (is_own || !section.has(key)) continue;
    section.complain(key, fmt::format("expected no such key of set \"{}\", but {}", kind.name, listed(own)));
  }
  read_own_options(section, kind, data);
}

}  // namespace

NodesSection read_nodes(const TomlSection& section) {
  section.allow(section_keys("nodes"));
  section.require("count", "count = 16");
  NodesSection nodes;
  nodes.count = static_cast<NodeId>(section.integer("count", 2, 1, kMostNodes));
  nodes.model = read_model(section);
  return nodes;
}

DataSpec read_data(const TomlSection& section, const ModelSpec& model) {
  section.allow(section_keys("data"));
  const Task task = task_of(model);
  const auto sets = fitting(dataset_kinds(), [&](const DatasetKind& kind) { return kind.task == task; });
  DataSpec data;
  data.kind = sets.front().name;
  if (task == Task::nothing) {
    if (section.text("set", data.kind) != data.kind) {
      section.complain("set", fmt::format("expected \"{}\" for the null model", data.kind));
    }
    for (const char* key : {"root", "train", "test", "partition"}) {
      if (section.has(key)) section.complain(key, "expected no samples for the null model: leave it out");
    }
    return data;
  }
  const auto partitions = fitting(
      partition_kinds(), [&](const PartitionKind& kind) { return task != Task::ratings || kind.splits_ratings; });
  data.kind = section.choice("set", names_of(sets), data.kind);
  read_places(section, *find_kind(sets, data), data);
  data.partition.kind = partitions.front().name;
  data.partition = read_kind(section, "partition", partitions, data.partition);
  return data;
}

}  // namespace tardigrad
