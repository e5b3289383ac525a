/// The comparison as one page that opens offline: it contains everything that it needs.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// A whole HTML file. Names and texts from files are escaped; without scripts the answer and the table can
/// still be read. The same runs give the same bytes. The default title is the folders' labels. `reserve` is a
/// remark in front of the answer.
std::string report_html(const std::vector<RunFolder>& folders, const std::string& title = {},
                        const std::string& reserve = {});

}  // namespace tardigrad
