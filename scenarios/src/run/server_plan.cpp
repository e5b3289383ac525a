#include "scenarios/src/run/server_plan.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tardigrad {

namespace {

/// The links between servers, and between servers and nodes. Immutable, hence usable by any thread.
class ServerLinks {
 public:
  ServerLinks(const Scenario& scenario, NodeId servers) : nodes_(scenario.nodes.count) {
    const NetworkSection& network = scenario.network;
    if (network.matrix) matrix_ = network.matrix->links;
    for (NodeId s = 0; s < servers; ++s) {
      const ServerSection& own = scenario.servers[s];
      const LinkModel usual{{PiecewiseConstant(to_seconds(own.latency)), network.late_by}, network.loss, {}};
      usual_.push_back(std::make_shared<const LinkModel>(usual));
      places_.push_back(own.region.empty() ? std::nullopt : std::optional(first_node_in(own.region)));
    }
  }

  bool is_server(NodeId node) const { return node >= nodes_; }

  /// At least one of the two is a server.
  std::shared_ptr<const LinkModel> between(NodeId from, NodeId to) const {
    const auto from_place = place_of(from);
    const auto to_place = place_of(to);
    if (!from_place) return usual_[from - nodes_];
    if (!to_place) return usual_[to - nodes_];
    LinkModel model = *usual_.front();
    const MatrixNetwork::PairLink& link = matrix_->between(*from_place, *to_place);
    model.rate = link.rate;
    model.latency.base = PiecewiseConstant(to_seconds(link.latency));
    return std::make_shared<const LinkModel>(std::move(model));
  }

 private:
  NodeId first_node_in(const std::string& region) const {
    const auto& regions = matrix_->regions();
    const auto group = std::find(regions.begin(), regions.end(), region) - regions.begin();
    return static_cast<NodeId>(group) * matrix_->replicas();
  }
  /// A node with the same links in the matrix; nothing: it has none there.
  std::optional<NodeId> place_of(NodeId node) const { return is_server(node) ? places_[node - nodes_] : node; }

  NodeId nodes_;
  std::shared_ptr<const MatrixNetwork> matrix_;
  std::vector<std::shared_ptr<const LinkModel>> usual_;  // by server, where the matrix says nothing
  std::vector<std::optional<NodeId>> places_;            // by server
};

}  // namespace

void add_servers(const Scenario& scenario, NodeId servers, RunPlan& plan) {
  if (servers == 0) return;
  plan.nodes += servers;
  plan.servers = servers;
  plan.paces.resize(plan.nodes);
  plan.absences.resize(plan.nodes);
  for (NodeId s = 0; s < servers; ++s) {
    const AccessRates& own = scenario.servers[s].access;
    plan.network.access.push_back(scenario.network.emulated ? AccessLink{own.uplink, own.downlink} : AccessLink());
  }
  if (!scenario.network.emulated) return;
  plan.network.link = [links = std::make_shared<const ServerLinks>(scenario, servers), among_nodes = plan.network.link](
                          NodeId from, NodeId to) {
    return links->is_server(from) || links->is_server(to) ? links->between(from, to) : among_nodes(from, to);
  };
}

}  // namespace tardigrad
