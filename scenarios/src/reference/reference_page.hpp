/// The whole reference as one page of Markdown, scenarios/REFERENCE.md.
#pragma once

#include <string>

namespace tardigrad {

/// The same bytes in every build of the same source.
std::string reference_page();

}  // namespace tardigrad
