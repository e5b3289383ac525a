#include <algorithm>

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

void read_model(const TomlSection& section, const Key<NodesSection>& key, const Scenario&, NodesSection& nodes) {
  if (section.is_table(key.name)) {
    const TomlSection table = section.section(key.name);
    // An unknown key may be a misspelt key that names the kind.
    const std::size_t earlier_mistakes = table.mistakes();
    if (!table.has("kind") && !find_kind_by_option(model_kinds(), table)) table.allow(keys_of_any_model());
    if (table.mistakes() > earlier_mistakes) return;
  }
  nodes.model = read_kind(section, key.name, model_kinds(), nodes.model);
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
           .also_called({{"architecture"}, {"arch"}, {"network_architecture"}, {"net"}})}};
  return section;
}

}  // namespace tardigrad
