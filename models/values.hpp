/// Parameter values, and the immutable buffers in which they travel.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tardigrad {

using Values = std::vector<float>;

/// Never written after construction: senders, links and receivers of one process share one buffer.
using SharedValues = std::shared_ptr<const Values>;

/// Values in a codec's encoding, as they travel.
using EncodedBytes = std::vector<std::uint8_t>;
using SharedBytes = std::shared_ptr<const EncodedBytes>;

inline SharedValues share(Values&& values) { return std::make_shared<const Values>(std::move(values)); }
inline SharedBytes share(EncodedBytes&& bytes) { return std::make_shared<const EncodedBytes>(std::move(bytes)); }

}  // namespace tardigrad
