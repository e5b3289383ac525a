#include "scenarios/src/report/target_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

bool is_nearer(const Target& a, const Target& b) {
  return a.figure != b.figure ? a.figure == Figure::accuracy : b.is_behind(a);
}

/// An algorithm's way to one target, over its seeds.
struct Way {
  std::size_t reached = 0;
  double time_s = 0, bytes = 0;  ///< means over the seeds that reached it
  bool is_bound = false;         ///< true if the means are less, as seeds reached it within their first interval
};

Way way_to(const Target& target, const RankedAlgorithm& s) {
  Way way;
  for (const SeedRun* run : s.seeds) {
    const auto reached = reached_in(*run, target);
    if (!reached) continue;
    ++way.reached;
    const EvaluationPoint& second = run->evaluations[std::min<std::size_t>(1, run->evaluations.size() - 1)];
    const bool is_bound = reached->within_s > 0 && reached->time_s <= second.time_s;
    way.is_bound = way.is_bound || is_bound;
    way.time_s += is_bound ? second.time_s : reached->time_s;
    way.bytes += is_bound ? second.bytes_sent : reached->bytes_sent;
  }
  if (way.reached == 0) return way;
  way.time_s /= static_cast<double>(way.reached);
  way.bytes /= static_cast<double>(way.reached);
  return way;
}

/// In place of a figure that not every seed has; empty if every one does.
std::string without_figure(const Way& way, const RankedAlgorithm& s) {
  if (way.reached == s.seeds.size()) return "";
  if (s.diverged > 0) return "diverged";
  if (way.reached > 0) return "in " + part_of_seeds(way.reached, s);
  return s.cut_short ? "not finished" : "not reached";
}

std::string time_cell(const Way& way, const RankedAlgorithm& s) {
  const std::string none = without_figure(way, s);
  if (!none.empty()) return none;
  return (way.is_bound ? "< " : "") + rounded_seconds(way.time_s);
}

std::string bytes_cell(const Way& way, const RankedAlgorithm& s) {
  if (!without_figure(way, s).empty()) return "-";
  return (way.is_bound ? "< " : "") + size_text(way.bytes);
}

}  // namespace

std::vector<Target> earlier_targets(const std::vector<RunFolder>& folders) {
  std::vector<Target> all;
  for (const RunFolder& folder : folders) {
    all.insert(all.end(), folder.earlier_targets.begin(), folder.earlier_targets.end());
  }
  std::sort(all.begin(), all.end(), is_nearer);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::optional<TargetReached> reached_in(const SeedRun& run, const Target& target) {
  return run.diverged() ? std::nullopt : target_reached(run.evaluations, target);
}

FindingsTable target_times(const Ranking& all, const std::vector<RunFolder>& folders) {
  std::vector<Target> targets = earlier_targets(folders);
  if (targets.empty()) return {};
  if (all.target && std::find(targets.begin(), targets.end(), *all.target) == targets.end()) {
    targets.push_back(*all.target);
  }
  FindingsTable table;
  table.titles.push_back("algorithm");
  for (const RankedAlgorithm& s : all.ranked) table.rows.push_back({s.label});
  const auto add = [&](const char* what, std::string (*cell)(const Way&, const RankedAlgorithm&)) {
    for (const Target& target : targets) {
      table.titles.push_back(fmt::format("{} to {}", what, short_goal_text(target)));
      for (std::size_t i = 0; i < table.rows.size(); ++i) {
        table.rows[i].push_back(cell(way_to(target, all.ranked[i]), all.ranked[i]));
      }
    }
  };
  add("time", time_cell);
  add("bytes", bytes_cell);
  return table;
}

}  // namespace tardigrad
