#include "runtime/transport/transport_stranger_log.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

std::optional<std::string> StrangerLog::line(std::string why, Moment now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - refilled_);
  if (seconds.count() > 0) {
    left_ = static_cast<int>(std::min<std::int64_t>(kMost, left_ + seconds.count()));
    refilled_ = now;
  }
  if (left_ == 0) {
    ++omitted_;
    return std::nullopt;
  }
  --left_;
  const std::uint64_t omitted = std::exchange(omitted_, 0);
  if (omitted > 0) why += " (" + std::to_string(omitted) + " more were dropped before)";
  return why;
}

}  // namespace tardigrad
