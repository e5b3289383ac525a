#include "runtime/transport/transport_frame.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

using namespace tardigrad;

namespace {

using Bytes = std::vector<std::uint8_t>;

bool admit_all(std::size_t) { return true; }

void append(Bytes& stream, FrameKind kind, std::uint32_t length, const Bytes& bytes = {}) {
  const auto header = FrameHeader{kind, length}.encode();
  stream.insert(stream.end(), header.begin(), header.end());
  stream.insert(stream.end(), bytes.begin(), bytes.end());
}

std::vector<ReceivedFrame> read_in_pieces(FrameReader& reader, const Bytes& stream, std::size_t piece) {
  std::vector<ReceivedFrame> frames;
  for (std::size_t begin = 0; begin < stream.size();) {
    const std::size_t taken = reader.take(stream.data() + begin, std::min(piece, stream.size() - begin));
    if (taken == 0) break;
    begin += taken;
    if (auto frame = reader.next()) frames.push_back(std::move(*frame));
  }
  return frames;
}

}  // namespace

TEST_CASE("frames come out as they went in, however the stream is cut") {
  Bytes stream;
  const Bytes bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  append(stream, FrameKind::data, 11, bytes);
  append(stream, FrameKind::credit, 77);
  append(stream, FrameKind::data, 0);
  append(stream, FrameKind::farewell, 0);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader(100, admit_all);
    const auto frames = read_in_pieces(reader, stream, piece);
    REQUIRE(frames.size() == 4);
    CHECK(frames[0].bytes == bytes);
    CHECK(frames[1].header.kind == FrameKind::credit);
    CHECK(frames[1].header.length == 77);
    CHECK(frames[2].header.kind == FrameKind::data);
    CHECK(frames[2].bytes.empty());
    CHECK(frames[3].header.kind == FrameKind::farewell);
    CHECK_FALSE(reader.amid_frame());
  }
}

TEST_CASE("the rest of a frame can be read to its place") {
  Bytes stream;
  append(stream, FrameKind::data, 6, {9, 8, 7});
  FrameReader reader(100, admit_all);
  REQUIRE(reader.take(stream.data(), stream.size()) == stream.size());
  const auto space = reader.space();
  REQUIRE(space.size == 3);
  std::memset(space.begin, 5, 3);
  reader.filled(3);
  const auto frame = reader.next();
  REQUIRE(frame);
  CHECK(frame->bytes == Bytes{9, 8, 7, 5, 5, 5});
  CHECK(reader.space().size == 0);
}

TEST_CASE("a frame that is too long is refused by its header, before there is memory for it") {
  Bytes stream;
  append(stream, FrameKind::data, 0xffff'ffff);
  bool asked = false;
  FrameReader reader(100, [&](std::size_t) { return asked = true; });
  CHECK(read_in_pieces(reader, stream, 3).empty());
  CHECK(reader.mistake() == "sent a frame of 4294967295 bytes, the longest allowed has 100");
  CHECK_FALSE(asked);
  CHECK(reader.space().size == 0);
  CHECK(reader.take(stream.data(), stream.size()) == 0);
}

TEST_CASE("a frame that the window has no room for is refused by its header") {
  Bytes stream;
  append(stream, FrameKind::data, 50);
  std::size_t wanted = 0;
  FrameReader reader(100, [&](std::size_t bytes) {
    wanted = bytes;
    return false;
  });
  read_in_pieces(reader, stream, 100);
  CHECK(wanted == 50);
  CHECK(reader.mistake() == "sent more than the window allows");
  CHECK(reader.space().size == 0);
}

TEST_CASE("bytes that are no header are refused") {
  for (const Bytes& header : {Bytes{0, 0, 0, 0, 5, 0, 0, 0}, Bytes{0, 0, 0, 0, 0, 0, 0, 1},
                              Bytes{1, 0, 0, 0, 3, 0, 0, 0}, Bytes{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'}}) {
    FrameReader reader(100, admit_all);
    read_in_pieces(reader, header, 8);
    CHECK(reader.mistake() == "sent what is no frame");
  }
}
