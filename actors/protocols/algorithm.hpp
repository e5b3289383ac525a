/// What describes an algorithm: what a scenario may say of it, what graph it needs, how to make it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "actors/protocols/protocol.hpp"
#include "models/codecs/codec.hpp"
#include "netem/graph/graph.hpp"
#include "netem/graph/graph_schedule.hpp"
#include "netem/graph/topology.hpp"

namespace tardigrad {

/// One key that an `[[algorithm]]` table may have. The type of `usual` is the type of the option.
struct OptionSpec {
  using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>, CodecSpec>;

  std::string name;
  Value usual;
  std::string summary;
  double lowest = 0;                   ///< numbers and lists of them only
  double highest = 0;                  ///< numbers and lists of them only
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
  const std::vector<double>& numbers(const std::string& name) const {
    return std::get<std::vector<double>>(values_.at(name));
  }
  const CodecSpec& codec(const std::string& name) const { return std::get<CodecSpec>(values_.at(name)); }
  const std::map<std::string, OptionSpec::Value>& all() const { return values_; }

 private:
  std::map<std::string, OptionSpec::Value> values_;
};

/// Whose protocol it is.
struct Seat {
  NodeId node = 0;
  FragmentId fragment = 0;
  std::uint64_t parameters = 0;  ///< the fragment's size, also where nothing is learned and values are empty

  /// Names random streams of its own.
  std::uint64_t stream_id() const { return std::uint64_t{node} << 32 | fragment; }
};

/// Makes the protocol of one node and fragment.
using ProtocolFactory = std::function<std::unique_ptr<FragmentProtocol>(const Seat&)>;

/// Which codecs an algorithm bears between itself and the network: whether it comes to what it should with models that
/// are not exactly those that were sent.
enum class Compression {
  none,   ///< it has codecs of its own, or its sums must come out
  dense,  ///< those that send something of every value
  any,    ///< also those that send some values only: the others count as the receiver's own after its local steps
};

/// Who sends what, for a round's traffic to be known before anything is run.
struct Sender {
  NodeId node = 0;
  std::uint64_t parameters = 0;  ///< of one fragment
  const Graph& graph;            ///< the first round's
  const Codec& codec;            ///< between algorithm and network: raw values where the scenario has none
};

/// Messages of one size that a node sends in a round, for one fragment.
struct SentMessages {
  double count = 0;    ///< on average over rounds and, where partners are drawn, over draws
  double payload = 0;  ///< bytes of one, header not included: as `Actions::Send` has it where nothing is learned
};

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
  /// Nothing: Compression::none.
  std::function<Compression(const AlgorithmOptions&)> compression;
  /// The graph where the scenario names none.
  TopologySpec usual_topology;
  /// Why these options do not work on this graph (the first round's); empty if they do.
  std::function<std::string(const AlgorithmOptions&, const Graph&)> objection;
  /// K.
  std::function<FragmentId(const AlgorithmOptions&)> fragments;
  /// So many exchanges a round takes, which its messages count instead of rounds. Nothing: one.
  std::function<std::uint64_t(NodeId nodes)> exchanges;
  /// All that a node sends in a round, if nobody's messages are flushed: for bytes per round and rho.
  std::function<std::vector<SentMessages>(const AlgorithmOptions&, const Sender&)> sends;
  std::function<ProtocolFactory(const AlgorithmOptions&, std::shared_ptr<const GraphSchedule>, std::uint64_t seed)>
      protocols;

  /// Waits for messages, and can go on without them.
  bool may_give_up() const { return waits && !needs_every_message; }
  std::uint64_t exchanges_per_round(NodeId nodes) const { return exchanges ? exchanges(nodes) : 1; }
  Compression borne_compression(const AlgorithmOptions& own) const {
    return compression ? compression(own) : Compression::none;
  }
};

/// Why an algorithm whose nodes must all hear of each other cannot have this graph; empty if it can.
std::string objection_to_unconnected(const Graph& graph);

/// So many fragments a round, each as the codec before the network makes it.
std::vector<SentMessages> whole_fragments(double count, const Sender& sender);

/// Bytes in front of a message's values: sender, recipient, fragment, kind, round, count.
inline constexpr Bytes kHeaderBytes = 24;

/// Of a message that carries so many values, as the links are charged for it.
inline constexpr Bytes message_size(std::uint64_t parameters) { return kHeaderBytes + sizeof(float) * parameters; }

}  // namespace tardigrad
