#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

AlgorithmOptions::AlgorithmOptions(const std::vector<OptionSpec>& specs) {
  for (const OptionSpec& spec : specs) values_[spec.name] = spec.usual;
}

std::string objection_to_unconnected(const Graph& graph) {
  if (is_connected(graph)) return {};
  return "the graph is not connected: some nodes would never hear of the others";
}

std::vector<SentMessages> whole_fragments(double count, const Sender& sender) {
  return {{count, static_cast<double>(sender.codec.typical_size(sender.parameters))}};
}

}  // namespace tardigrad
