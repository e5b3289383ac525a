/// Numbers and blocks of bytes as they travel between hosts: little endian, without padding.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tardigrad {

using WireBytes = std::vector<std::uint8_t>;

class ByteWriter {
 public:
  /// Integers, floats and enumerations.
  template <class Number>
  void put(Number value) {
    static_assert(std::is_trivially_copyable_v<Number>);
    put_block(&value, sizeof value);
  }
  void put_block(const void* data, std::size_t size) {
    if (size == 0) return;
    const auto* first = static_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    put_block(text.data(), text.size());
  }
  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  WireBytes take() { return std::exchange(bytes_, {}); }

 private:
  WireBytes bytes_;
};

/// Reads untrusted bytes: a read past the end, or of a block that is longer than allowed, returns zeros and
/// makes `ok()` false from then on.
class ByteReader {
 public:
  ByteReader(const std::uint8_t* data, std::size_t size) : next_(data), left_(size) {}
  explicit ByteReader(const WireBytes& bytes) : ByteReader(bytes.data(), bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return left_ == 0; }
  std::size_t left() const { return left_; }
  void fail() {
    ok_ = false;
    left_ = 0;
  }

  template <class Number>
  Number get() {
    static_assert(std::is_trivially_copyable_v<Number> && !std::is_same_v<Number, bool>);
    Number value{};
    if (const std::uint8_t* place = take(sizeof value)) std::memcpy(&value, place, sizeof value);
    return value;
  }
  bool get_flag() { return get<std::uint8_t>() != 0; }
  /// Reads as many elements as the number in front of them says, and fails if that is more than `most`.
  template <class Element>
  std::vector<Element> get_vector(std::uint64_t most) {
    static_assert(std::is_trivially_copyable_v<Element>);
    const auto count = get<std::uint64_t>();
    if (count > most || count > left_ / sizeof(Element)) {
      fail();
      return {};
    }
    std::vector<Element> elements(count);
    if (count > 0) std::memcpy(elements.data(), take(count * sizeof(Element)), count * sizeof(Element));
    return elements;
  }
  std::string get_text(std::uint32_t most) {
    const auto count = get<std::uint32_t>();
    if (count > most || count > left_) {
      fail();
      return {};
    }
    return {reinterpret_cast<const char*>(take(count)), count};
  }

 private:
  const std::uint8_t* take(std::size_t size) {
    if (size > left_) {
      fail();
      return nullptr;
    }
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

  const std::uint8_t* next_;
  std::size_t left_;
  bool ok_ = true;
};

}  // namespace tardigrad
