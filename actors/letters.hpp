/// What actors of different parts of a run say to each other, as bytes.
#pragma once

#include <optional>
#include <variant>

#include "actors/messages.hpp"
#include "runtime/hosts/far_actor.hpp"
#include "runtime/transport/byte_stream.hpp"

namespace tardigrad {

/// Which actor of a node a letter is for.
enum class Role : std::uint8_t { node, uplink, downlink, recorder };

/// Whether it is a time of a run, or stands for none.
inline bool is_time(Time time) { return time >= Time{} && time <= kNever; }

/// What letters of one run may contain. One that goes beyond is refused before anything is made of it.
struct LetterLimits {
  NodeId nodes = 0;
  FragmentId fragments = 0;
  std::uint64_t parameters = 0;  ///< of the model

  /// In one message: a fragment's values, and what a protocol adds to them; no codec makes more of them than this.
  std::uint64_t most_values() const { return parameters + 64; }
  std::uint64_t most_encoded() const { return 16 * parameters + 4096; }
  Bytes most_carried() const { return sizeof(float) * most_values() + most_encoded(); }

  friend bool operator==(const LetterLimits& a, const LetterLimits& b) {
    return a.nodes == b.nodes && a.fragments == b.fragments && a.parameters == b.parameters;
  }
};

struct Letter {
  Role role = Role::recorder;
  NodeId node = 0;
  /// When it is to be delivered and in which order; without, at once.
  struct Moment {
    Time at{};
    EventKey key;
  };
  std::optional<Moment> moment;
  std::variant<Arriving, Withdrawn, Outgoing, RoundEnded, Evaluate, RoundRow, AccessRow, LinkRow, EvaluationRow,
               ModelSnapshot, WaitRow, EvaluateBetween>
      message;
};

/// Appends a letter. Throws std::logic_error where an actor sends what is not meant to leave its part.
void write_letter(ByteWriter& out, const Address& to, const std::optional<Letter::Moment>& moment,
                  const caf::type_erased_tuple& message);

/// The next letter; nothing, and `in` has failed, if the bytes are none within the limits.
std::optional<Letter> read_letter(ByteReader& in, const LetterLimits& limits);

}  // namespace tardigrad
