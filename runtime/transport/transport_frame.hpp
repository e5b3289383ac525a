/// Frames on the wire: 8 bytes of header (length u32 little-endian, kind, three zeros), then the bytes of a
/// data frame. The other kinds have no bytes; the length of a credit frame is the number of bytes that it gives
/// back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tardigrad {

enum class FrameKind : std::uint8_t {
  data,
  credit,    ///< gives back `length` bytes of the window
  ask,       ///< the sender waits for credit
  beat,      ///< heartbeat: the sender is alive
  farewell,  ///< the last frame of a connection that ends in order
};

struct FrameHeader {
  static constexpr std::size_t kBytes = 8;

  FrameKind kind = FrameKind::data;
  std::uint32_t length = 0;

  std::array<std::uint8_t, kBytes> encode() const;
  /// Nothing if the bytes are no header.
  static std::optional<FrameHeader> decode(const std::array<std::uint8_t, kBytes>& bytes);
};

struct ReceivedFrame {
  FrameHeader header;
  std::vector<std::uint8_t> bytes;  ///< bytes of a data frame, `header.length` of them
};

/// Cuts a stream of bytes into frames. Memory for a frame is allocated when its header has been found valid and
/// `admit` has agreed to its length.
class FrameReader {
 public:
  using Admit = std::function<bool(std::size_t bytes)>;

  FrameReader(std::size_t most_frame_bytes, Admit admit);

  /// Takes bytes up to the end of a frame and returns their number. Takes nothing after a mistake, nor while a
  /// finished frame waits for `next`.
  std::size_t take(const std::uint8_t* bytes, std::size_t count);
  /// The frame that has just been finished.
  std::optional<ReceivedFrame> next();

  struct Space {
    std::uint8_t* begin;
    std::size_t size;
  };
  /// The memory for the rest of the present frame, for a reader that writes to it and calls `filled` with the
  /// number of bytes; empty between frames.
  Space space();
  void filled(std::size_t count);

  /// True if the stream may not end here.
  bool amid_frame() const { return header_received_ > 0; }
  /// The reason why the stream cannot be read on, in one line; empty if it can.
  const std::string& mistake() const { return mistake_; }

 private:
  void begin_frame();

  std::size_t most_frame_bytes_;
  Admit admit_;
  std::array<std::uint8_t, FrameHeader::kBytes> header_bytes_{};
  std::size_t header_received_ = 0;
  ReceivedFrame frame_;
  std::size_t received_ = 0;  ///< bytes received of the frame's data
  bool finished_ = false;
  std::string mistake_;
};

}  // namespace tardigrad
