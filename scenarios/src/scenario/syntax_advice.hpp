/// What a line that is not TOML was probably meant to be.
#pragma once

#include <string>
#include <string_view>

namespace tardigrad {

/// An advice on the value of a line "key = value" that TOML does not take, such as "; a text needs quotes: ..." for
/// model = lenet; empty if there is none.
std::string syntax_advice(std::string_view line);

}  // namespace tardigrad
