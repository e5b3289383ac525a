#include "actors/protocols/low_communication/halos.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "actors/protocols/low_communication/server_algorithm.hpp"
#include "actors/protocols/low_communication/steps_by_speed.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

void RegionalServer::on_start(SharedValues initial, Actions& actions) {
  merged_ = initial;
  to_workers_.on_start(std::move(initial), actions);
}

void RegionalServer::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.from == global_) return merge(message, actions);
  to_workers_.on_message(message, actions);
  report_if_due(actions);
}

void RegionalServer::report_if_due(Actions& actions) {
  if (difference_ || to_workers_.outer().updates() - merged_at_ < merging_.every) return;
  ++reports_;
  difference_ = share(difference(*merged_, *to_workers_.outer().model()));
  on_wait_over(actions);
}

void RegionalServer::on_wait_over(Actions& actions) {
  if (!difference_) return;
  actions.send({global_, 0, reports_, difference_, 0});
  actions.await({global_});
}

void RegionalServer::merge(const ProtocolMessage& answer, Actions& actions) {
  if (answer.kind != 0) return actions.refuse(answer.from);
  if (!difference_ || answer.round != reports_) return;  // a second answer to one report
  const SharedValues& own = to_workers_.outer().model();
  const bool is_sound = answer.has(own->size());
  if (!is_sound) actions.refuse(answer.from);
  Values model(own->size(), 0.0F);
  const float global_share = is_sound ? merging_.global_share : 0;
  add_weighted(model, 1 - global_share, *own);
  if (is_sound) add_weighted(model, global_share, *answer.values);
  merged_ = share(std::move(model));
  merged_at_ = to_workers_.outer().updates();
  difference_.reset();
  to_workers_.replace(merged_);
  actions.await({});
  actions.start_round(merged_);
}

void RegionalServer::persist(StateArchive& archive) {
  to_workers_.persist(archive);
  archive(merged_, merged_at_, reports_, difference_);
}

NodeId region_of(NodeId node, NodeId nodes, NodeId regions) {
  return static_cast<NodeId>(std::uint64_t{node} * regions / nodes);
}

namespace {

NodeId regions_of(const AlgorithmOptions& options) { return static_cast<NodeId>(options.integer("regions")); }

DelayedNesterov::Settings settings_of(const AlgorithmOptions& options, const std::string& side) {
  return {options.number(side + "_learning_rate"), options.number(side + "_momentum"),
          static_cast<std::uint32_t>(options.integer(side + "_delay"))};
}

/// The nodes of a region are consecutive.
struct Region {
  NodeId first = 0;
  NodeId size = 0;
};

Region nodes_of(NodeId region, NodeId nodes, NodeId regions) {
  Region own;
  for (NodeId node = 0; node < nodes; ++node) {
    if (region_of(node, nodes, regions) != region) continue;
    if (own.size == 0) own.first = node;
    ++own.size;
  }
  return own;
}

std::vector<SentMessages> sent_in_round(const AlgorithmOptions& options, const Sender& sender) {
  const NodeId nodes = sender.graph.size();
  const NodeId regions = regions_of(options);
  const double every = static_cast<double>(options.integer("merge_every"));
  if (sender.node < nodes) return whole_fragments(1, sender);
  if (sender.node == nodes) return whole_fragments(nodes / every, sender);
  const double workers = nodes_of(sender.node - nodes - 1, nodes, regions).size;
  return whole_fragments(workers + workers / every, sender);
}

ProtocolFactory protocols_of(const AlgorithmOptions& options, const ProtocolContext& run) {
  const NodeId nodes = run.graphs->at(0)->size();
  const NodeId regions = regions_of(options);
  const RegionalServer::Merging merging{static_cast<std::uint64_t>(options.integer("merge_every")),
                                        static_cast<float>(options.number("global_share"))};
  return [=](const FragmentInfo& info) -> std::unique_ptr<FragmentProtocol> {
    if (info.node < nodes) {
      const NodeId server = nodes + 1 + region_of(info.node, nodes, regions);
      return std::make_unique<AsyncWorker>(server, asked_steps(options, run, info.node));
    }
    if (info.node == nodes) {
      return std::make_unique<AsyncServer>(regions, settings_of(options, "global"), 0, nodes + 1);
    }
    const Region own = nodes_of(info.node - nodes - 1, nodes, regions);
    return std::make_unique<RegionalServer>(AsyncServer(own.size, settings_of(options, "regional"), 0, own.first),
                                            nodes, merging);
  };
}

}  // namespace

Algorithm halos_algorithm() {
  Algorithm algorithm = server_algorithm(
      "halos", "async-local-sgd with a server in each region, and a global one that merges them (ICML 2025)");
  algorithm.options = {
      {"regions", std::int64_t{4}, "R, of consecutive nodes; a server of each, behind the global one", {1, 1e5}},
      {"regional_learning_rate", 3.2, "of the regions' servers", {0, 1000}},
      {"regional_momentum", 0.9, "of the regions' servers; below 1", {0, 0.9999}},
      {"regional_delay", std::int64_t{16}, "arrivals that a region's momentum takes in at once", {1, 1e6}},
      {"merge_every", std::int64_t{32}, "updates of a region from merge to merge", {1, 1e6}},
      {"global_share", 0.25, "of the global model in a merge", {0, 1}},
      {"global_learning_rate", 0.3, "of the global server", {0, 1000}},
      {"global_momentum", 0.5, "of the global server; below 1", {0, 0.9999}},
      {"global_delay", std::int64_t{2}, "arrivals that the global momentum takes in at once", {1, 1e6}},
      steps_option()};
  algorithm.servers = [](const AlgorithmOptions& options) { return 1 + regions_of(options); };
  algorithm.shorter_rounds = asks_for_fewer_steps;
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    if (regions_of(options) <= graph.size()) return std::string();
    return fmt::format("{} regions of {} nodes", regions_of(options), graph.size());
  };
  // A region may merge as often as it hears of any of its workers.
  algorithm.exchanges = [](NodeId nodes) { return std::uint64_t{nodes}; };
  algorithm.sends = sent_in_round;
  algorithm.protocols = protocols_of;
  return algorithm;
}

}  // namespace tardigrad
