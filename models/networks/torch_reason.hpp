/// What LibTorch has to say, in one line.
#pragma once

#include <exception>
#include <string>

namespace tardigrad {

/// Why something failed in LibTorch: one short printable line, never empty, without the places in the code.
std::string torch_reason(const std::exception& problem);

/// The same of a module that cannot be opened: operators and file formats that are not known here are those of another
/// LibTorch, and the line says so.
std::string reason_not_to_open(const std::exception& problem);

}  // namespace tardigrad
