#include "scenarios/src/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "scenarios/src/delay_spread.hpp"
#include "scenarios/src/units_text.hpp"

namespace tardigrad {

namespace {

std::string rounded_seconds(double seconds) {
  if (seconds >= 999.95 || seconds == std::floor(seconds)) return grouped(std::round(seconds)) + " s";
  return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : 1);
}

std::string in_seeds(const Standing& s) {
  return s.reached == s.seeds.size() ? "" : fmt::format(" in {} of {} seeds", s.reached, s.seeds.size());
}

/// "2.3 times as fast as the next, swift (728 s)".
std::string ahead_of(const Standing& first, const Standing& other, const char* which) {
  const double ratio = other.time_to_target_s->mean / first.time_to_target_s->mean;
  return fmt::format("{:.{}f} times as fast as {}, {} ({})", ratio, ratio < 10 ? 2 : 0, which, other.label,
                     rounded_seconds(other.time_to_target_s->mean));
}

std::string goal_text(const Target& target) {
  return target.figure == Figure::accuracy ? percent_text(target.value) + " accuracy"
                                           : fmt::format("a loss of {}", target.value);
}

/// Rounded away from the target: what has missed it must not look as if it were there.
std::string missed_text(const Standing& s, const Target& target) {
  if (target.figure == Figure::accuracy) {
    return s.final_accuracy ? fmt::format("{:.1f} %", std::floor(1000 * s.final_accuracy->mean) / 10) : "";
  }
  return s.final_loss ? fmt::format("{:.3f}", std::ceil(1000 * s.final_loss->mean) / 1000) : "";
}

std::string headline_of_times(const Standings& all) {
  const Standing& first = all.ranked.front();
  std::vector<const Standing*> others;
  for (std::size_t i = 1; i < all.ranked.size(); ++i) {
    if (all.ranked[i].reached > 0) others.push_back(&all.ranked[i]);
  }
  const bool race = all.ranked.size() > 1;
  std::string text = fmt::format("{} reached {}{} after {}{}", first.label, goal_text(*all.target),
                                 race ? " first," : "", rounded_seconds(first.time_to_target_s->mean), in_seeds(first));
  if (others.empty()) return text + (race ? "; no other algorithm reached it." : ".");
  if (!(first.time_to_target_s->mean > 0)) return text + ".";
  const Standing* slowest = *std::max_element(others.begin(), others.end(), [](const Standing* a, const Standing* b) {
    return a->time_to_target_s->mean < b->time_to_target_s->mean;
  });
  text += ": " + ahead_of(first, *others.front(), others.size() > 1 ? "the next" : "the only other");
  if (slowest != others.front()) text += ", and " + ahead_of(first, *slowest, "the slowest");
  return text + ".";
}

std::string headline_of_accuracies(const Standings& all) {
  const Standing& best = all.ranked.front();
  if (!best.final_accuracy) return "No accuracy was measured.";
  if (all.target) {
    const std::string goal = goal_text(*all.target);
    const std::string closest = missed_text(best, *all.target);
    if (closest.empty()) return fmt::format("No algorithm reached {}: no loss is finite in the end.", goal);
    if (all.ranked.size() > 1) {
      return fmt::format("No algorithm reached {}; {} came closest with {}.", goal, best.label, closest);
    }
    return fmt::format("{} did not reach {}; it ended at {}.", best.label, goal, closest);
  }
  const std::string accuracy = percent_text(best.final_accuracy->mean);
  if (all.ranked.size() == 1) return fmt::format("{} ended at {} accuracy.", best.label, accuracy);
  std::string text = fmt::format("{} ended with the highest accuracy, {}", best.label, accuracy);
  const Standing& next = all.ranked[1];
  if (next.final_accuracy) {
    text += fmt::format(": {:.1f} percentage points above the next, {}",
                        100 * (best.final_accuracy->mean - next.final_accuracy->mean), next.label);
  }
  return text + ".";
}

/// The standing with the highest of a number, among those that have it.
const Standing* highest(const std::vector<Standing>& all,
                        const std::function<std::optional<double>(const Standing&)>& of) {
  const Standing* found = nullptr;
  for (const Standing& s : all) {
    if (of(s) && (!found || *of(s) > *of(*found))) found = &s;
  }
  return found;
}

std::string straggler_counts(const Standing& s) {
  const RunSummary& summary = s.seeds.front()->summary;
  const std::uint64_t nodes = summary.nodes.value_or(s.seeds.front()->nodes.size());
  const std::size_t slow_links = summary.network_stragglers.size();
  const std::size_t slow_nodes = summary.compute_stragglers.size();
  if (slow_links + slow_nodes == 0) return "";
  std::string text = fmt::format("Of {} nodes, ", nodes);
  if (slow_links > 0) text += fmt::format("{} {} slow access links", slow_links, slow_links == 1 ? "has" : "have");
  if (slow_links > 0 && slow_nodes > 0) text += " and ";
  if (slow_nodes > 0) text += fmt::format("{} {} slowly", slow_nodes, slow_nodes == 1 ? "computes" : "compute");
  return text + ".";
}

std::string reach_text(const DelayReach& reach) {
  const std::string way = fmt::format("up to {} hop{} away", reach.hops, reach.hops == 1 ? "" : "s");
  switch (reach.nodes) {
    case DelayReach::Nodes::everyone:
      return reach.hops > 0 ? fmt::format("all other nodes, {},", way) : "all other nodes";
    case DelayReach::Nodes::near:
      return "nodes " + way;
    case DelayReach::Nodes::some:
      return "some other nodes";
    case DelayReach::Nodes::nobody:
      break;
  }
  return "nobody else";
}

/// "a, b, c and 5 more"
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most_named = 4;
  if (names.size() <= most_named + 1) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most_named, ", "),
                     names.size() - most_named);
}

/// Whom the stragglers' delay reached, algorithms of the same answer together.
std::string delay_text(const Standings& all) {
  std::vector<std::pair<std::string, std::vector<std::string>>> answers;
  for (const Standing& s : all.ranked) {
    const auto spread = delay_spread(s);
    if (!spread) continue;
    const std::string reached = reach_text(spread->reach());
    const auto same = [&](const auto& answer) { return answer.first == reached; };
    auto answer = std::find_if(answers.begin(), answers.end(), same);
    if (answer == answers.end()) answer = answers.insert(answers.end(), {reached, {}});
    answer->second.push_back(s.label);
  }
  std::string text;
  for (const auto& [reached, names] : answers) {
    text += fmt::format("{} {} in {}", text.empty() ? "Stragglers held up, by a tenth of a round or more," : ";",
                        reached, some_of(names));
  }
  return text.empty() ? "" : text + ".";
}

std::string time_cell(const Standing& s) {
  if (!s.target) return "-";
  if (!s.time_to_target_s) return "not reached";
  const std::string mean = rounded_seconds(s.time_to_target_s->mean);
  return s.time_to_target_s->seeds > 1 ? fmt::format("{} ± {}", mean, rounded_seconds(s.time_to_target_s->std)) : mean;
}

std::string bytes_to_target_cell(const Standing& s) {
  if (!s.target) return "-";
  if (!s.time_to_target_s) return "not reached";
  return s.bytes_to_target ? size_text(s.bytes_to_target->mean) : "-";
}

std::string accuracy_cell(const Standing& s) {
  if (!s.final_accuracy) return "-";
  return fmt::format("{:.1f} ± {:.1f} %", 100 * s.final_accuracy->mean, 100 * s.accuracy_std_over_nodes);
}

std::string loss_cell(const Standing& s) {
  if (!s.target || s.target->figure != Figure::loss || !s.final_loss) return "-";
  return fmt::format("{:.3f} ± {:.3f}", s.final_loss->mean, s.loss_std_over_nodes);
}

struct Column {
  std::string title;
  std::string (*cell)(const Standing&);
  std::string note;
};

std::string speed_up_cell(const Standing& s) { return s.speed_up ? fmt::format("{:.2f}x", *s.speed_up) : "-"; }
std::string bytes_cell(const Standing& s) { return s.bytes_sent ? size_text(s.bytes_sent->mean) : "-"; }
std::string dropped_cell(const Standing& s) {
  return s.dropped_share ? fmt::format("{:.1f} %", 100 * *s.dropped_share) : "-";
}
std::string staleness_cell(const Standing& s) {
  return s.mean_staleness ? fmt::format("{:.2f}", s.mean_staleness->mean) : "-";
}
std::string seeds_cell(const Standing& s) { return fmt::format("{}", s.seeds.size()); }
std::string reached_cell(const Standing& s) {
  return s.target ? fmt::format("{} of {}", s.reached, s.seeds.size()) : "-";
}

/// Within a column's title.
std::string short_goal(const Standings& all) {
  if (!all.target) return "target";
  return all.target->figure == Figure::loss ? fmt::format("loss {}", all.target->value)
                                            : percent_text(all.target->value);
}

std::vector<Column> columns_of(const Standings& all) {
  const auto has_several_seeds = [](const Standing& s) { return s.seeds.size() > 1; };
  const bool several = std::any_of(all.ranked.begin(), all.ranked.end(), has_several_seeds);
  const auto has_bytes = [](const Standing& s) { return s.bytes_to_target.has_value(); };
  const std::string over_seeds = several ? "Means over seeds; time ± standard deviation over seeds." : "";
  const std::string goal = short_goal(all);
  std::vector<Column> columns{{"time to " + goal, time_cell, over_seeds},
                              {"speed-up", speed_up_cell, "Speed-up: over the slowest that reached the target."},
                              {"final loss", loss_cell, "Loss: mean ± standard deviation over nodes."},
                              {"final accuracy", accuracy_cell, "Accuracy: mean ± standard deviation over nodes."},
                              {"bytes sent", bytes_cell, "Bytes: of all nodes."},
                              {"dropped", dropped_cell, "Dropped: share of messages."},
                              {"staleness", staleness_cell, "Staleness: rounds."}};
  // Where nobody reached the target, the time's column says so.
  if (std::any_of(all.ranked.begin(), all.ranked.end(), has_bytes)) {
    columns.insert(columns.begin() + 1, {"bytes to " + goal, bytes_to_target_cell, ""});
  }
  if (several) {
    const bool race = all.target.has_value();
    columns.push_back({race ? "reached in" : "seeds", race ? reached_cell : seeds_cell, ""});
  }
  return columns;
}

/// Who did not reach the target that others reached.
std::string left_behind(const Standings& all) {
  if (!all.target || all.ranked.empty() || all.ranked.front().reached == 0) return "";
  std::vector<std::string> names;
  for (const Standing& s : all.ranked) {
    if (s.reached > 0 || !s.target) continue;
    const std::string ended = missed_text(s, *all.target);
    names.push_back(
        fmt::format("{} ({}{}{})", s.label, ended, ended.empty() ? "" : " after ", rounded_seconds(s.duration_s)));
  }
  return names.empty() ? "" : fmt::format("The target was not reached by {}.", fmt::join(names, ", "));
}

}  // namespace

std::string headline(const Standings& all) {
  if (all.ranked.empty()) return "There are no runs.";
  return all.target && all.ranked.front().reached > 0 ? headline_of_times(all) : headline_of_accuracies(all);
}

std::vector<std::string> caveats(const Standings& all) {
  std::vector<std::string> lines;
  if (all.targets_differ) lines.push_back("The runs have different targets: their times are not compared.");
  if (const std::string left = left_behind(all); !left.empty()) lines.push_back(left);
  for (const Standing& s : all.ranked) {
    for (const SeedRun& seed : s.runs->seeds) {
      if (!seed.partial()) continue;
      lines.push_back(fmt::format("{}, seed {}, is partial: {}{}.", s.label, seed.seed, fmt::join(seed.gaps, ", "),
                                  s.partial ? "" : " (left out of the means)"));
    }
  }
  return lines;
}

std::vector<std::string> observations(const Standings& all) {
  std::vector<std::string> lines;
  if (all.ranked.empty()) return lines;
  const Standing& first = all.ranked.front();
  for (const Standing& s : all.ranked) {
    const std::string stragglers = straggler_counts(s);
    if (stragglers.empty()) continue;
    lines.push_back(stragglers);
    break;
  }
  if (const std::string delays = delay_text(all); !delays.empty()) lines.push_back(delays);
  if (all.ranked.size() < 2) return lines;
  const auto compare = [&](std::optional<double> Standing::*share, const char* did, const char* what) {
    const Standing* most = highest(all.ranked, [&](const Standing& s) { return s.*share; });
    if (!most || *(most->*share) < 0.01) return;
    std::string text = fmt::format("{} {} {} of {}", most->label, did, percent_text(*(most->*share)), what);
    if (most != &first && first.*share) text += fmt::format(", {} {}", first.label, percent_text(*(first.*share)));
    lines.push_back(text + ".");
  };
  compare(&Standing::dropped_share, "gave up", "its messages before they had left the sender");
  compare(&Standing::waiting_share, "let its nodes wait for", "their time");
  const Standing* stalest = highest(all.ranked, [](const Standing& s) {
    return s.mean_staleness ? std::optional<double>(s.mean_staleness->mean) : std::nullopt;
  });
  if (stalest && stalest->mean_staleness->mean >= 0.1) {
    std::string text =
        fmt::format("What {} mixed was {:.1f} rounds old on average", stalest->label, stalest->mean_staleness->mean);
    if (stalest != &first && first.mean_staleness) {
      text += fmt::format(", for {} {:.1f}", first.label, first.mean_staleness->mean);
    }
    lines.push_back(text + ".");
  }
  return lines;
}

FindingsTable findings_table(const Standings& all) {
  FindingsTable table;
  table.titles.push_back("algorithm");
  for (const Standing& s : all.ranked) table.rows.push_back({s.partial ? s.label + " (partial)" : s.label});
  for (const Column& column : columns_of(all)) {
    const auto has_value = [&](const Standing& s) { return column.cell(s) != "-"; };
    if (std::none_of(all.ranked.begin(), all.ranked.end(), has_value)) continue;
    table.titles.push_back(column.title);
    for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].push_back(column.cell(all.ranked[i]));
    if (!column.note.empty()) table.note += (table.note.empty() ? "" : " ") + column.note;
  }
  return table;
}

FindingsTable side_by_side(const Standings& all, const std::vector<RunFolder>& folders) {
  constexpr std::size_t most_folders = 3;
  if (folders.size() < 2 || folders.size() > most_folders) return {};
  // By algorithm, in the order of their best places.
  std::vector<std::pair<std::string, std::vector<const Standing*>>> rows;
  for (const Standing& s : all.ranked) {
    const auto same = [&](const auto& row) { return row.first == s.runs->name; };
    auto row = std::find_if(rows.begin(), rows.end(), same);
    if (row == rows.end()) row = rows.insert(rows.end(), {s.runs->name, std::vector<const Standing*>(folders.size())});
    row->second[static_cast<std::size_t>(s.folder - folders.data())] = &s;
  }
  const auto has_gap = [](const auto& row) { return std::count(row.second.begin(), row.second.end(), nullptr) > 0; };
  rows.erase(std::remove_if(rows.begin(), rows.end(), has_gap), rows.end());
  if (rows.size() < 2) return {};

  FindingsTable table;
  table.titles.push_back("algorithm");
  for (const auto& row : rows) table.rows.push_back({row.first});
  const std::vector<std::string> names = folder_labels(folders);
  const std::string goal = short_goal(all);
  std::vector<Column> columns;
  if (all.target) columns = {{"time to " + goal, time_cell, ""}, {"bytes to " + goal, bytes_to_target_cell, ""}};
  if (all.target && all.target->figure == Figure::loss) columns.push_back({"final loss", loss_cell, ""});
  columns.push_back({"final accuracy", accuracy_cell, ""});
  for (const Column& column : columns) {
    for (std::size_t f = 0; f < folders.size(); ++f) {
      table.titles.push_back(fmt::format("{}, {}", column.title, names[f]));
      for (std::size_t i = 0; i < rows.size(); ++i) table.rows[i].push_back(column.cell(*rows[i].second[f]));
    }
  }
  return table;
}

std::string percent_text(double share) {
  const double percent = 100 * share;
  const bool whole = std::abs(percent - std::round(percent)) < 1e-9;
  return fmt::format("{:.{}f} %", percent, whole ? 0 : 1);
}

}  // namespace tardigrad
