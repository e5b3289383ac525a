/// Parameter values, and the immutable buffers in which they travel.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace tardigrad {

using Values = std::vector<float>;

/// Never written after it was made: senders, links and receivers of one process share one buffer.
using SharedValues = std::shared_ptr<const Values>;

inline SharedValues share(Values&& values) { return std::make_shared<const Values>(std::move(values)); }

}  // namespace tardigrad
