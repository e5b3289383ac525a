#include "runtime/transport/transport_frame.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "runtime/transport/byte_order.hpp"

namespace tardigrad {

std::array<std::uint8_t, FrameHeader::kBytes> FrameHeader::encode() const {
  std::array<std::uint8_t, kBytes> bytes{};
  store_little_endian(length, bytes.data());
  bytes[4] = static_cast<std::uint8_t>(kind);
  return bytes;
}

std::optional<FrameHeader> FrameHeader::decode(const std::array<std::uint8_t, kBytes>& bytes) {
  if (bytes[4] > static_cast<std::uint8_t>(FrameKind::farewell)) return std::nullopt;
  if (bytes[5] != 0 || bytes[6] != 0 || bytes[7] != 0) return std::nullopt;
  const FrameHeader header{static_cast<FrameKind>(bytes[4]), load_little_endian<std::uint32_t>(bytes.data())};
  const bool has_length = header.kind == FrameKind::data || header.kind == FrameKind::credit;
  if (!has_length && header.length != 0) return std::nullopt;
  return header;
}

FrameReader::FrameReader(std::size_t most_frame_bytes, Admit admit)
    : most_frame_bytes_(most_frame_bytes), admit_(std::move(admit)) {}

std::size_t FrameReader::take(const std::uint8_t* bytes, std::size_t count) {
  if (finished_ || !mistake_.empty()) return 0;
  std::size_t taken = 0;
  if (header_received_ < FrameHeader::kBytes) {
    taken = std::min(count, FrameHeader::kBytes - header_received_);
    std::copy_n(bytes, taken, header_bytes_.begin() + static_cast<std::ptrdiff_t>(header_received_));
    header_received_ += taken;
    if (header_received_ < FrameHeader::kBytes) return taken;
    begin_frame();
    if (finished_ || !mistake_.empty()) return taken;
  }
  const Space rest = space();
  const std::size_t more = std::min(count - taken, rest.size);
  std::copy_n(bytes + taken, more, rest.begin);
  filled(more);
  return taken + more;
}

void FrameReader::begin_frame() {
  const std::optional<FrameHeader> header = FrameHeader::decode(header_bytes_);
  if (!header) {
    mistake_ = "sent what is no frame";
    return;
  }
  frame_.header = *header;
  if (header->kind == FrameKind::data) {
    if (header->length > most_frame_bytes_) {
      mistake_ = "sent a frame of " + std::to_string(header->length) + " bytes, the longest allowed has " +
                 std::to_string(most_frame_bytes_);
      return;
    }
    if (!admit_(header->length)) {
      mistake_ = "sent more than the window allows";
      return;
    }
    frame_.bytes.resize(header->length);
  }
  finished_ = frame_.bytes.empty();
}

FrameReader::Space FrameReader::space() { return {frame_.bytes.data() + received_, frame_.bytes.size() - received_}; }

void FrameReader::filled(std::size_t count) {
  if (count > frame_.bytes.size() - received_) throw std::logic_error("more bytes than the frame has room for");
  received_ += count;
  if (!frame_.bytes.empty() && received_ == frame_.bytes.size()) finished_ = true;
}

std::optional<ReceivedFrame> FrameReader::next() {
  if (!finished_) return std::nullopt;
  finished_ = false;
  header_received_ = 0;
  received_ = 0;
  return std::exchange(frame_, {});
}

}  // namespace tardigrad
