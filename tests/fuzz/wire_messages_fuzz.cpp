/// All bytes that a part of a run reads from another: messages to its actors, barrier reports, and the messages
/// of hosts and coordinator. Messages go on to the protocols of all algorithms, and through the guard to all
/// actors of a part. The first byte of an input chooses.
#include <caf/actor_system.hpp>
#include <caf/make_message.hpp>
#include <utility>

#include "actors/hosts/part_outbox.hpp"
#include "actors/hosts/wire_guard.hpp"
#include "actors/protocols/compressed_protocol.hpp"
#include "actors/protocols/registry.hpp"
#include "actors/run/run_actors.hpp"
#include "actors/wire_message.hpp"
#include "runtime/clock/virtual_clock.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "scenarios/src/hosts/host_frames.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::require;

constexpr WireLimits kLimits{10, 4, 100};

Bytes size_of_content(const Transfer& transfer) {
  const std::size_t values = transfer.values ? transfer.values->size() : 0;
  return sizeof(float) * values + (transfer.encoded ? transfer.encoded->size() : 0);
}

void check(const TransferPtr& transfer) {
  require(transfer != nullptr, "a wire message about a transfer has one");
  require(transfer->from < kLimits.nodes && transfer->to < kLimits.nodes, "its nodes exist");
  require(transfer->fragment < kLimits.fragments, "its fragment exists");
  require(size_of_content(*transfer) <= kLimits.most_carried(), "it is no larger than a model of the run can be");
}

void check(const Hop& hop) {
  require(hop.peer < kLimits.nodes && hop.fragment < kLimits.fragments, "the peer and the fragment of a hop exist");
  require(Time{} <= hop.begin && hop.begin <= hop.end && hop.end <= kNever, "a hop ends after it has begun");
}

void fuzz_wire_messages(ByteReader in) {
  while (!in.at_end()) {
    const auto wire_message = read_wire_message(in, kLimits);
    if (!wire_message) {
      require(!in.ok(), "who gives no wire_message has failed");
      return;
    }
    require(wire_message->node < kLimits.nodes, "the addressee exists");
    if (wire_message->moment)
      require(wire_message->moment->at >= Time{} && wire_message->moment->at <= kNever, "there is such a moment");
    if (const auto* arriving = std::get_if<Arriving>(&wire_message->message)) check(arriving->transfer);
    if (const auto* outgoing = std::get_if<Outgoing>(&wire_message->message)) {
      for (const TransferPtr& transfer : outgoing->transfers) check(transfer);
    }
    if (const auto* access = std::get_if<AccessRow>(&wire_message->message); access && access->hops) {
      for (const Hop& hop : *access->hops) check(hop);
    }
    if (const auto* snapshot = std::get_if<ModelSnapshot>(&wire_message->message)) {
      require(snapshot->model && snapshot->model->size() == kLimits.parameters, "a model is as large as all others");
    }
  }
}

void fuzz_report(ByteReader in) {
  const auto report = read_report(in, kLimits.nodes);
  require(!report || report->slow_nodes.size() <= kLimits.nodes, "no more slow nodes than nodes");
}

void fuzz_host_frame(HostFrame kind, ByteReader in) {
  switch (kind) {
    case HostFrame::offer:
      read_offer(in);
      return;
    case HostFrame::join:
      read_join(in);
      return;
    case HostFrame::ready:
      read_ready(in);
      return;
    case HostFrame::launch:
      read_launch(in);
      return;
    default:
      break;
  }
  const HostPrepare prepare = read_prepare(in);
  if (!in.ok()) return;
  for (const PartId part : prepare.part_of) {
    require(part >= 1 && part <= prepare.addresses.size(), "every node is on a host that there is");
  }
}

template <class Message>
WireBytes wire_message_to(Role role, NodeId node, const Message& message) {
  ByteWriter out;
  const auto content = caf::make_message(message);
  write_wire_message(out, {1, static_cast<std::uint8_t>(role), node}, WireMessage::Moment{Time(5), {7, 8}},
                     content.content());
  return out.take();
}

template <class Message>
fuzz::Bytes wire_message_of(const Message& message) {
  fuzz::Bytes input{0};
  fuzz::append(input, wire_message_to(Role::downlink, 9, message));
  return input;
}

// ---- effect on protocols -------------------------------------------------------------------------

constexpr NodeId kNodes = 8;
constexpr NodeId kSelf = 2;
constexpr std::size_t kSize = 24;
constexpr NodeId kServers = 5;  // of halos, by its usual options
constexpr WireLimits kRunLimits{kNodes + kServers, 10, kSize};

/// An algorithm on its usual graph, behind one of the codecs that it bears, or none; by two bytes of an input.
struct Subject {
  const Algorithm* algorithm;
  ProtocolFactory protocols;

  Subject(std::uint8_t which, std::uint8_t behind) : algorithm(&algorithms()[which % algorithms().size()]) {
    const AlgorithmOptions options(algorithm->options);
    protocols = algorithm->protocols(options, {graph_schedule(algorithm->usual_topology, kNodes, 1), 1});
    CodecSpec spec;
    spec.kind = codec_kinds()[behind % codec_kinds().size()].name;
    std::shared_ptr<const Codec> codec = make_codec(spec);
    const Compression borne = algorithm->borne_compression(options);
    const bool bears = borne == Compression::any || (borne == Compression::dense && !codec->is_sparse());
    if (bears && behind >= codec_kinds().size()) protocols = compressed(std::move(protocols), codec, 1);
  }
};

/// One node's protocol, and its progress.
struct Learning {
  Learning(const Subject& subject, NodeId node, std::size_t model_size)
      : own(node), size(model_size), protocol(subject.protocols({node, 0, kSize})) {
    call([&](Actions& actions) { protocol->on_start(share(Values(size, 1.0F)), actions); });
  }

  template <class Call>
  void call(const Call& call_protocol) {
    Actions actions;
    call_protocol(actions);
    require(!actions.values() || actions.values()->size() == size, "a model stays as large as it is");
    require(actions.mixing().missed >= actions.refused().size(), "what is refused has not come");
    for (const Actions::Send& message : actions.sends()) {
      require(message.to < kRunLimits.nodes && message.to != own, "it sends to others only");
    }
    for (const NodeId awaited : actions.awaited()) {
      require(awaited < kRunLimits.nodes, "it waits for nodes that there are");
    }
    if (actions.starts_round()) may_train = true;
    sent = std::move(actions.sends());
  }
  void train() {
    if (!std::exchange(may_train, false)) return;
    call([&](Actions& actions) { protocol->on_trained({round, share(Values(size, 2.0F))}, actions); });
    ++round;
  }
  void hear(const Transfer& transfer) {
    call([&](Actions& actions) {
      protocol->on_message({transfer.from, transfer.kind, transfer.round, transfer.values, transfer.encoded}, actions);
    });
  }

  NodeId own;
  std::size_t size;
  std::unique_ptr<FragmentProtocol> protocol;
  Round round = 0;
  bool may_train = false;
  std::vector<Actions::Send> sent;
};

void fuzz_protocol(ByteReader in) {
  const auto which = in.get<std::uint8_t>();
  const auto behind = in.get<std::uint8_t>();
  const bool learns = in.get<std::uint8_t>() % 4 != 0;
  Learning node(Subject(which, behind), kSelf, learns ? kSize : 0);
  while (in.ok() && !in.at_end()) {
    switch (in.get<std::uint8_t>() % 8) {
      case 0:
      case 1:
        node.train();
        break;
      case 2:
        node.call([&](Actions& actions) { node.protocol->on_wait_over(actions); });
        break;
      default: {
        const auto wire_message = read_wire_message(in, kRunLimits);
        if (!wire_message) return;
        if (const auto* arriving = std::get_if<Arriving>(&wire_message->message)) node.hear(*arriving->transfer);
      }
    }
  }
}

TransferPtr as_transfer(NodeId from, const Actions::Send& sent) {
  Transfer transfer;
  transfer.from = from;
  transfer.to = sent.to;
  transfer.kind = sent.kind;
  transfer.round = sent.round;
  transfer.values = sent.values;
  transfer.encoded = sent.encoded;
  transfer.size = kHeaderBytes + sizeof(float) * (sent.values ? sent.values->size() : 0) +
                  (sent.encoded ? sent.encoded->size() : 0);
  return std::make_shared<const Transfer>(std::move(transfer));
}

NodeId servers_of(const Subject& subject) {
  return subject.algorithm->server_count(AlgorithmOptions(subject.algorithm->options));
}

/// The messages of the others to this node in their first rounds, if none of them receives any.
std::vector<TransferPtr> sound_messages(const Subject& subject) {
  std::vector<TransferPtr> messages;
  for (NodeId node = 0; node < kNodes + servers_of(subject); ++node) {
    if (node == kSelf) continue;
    Learning other(subject, node, kSize);
    const auto collect = [&] {
      for (const Actions::Send& sent : other.sent) {
        if (sent.to == kSelf) messages.push_back(as_transfer(node, sent));
      }
    };
    collect();
    for (int round = 0; round < 3; ++round) {
      other.train();
      collect();
      other.call([&](Actions& actions) { other.protocol->on_wait_over(actions); });
      collect();
    }
  }
  return messages;
}

fuzz::Bytes protocol_input(std::uint8_t which, std::uint8_t behind) {
  fuzz::Bytes input{7, which, behind, 1, 0};
  for (const TransferPtr& message : sound_messages(Subject(which, behind))) {
    input.push_back(3);
    fuzz::append(input, wire_message_to(Role::downlink, kSelf, Arriving{message, {}, {}, {}}));
    input.push_back(0);
  }
  return input;
}

// ---- effect on all actors of a part --------------------------------------------------------------

class TinyLearner final : public Learner {
 public:
  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(kSize, 1.0F); }
  std::unique_ptr<LocalState> local_state(NodeId) const override { return std::make_unique<Nothing>(); }
  std::uint64_t shard_size(NodeId) const override { return 1; }
  LocalResult train(unsigned, LocalState&, Values& model, const LocalWork&) override {
    return {model.empty() ? 0 : model[0], 1, 0.1};
  }
  Evaluation evaluate(unsigned, const Values&, std::optional<NodeId>) override { return {}; }

 private:
  struct Nothing final : LocalState {
    void persist(StateArchive&) override {}
  };

  ParameterLayout layout_{{{"w", {static_cast<std::int64_t>(kSize)}}}, true};
};

/// There are no other parts.
class Silence final : public Outbox {
 public:
  void send(const Address&, const caf::type_erased_tuple&) override {}
  void send(const Address&, Time, const EventKey&, const caf::type_erased_tuple&) override {}
  FlowControl* flow_control(PartId) override { return nullptr; }
  bool is_lost(PartId) const override { return false; }
};

class Discard final : public RecordSink {
 public:
  void add(const RoundRecord&) override {}
  void add(const EvaluationRow&) override {}
  void add(const LinkRow&) override {}
  void commit() override {}
};

RunPlan part_plan(const Subject& subject, Sharing sharing) {
  RunPlan plan;
  plan.servers = servers_of(subject);
  plan.nodes = kNodes + plan.servers;
  plan.duration = std::chrono::milliseconds(300);
  plan.paces.assign(plan.nodes, Pace{Time{}, Distribution::constant(std::chrono::milliseconds(50)), 1, 1, {}});
  plan.network.sharing = sharing;
  const RateProfile rate(BitsPerSecond{1e5});
  plan.network.access.assign(plan.nodes, AccessLink{rate, rate});
  plan.network.link = [link = std::make_shared<const LinkModel>(LinkModel{
                           Latency(std::chrono::milliseconds(2)), {}, std::nullopt})](NodeId, NodeId) { return link; };
  plan.absences.resize(plan.nodes);
  plan.wait_timeout = std::chrono::milliseconds(60);
  plan.fragments = subject.algorithm->fragments(AlgorithmOptions(subject.algorithm->options));
  plan.exchanges_per_round = subject.algorithm->exchanges_per_round(kNodes);
  plan.protocols = subject.protocols;
  plan.evaluations = {std::chrono::milliseconds(100), std::chrono::milliseconds(200)};
  return plan;
}

/// Corrects the fields that the sender's own actors would have set, so that more than the guard is tested.
void mend(WireMessage& wire_message) {
  if (!wire_message.moment) wire_message.moment.emplace();
  const auto cause = [&](EntityId entity) { wire_message.moment->key.entity = entity.value(); };
  const auto resized = [](const TransferPtr& transfer) {
    Transfer other = *transfer;
    other.size = kHeaderBytes + size_of_content(other);
    return std::make_shared<const Transfer>(std::move(other));
  };
  if (auto* arriving = std::get_if<Arriving>(&wire_message.message)) {
    arriving->transfer = resized(arriving->transfer);
    wire_message.role = Role::downlink;
    wire_message.node = arriving->transfer->to;
    cause(EntityId(EntityKind::link, arriving->transfer->from, wire_message.node));
  } else if (auto* withdrawn = std::get_if<Withdrawn>(&wire_message.message)) {
    wire_message.role = Role::downlink;
    wire_message.node = withdrawn->transfer->to;
    cause(EntityId(EntityKind::link, withdrawn->transfer->from, wire_message.node));
  } else if (auto* outgoing = std::get_if<Outgoing>(&wire_message.message)) {
    wire_message.role = Role::uplink;
    for (TransferPtr& transfer : outgoing->transfers) transfer = resized(transfer);
    cause(EntityId(EntityKind::uplink_proxy, wire_message.node));
  } else if (std::holds_alternative<RoundEnded>(wire_message.message)) {
    wire_message.role = Role::uplink;
    cause(EntityId(EntityKind::uplink_proxy, wire_message.node));
  } else if (auto* evaluate = std::get_if<Evaluate>(&wire_message.message)) {
    wire_message.role = Role::node;
    evaluate->time = wire_message.moment->at;
    cause(EntityId(EntityKind::evaluation_request, wire_message.node));
  } else if (std::holds_alternative<EvaluateBetween>(wire_message.message)) {
    wire_message.role = Role::node;
    cause(EntityId(EntityKind::evaluation_request, wire_message.node));
  } else {
    wire_message.role = Role::recorder;
  }
}

/// Nodes 0 to 3 live at host 1, the others and servers at host 2.
void fuzz_part(ByteReader in) {
  const auto which = in.get<std::uint8_t>();
  const auto behind = in.get<std::uint8_t>();
  const auto kind = in.get<std::uint8_t>();
  const Subject subject(which, behind);
  const RunPlan plan = part_plan(subject, kind % 2 == 0 ? Sharing::serial : Sharing::fair);
  std::vector<PartId> homes(plan.nodes, 2);
  std::fill_n(homes.begin(), 4, PartId{1});
  const Placement placement{static_cast<PartId>(kind / 2 % 2), 3, homes, {}};
  static TinyLearner learner;
  static ComputePool pool(1, nullptr);
  static VirtualTimeConfig config;
  static caf::actor_system system(config);
  VirtualClock clock(system);
  Silence silence;
  Discard sink;
  Refusals refusals(placement, nullptr);
  RunActors actors({plan, learner, pool, system, clock, &sink, placement, &silence, &refusals});
  const WireGuard guard(plan, placement, actors.limits(), true);
  actors.begin();
  while (in.ok() && !in.at_end()) {
    const auto how = in.get<std::uint8_t>();
    auto wire_message = read_wire_message(in, actors.limits());
    if (!wire_message) break;
    if (how >= 128) mend(*wire_message);
    if (!guard.objection(*wire_message, how % 3).empty()) continue;
    require(actors.deliver(*wire_message, nullptr), "who may send a wire message sends it to somebody");
    clock.run_until(clock.now() + std::chrono::milliseconds(how / 3 % 16), [] { return true; });
  }
  clock.run_until(plan.duration, [] { return true; });
}

fuzz::Bytes part_input(std::uint8_t which, std::uint8_t kind) {
  fuzz::Bytes input{8, which, 0, kind};
  const auto add = [&](PartId part, const WireBytes& wire_message) {
    input.push_back(static_cast<std::uint8_t>(129 + part + (129 + part) % 3));
    while (input.back() % 3 != part) ++input.back();
    fuzz::append(input, wire_message);
  };
  const bool is_fair = kind % 2 == 1;
  const bool is_coordinator = kind / 2 % 2 == 0;
  for (const TransferPtr& message : sound_messages(Subject(which, 0))) {
    if (message->from < 4) continue;
    if (!is_coordinator) {
      add(is_fair ? 0 : 2, wire_message_to(Role::downlink, kSelf, Arriving{message, Time(9), {}, {}}));
      if (message->round == 1)
        add(is_fair ? 0 : 2, wire_message_to(Role::downlink, kSelf, Withdrawn{message, Time(3), {}}));
    } else if (is_fair) {
      add(2, wire_message_to(Role::uplink, message->from, Outgoing{0, true, true, {message}, {}}));
      add(2, wire_message_to(Role::uplink, message->from, RoundEnded{message->round, {}}));
    }
  }
  if (!is_coordinator) {
    for (int i = 0; i < 3; ++i) {
      add(0, wire_message_to(Role::node, 1, Evaluate{Time(5)}));
      add(0, wire_message_to(Role::node, 1, EvaluateBetween{Time(1), Time(9), {}}));
    }
    return input;
  }
  for (NodeId node = 4; node < kNodes; ++node) {
    add(2, wire_message_to(Role::recorder, 0, RoundRow{node, 1, Time(1), Time(2), Time(3), 0, {}}));
    add(2, wire_message_to(Role::recorder, 0, AccessRow{node, 1, true, 3, 4, 5, 6, nullptr}));
    add(2, wire_message_to(Role::recorder, 0, AccessRow{node, 1, false, 3, 4, 5, 6, nullptr}));
    add(2, wire_message_to(Role::recorder, 0, EvaluationRow{Time(7), node, 1, {}}));
    add(2, wire_message_to(Role::recorder, 0, ModelSnapshot{node, 1, share(Values(kSize)), Time(7)}));
    add(2, wire_message_to(Role::recorder, 0, WaitRow{node, {1, 2}}));
  }
  return input;
}

TransferPtr some_transfer() {
  Transfer transfer;
  transfer.from = 3;
  transfer.to = 9;
  transfer.fragment = 2;
  transfer.values = share(Values(5, 1.5F));
  transfer.encoded = share(EncodedBytes{1, 2, 3});
  return std::make_shared<const Transfer>(std::move(transfer));
}

Hops some_hops() {
  const Hop hop{Hop::Place::pair, Hop::Fate::cut, 9, 3, 7, 1234, 5, Time(1), Time(2)};
  return std::make_shared<const std::vector<Hop>>(2, hop);
}

}  // namespace

std::vector<fuzz::Bytes> tardigrad::fuzz::deep_inputs() {
  std::vector<Bytes> inputs{wire_message_of(Arriving{some_transfer(), {}, {}}),
                            wire_message_of(Outgoing{1, true, true, {some_transfer(), some_transfer()}, {}}),
                            wire_message_of(ModelSnapshot{1, 0, share(Values(100))}),
                            wire_message_of(WaitRow{1, {2, 3}}),
                            wire_message_of(LinkRow{}),
                            wire_message_of(AccessRow{1, 2, true, 3, 4, 5, 6, some_hops()})};
  for (std::uint8_t kind = 0; kind < 5; ++kind) inputs.push_back({static_cast<std::uint8_t>(2 + kind)});
  HostPrepare prepare{2, {"a:1", "b:2"}, {1, 1, 2}, {"text", {"one", ""}}, 7};
  const WireBytes frame = frame_of(prepare);
  Bytes input{static_cast<std::uint8_t>(2 + static_cast<int>(HostFrame::prepare))};
  // Without what says which run and which kind it is.
  input.insert(input.end(), frame.begin() + sizeof(std::uint32_t) + 1, frame.end());
  inputs.push_back(std::move(input));
  inputs.emplace_back(100, std::uint8_t{1});
  const auto last_codec = static_cast<std::uint8_t>(2 * codec_kinds().size());
  for (std::uint8_t which = 0; which < algorithms().size(); ++which) {
    for (std::uint8_t behind = 5; behind < last_codec; ++behind) inputs.push_back(protocol_input(which, behind));
    for (std::uint8_t kind = 0; kind < 4; ++kind) inputs.push_back(part_input(which, kind));
  }
  return inputs;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  const ByteReader in(bytes + 1, size - 1);
  switch (const unsigned choice = bytes[0] % 9) {
    case 0:
      fuzz_wire_messages(in);
      return 0;
    case 1:
      fuzz_report(in);
      return 0;
    case 7:
      fuzz_protocol(in);
      return 0;
    case 8:
      fuzz_part(in);
      return 0;
    default:
      fuzz_host_frame(static_cast<HostFrame>(choice - 2), in);
      return 0;
  }
}
