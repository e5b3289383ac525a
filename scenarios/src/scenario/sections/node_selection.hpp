/// `nodes` of a rule: the nodes to which it applies.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "netem/time/node_selection.hpp"
#include "scenarios/src/scenario/sections/section.hpp"

namespace tardigrad {

/// `nodes`, which is required.
NodeSelection read_selection(const TomlSection& table, const Scenario& so_far);
std::string selection_toml(const NodeSelection& nodes);
/// nodes = { }.
std::vector<SectionText> selection_texts();

/// "all", a table as above, or a list of nodes.
PossibleValues selection_values(const std::string& said);

template <class Spec>
Key<Spec> nodes_key(NodeSelection Spec::*member) {
  const auto read = [member](const TomlSection& table, const Key<Spec>&, const Scenario& so_far, Spec& spec) {
    spec.*member = read_selection(table, so_far);
  };
  const auto text = [member](const Spec& spec) { return selection_toml(spec.*member); };
  return Key<Spec>("nodes", selection_values("\"all\", table or list"), "the nodes to which this applies", read, text)
      .required()
      .such_as("nodes = { count = 3 }")
      .with_sections(selection_texts());
}

}  // namespace tardigrad
