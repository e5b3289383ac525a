#include "models/nodes_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tardigrad {

std::string nodes_text(const std::vector<NodeId>& nodes) {
  constexpr std::size_t most_blocks = 8;
  if (nodes.empty()) return "no nodes";
  std::vector<std::string> blocks;
  std::size_t left = nodes.size();
  for (std::size_t i = 0; i < nodes.size() && blocks.size() < most_blocks;) {
    std::size_t end = i + 1;
    while (end < nodes.size() && nodes[end] == nodes[end - 1] + 1) ++end;
    blocks.push_back(end - i == 1 ? std::to_string(nodes[i]) : fmt::format("{} to {}", nodes[i], nodes[end - 1]));
    left -= end - i;
    i = end;
  }
  if (left > 0) blocks.push_back(fmt::format("{} more", left));
  return fmt::format("node{} {}", nodes.size() == 1 ? "" : "s", fmt::join(blocks, ", "));
}

std::string too_few_text(std::size_t number, const char* noun, NodeId nodes) {
  const char* const are = number == 1 ? " is" : "s are";
  return fmt::format("{} {}{} too few for {} node{}", number, noun, are, nodes, nodes == 1 ? "" : "s");
}

}  // namespace tardigrad
