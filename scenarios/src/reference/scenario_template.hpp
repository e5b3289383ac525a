/// A new scenario with a comment behind every line, for `tardigrad init`.
#pragma once

#include <string>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

struct TemplateRequest {
  NodeId nodes = 16;
  std::string model = "gn-lenet";
  std::vector<std::string> algorithms = {"divshare", "d-psgd"};
  double stragglers = 0;  ///< the share of the nodes that have slow links; 0: none
};

/// One of two.
struct TemplateResult {
  std::string text;   ///< a scenario without mistakes
  std::string error;  ///< one line: an unknown name with the nearest known one, or what does not go together
};

/// Comments are the summaries of what a line names; options stand there with their usual values, commented out. A model
/// that no shipped or fetched data fit names files that the user has to put there.
TemplateResult scenario_template(const TemplateRequest& request);

}  // namespace tardigrad
