/// The coordinator's side of a run over several hosts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/nodes_text.hpp"
#include "scenarios/src/hosts/host_network.hpp"
#include "scenarios/src/run/experiment.hpp"

namespace tardigrad {

/// The parts of "192.0.2.1:4242"; port 0 and an empty host if the text is no address.
struct HostAddress {
  std::string host;
  std::uint16_t port = 0;
};
HostAddress parse_host_address(const std::string& text);

/// By node: the part, from 1. Nodes that no rule places are spread in blocks, in order, in proportion to the
/// hosts' weights. Rules must name existing hosts.
std::vector<PartId> place_nodes(NodeId nodes, const std::vector<PlacementRule>& rules,
                                const std::vector<std::uint32_t>& weights);
/// "host 2 (192.0.2.1:4242, nodes 10 to 19)".
std::string host_text(PartId part, const std::string& address, const std::vector<PartId>& part_of);

class HostGroup {
 public:
  HostGroup(TransportSettings settings, std::function<void(const std::string&)> log);

  /// Connects to all hosts, distributes the scenario, and waits until each is ready. Hosts that are not up are
  /// tried again for as long as `patience`, all of them together; one that answers, whatever it says, is not. Returns
  /// one line on failure, else an empty text.
  std::string connect(const Scenario& scenario, const std::vector<std::string>& addresses,
                      std::chrono::milliseconds patience);
  /// The reason why the scenario cannot run over these hosts; empty if it can.
  std::string objection_to(const Scenario& scenario) const;

  Runner runner(const Scenario& scenario);

 private:
  struct Member {
    std::string address;
    PartPeer peer;
    std::uint32_t threads = 1;
    std::string lost{};  ///< one line if the host is gone
  };

  /// Connects to one host, as often as it takes until `deadline`; the log has a line on it, with `patience`.
  Result<Peer> reach(const std::string& address, std::chrono::milliseconds patience,
                     std::chrono::steady_clock::time_point deadline);

  /// Decides about a host that is gone or cannot go on: one line that ends all, or an empty text.
  using OnLoss = std::function<std::string(Member&, const std::string& what)>;
  /// Waits until every host has answered by a frame of this kind, which `take(member, in)` reads, or is lost.
  /// Returns one line on failure.
  template <class Take>
  std::string await_all(HostFrame kind, std::chrono::seconds most, const Take& take, const OnLoss& on_loss);
  std::string await_ready(const OnLoss& on_loss);
  /// Takes an answer, or what is said in a frame `ready`: one line if the host takes no further part in what is begun,
  /// else an empty text.
  template <class Take>
  static std::string problem_in(Member& member, HostFrame kind, ByteReader& in, const Take& take);
  void name_members();
  void note_loss(const LostHost& lost);
  RunOutcome run(const RunChoice& choice, const TimeSection& time, const RunPlan& plan, Learner& learner,
                 ComputePool& pool, RecordSink& sink, const std::function<bool(const RunPosition&)>& keep_going);

  std::function<void(const std::string&)> log_;
  HostNetwork network_;
  std::vector<Member> members_;
  std::vector<PartId> part_of_;
  std::uint32_t runs_ = 0;
};

}  // namespace tardigrad
