/// Wire messages: encodes the messages between actors of different parts of a run as bytes.
#pragma once

#include <optional>
#include <variant>

#include "actors/messages.hpp"
#include "runtime/hosts/far_actor.hpp"
#include "runtime/transport/byte_stream.hpp"

namespace tardigrad {

/// The actor of a node to which a message is addressed.
enum class Role : std::uint8_t { node, uplink, downlink, recorder };

/// True for a time of a run, or the value that stands for none.
inline bool is_time(Time time) { return time >= Time{} && time <= kNever; }

/// The limits of a run's messages. A message beyond them is refused before memory is allocated for it.
struct WireLimits {
  NodeId nodes = 0;
  FragmentId fragments = 0;
  std::uint64_t parameters = 0;  ///< of the model

  /// The greatest number of values in one message: a fragment's model, as many beside it, and a few more that a protocol
  /// adds to them; no codec produces more.
  std::uint64_t most_values() const { return 2 * parameters + 64; }
  std::uint64_t most_encoded() const { return 16 * parameters + 4096; }
  Bytes most_carried() const { return sizeof(float) * most_values() + most_encoded(); }

  friend bool operator==(const WireLimits& a, const WireLimits& b) {
    return a.nodes == b.nodes && a.fragments == b.fragments && a.parameters == b.parameters;
  }
};

struct WireMessage {
  Role role = Role::recorder;
  NodeId node = 0;
  /// The time and key of delivery; without them, delivery is immediate.
  struct Moment {
    Time at{};
    EventKey key;
  };
  std::optional<Moment> moment;
  std::variant<Arriving, Withdrawn, Outgoing, RoundEnded, Evaluate, RoundRow, AccessRow, LinkRow, EvaluationRow,
               ModelSnapshot, WaitRow, EvaluateBetween>
      message;
};

/// Appends a message. Throws std::logic_error for messages that must not leave their part.
void write_wire_message(ByteWriter& out, const Address& to, const std::optional<WireMessage::Moment>& moment,
                        const caf::type_erased_tuple& message);

/// The next message; nothing, and `in` has failed, if the bytes are no message within the limits.
std::optional<WireMessage> read_wire_message(ByteReader& in, const WireLimits& limits);

}  // namespace tardigrad
