#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

using DataKey = Key<DataSpec>;

/// Kinds that go with what a model learns.
template <class Kinds, class Fits>
Kinds fitting(const Kinds& kinds, const Fits& fits) {
  Kinds chosen;
  std::copy_if(kinds.begin(), kinds.end(), std::back_inserter(chosen), fits);
  return chosen;
}

std::vector<std::string> sets_with(const std::string& option) {
  std::vector<std::string> sets;
  for (const DatasetKind& kind : dataset_kinds()) {
    const std::vector<std::string> own = names_of(kind.options);
    if (std::find(own.begin(), own.end(), option) != own.end()) sets.push_back(kind.name);
  }
  return sets;
}

/// The option as some set needs it, or with its usual value; a path is made up.
std::string example_of(const KindOption<DataSpec>& option) {
  if (!option.example.empty()) return option.example;
  return option.limits.is_path ? option.name + " = \"data/my-set\""
                               : fmt::format("{} = {}", option.name, option_text(option).usual);
}

/// The options of all sets: a key each, which the set's own entry reads and writes.
std::vector<DataKey> keys_of_any_set() {
  std::vector<DataKey> keys;
  for (const DatasetKind& kind : dataset_kinds()) {
    for (const KindOption<DataSpec>& option : kind.options) {
      const bool is_known =
          std::any_of(keys.begin(), keys.end(), [&](const DataKey& key) { return key.name == option.name; });
      if (is_known) continue;
      keys.push_back(
          companion_key<DataSpec>(option.name, detail::option_form(option), "of set " + listed(sets_with(option.name)))
              .of_some_kinds()
              .such_as(example_of(option)));
    }
  }
  return keys;
}

/// Options of other sets are refused.
void read_options_of_set(const TomlSection& section, const DatasetKind& kind, DataSpec& data) {
  const std::vector<std::string> own = names_of(kind.options);
  for (const DataKey& key : keys_of_any_set()) {
    const bool is_own = std::find(own.begin(), own.end(), key.name) != own.end();
    if (is_own || !section.has(key.name)) continue;
    section.complain(key.name, fmt::format("expected no such key of set \"{}\", but {}", kind.name, listed(own)));
  }
  read_own_options(section, kind, data);
}

void read_no_set(const TomlSection& section, const std::string& key, const std::string& model, DataSpec& data) {
  if (section.text(key, data.kind) != data.kind) {
    section.complain(key, fmt::format("expected \"{}\" for the model {}", data.kind, model));
  }
  for (const std::string& other : names_of(data_section().keys)) {
    if (other == key || !section.has(other)) continue;
    section.complain(other, fmt::format("expected no samples for the model {}: leave it out", model));
  }
}

void read_set(const TomlSection& section, const DataKey& key, const Scenario& so_far, DataSpec& data) {
  const Task task = task_of(so_far.nodes.model);
  const auto sets = fitting(dataset_kinds(), [&](const DatasetKind& kind) {
    // A model that was not understood may have any.
    return section.has_mistake() || (has_data(task) ? kind.task == task : kind.task == Task::nothing);
  });
  data.kind = sets.front().name;
  if (!has_data(task)) return read_no_set(section, key.name, so_far.nodes.model.kind, data);
  const std::string name = section.choice(key.name, names_of(sets), section.has(key.name) ? "" : data.kind);
  if (name.empty()) return;  // its options are unknown
  data.kind = name;
  read_options_of_set(section, *find_kind(sets, data), data);
}

void write_set(const DataSpec& data, TomlWriter& out) {
  out.key("set", toml_quoted(data.kind));
  write_own_options(data, dataset_kinds(), out);
}

void read_partition(const TomlSection& section, const DataKey& key, const Scenario& so_far, DataSpec& data) {
  const Task task = task_of(so_far.nodes.model);
  if (!has_data(task)) return;
  const auto partitions = fitting(partition_kinds(), [&](const PartitionKind& kind) {
    return section.has_mistake() || task != Task::ratings || kind.splits_ratings;
  });
  data.partition.kind = partitions.front().name;
  data.partition = read_kind(section, key.name, partitions, data.partition);
}

std::vector<DataKey> data_keys() {
  std::vector<DataKey> keys = {DataKey("set", {"see datasets", ValueForm::Type::kind_beside},
                                       "what is learned from (movielens for matrix-factorization)", read_set)
                                   .written_by(write_set)
                                   .usually("\"fashion-mnist\"")
                                   .of_kinds("datasets", dataset_kinds())
                                   .also_called({{"dataset"}, {"data_set"}, {"dataset_name"}})};
  for (DataKey& key : keys_of_any_set()) keys.push_back(std::move(key));
  keys.push_back(kind_key<DataSpec>("partition", &DataSpec::partition, partition_kinds(), "datasets",
                                    "which samples each node has (by-user for matrix-factorization)")
                     .such_as("partition = { kind = \"dirichlet\", alpha = 0.5 }")
                     .read_by(read_partition)
                     .also_called({{"partitioning"}, {"split"}, {"partitioner"}}));
  return keys;
}

}  // namespace

const Section<DataSpec>& data_section() {
  static const Section<DataSpec> section = {"[data]", data_keys()};
  return section;
}

}  // namespace tardigrad
