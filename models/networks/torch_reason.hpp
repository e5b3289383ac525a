/// Messages of LibTorch in one line.
#pragma once

#include <exception>
#include <string>

namespace tardigrad {

/// The reason for a failure in LibTorch: one short printable line, never empty, without the places in the code.
std::string torch_reason(const std::exception& problem);

/// The reason why a module cannot be opened. Unknown operators and file formats are those of another LibTorch,
/// and the line says so.
std::string reason_not_to_open(const std::exception& problem);

}  // namespace tardigrad
