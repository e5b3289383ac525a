#include "scenarios/src/scenario/sections/node_selection.hpp"

#include <fmt/format.h>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"

namespace tardigrad {
namespace {

using SelectionKey = Key<NodeSelection>;

constexpr double kHighestNode = kMostNodes - 1;

void read_from(const TomlSection& table, const SelectionKey& key, const Scenario& so_far, NodeSelection& nodes) {
  nodes.from = static_cast<NodeId>(table.integer(key.name, 0, 0, std::int64_t{so_far.nodes.count} - 1));
}

void read_count(const TomlSection& table, const SelectionKey& key, const Scenario& so_far, NodeSelection& nodes) {
  if (table.has(key.name)) nodes.count = static_cast<NodeId>(table.integer(key.name, 0, 0, so_far.nodes.count));
}

std::vector<NodeId> nodes_in(const TomlSection& table, const std::string& key, const Scenario& so_far) {
  std::vector<NodeId> list;
  for (const std::int64_t id : table.distinct_integers(key, std::int64_t{so_far.nodes.count} - 1)) {
    list.push_back(static_cast<NodeId>(id));
  }
  return list;
}

void read_list(const TomlSection& table, const SelectionKey& key, const Scenario& so_far, NodeSelection& nodes) {
  nodes.list = nodes_in(table, key.name, so_far);
}

/// `from`: a block of neighbouring nodes.
void finish_block(const TomlSection& table, const Scenario& so_far, NodeSelection& nodes) {
  if (!table.has("count")) table.complain("from", "expected a count beside it, such as { from = 10, count = 5 }");
  if (table.has("pick")) table.complain("pick", "expected no pick beside from, which names the nodes");
  nodes.first = true;
  const NodeId left = so_far.nodes.count - nodes.from;
  if (nodes.count.value_or(0) <= left) return;
  table.complain("count", fmt::format("expected at most {}, as node {} is the last, got {}", left,
                                      so_far.nodes.count - 1, *nodes.count));
}

void finish_selection(const TomlSection& table, const Scenario& so_far, NodeSelection& nodes) {
  if (table.has("list") && table.has("pick")) {
    table.complain("pick", "expected no pick beside a list, which names its nodes");
  }
  if (table.has("from")) finish_block(table, so_far, nodes);
}

bool is_picked(const NodeSelection& nodes) { return nodes.from == 0 && (nodes.count || nodes.fraction); }

const Section<NodeSelection>& selection_table() {
  static const Section<NodeSelection> section = {
      "nodes = { }",
      {SelectionKey("from", &NodeSelection::from, "the first of `count` neighbouring nodes")
           .read_by(read_from)
           .written_if([](const NodeSelection& nodes) { return nodes.from > 0; })
           .may_be({"a node", {ValueForm{ValueForm::Type::integer, {0, kHighestNode}}}})
           .usually("")
           .needing({"count"})
           .excluding({"pick", "list", "fraction"})
           .such_as("nodes = { from = 10, count = 5 }"),
       SelectionKey("count", &NodeSelection::count, "so many")
           .read_by(read_count)
           .may_be({"at most all nodes", {ValueForm{ValueForm::Type::integer, {0, kMostNodes}}}})
           .excluding({"fraction", "list"})
           .such_as("nodes = { count = 3 }"),
       SelectionKey("fraction", &NodeSelection::fraction, "this share of all")
           .within(0, 1)
           .excluding({"count", "list"})
           .such_as("nodes = { fraction = 0.25 }"),
       SelectionKey("list", {"nodes", {ValueForm{ValueForm::Type::list_of_integers, {0, kHighestNode}}}}, "these",
                    read_list, [](const NodeSelection& nodes) { return value_text(nodes.list); })
           .usually("")
           .written_if([](const NodeSelection& nodes) { return !nodes.list.empty(); })
           .excluding({"count", "fraction", "pick"})
           .such_as("nodes = { list = [0, 7] }"),
       choice_key<NodeSelection>("pick", &NodeSelection::first, ValueNames<bool>{{"random", false}, {"first", true}},
                                 "which, with count or fraction")
           .written_if(is_picked)
           .excluding({"from", "list"})
           .such_as("nodes = { count = 3, pick = \"first\" }")}};
  return section;
}

}  // namespace

NodeSelection read_selection(const TomlSection& table, const Scenario& so_far) {
  const std::string example = "{ count = 3 }";
  NodeSelection selection;
  table.require("nodes", "nodes = " + example);
  if (table.is_text("nodes")) {
    table.choice("nodes", {"all"}, "all");
    return selection;
  }
  if (table.is_list("nodes")) {
    selection.list = nodes_in(table, "nodes", so_far);
    return selection;
  }
  const TomlSection nodes = table.section("nodes", "\"all\", a list such as [0, 3] or a table such as " + example);
  nodes.allow(names_of(selection_table().keys));
  const int ways = nodes.has("count") + nodes.has("fraction") + nodes.has("list");
  if (ways != 1) table.complain("nodes", "expected exactly one of count, fraction and list, such as " + example);
  selection_table().read_keys(nodes, so_far, selection);
  finish_selection(nodes, so_far, selection);
  return selection;
}

std::string selection_toml(const NodeSelection& nodes) {
  const bool is_all = !nodes.count && !nodes.fraction && nodes.list.empty();
  return is_all ? "\"all\"" : inline_toml(selection_table(), nodes);
}

PossibleValues selection_values(const std::string& said) {
  using Type = ValueForm::Type;
  return {said,
          {ValueForm{Type::text, {0, 0, {"all"}}}, ValueForm{Type::table},
           ValueForm{Type::list_of_integers, {0, kHighestNode}}}};
}

std::vector<SectionText> selection_texts() { return {selection_table().text()}; }

}  // namespace tardigrad
