/// The list of algorithms: what a scenario may say of each, what graph it needs, how to make it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "actors/protocols/protocol.hpp"
#include "netem/graph.hpp"
#include "netem/graph_schedule.hpp"
#include "netem/topology.hpp"

namespace tardigrad {

/// One key that an `[[algorithm]]` table may have. The type of `usual` is the type of the option.
struct OptionSpec {
  using Value = std::variant<bool, std::int64_t, double, std::string>;

  std::string name;
  Value usual;
  std::string summary;
  double lowest = 0;                   ///< numbers only
  double highest = 0;                  ///< numbers only
  std::vector<std::string> choices{};  ///< texts only
};

/// Values of all options of one algorithm, defaults filled in.
class AlgorithmOptions {
 public:
  AlgorithmOptions() = default;
  explicit AlgorithmOptions(const std::vector<OptionSpec>& specs);
  void set(const std::string& name, OptionSpec::Value value) { values_[name] = std::move(value); }

  bool flag(const std::string& name) const { return std::get<bool>(values_.at(name)); }
  std::int64_t integer(const std::string& name) const { return std::get<std::int64_t>(values_.at(name)); }
  double number(const std::string& name) const { return std::get<double>(values_.at(name)); }
  const std::string& text(const std::string& name) const { return std::get<std::string>(values_.at(name)); }
  const std::map<std::string, OptionSpec::Value>& all() const { return values_; }

 private:
  std::map<std::string, OptionSpec::Value> values_;
};

/// Whose protocol it is.
struct Seat {
  NodeId node = 0;
  FragmentId fragment = 0;
  std::uint64_t parameters = 0;  ///< the fragment's size, also where nothing is learned and values are empty
};

/// Makes the protocol of one node and fragment.
using ProtocolFactory = std::function<std::unique_ptr<FragmentProtocol>(const Seat&)>;

struct Algorithm {
  std::string name;
  std::string summary;
  std::vector<OptionSpec> options;
  /// Waits for messages, which must not be lost for ever.
  bool waits = false;
  /// Goes wrong for good if one message does not arrive: neither loss for ever nor nodes that leave are for it.
  bool needs_every_message = false;
  /// Works where the graph is another one every round.
  bool follows_changing_graphs = false;
  /// Works where who sends to whom is not mutual. The others are never asked about such a graph.
  bool follows_directed_graphs = false;
  /// The graph where the scenario names none.
  TopologySpec usual_topology;
  /// Why these options do not work on this graph (the first round's); empty if they do.
  std::function<std::string(const AlgorithmOptions&, const Graph&)> objection;
  /// K.
  std::function<FragmentId(const AlgorithmOptions&)> fragments;
  /// Models' worth of values that a node sends per round, on average: for bytes per round and rho.
  std::function<double(const AlgorithmOptions&, const Graph&, NodeId)> models_per_round;
  std::function<ProtocolFactory(const AlgorithmOptions&, std::shared_ptr<const GraphSchedule>, std::uint64_t seed)>
      protocols;
};

/// In the order in which they are listed to the user.
const std::vector<Algorithm>& algorithms();
/// nullptr if there is none of that name.
const Algorithm* find_algorithm(const std::string& name);

/// Why an algorithm whose nodes must all hear of each other cannot have this graph; empty if it can.
std::string objection_to_unconnected(const Graph& graph);

/// Bytes in front of a message's values: sender, recipient, fragment, kind, round, count.
inline constexpr Bytes kHeaderBytes = 24;

/// Of a message that carries so many values, as the links are charged for it.
inline constexpr Bytes message_size(std::uint64_t parameters) { return kHeaderBytes + sizeof(float) * parameters; }

}  // namespace tardigrad
