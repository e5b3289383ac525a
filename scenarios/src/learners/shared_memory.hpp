/// Memory that this process and one that it starts both see.
#pragma once

#include <cstddef>

namespace tardigrad {

/// A file in memory that only grows, so that what has been mapped can always be read. Not thread-safe.
class SharedMemory {
 public:
  /// Throws std::runtime_error if the system has none.
  SharedMemory();
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  /// For the other process, which inherits it.
  int descriptor() const { return descriptor_; }
  /// The first `size` bytes, which the other process may have made: the file grows if it is smaller. Valid until the
  /// next call. Throws std::runtime_error if there is no memory.
  char* bytes(std::size_t size);

 private:
  int descriptor_ = -1;
  char* mapped_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tardigrad
