#include "actors/wire_message.hpp"

#include <stdexcept>
#include <utility>

#include "actors/message_fields.hpp"

namespace tardigrad {

namespace {

// Archives that write the fields of a message, or fill them in.

class Writing {
 public:
  explicit Writing(ByteWriter& out) : out_(out) {}

  template <class... Fields>
  void operator()(const Fields&... fields) {
    (put(fields), ...);
  }

 private:
  void put(bool flag) { out_.put(static_cast<std::uint8_t>(flag)); }
  void put(Time time) { out_.put(time.count()); }
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number> || std::is_enum_v<Number>>>
  void put(Number number) {
    out_.put(number);
  }
  template <class Element>
  void put(const std::vector<Element>& elements) {
    out_.put(static_cast<std::uint64_t>(elements.size()));
    if constexpr (std::is_arithmetic_v<Element>) {
      out_.put_block(elements.data(), elements.size() * sizeof(Element));
    } else {
      for (const Element& element : elements) put(element);
    }
  }
  template <class Content>
  void put(const std::shared_ptr<const Content>& content) {
    put(content != nullptr);
    if (content) put(*content);
  }
  void put(const Transfer& transfer);
  void put(const Hop& hop);
  void put(const Traffic& traffic) { describe(*this, const_cast<Traffic&>(traffic)); }
  void put(const DelayCounts& delays) {
    put(delays.steps());
    put(delays.counts());
  }
  void put(const MixingCount& count) { describe(*this, const_cast<MixingCount&>(count)); }

  ByteWriter& out_;
};

class Reading {
 public:
  Reading(ByteReader& in, const WireLimits& limits) : in_(in), limits_(limits) {}

  template <class... Fields>
  void operator()(Fields&... fields) {
    (get(fields), ...);
  }

 private:
  void get(bool& flag) { flag = in_.get_flag(); }
  void get(Time& time) { time = Time(in_.get<std::int64_t>()); }
  template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
  void get(Number& number) {
    number = in_.get<Number>();
  }
  template <class Kind>
  void get(Kind& kind, Kind last) {
    const auto value = in_.get<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) in_.fail();
    kind = static_cast<Kind>(value);
  }
  void get(LinkRow::Kind& kind) { get(kind, LinkRow::Kind::link); }
  void get(Hop::Place& place) { get(place, Hop::Place::downlink); }
  void get(Hop::Fate& fate) { get(fate, Hop::Fate::lost); }
  void get(std::vector<NodeId>& nodes) {
    nodes = in_.get_vector<NodeId>(limits_.nodes);
    for (const NodeId node : nodes) {
      if (node >= limits_.nodes) in_.fail();
    }
  }
  void get(std::vector<TransferPtr>& transfers) {
    const auto count = in_.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && in_.ok(); ++i) get(transfers.emplace_back());
  }
  void get(SharedValues& values) {
    if (in_.get_flag()) values = share(in_.get_vector<float>(limits_.most_values()));
  }
  void get(SharedBytes& bytes) {
    if (in_.get_flag()) bytes = share(in_.get_vector<std::uint8_t>(limits_.most_encoded()));
  }
  void get(TransferPtr& transfer);
  void get(Hops& hops);
  void get(Traffic& traffic) { describe(*this, traffic); }
  void get(DelayCounts& delays) {
    auto steps = in_.get_vector<std::uint16_t>(DelayCounts::kSteps);
    auto counts = in_.get_vector<std::uint64_t>(DelayCounts::kSteps);
    if (!delays.assign(std::move(steps), std::move(counts))) in_.fail();
  }
  void get(MixingCount& count) { describe(*this, count); }

  ByteReader& in_;
  const WireLimits& limits_;
};

// Descriptions serve both directions, but a writing archive changes nothing.
void Writing::put(const Transfer& transfer) { describe(*this, const_cast<Transfer&>(transfer)); }

void Writing::put(const Hop& hop) { describe(*this, const_cast<Hop&>(hop)); }

void Reading::get(Hops& hops) {
  if (!in_.get_flag()) return;
  const auto count = in_.get<std::uint64_t>();
  std::vector<Hop> content;
  for (std::uint64_t i = 0; i < count && in_.ok(); ++i) {
    Hop& hop = content.emplace_back();
    describe(*this, hop);
    const bool is_possible = is_time(hop.begin) && is_time(hop.end) && hop.begin <= hop.end;
    if (!is_possible || hop.peer >= limits_.nodes || hop.fragment >= limits_.fragments) in_.fail();
  }
  hops = std::make_shared<const std::vector<Hop>>(std::move(content));
}

void Reading::get(TransferPtr& transfer) {
  if (!in_.get_flag()) return in_.fail();
  auto content = std::make_shared<Transfer>();
  describe(*this, *content);
  if (content->from >= limits_.nodes || content->to >= limits_.nodes || content->fragment >= limits_.fragments) {
    in_.fail();
  }
  transfer = std::move(content);
}

/// True if the nodes in a message exist.
template <class Message>
bool is_within(const Message&, const WireLimits&) {
  return true;
}
bool is_within(const Outgoing& m, const WireLimits& limits) { return m.fragment < limits.fragments; }
bool is_within(const RoundRow& r, const WireLimits& limits) {
  return r.node < limits.nodes && is_time(r.begin) && is_time(r.trained) && is_time(r.end);
}
bool is_within(const AccessRow& r, const WireLimits& limits) { return r.node < limits.nodes; }
bool is_within(const LinkRow& r, const WireLimits& limits) { return r.from < limits.nodes && r.to < limits.nodes; }
bool is_within(const EvaluationRow& r, const WireLimits& limits) { return r.node < limits.nodes; }
bool is_within(const ModelSnapshot& m, const WireLimits& limits) {
  return m.node < limits.nodes && m.model && m.model->size() == limits.parameters;
}
bool is_within(const WaitRow& r, const WireLimits& limits) { return r.node < limits.nodes; }

using Content = decltype(WireMessage::message);

template <std::size_t index = 0>
bool write_content(ByteWriter& out, const caf::type_erased_tuple& message) {
  if constexpr (index < std::variant_size_v<Content>) {
    using Message = std::variant_alternative_t<index, Content>;
    if (!message.match_elements<Message>()) return write_content<index + 1>(out, message);
    out.put(static_cast<std::uint8_t>(index));
    Writing archive(out);
    describe(archive, const_cast<Message&>(message.get_as<Message>(0)));
    return true;
  } else {
    return false;
  }
}

template <std::size_t index = 0>
void read_content(ByteReader& in, const WireLimits& limits, std::uint8_t kind, Content& content) {
  if constexpr (index < std::variant_size_v<Content>) {
    if (kind != index) return read_content<index + 1>(in, limits, kind, content);
    auto& message = content.emplace<index>();
    Reading archive(in, limits);
    describe(archive, message);
    if (!is_within(message, limits)) in.fail();
  } else {
    in.fail();
  }
}

}  // namespace

void write_wire_message(ByteWriter& out, const Address& to, const std::optional<WireMessage::Moment>& moment,
                        const caf::type_erased_tuple& message) {
  Writing archive(out);
  archive(to.role, to.node, moment.has_value());
  if (moment) archive(moment->at, moment->key.entity, moment->key.sequence);
  if (!write_content(out, message)) throw std::logic_error("a message to a far actor that must not leave its part");
}

std::optional<WireMessage> read_wire_message(ByteReader& in, const WireLimits& limits) {
  WireMessage wire_message;
  const auto role = in.get<std::uint8_t>();
  wire_message.node = in.get<NodeId>();
  if (role > static_cast<std::uint8_t>(Role::recorder) || wire_message.node >= limits.nodes) in.fail();
  wire_message.role = static_cast<Role>(role);
  Reading archive(in, limits);
  if (in.get_flag()) {
    wire_message.moment.emplace();
    archive(wire_message.moment->at, wire_message.moment->key.entity, wire_message.moment->key.sequence);
    if (wire_message.moment->at < Time{} || wire_message.moment->at > kNever) in.fail();
  }
  const auto kind = in.get<std::uint8_t>();
  read_content(in, limits, kind, wire_message.message);
  if (!in.ok()) return std::nullopt;
  return wire_message;
}

}  // namespace tardigrad
