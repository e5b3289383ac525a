/// The description of an algorithm: its options, the graphs that it accepts, and the factory of its protocols.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "actors/protocols/protocol.hpp"
#include "models/codecs/codec.hpp"
#include "models/parameter_layout.hpp"
#include "netem/base/kind.hpp"
#include "netem/graph/graph.hpp"
#include "netem/graph/graph_schedule.hpp"
#include "netem/graph/topology.hpp"

namespace tardigrad {

/// One key of an `[[algorithm]]` table. The type of `usual` is the type of the option.
struct OptionSpec {
  using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>, CodecSpec>;

  std::string name;
  Value usual;
  std::string summary;
  OptionLimits limits{};
};

/// The values of all options of one algorithm, defaults filled in.
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

/// Whether something holds of an algorithm: always, never, or by its options.
class ByOptions {
 public:
  ByOptions(bool always) : holds_([always](const AlgorithmOptions&) { return always; }) {}
  template <class Holds, class = std::enable_if_t<std::is_invocable_r_v<bool, Holds, const AlgorithmOptions&>>>
  ByOptions(Holds holds) : holds_(std::move(holds)) {}

  bool operator()(const AlgorithmOptions& own) const { return holds_(own); }

 private:
  std::function<bool(const AlgorithmOptions&)> holds_;
};

/// The node and fragment to which a protocol belongs.
struct FragmentInfo {
  NodeId node = 0;
  FragmentId fragment = 0;
  std::uint64_t parameters = 0;  ///< the fragment's size, also where nothing is learned and values are empty
  /// The tensors of the whole model, for algorithms that treat them one by one; null: one tensor of all parameters.
  std::shared_ptr<const ParameterLayout> layout{};

  /// Identifies this protocol's random streams.
  std::uint64_t stream_id() const { return std::uint64_t{node} << 32 | fragment; }
};

/// What the protocols of a run know of it, besides their options.
struct ProtocolContext {
  std::shared_ptr<const GraphSchedule> graphs;
  std::uint64_t seed = 0;
  /// The mean duration of a local step at each node, in seconds of emulated time; empty: the same everywhere.
  std::vector<double> step_seconds{};
  /// The local steps of a round for which nothing else is asked.
  std::uint32_t local_steps = 1;
};

/// Makes the protocol of one node and fragment.
using ProtocolFactory = std::function<std::unique_ptr<FragmentProtocol>(const FragmentInfo&)>;

/// Which codecs may stand between this algorithm and the network without spoiling its convergence.
enum class Compression {
  none,   ///< none: the algorithm has codecs of its own, or its sums must be exact
  dense,  ///< codecs that send something of every value
  any,    ///< also codecs that send some values only: the others count as the receiver's own after its local steps
};

/// A sender, for computing a round's traffic before a run.
struct Sender {
  NodeId node = 0;
  std::uint64_t parameters = 0;             ///< of one fragment
  const Graph& graph;                       ///< of the first round; a server is no node of it
  const Codec& codec;                       ///< between algorithm and network: raw values if the scenario has none
  const ParameterLayout* layout = nullptr;  ///< as in FragmentInfo
};

/// Messages of one size that a node sends in a round, for one fragment.
struct SentMessages {
  /// Mean over rounds and, where partners are drawn, over draws; of a server, while every node ends one round.
  double count = 0;
  double payload = 0;  ///< bytes of one message without its header, as in `Actions::Send` where nothing is learned
};

struct Algorithm {
  std::string name;
  std::string summary;
  std::vector<OptionSpec> options;
  /// The number of servers that it takes; empty: none. They are the nodes behind those of the graph, train nothing, and
  /// begin "rounds" of which they are never told the end: a server's round lasts until it begins the next one.
  std::function<NodeId(const AlgorithmOptions&)> servers;
  /// True if its rounds may have fewer local steps than the scenario says.
  ByOptions shorter_rounds = false;
  /// True if nodes wait for messages, which must not be lost for ever.
  bool waits = false;
  /// True if one missing message spoils the result for good: loss for ever and nodes that leave are refused.
  ByOptions needs_every_message = false;
  /// True if rounds without local steps bring the nodes' models nearer to each other and end by waiting for messages:
  /// a run may end with some of them.
  bool averages_alone = false;
  /// The number of such rounds if the scenario names none.
  std::uint32_t usual_consensus_rounds = 0;
  /// True if the sum of a round's learning rates must tell the mean gradient from the change: momentum and AdamW are
  /// refused.
  bool needs_plain_steps = false;
  /// True if the graph may change every round.
  ByOptions follows_changing_graphs = false;
  /// True if the graph may be directed. `objection` of other algorithms is never called with a directed graph.
  bool follows_directed_graphs = false;
  /// Empty: Compression::none.
  std::function<Compression(const AlgorithmOptions&)> compression;
  /// The graph if the scenario names none.
  TopologySpec usual_topology;
  /// The reason why these options do not work on this graph (the first round's); empty if they do.
  std::function<std::string(const AlgorithmOptions&, const Graph&)> objection;
  /// The number K of fragments.
  std::function<FragmentId(const AlgorithmOptions&)> fragments;
  /// The number of exchanges in a round, which messages count instead of rounds. Empty: one.
  std::function<std::uint64_t(NodeId nodes)> exchanges;
  /// All messages that a node sends in a round, if none are flushed: for bytes per round and rho.
  std::function<std::vector<SentMessages>(const AlgorithmOptions&, const Sender&)> sends;
  /// The same of a round without local steps; empty: as ever.
  std::function<std::vector<SentMessages>(const AlgorithmOptions&, const Sender&)> consensus_sends;
  std::function<ProtocolFactory(const AlgorithmOptions&, const ProtocolContext&)> protocols;

  /// True if nodes wait for messages, and can go on without them.
  bool may_give_up(const AlgorithmOptions& own) const { return waits && !needs_every_message(own); }
  NodeId server_count(const AlgorithmOptions& own) const { return servers ? servers(own) : 0; }
  std::uint64_t exchanges_per_round(NodeId nodes) const { return exchanges ? exchanges(nodes) : 1; }
  Compression borne_compression(const AlgorithmOptions& own) const {
    return compression ? compression(own) : Compression::none;
  }
};

/// The reason why a graph does not let all nodes hear of each other; empty if it does.
std::string objection_to_unconnected(const Graph& graph);

/// `count` fragments a round, each in the encoding of the sender's codec.
std::vector<SentMessages> whole_fragments(double count, const Sender& sender);

/// Bytes in front of a message's values: sender, recipient, fragment, kind, round, count.
inline constexpr Bytes kHeaderBytes = 24;

/// The size of a message with so many values, which the links are charged.
inline constexpr Bytes message_size(std::uint64_t parameters) { return kHeaderBytes + sizeof(float) * parameters; }

}  // namespace tardigrad
