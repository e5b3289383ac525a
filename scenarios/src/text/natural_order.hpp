/// The order in which people list names: numbers in them count as numbers.
#pragma once

#include <string_view>

namespace tardigrad {

/// "steps=8" before "steps=32". Of two numbers that are equal the shorter text comes first.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace tardigrad
