/// Classes of samples.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tardigrad {

/// A sample's class, counted from 0.
using Label = std::uint16_t;
inline constexpr std::size_t kMostClasses = 65536;

}  // namespace tardigrad
