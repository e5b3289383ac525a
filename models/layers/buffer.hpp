/// Memory that layers compute in.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace tardigrad {

/// Numbers that begin at a cache line. Grows on demand, and then forgets what was in it: new memory is zeros.
template <class Number>
class Buffer {
 public:
  Number* get() const { return numbers_.get(); }

  Number* at_least(std::ptrdiff_t count) {
    if (static_cast<std::size_t>(count) > size_) allocate(static_cast<std::size_t>(count));
    return numbers_.get();
  }

 private:
  struct Free {
    void operator()(Number* numbers) const { std::free(numbers); }
  };

  void allocate(std::size_t count) {
    constexpr std::size_t kLine = 64;
    const std::size_t bytes = (count * sizeof(Number) + kLine - 1) / kLine * kLine;
    numbers_.reset();
    numbers_.reset(static_cast<Number*>(std::aligned_alloc(kLine, bytes)));
    if (!numbers_) throw std::bad_alloc();
    std::memset(static_cast<void*>(numbers_.get()), 0, bytes);
    size_ = count;
  }

  std::unique_ptr<Number[], Free> numbers_;
  std::size_t size_ = 0;
};

using Floats = Buffer<float>;

}  // namespace tardigrad
