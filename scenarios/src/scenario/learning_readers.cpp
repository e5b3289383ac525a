/// Reads the sections of a scenario file about learning: [nodes] and [data].
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/scenario/section_readers.hpp"
#include "scenarios/src/scenario/value_readers.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kMostParameters = 1'000'000'000;
constexpr std::int64_t kWidestLayer = 100'000;
constexpr std::int64_t kMostLayers = 100;

/// The names without those that only another kind of data has.
std::vector<std::string> without(std::vector<std::string> names, const std::vector<std::string>& others) {
  for (const std::string& other : others) names.erase(std::remove(names.begin(), names.end(), other), names.end());
  return names;
}

/// `narrowest`: the fewest channels of its layers; all others have multiples.
void read_normalisation(const TomlSection& options, std::int64_t narrowest, ModelSpec& model) {
  model.norm = options.choice("norm", {"group", "batch"}, model.norm);
  model.groups = options.integer("groups", model.groups, 1, narrowest);
  model.statistics = options.choice("statistics", {"averaged", "local"}, model.statistics);
  if (narrowest % model.groups != 0) {
    options.complain("groups",
                     fmt::format("expected a divisor of {}, its fewest channels, got {}", narrowest, model.groups));
  }
  if (model.norm == "batch" && options.has("groups")) {
    options.complain("groups", "expected no such key with norm = \"batch\"");
  }
  if (model.norm == "group" && options.has("statistics")) {
    options.complain("statistics", "expected no such key without norm = \"batch\"");
  }
}

std::vector<std::string> keys_of_any_model() {
  std::vector<std::string> keys = {"kind"};
  for (const std::string& kind : names_of(model_kinds())) {
    for (const std::string& key : kind_keys("model", kind)) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

/// { torchscript = "my_model.pt" } names its kind by its first key.
Kinded read_model_kind(const TomlSection& section, const std::string& usual) {
  if (section.is_table("model")) {
    const TomlSection options = section.section("model");
    if (options.has("torchscript")) {
      options.allow(kind_keys("model", "torchscript"), "of model torchscript");
      return {"torchscript", options};
    }
    // An unknown key may be a misspelt key that names the kind.
    if (!options.has("kind")) options.allow(keys_of_any_model());
  }
  return read_kinded(section, "model", names_of(model_kinds()), usual);
}

void read_torchscript(const TomlSection& options, ModelSpec& model) {
  options.require("torchscript", "model = { torchscript = \"my_model.pt\" }");
  model.file = options.file_path("torchscript");
  options.choice("loss", {"cross-entropy"}, "cross-entropy");
  model.statistics = options.choice("statistics", {"averaged", "local"}, model.statistics);
}

ModelSpec read_model(const TomlSection& section) {
  ModelSpec model;
  const Kinded kinded = read_model_kind(section, model.kind);
  const TomlSection& options = kinded.options;
  model.kind = kinded.kind;
  if (model.kind == "null") {
    options.require("parameters", "{ kind = \"null\", parameters = 90000 }");
    model.parameters = options.integer("parameters", 1, 1, kMostParameters);
  }
  if (model.kind == "mlp") model.hidden = options.integers("hidden", model.hidden, 1, kWidestLayer);
  if (model.kind == "lstm") {
    model.embedding = options.integer("embedding", model.embedding, 1, kWidestLayer);
    model.layers = options.integer("layers", model.layers, 1, kMostLayers);
    model.units = options.integer("units", model.units, 1, kWidestLayer);
  }
  if (model.kind == "resnet-20") read_normalisation(options, 16, model);
  if (model.kind == "vgg-11") read_normalisation(options, 64, model);
  if (model.kind == "torchscript") read_torchscript(options, model);
  return model;
}

PartitionSpec read_partition(const TomlSection& section, const std::vector<std::string>& kinds) {
  PartitionSpec partition;
  const Kinded kinded = read_kinded(section, "partition", kinds, kinds.front());
  partition.kind = kinded.kind;
  partition.per_node = read_count(kinded.options, "per_node", partition.per_node, 1'000'000);
  partition.alpha = kinded.options.number("alpha", partition.alpha, {0.001, 1e6});
  partition.at_least = read_count(kinded.options, "at_least", partition.at_least, 1'000'000);
  return partition;
}

/// Reads the paths of its files.
void read_places(const TomlSection& section, DataSpec& data) {
  const bool has_root = data.set != "tensors";
  const std::vector<std::string> own =
      has_root ? std::vector<std::string>{"root"} : std::vector<std::string>{"train", "test"};
  for (const char* key : {"root", "train", "test"}) {
    const bool is_own = std::find(own.begin(), own.end(), key) != own.end();
    if (!is_own && section.has(key)) {
      section.complain(key, fmt::format("expected no such key of set \"{}\", but {}", data.set, listed(own)));
    }
  }
  if (data.set == "image-folder") section.require("root", "root = \"pictures\"");
  if (data.set == "leaf-text") section.require("root", "root = \"shakespeare/data\"");
  if (data.set == "text") section.require("root", "root = \"book.txt\"");
  if (data.set == "tensors") {
    section.require("train", "train = \"train.pt\"");
    section.require("test", "test = \"test.pt\"");
  }
  data.root = section.file_path("root");
  data.train = section.file_path("train");
  data.test = section.file_path("test");
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
  DataSpec data;
  if (model.kind == "null") {
    data.set = section.text("set", "none");
    if (data.set != "none") section.complain("set", "expected \"none\" for the null model");
    for (const char* key : {"root", "train", "test", "partition"}) {
      if (section.has(key)) section.complain(key, "expected no samples for the null model: leave it out");
    }
    return data;
  }
  const bool rates = model.kind == "matrix-factorization";
  const auto sets =
      rates ? std::vector<std::string>{"movielens"} : without(names_of(dataset_kinds()), {"movielens", "none"});
  const auto partitions = rates ? std::vector<std::string>{"by-user"} : names_of(partition_kinds());
  data.set = section.choice("set", sets, sets.front());
  read_places(section, data);
  data.partition = read_partition(section, partitions);
  return data;
}

}  // namespace tardigrad
