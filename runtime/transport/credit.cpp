#include "runtime/transport/credit.hpp"

#include <algorithm>
#include <limits>

namespace tardigrad {

bool SendWindow::give_back(std::uint64_t bytes) {
  if (bytes > left_ - given_back_) return false;
  given_back_ += bytes;
  return true;
}

bool ReceiveWindow::admit(std::uint64_t share) {
  const bool fits = held_ == 0 || (share <= bytes_ && held_ <= bytes_ - share);
  if (!fits) return false;
  held_ += share;
  asked_ = false;
  return true;
}

std::uint32_t ReceiveWindow::take_announcement() {
  if (!has_announcement()) return 0;
  const auto announced = std::min<std::uint64_t>(released_, std::numeric_limits<std::uint32_t>::max());
  released_ -= announced;
  held_ -= announced;
  return static_cast<std::uint32_t>(announced);
}

}  // namespace tardigrad
