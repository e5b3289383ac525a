/// How the parts of a run reach each other.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "runtime/hosts/far_actor.hpp"
#include "runtime/transport/byte_stream.hpp"

namespace tardigrad {

/// What comes from another part; what one part sends to another comes in order.
struct PartFrame {
  PartId from = 0;
  WireBytes bytes{};
  std::size_t begin = 0;  ///< before that, `bytes` are the channel's
  /// The frame counts as under way until this dies.
  std::shared_ptr<void> credit{};
  /// There is no frame: less is under way to that part than before.
  bool room = false;

  ByteReader content() const { return {bytes.data() + begin, bytes.size() - begin}; }
};

/// A part of the run is gone, or has sent nonsense: one clear line, which names it.
struct PartLost : std::runtime_error {
  using std::runtime_error::runtime_error;
  PartLost(PartId part, const std::string& line) : std::runtime_error(line), host(part) {}

  PartId host = 0;  ///< the host that is gone, whatever else there is; 0: the run cannot go on
};

inline std::string name_of(PartId part) { return part == 0 ? "the coordinator" : "host " + std::to_string(part); }

/// What is to be thrown when a part has sent what it cannot have meant.
inline PartLost out_of_place(PartId from) {
  return PartLost(name_of(from) + " has sent something that is no part of this run");
}

/// Thread-safe.
class PartChannel {
 public:
  virtual ~PartChannel() = default;
  /// Writes what every frame begins with; what follows is for the other part.
  virtual void begin(ByteWriter& /*frame*/) const {}
  /// Never waits: who sends looks at `under_way`. Nothing happens if the other part is gone.
  virtual void send(PartId to, WireBytes frame) = 0;
  /// Bytes sent to that part that it has not let go of yet.
  virtual std::uint64_t under_way(PartId to) const = 0;
  /// The next frame of any part, as soon as there is one; nothing if there is none for so long. Throws PartLost, once
  /// for each host that is gone.
  virtual std::optional<PartFrame> receive(std::chrono::milliseconds most) = 0;
};

}  // namespace tardigrad
