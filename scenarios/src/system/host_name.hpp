/// This machine's name, as it calls itself.
#pragma once

#include <optional>
#include <string>

namespace tardigrad {

/// Printable; nothing if the system does not say.
std::optional<std::string> host_name();

}  // namespace tardigrad
