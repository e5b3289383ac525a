/// This machine's name.
#pragma once

#include <optional>
#include <string>

namespace tardigrad {

/// Printable; nothing if the system has none.
std::optional<std::string> host_name();

}  // namespace tardigrad
