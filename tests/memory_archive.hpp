/// Archives in memory.
#pragma once

#include <cstring>
#include <string>
#include <utility>

#include "netem/base/state_archive.hpp"

namespace tardigrad::test {

struct MemoryBytes final : ByteSink {
  void write(const void* data, std::size_t size) override { bytes.append(static_cast<const char*>(data), size); }

  std::string bytes{};
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}

  bool read(void* data, std::size_t size) override {
    if (size > left()) return false;
    std::memcpy(data, bytes_.data() + next_, size);
    next_ += size;
    return true;
  }
  std::uint64_t left() const override { return bytes_.size() - next_; }

 private:
  std::string bytes_;
  std::size_t next_ = 0;
};

template <class... Fields>
std::string saved(Fields&... fields) {
  MemoryBytes sink;
  StateArchive archive(sink);
  archive(fields...);
  return std::move(sink.bytes);
}

/// False if the bytes are not, from first to last, what such fields are saved as.
template <class... Fields>
bool load(const std::string& bytes, Fields&... fields) {
  MemorySource source(bytes);
  StateArchive archive(source);
  archive(fields...);
  return archive.ok() && source.left() == 0;
}

}  // namespace tardigrad::test
