#include "scenarios/src/data/star_trace.hpp"

#include <fmt/format.h>

#include "netem/base/csv_lines.hpp"
#include "netem/time/node_selection.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

std::string star_trace(const Star& star) {
  LinkStragglerRule rule;
  rule.nodes.count = star.stragglers;
  rule.nodes.first = true;
  rule.factor = star.factor;
  rule.jitter = star.jitter;
  std::string text = fmt::format(
      "# A star of {} nodes at {}, the first {} of them {} times slower, +- {} (seed {}).\n"
      "time_s,node,rate_mbps\n",
      star.nodes, rate_text(star.rate), star.stragglers, star.factor, rate_text(star.jitter), star.seed);
  const auto rates = access_rates({star.rate, star.rate}, {rule}, star.nodes, star.seed);
  for (NodeId node = 0; node < star.nodes; ++node) {
    text += fmt::format("0,{},{}\n", node, number_text(rates[node].uplink.value / 1e6));
  }
  return text;
}

}  // namespace tardigrad
