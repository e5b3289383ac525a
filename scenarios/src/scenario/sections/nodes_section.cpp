#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "models/networks/model_kind.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

std::vector<std::string> keys_of_any_model() {
  std::vector<std::string> keys = {"kind"};
  for (const ModelKind& kind : model_kinds()) {
    for (const std::string& key : names_of(kind.options)) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

/// A wrong count is taken for the largest: then no node that other keys name is wrong for it.
void read_count(const TomlSection& section, const Key<NodesSection>& key, const Scenario&, NodesSection& nodes) {
  nodes.count = static_cast<NodeId>(section.integer(key.name, kMostNodes, 1, kMostNodes));
}

/// Any value that an option may have, as it stands there.
LearnerOption read_learner_option(const TomlSection& table, const std::string& key) {
  constexpr double endless = std::numeric_limits<double>::infinity();
  if (table.is_flag(key)) return table.flag(key, false);
  if (table.is_integer(key)) {
    return table.integer(key, 0, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  }
  if (table.is_text(key)) return table.text(key, "");
  if (table.is_list(key)) return table.numbers(key, {}, {-endless, endless});
  return table.number(key, 0, {-endless, endless});
}

/// The further keys of a learner's table, of which its class knows whether they are right.
LearnerOptions read_learner_options(const TomlSection& table, const ModelKind& kind) {
  LearnerOptions options;
  const std::vector<std::string> own = names_of(kind.options);
  for (const std::string& key : table.keys()) {
    const bool is_own = key == "kind" || std::find(own.begin(), own.end(), key) != own.end();
    if (!is_own) options[key] = read_learner_option(table, key);
  }
  return options;
}

std::string key_toml(const std::string& name) {
  const bool is_bare = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-');
  });
  return is_bare ? name : toml_quoted(name);
}

std::string model_toml(const NodesSection& nodes) {
  std::string options;
  for (const auto& [name, value] : nodes.learner_options) {
    options +=
        fmt::format(", {} = {}", key_toml(name), std::visit([](const auto& own) { return value_text(own); }, value));
  }
  return kind_toml(nodes.model, model_kinds(), options);
}

void read_model(const TomlSection& section, const Key<NodesSection>& key, const Scenario&, NodesSection& nodes) {
  if (section.is_table(key.name)) {
    const TomlSection table = section.section(key.name);
    // An unknown key may be a misspelt key that names the kind.
    const std::size_t earlier_mistakes = table.mistakes();
    if (!table.has("kind") && !find_kind_by_option(model_kinds(), table)) table.allow(keys_of_any_model());
    if (table.mistakes() > earlier_mistakes) return;
    const ModelKind* const kind = find_kind_by_option(model_kinds(), table);
    if (kind && kind->task == Task::own) nodes.learner_options = read_learner_options(table, *kind);
  }
  std::vector<std::string> further;
  for (const auto& [name, value] : nodes.learner_options) further.push_back(name);
  nodes.model = read_kind(section, key.name, model_kinds(), nodes.model, "", further);
}

}  // namespace

const Section<NodesSection>& nodes_section() {
  static const Section<NodesSection> section = {
      "[nodes]",
      {Key<NodesSection>("count", &NodesSection::count, "number of nodes")
           .within(1, kMostNodes)
           .required("count = 16")
           .read_by(read_count)
           .also_called({{"n_nodes"},
                         {"num_nodes"},
                         {"nodes_count"},
                         {"world_size"},
                         {"num_clients"},
                         {"clients"},
                         {"workers"},
                         {"num_workers"}}),
       kind_key<NodesSection>("model", &NodesSection::model, model_kinds(), "models", "what every node trains")
           .read_by(read_model)
           .written_as(model_toml)
           .also_called({{"architecture"}, {"arch"}, {"network_architecture"}, {"net"}})}};
  return section;
}

}  // namespace tardigrad
