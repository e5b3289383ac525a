/// Saves state to a checkpoint and loads it. Every type has one description for both directions: a member
/// `persist`, or a function `describe` in its namespace, that lists its fields in their order.
///
///     void persist(StateArchive& archive) { archive(round_, model_, inbox_); }
///
/// A shared object is saved once and shared again when it is loaded. The source is not trusted: sizes are
/// believed only as far as there are bytes for them, and an inconsistency makes `ok()` false; everything loaded
/// by then is of no use.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(const void* bytes, std::size_t size) = 0;
};

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads all bytes; or reads none and returns false.
  virtual bool read(void* bytes, std::size_t size) = 0;
  virtual std::uint64_t left() const = 0;
};

class StateArchive {
 public:
  /// Saves.
  explicit StateArchive(ByteSink& sink) : sink_(&sink) {}
  /// Loads.
  explicit StateArchive(ByteSource& source) : source_(&source) {}

  bool loads() const { return source_ != nullptr; }
  bool ok() const { return ok_; }
  /// Marks the loaded state as impossible.
  void fail() { ok_ = false; }

  template <class... Fields>
  void operator()(Fields&... fields) {
    (field(fields), ...);
  }

  /// Objects that follow are not shared with objects before.
  void end_sharing() {
    numbers_.clear();
    objects_.clear();
  }

 private:
  struct Shared {
    std::shared_ptr<void> object;
    std::type_index type;
  };

  template <class T>
  static constexpr bool is_plain = (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_enum_v<T>;
  template <class T, class = void>
  struct HasPersist : std::false_type {};
  template <class T>
  struct HasPersist<T, std::void_t<decltype(std::declval<T&>().persist(std::declval<StateArchive&>()))>>
      : std::true_type {};

  void raw(void* bytes, std::size_t size) {
    if (size == 0) return;
    if (sink_ != nullptr) return sink_->write(bytes, size);
    if (ok_ && source_->read(bytes, size)) return;
    fail();
    std::memset(bytes, 0, size);
  }
  /// A number of elements that take at least so many bytes each.
  std::uint64_t count(std::uint64_t number, std::size_t least_bytes) {
    raw(&number, sizeof number);
    if (!loads() || number <= source_->left() / least_bytes) return number;
    fail();
    return 0;
  }

  template <class T>
  void field(T& value) {
    if constexpr (is_plain<T>) {
      raw(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, bool>) {
      auto flag = static_cast<std::uint8_t>(value);
      raw(&flag, sizeof flag);
      value = flag != 0;
    } else if constexpr (HasPersist<T>::value) {
      value.persist(*this);
    } else {
      describe(*this, value);
    }
  }
  void field(Time& time) {
    std::int64_t ticks = time.count();
    field(ticks);
    time = Time(ticks);
  }
  template <class T>
  void field(std::atomic<T>& value) {
    T now = value;
    field(now);
    value = now;
  }
  template <class T>
  void field(std::optional<T>& value) {
    bool there = value.has_value();
    field(there);
    if (loads()) there ? void(value.emplace()) : value.reset();
    if (value) field(*value);
  }
  template <class A, class B>
  void field(std::pair<A, B>& both) {
    (*this)(both.first, both.second);
  }
  template <class T, std::size_t size>
  void field(std::array<T, size>& elements) {
    for (T& element : elements) field(element);
  }
  template <class T>
  void field(std::vector<T>& elements) {
    if constexpr (is_plain<T>) {
      const std::uint64_t size = count(elements.size(), sizeof(T));
      if (loads()) elements.assign(size, T{});
      raw(elements.data(), size * sizeof(T));
    } else {
      sequence(elements);
    }
  }
  template <class T>
  void field(std::deque<T>& elements) {
    sequence(elements);
  }
  template <class Sequence>
  void sequence(Sequence& elements) {
    const std::uint64_t size = count(elements.size(), 1);
    if (!loads()) {
      for (auto& element : elements) field(element);
      return;
    }
    elements.clear();
    for (std::uint64_t i = 0; i < size && ok_; ++i) field(elements.emplace_back());
  }
  template <class Key, class Value>
  void field(std::map<Key, Value>& entries) {
    const std::uint64_t size = count(entries.size(), 1);
    if (!loads()) {
      for (auto& [key, value] : entries) (*this)(const_cast<Key&>(key), value);
      return;
    }
    entries.clear();
    for (std::uint64_t i = 0; i < size && ok_; ++i) {
      Key key{};
      field(key);
      field(entries[key]);
    }
  }
  template <class Key>
  void field(std::set<Key>& keys) {
    std::vector<Key> elements(keys.begin(), keys.end());
    field(elements);
    if (loads()) keys = std::set<Key>(elements.begin(), elements.end());
  }
  /// Null is 0, an object is its number in order of first sight; a new number is followed by the object's
  /// content.
  template <class T>
  void field(std::shared_ptr<T>& pointer) {
    using Object = std::remove_const_t<T>;
    loads() ? load_shared<Object>(pointer) : save_shared<Object>(pointer.get());
  }
  template <class Object>
  void save_shared(const Object* object) {
    std::uint64_t number = 0;
    bool is_new = false;
    if (object != nullptr) {
      const auto [known, added] = numbers_.try_emplace({object, typeid(Object)}, numbers_.size() + 1);
      number = known->second;
      is_new = added;
    }
    field(number);
    if (is_new) field(const_cast<Object&>(*object));  // saving does not modify the object
  }
  template <class Object, class T>
  void load_shared(std::shared_ptr<T>& pointer) {
    std::uint64_t number = 0;
    field(number);
    pointer = nullptr;
    if (number == 0) return;
    if (number == objects_.size() + 1) {
      const auto object = std::make_shared<Object>();
      objects_.push_back({object, typeid(Object)});
      pointer = object;
      return field(*object);
    }
    if (number > objects_.size() || objects_[number - 1].type != typeid(Object)) return fail();
    pointer = std::static_pointer_cast<Object>(objects_[number - 1].object);
  }

  ByteSink* sink_ = nullptr;
  ByteSource* source_ = nullptr;
  bool ok_ = true;
  std::map<std::pair<const void*, std::type_index>, std::uint64_t> numbers_;  ///< numbers of saved objects
  std::vector<Shared> objects_;                                               ///< loaded objects by number
};

}  // namespace tardigrad
