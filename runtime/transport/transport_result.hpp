/// The result of a network operation: a value, or one line with the reason why there is none.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace tardigrad {

template <class T>
class Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  static Result failure(std::string line) { return Result(std::move(line), Failed{}); }

  explicit operator bool() const { return value_.has_value(); }
  /// Valid after a success only.
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  /// One line, without an end of line; empty for a success.
  const std::string& error() const { return error_; }

 private:
  struct Failed {};
  Result(std::string line, Failed) : error_(std::move(line)) {}

  std::optional<T> value_;
  std::string error_;
};

}  // namespace tardigrad
