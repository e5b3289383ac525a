#include "actors/protocols/low_communication/server_algorithm.hpp"

#include <utility>

namespace tardigrad {

Algorithm server_algorithm(std::string name, std::string summary) {
  Algorithm algorithm;
  algorithm.name = std::move(name);
  algorithm.summary = std::move(summary);
  algorithm.servers = [](const AlgorithmOptions&) { return NodeId{1}; };
  algorithm.waits = true;
  algorithm.follows_changing_graphs = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph&) { return std::string(); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) {
    return whole_fragments(sender.node < sender.graph.size() ? 1 : sender.graph.size(), sender);
  };
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::dense; };
  return algorithm;
}

}  // namespace tardigrad
