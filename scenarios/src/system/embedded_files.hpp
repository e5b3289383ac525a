/// Files that the build puts into the program (see embed.cmake), byte for byte.
#pragma once

#include <string_view>

namespace tardigrad::embedded {

std::string_view chart_js();     ///< Chart.js, minified
std::string_view report_html();  ///< the report's frame, with {{placeholders}}
std::string_view report_css();   ///< with {{placeholders}}, too
std::string_view report_js();
std::string_view styles_json();  ///< how algorithms are drawn
std::string_view aws_regions();  ///< scenarios/networks/aws-regions.csv

}  // namespace tardigrad::embedded
