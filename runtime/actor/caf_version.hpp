/// Which CAF this program was compiled against: the layers above do not include its headers.
#pragma once

#include <string>

namespace tardigrad {

/// Such as "0.17.6".
std::string caf_version();

}  // namespace tardigrad
