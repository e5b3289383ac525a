#include "scenarios/src/hosts/host_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "actors/hosts/part_run.hpp"
#include "models/data/datasets.hpp"
#include "models/printable.hpp"
#include "scenarios/src/scenario/travelling_scenario.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using PeerEvent = HostNetwork::PeerEvent;

constexpr seconds kConnectTime{10};
constexpr seconds kPrepareTime{300};  // includes reading the data
constexpr std::size_t kLongestProblem = 400;

}  // namespace

HostAddress parse_host_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return {};
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, port);
  if (problem != std::errc{} || stop != end) return {};
  return {host, port};
}

std::vector<PartId> place_nodes(NodeId nodes, const std::vector<PlacementRule>& rules,
                                const std::vector<std::uint32_t>& weights) {
  std::vector<PartId> part_of(nodes);
  for (const PlacementRule& rule : rules) {
    for (const NodeId node : select_nodes(rule.nodes, nodes, 0, 0)) part_of[node] = rule.host;
  }
  std::vector<NodeId> others;
  for (NodeId node = 0; node < nodes; ++node) {
    if (part_of[node] == 0) others.push_back(node);
  }
  std::uint64_t total = 0;
  for (const std::uint32_t weight : weights) total += std::max(1U, weight);
  std::uint64_t sum = 0;
  std::size_t next = 0;
  for (PartId host = 0; host < weights.size(); ++host) {
    sum += std::max(1U, weights[host]);
    for (; next < others.size() * sum / total; ++next) part_of[others[next]] = host + 1;
  }
  return part_of;
}

std::string host_text(PartId part, const std::string& address, const std::vector<PartId>& part_of) {
  std::vector<NodeId> nodes;
  for (NodeId node = 0; node < part_of.size(); ++node) {
    if (part_of[node] == part) nodes.push_back(node);
  }
  return fmt::format("host {} ({}, {})", part, address, nodes_text(nodes));
}

HostGroup::HostGroup(TransportSettings settings, std::function<void(const std::string&)> log)
    : log_(std::move(log)), network_(std::move(settings), log_) {}

std::string HostGroup::connect(const Scenario& scenario, const std::vector<std::string>& addresses,
                               milliseconds patience) {
  if (addresses.size() > scenario.nodes.count) {
    return fmt::format("{} for {}: expected at most one host a node", count_of(addresses.size(), "host"),
                       count_of(scenario.nodes.count, "node"));
  }
  const auto is_there = [&](const auto& rule) { return rule.host <= addresses.size(); };
  const auto absent = [&](const char* table, std::uint32_t host) {
    return fmt::format("{} names host {}: the run has {}", table, host, count_of(addresses.size(), "host"));
  };
  for (const PlacementRule& rule : scenario.placement) {
    if (!is_there(rule)) return absent("[[placement]]", rule.host);
  }
  for (const ServerSection& server : scenario.servers) {
    if (!is_there(server)) return absent("[[servers]]", server.host);
  }
  TravellingResult packed = pack(scenario);
  if (!packed.error.empty()) return packed.error;
  for (const std::string& address : addresses) {
    if (parse_host_address(address).port != 0) continue;
    return fmt::format("--hosts: expected an address such as 192.0.2.1:4242, got {}", address);
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (const std::string& address : addresses) {
    const auto peer = reach(address, patience, deadline);
    if (interrupted()) return "interrupted";
    if (!peer) return peer.error();
    if (peer->role != static_cast<std::uint32_t>(HostRole::host)) {
      return fmt::format("{}: not a host that waits for runs", address);
    }
    members_.push_back({address, {peer->id, address}, 1});
  }
  const OnLoss ends_all = [](Member&, const std::string& what) { return what; };
  std::string problem = await_all(
      HostFrame::offer, kConnectTime,
      [](Member& member, ByteReader& in) { member.threads = std::clamp(read_offer(in).threads, 1U, 4096U); }, ends_all);
  if (!problem.empty()) return problem;
  std::vector<std::uint32_t> weights;
  for (const Member& member : members_) weights.push_back(member.threads);
  part_of_ = place_nodes(scenario.nodes.count, scenario.placement, weights);
  for (const ServerSection& server : scenario.servers) part_of_.push_back(server.host);
  name_members();

  HostPrepare prepare{0, addresses, part_of_, std::move(packed.scenario), content_checksum(scenario.data).checksum};
  for (PartId part = 1; part <= members_.size(); ++part) {
    prepare.self = part;
    network_.send(members_[part - 1].peer.peer, frame_of(prepare));
  }
  problem = await_ready(ends_all);
  if (!problem.empty()) return problem;
  for (const Member& member : members_) log_(fmt::format("{}: {} threads", member.peer.name, member.threads));
  return {};
}

Result<Peer> HostGroup::reach(const std::string& address, milliseconds patience,
                              std::chrono::steady_clock::time_point deadline) {
  bool is_up = true;  // unless nobody answers in the end
  Patience waiting;
  waiting.gives_up = interrupted;
  waiting.tries_again = [&, is_told = false](const std::string& why) mutable {
    const bool goes_on = std::chrono::steady_clock::now() < deadline && !interrupted();
    is_up = goes_on;
    if (goes_on && !is_told) {
      log_(fmt::format("{}: {}: waiting for hosts that are not up yet, up to {}", address, why,
                       duration_text(patience)));
    }
    is_told = is_told || goes_on;
    return goes_on;
  };
  const HostAddress parsed = parse_host_address(address);
  const auto peer = network_.connect(parsed.host, parsed.port, kConnectTime, waiting);
  if (peer || is_up) return peer;
  return Result<Peer>::failure(fmt::format("{}: is `tardigrad host --listen {}` running there?{}", peer.error(),
                                           address, patience.count() > 0 ? "" : " --wait-for-hosts 60s waits for it"));
}

void HostGroup::name_members() {
  for (PartId part = 1; part <= members_.size(); ++part) {
    Member& member = members_[part - 1];
    member.peer.name = host_text(part, member.address, part_of_);
  }
}

std::string HostGroup::objection_to(const Scenario& scenario) const {
  if (scenario.time.clock == "real") return {};
  const auto servers = [](const AlgorithmSection& own) { return own.algorithm->server_count(own.options); };
  const auto takes_fewer = [&](const auto& a, const auto& b) { return servers(a) < servers(b); };
  const auto& sections = scenario.algorithms;
  const AlgorithmSection& most_links = *std::max_element(sections.begin(), sections.end(), takes_fewer);
  for (const std::uint64_t seed : scenario.seeds) {
    const RunPlan plan = make_plan(scenario, most_links, seed);
    if (lookahead_of(plan, {0, static_cast<PartId>(members_.size() + 1), part_of_}) > Time{}) continue;
    return "network.latency may be zero between nodes of different hosts: in virtual time hosts run ahead of each "
           "other "
           "by the least latency, expected one above zero";
  }
  return {};
}

std::string HostGroup::await_ready(const OnLoss& on_loss) {
  return await_all(
      HostFrame::ready, kPrepareTime, [](Member&, ByteReader&) {}, on_loss);
}

template <class Take>
std::string HostGroup::problem_in(Member& member, HostFrame kind, ByteReader& in, const Take& take) {
  std::string problem;
  if (kind == HostFrame::ready) {
    problem = printable(read_ready(in).problem, kLongestProblem);
  } else {
    take(member, in);
  }
  if (!in.ok()) problem = "an answer that is none";
  return problem.empty() ? problem : fmt::format("{}: {}", member.peer.name, problem);
}

template <class Take>
std::string HostGroup::await_all(HostFrame kind, seconds most, const Take& take, const OnLoss& on_loss) {
  std::vector<bool> heard(members_.size());
  const auto deadline = std::chrono::steady_clock::now() + most;
  for (std::size_t left = members_.size(); left > 0;) {
    if (interrupted()) return "interrupted";
    if (std::chrono::steady_clock::now() > deadline) {
      const auto silent = std::find(heard.begin(), heard.end(), false) - heard.begin();
      return fmt::format("{}: no answer for {} s", members_[static_cast<std::size_t>(silent)].peer.name, most.count());
    }
    auto event = network_.next(milliseconds(100));
    if (!event) continue;
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [&](const Member& each) { return each.peer.peer == event->peer; });
    if (member == members_.end()) continue;
    const auto place = static_cast<std::size_t>(member - members_.begin());
    std::string loss;
    bool is_answer = false;
    if (event->kind == PeerEvent::Kind::gone) {
      loss = fmt::format("{} is gone: {}", member->peer.name, event->text);
    } else if (event->kind == PeerEvent::Kind::frame && event->run == 0) {
      ByteReader in(event->bytes);
      const HostFrame said = read_kind(in);
      is_answer = said == kind && !heard[place];
      // A host can give up at any time, also after its answer and while others are still waited for.
      if (is_answer || said == HostFrame::ready) loss = problem_in(*member, said, in, take);
    }
    if (!loss.empty() && member->lost.empty()) {
      if (const std::string problem = on_loss(*member, loss); !problem.empty()) return problem;
    }
    if (heard[place] || (loss.empty() && !is_answer)) continue;
    heard[place] = true;
    --left;
  }
  return {};
}

Runner HostGroup::runner(const Scenario& scenario) {
  return [this, time = scenario.time](const RunChoice& choice, const RunPlan& plan, Learner& learner, ComputePool& pool,
                                      RecordSink& sink, const std::function<bool(const RunPosition&)>& keep_going,
                                      const Checkpointing&) {
    return run(choice, time, plan, learner, pool, sink, keep_going);
  };
}

void HostGroup::note_loss(const LostHost& lost) {
  members_[lost.host - 1].lost = lost.what;
  log_(fmt::format("{}; the run goes on without its nodes", lost.what));
}

RunOutcome HostGroup::run(const RunChoice& choice, const TimeSection& time, const RunPlan& plan, Learner& learner,
                          ComputePool& pool, RecordSink& sink,
                          const std::function<bool(const RunPosition&)>& keep_going) {
  for (const Member& member : members_) {
    if (!member.lost.empty()) throw PartLost("cannot begin without all hosts: " + member.lost);
  }
  const HostLaunch launch{++runs_, choice.seed, static_cast<std::uint32_t>(choice.algorithm), plan.timeline};
  for (const Member& member : members_) network_.send(member.peer.peer, frame_of(launch));
  const std::string problem = await_ready([&](Member& member, const std::string& what) {
    member.lost = what;  // if the run goes on, it begins without the host
    return time.survives_host_loss ? std::string() : what;
  });
  if (interrupted()) return {};  // before anything has happened
  if (!problem.empty()) throw PartLost(problem);
  std::map<PartId, PartPeer> parts;
  for (PartId part = 1; part <= members_.size(); ++part) {
    parts[part] = members_[part - 1].peer;
    network_.send(parts[part].peer, begin_frame());
  }
  std::map<PartId, std::string> lost;
  for (PartId part = 1; part <= members_.size(); ++part) {
    if (!members_[part - 1].lost.empty()) lost[part] = members_[part - 1].lost;
  }
  HostChannel channel(network_, launch.run, parts, std::move(lost), [](const PeerEvent&) {});
  PartTools tools{plan, learner, pool, channel, {0, static_cast<PartId>(members_.size() + 1), part_of_}};
  tools.placement.lookahead = lookahead_of(plan, tools.placement);
  if (time.survives_host_loss) tools.on_loss = [this](const LostHost& host) { note_loss(host); };
  tools.on_refusal = [this](const std::string& line) { log_(line); };
  return time.clock == "real" ? coordinate_in_real_time(tools, sink, keep_going)
                              : coordinate_in_virtual_time(tools, sink, keep_going);
}

}  // namespace tardigrad
