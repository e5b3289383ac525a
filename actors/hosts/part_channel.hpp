/// Connects the parts of a run.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "runtime/hosts/part_id.hpp"
#include "runtime/transport/byte_stream.hpp"

namespace tardigrad {

/// A frame from another part. Frames from one part to another arrive in order.
struct PartFrame {
  PartId from = 0;
  WireBytes bytes{};
  std::size_t begin = 0;  ///< the bytes before that belong to the channel
  /// The frame counts as under way until this is destroyed.
  std::shared_ptr<void> credit{};
  /// True if there is no frame, but fewer bytes are under way to that part than before.
  bool room = false;

  ByteReader content() const { return {bytes.data() + begin, bytes.size() - begin}; }
};

/// A part of the run is gone, or has sent invalid bytes: one clear line, which names it.
struct PartLost : std::runtime_error {
  using std::runtime_error::runtime_error;
  PartLost(PartId part, const std::string& line) : std::runtime_error(line), host(part) {}

  PartId host = 0;  ///< the host that is gone, if the run can go on without it; 0: the run cannot go on
};

inline std::string name_of(PartId part) { return part == 0 ? "the coordinator" : "host " + std::to_string(part); }

/// The exception for a part that has sent something impossible.
inline PartLost out_of_place(PartId from) {
  return PartLost(name_of(from) + " has sent something that is no part of this run");
}

/// Thread-safe.
class PartChannel {
 public:
  virtual ~PartChannel() = default;
  /// Writes the beginning of every frame; the rest is for the other part.
  virtual void begin(ByteWriter& /*frame*/) const {}
  /// Never waits: the sender checks `under_way`. Does nothing if the other part is gone.
  virtual void send(PartId to, WireBytes frame) = 0;
  /// Bytes sent to that part that it has not released yet.
  virtual std::uint64_t under_way(PartId to) const = 0;
  /// Waits up to `most` for the next frame of any part; nothing if none arrives. Throws PartLost, once for each
  /// host that is gone.
  virtual std::optional<PartFrame> receive(std::chrono::milliseconds most) = 0;
};

}  // namespace tardigrad
