/// The version of CAF for which this program was compiled; the layers above do not include CAF's headers.
#pragma once

#include <string>

namespace tardigrad {

/// The version as text, such as "0.17.6".
std::string caf_version();

}  // namespace tardigrad
