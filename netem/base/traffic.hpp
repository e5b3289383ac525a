/// Counts messages and their bytes.
#pragma once

#include <cstdint>

#include "netem/base/units.hpp"

namespace tardigrad {

struct Traffic {
  std::uint64_t messages = 0;
  Bytes bytes = 0;

  void add(Bytes size) {
    ++messages;
    bytes += size;
  }
  void take_back(Bytes size) {
    --messages;
    bytes -= size;
  }
  Traffic& operator+=(const Traffic& other) {
    messages += other.messages;
    bytes += other.bytes;
    return *this;
  }
  Traffic since(const Traffic& earlier) const { return {messages - earlier.messages, bytes - earlier.bytes}; }
};

template <class Archive>
void describe(Archive& with, Traffic& t) {
  with(t.messages, t.bytes);
}

}  // namespace tardigrad
