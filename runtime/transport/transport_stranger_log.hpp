/// Limits the log lines about rejected connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tardigrad {

class StrangerLog {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// The line to write, or nothing: at most ten in a row, then one a second, which counts those that were left
  /// out.
  std::optional<std::string> line(std::string why, Moment now);

 private:
  static constexpr int kMost = 10;

  int left_ = kMost;
  Moment refilled_{};
  std::uint64_t omitted_ = 0;
};

}  // namespace tardigrad
