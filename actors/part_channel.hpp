/// How the parts of a run reach each other.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>

#include "runtime/byte_stream.hpp"
#include "runtime/far_actor.hpp"

namespace tardigrad {

/// What comes from another part; what one part sends to another comes in order.
struct PartFrame {
  PartId from = 0;
  WireBytes bytes;
};

/// A part of the run is gone, or has sent nonsense: one clear line, which names it.
struct PartLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Thread-safe.
class PartChannel {
 public:
  virtual ~PartChannel() = default;
  /// May wait until there is room. Nothing happens if the other part is gone.
  virtual void send(PartId to, WireBytes bytes) = 0;
  /// The next frame of any part, as soon as there is one; nothing if there is none for so long. Throws PartLost.
  virtual std::optional<PartFrame> receive(std::chrono::milliseconds most) = 0;
};

}  // namespace tardigrad
