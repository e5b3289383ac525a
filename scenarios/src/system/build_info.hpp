/// The versions from which this program was built, as `--version` prints them and results keep them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tardigrad {

/// Names and versions, the program first: tardigrad, commit ("unknown" outside of a checkout, followed by
/// "-dirty" if files differ from it), libtorch, caf, compiler.
const std::vector<std::pair<std::string, std::string>>& build_versions();

/// One line: "tardigrad 0.1.0 (commit 716c7ae0a1, LibTorch 1.13.0, CAF 0.17.6, GCC 12.2.0)".
std::string version_line();

}  // namespace tardigrad
