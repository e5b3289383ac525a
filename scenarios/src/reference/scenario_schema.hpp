/// A JSON Schema of scenario files, for editors (Even Better TOML, taplo).
#pragma once

#include <string>

namespace tardigrad {

/// Draft 7. Refuses unknown keys, values of a wrong type or range, missing keys, options of other kinds, and keys that
/// exclude each other; what several sections say together is left to `tardigrad check`. Completion goes by `properties`
/// and `enum`, so that all kinds' options stand together there; which of them a kind has is said by if and then.
std::string scenario_schema();

}  // namespace tardigrad
