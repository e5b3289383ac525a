#include "scenarios/src/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "scenarios/src/report/delay_spread.hpp"
#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/results/run_warnings.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

/// The algorithm with the highest of a number, among those that have it.
const RankedAlgorithm* highest(const std::vector<RankedAlgorithm>& all,
                               const std::function<std::optional<double>(const RankedAlgorithm&)>& of) {
  const RankedAlgorithm* found = nullptr;
  for (const RankedAlgorithm& s : all) {
    if (of(s) && (!found || *of(s) > *of(*found))) found = &s;
  }
  return found;
}

std::string straggler_counts(const RankedAlgorithm& s) {
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

/// The nodes that the stragglers' delay reached, algorithms with the same answer together.
std::string delay_text(const Ranking& all) {
  std::vector<std::pair<std::string, std::vector<std::string>>> answers;
  for (const RankedAlgorithm& s : all.ranked) {
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

/// An interval is given only for figures that every seed has.
std::string time_cell(const RankedAlgorithm& s) {
  if (!s.target) return "-";
  if (!s.has_reached()) return without_time_text(s);
  if (s.reached_before_s || s.seeds.size() == 1) return time_to_target_text(s);
  return fmt::format("{} ± {}", time_to_target_text(s), rounded_seconds(s.time_to_target_s->std));
}

std::string server_time_cell(const RankedAlgorithm& s) {
  if (!s.target || !s.has_server) return "-";
  return s.server_time_to_target_s ? rounded_seconds(s.server_time_to_target_s->mean) : "not reached";
}

std::string bytes_to_target_cell(const RankedAlgorithm& s) {
  if (!s.target) return "-";
  if (!s.has_reached()) return without_time_text(s);
  if (s.reached_before_s && s.bytes_by_then > 0.0) return "< " + size_text(*s.bytes_by_then);
  return s.bytes_to_target ? size_text(s.bytes_to_target->mean) : "-";
}

/// Behind final figures of runs that ended at their target.
std::string stop_mark(const RankedAlgorithm& s) { return s.has_stopped ? " †" : ""; }

/// Where the time is a bound only, so is the energy until then, and is not known.
std::string joules_to_target_cell(const RankedAlgorithm& s) {
  if (!s.target) return "-";
  if (!s.has_reached()) return without_time_text(s);
  return s.joules_to_target && !s.reached_before_s ? energy_text(s.joules_to_target->mean) : "-";
}

std::string joules_cell(const RankedAlgorithm& s) {
  return s.joules ? energy_text(s.joules->mean) + stop_mark(s) : "-";
}

std::string accuracy_cell(const RankedAlgorithm& s) {
  if (!s.final_accuracy) return "-";
  const std::string text = accuracy_text(s);
  return fmt::format("{} ± {:.1f} %{}", text.substr(0, text.size() - 2), 100 * s.accuracy_std_over_nodes, stop_mark(s));
}

std::string accuracy_over_seeds_cell(const RankedAlgorithm& s) {
  if (!s.final_accuracy || s.final_accuracy->seeds < 2) return "-";
  const std::string text = accuracy_text(s);
  return fmt::format("{} ± {:.1f} %{}", text.substr(0, text.size() - 2), 100 * s.final_accuracy->std, stop_mark(s));
}

std::string loss_cell(const RankedAlgorithm& s) {
  if (!s.target || s.target->figure != Figure::loss || !s.final_loss) return "-";
  return fmt::format("{} ± {:.3f}{}", loss_text(s), s.loss_std_over_nodes, stop_mark(s));
}

std::string loss_over_seeds_cell(const RankedAlgorithm& s) {
  if (loss_cell(s) == "-") return "-";
  if (s.final_loss->seeds < 2) return "-";
  return fmt::format("{} ± {:.3f}{}", loss_text(s), s.final_loss->std, stop_mark(s));
}

std::string perplexity_cell(const RankedAlgorithm& s) {
  return s.final_perplexity ? fmt::format("{:.3f}", *s.final_perplexity) : "-";
}
std::string bits_cell(const RankedAlgorithm& s) { return s.final_bits ? fmt::format("{:.3f}", *s.final_bits) : "-"; }
std::string distance_cell(const RankedAlgorithm& s) {
  return s.distance_between_nodes ? fmt::format("{:.3g}", *s.distance_between_nodes) : "-";
}

struct Column {
  std::string title;
  std::string (*cell)(const RankedAlgorithm&);
  std::string note;
};

/// Between times of which only an upper bound is known, the speed-up is a bound.
std::string speed_up_cell(const RankedAlgorithm& s) {
  if (!s.speed_up) return "-";
  const char* const sign = s.speed_up->kind == TimesAsFast::Kind::lower_bound   ? "> "
                           : s.speed_up->kind == TimesAsFast::Kind::upper_bound ? "< "
                                                                                : "";
  return fmt::format("{}{}x", sign, times_text(*s.speed_up, 2));
}
std::string bytes_cell(const RankedAlgorithm& s) {
  return s.bytes_sent ? size_text(s.bytes_sent->mean) + stop_mark(s) : "-";
}
std::string staleness_cell(const RankedAlgorithm& s) {
  return s.mean_staleness ? fmt::format("{:.2f}", s.mean_staleness->mean) : "-";
}
std::string share_cell(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100 * *share) : "-";
}
std::string computing_cell(const RankedAlgorithm& s) { return share_cell(s.compute_utilisation); }
std::string dropped_cell(const RankedAlgorithm& s) { return share_cell(s.dropped_share); }
std::string lost_cell(const RankedAlgorithm& s) { return share_cell(s.lost_share); }
std::string absent_cell(const RankedAlgorithm& s) { return share_cell(s.absent_share); }
std::string rounds_cell(const RankedAlgorithm& s) {
  if (!s.rounds) return "-";
  const std::string mean = grouped(s.rounds->mean);
  return s.rounds->seeds > 1 ? fmt::format("{} ± {}", mean, grouped(s.rounds->std)) : mean;
}
std::string throughput_cell(const RankedAlgorithm& s) {
  return s.delivered_per_s ? size_text(*s.delivered_per_s) + "/s" : "-";
}
std::string median_cell(const RankedAlgorithm& s) {
  return s.delay_median_s ? rounded_seconds(*s.delay_median_s) : "-";
}
std::string late_cell(const RankedAlgorithm& s) { return s.delay_p95_s ? rounded_seconds(*s.delay_p95_s) : "-"; }
std::string queue_cell(const RankedAlgorithm& s) {
  return s.longest_queue ? grouped(static_cast<double>(*s.longest_queue)) : "-";
}
std::string seeds_cell(const RankedAlgorithm& s) { return fmt::format("{}", s.seeds.size()); }
std::string reached_cell(const RankedAlgorithm& s) {
  return s.target ? fmt::format("{} of {}", s.reached, s.seeds.size()) : "-";
}

/// The goal within a column's title.
std::string short_goal(const Ranking& all) { return all.target ? short_goal_text(*all.target) : "target"; }

bool any_of(const Ranking& all, const std::function<bool(const RankedAlgorithm&)>& condition) {
  return std::any_of(all.ranked.begin(), all.ranked.end(), condition);
}

bool has_several_seeds(const Ranking& all) {
  return any_of(all, [](const RankedAlgorithm& s) { return s.seeds.size() > 1; });
}

/// Adds the population of the deviation if a table has both kinds.
std::string over(const std::string& title, const char* what, bool several) {
  return several ? fmt::format("{}, ± over {}", title, what) : title;
}

std::string speed_up_note(const Ranking& all) {
  if (all.contests.size() != 1) {
    const bool named = std::any_of(all.contests.begin(), all.contests.end(),
                                   [](const Contest& c) { return !c.named_baseline.empty(); });
    return named ? "Speed-up: over the baseline of the same folder."
                 : "Speed-up: over the slowest of the same folder that reached the target.";
  }
  const Contest& contest = all.contests.front();
  if (!contest.baseline) return "";
  return fmt::format("Speed-up: over {}, {}.",
                     !contest.named_baseline.empty() ? "the baseline" : "the slowest that reached the target",
                     all.ranked[*contest.baseline].name);
}

/// Where nothing is learned, the traffic is the result.
void add_traffic(const Ranking& all, std::vector<Column>& columns) {
  columns.push_back({over("rounds", "seeds", has_several_seeds(all)), rounds_cell, "Rounds: finished by all nodes."});
  columns.push_back({"delivered", throughput_cell, "Delivered: bytes a second to all nodes."});
  columns.push_back({"delay", median_cell,
                     "Delay: of messages, from their sender's queue to their receiver; the median, and what 95 % of "
                     "them did not exceed."});
  columns.push_back({"delay of 95 %", late_cell, ""});
  columns.push_back({"longest queue", queue_cell, "Queue: messages that waited at one link."});
}

std::vector<Column> columns_of(const Ranking& all) {
  const bool several = has_several_seeds(all);
  const std::string goal = short_goal(all);
  std::vector<Column> columns{{over("time to " + goal, "seeds", several), time_cell,
                               several ? "Means over seeds; ± one standard deviation." : ""}};
  columns.push_back({"by the server", server_time_cell, "By the server: the time of its model alone."});
  // If no algorithm reached the target, the time's column shows that.
  if (any_of(all, [](const RankedAlgorithm& s) { return s.bytes_to_target.has_value(); })) {
    columns.push_back({"bytes to " + goal, bytes_to_target_cell, ""});
  }
  if (any_of(all, [](const RankedAlgorithm& s) { return s.joules_to_target.has_value(); })) {
    columns.push_back({"energy to " + goal, joules_to_target_cell, ""});
  }
  columns.push_back({"speed-up", speed_up_cell, speed_up_note(all)});
  columns.push_back(
      {over("final loss", "nodes", several), loss_cell, several ? "" : "Loss: mean ± standard deviation over nodes."});
  if (several) columns.push_back({over("final loss", "seeds", several), loss_over_seeds_cell, ""});
  if (any_of(all, [](const RankedAlgorithm& s) { return s.final_perplexity.has_value(); })) {
    columns.push_back({"perplexity", perplexity_cell, "Perplexity and bits: of a sign, at the mean final loss."});
    columns.push_back({"bits", bits_cell, ""});
  }
  if (any_of(all, [](const RankedAlgorithm& s) { return s.distance_between_nodes.has_value(); })) {
    columns.push_back({"between nodes", distance_cell, "Between nodes: distance from their mean, root mean square."});
  }
  columns.push_back({over("final accuracy", "nodes", several), accuracy_cell,
                     several ? "" : "Accuracy: mean ± standard deviation over nodes."});
  if (several) columns.push_back({over("final accuracy", "seeds", several), accuracy_over_seeds_cell, ""});
  if (!any_of(all, [](const RankedAlgorithm& s) { return !s.has_learned_nothing(); })) add_traffic(all, columns);
  columns.push_back({"bytes sent", bytes_cell, "Bytes: of all nodes."});
  if (any_of(all, [](const RankedAlgorithm& s) { return s.joules.has_value(); })) {
    columns.push_back({"energy", joules_cell, "Energy: of all nodes that train."});
  }
  columns.push_back({"dropped", dropped_cell, "Dropped: share of messages given up by their sender."});
  if (any_of(all, [](const RankedAlgorithm& s) { return s.lost_share.value_or(0) > 0; })) {
    columns.push_back({"lost", lost_cell, "Lost: share of transmissions."});
  }
  if (any_of(all, [](const RankedAlgorithm& s) { return s.absent_share.value_or(0) > 0; })) {
    columns.push_back(
        {"to absent", absent_cell, "To absent: share of transmissions that came while their node was away."});
  }
  columns.push_back({"staleness", staleness_cell, "Staleness: rounds."});
  columns.push_back({"computing", computing_cell, "Computing: share of the nodes' rounds; they wait for the rest."});
  if (several) {
    const bool race = all.target.has_value();
    columns.push_back({race ? "reached in" : "seeds", race ? reached_cell : seeds_cell, ""});
  }
  return columns;
}

/// True if the order does not show who leads: several tie, or a table has several contests.
bool is_marked(const Ranking& all, const RankedAlgorithm& s) {
  if (!s.leads) return false;
  const auto leads = [](const RankedAlgorithm& other) { return other.leads; };
  return all.contests.size() > 1 || std::count_if(all.ranked.begin(), all.ranked.end(), leads) > 1;
}

/// The algorithms that did not reach a target that others reached.
std::string left_behind(const Ranking& all) {
  if (!all.target || !any_of(all, [](const RankedAlgorithm& s) { return s.reached > 0; })) return "";
  std::vector<std::string> names;
  for (const RankedAlgorithm& s : all.ranked) {
    if (s.reached > 0 || s.diverged > 0 || s.cut_short || !s.target) continue;
    const std::string ended = ended_text(s, all.target->figure);
    names.push_back(
        fmt::format("{} ({}{}{})", s.label, ended, ended.empty() ? "" : " after ", rounded_seconds(s.duration_s)));
  }
  return names.empty() ? "" : fmt::format("The target was not reached by {}.", fmt::join(names, ", "));
}

/// Names those that reached it with some seeds only, if others did with every one.
void add_reached_in_part(const Ranking& all, const Contest& contest, std::vector<std::string>& lines) {
  const auto all_racers = racers(all, contest);
  if (those(all_racers, [](const RankedAlgorithm* s) { return s->has_reached(); }).empty()) return;
  for (const RankedAlgorithm* s : all_racers) {
    if (s->reached == 0 || s->has_reached() || s->diverged > 0 || s->cut_short) continue;
    lines.push_back(
        fmt::format("{} reached the target in {}: no time is given.", s->label, part_of_seeds(s->reached, *s)));
  }
}

/// Names those that diverged, unless the headline says it of all.
void add_diverged(const Ranking& all, const Contest& contest, std::vector<std::string>& lines) {
  const auto all_racers = racers(all, contest);
  const auto diverged = those(all_racers, [](const RankedAlgorithm* s) { return s->diverged > 0; });
  if (diverged.size() == all_racers.size()) return;
  for (const RankedAlgorithm* s : diverged) {
    lines.push_back(fmt::format("{} {}: its losses are not finite.", s->label, divergence_text(*s)));
  }
}

void add_baseline(const Ranking& all, const Contest& contest, std::vector<std::string>& lines) {
  if (contest.named_baseline.empty()) return;
  if (those(racers(all, contest), [](const RankedAlgorithm* s) { return s->has_reached(); }).empty()) return;
  if (!contest.baseline) {
    lines.push_back(
        fmt::format("{}, the baseline, has not run to its end: there are no speed-ups.", contest.named_baseline));
    return;
  }
  const RankedAlgorithm& baseline = all.ranked[*contest.baseline];
  if (baseline.has_reached()) return;
  lines.push_back(fmt::format("{}, the baseline, did not reach the target{}: there are no speed-ups.", baseline.label,
                              baseline.seeds.size() > 1 ? " with every seed" : ""));
}

void add_uneven_seeds(const Ranking& all, const Contest& contest, std::vector<std::string>& lines) {
  const auto seeds_of = [](const RankedAlgorithm& s) {
    std::vector<std::uint64_t> seeds;
    for (const SeedRun* run : s.seeds) seeds.push_back(run->seed);
    return seeds;
  };
  const auto all_racers = racers(all, contest);
  const auto differs = [&](const RankedAlgorithm* s) { return seeds_of(*s) != seeds_of(*all_racers.front()); };
  if (those(all_racers, differs).empty()) return;
  lines.push_back("Not all have run with the same seeds: any two are compared on those that both have.");
}

void add_warnings(const RankedAlgorithm& s, std::vector<std::string>& lines) {
  for (const SeedRun& run : s.runs->seeds) {
    const std::string who = s.runs->seeds.size() > 1 ? fmt::format("{}, seed {}", s.label, run.seed) : s.label;
    if (!run.summary.slow_nodes.empty()) {
      lines.push_back(fmt::format("{}: {}.", who, slow_machine(run.summary.slow_nodes)));
    }
    const std::string early = missing_consensus(run.summary.rounds.value_or(0), run.summary.nodes.value_or(0),
                                                run.summary.rounds_before_consensus.value_or(0));
    if (!early.empty()) lines.push_back(fmt::format("{}: {}.", who, early));
    for (const LostHost& lost : run.summary.lost_hosts) {
      lines.push_back(fmt::format("{}: {}.", who, lost_host_text(lost)));
    }
    if (!run.partial()) continue;
    lines.push_back(fmt::format("{}, seed {}, is partial: {}{}.", s.label, run.seed, fmt::join(run.gaps, ", "),
                                s.partial ? "" : " (left out of the means)"));
  }
}

/// Those that reached the target and were short of it again when they ended, as means over seeds.
std::string lost_again(const Ranking& all) {
  std::vector<std::string> names;
  for (const RankedAlgorithm& s : all.ranked) {
    const auto& last = all.target->figure == Figure::accuracy ? s.final_accuracy : s.final_loss;
    if (!s.has_reached() || s.has_stopped || !last || all.target->is_reached_by(last->mean)) continue;
    names.push_back(fmt::format("{} ({})", s.label, ended_text(s, all.target->figure)));
  }
  return names.empty() ? "" : fmt::format("Short of {} again in the end: {}.", goal_text(*all.target), some_of(names));
}

}  // namespace

std::vector<std::string> caveats(const Ranking& all) {
  std::vector<std::string> lines;
  if (all.targets_differ) lines.push_back("The runs have different targets: their times are not compared.");
  if (const std::string left = left_behind(all); !left.empty()) lines.push_back(left);
  for (const Contest& contest : all.contests) {
    if (all.target) add_reached_in_part(all, contest, lines);
    add_diverged(all, contest, lines);
    if (all.target) add_baseline(all, contest, lines);
    add_uneven_seeds(all, contest, lines);
  }
  if (const std::string lost = all.target ? lost_again(all) : ""; !lost.empty()) lines.push_back(lost);
  for (const RankedAlgorithm& s : all.ranked) add_warnings(s, lines);
  return lines;
}

std::vector<std::string> observations(const Ranking& all) {
  std::vector<std::string> lines;
  if (all.ranked.empty()) return lines;
  const RankedAlgorithm& first = all.ranked.front();
  for (const RankedAlgorithm& s : all.ranked) {
    const std::string stragglers = straggler_counts(s);
    if (stragglers.empty()) continue;
    lines.push_back(stragglers);
    break;
  }
  if (const std::string delays = delay_text(all); !delays.empty()) lines.push_back(delays);
  if (all.ranked.size() < 2) return lines;
  const auto compare = [&](std::optional<double> RankedAlgorithm::*share, const char* did, const char* what) {
    const RankedAlgorithm* most = highest(all.ranked, [&](const RankedAlgorithm& s) { return s.*share; });
    if (!most || *(most->*share) < 0.01) return;
    std::string text = fmt::format("{} {} {} of {}", most->label, did, percent_text(*(most->*share)), what);
    if (most != &first && first.*share) text += fmt::format(", {} {}", first.label, percent_text(*(first.*share)));
    lines.push_back(text + ".");
  };
  compare(&RankedAlgorithm::dropped_share, "gave up", "its messages before they had left the sender");
  compare(&RankedAlgorithm::waiting_share, "let its nodes wait for", "their time");
  const RankedAlgorithm* stalest = highest(all.ranked, [](const RankedAlgorithm& s) {
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

FindingsTable findings_table(const Ranking& all) {
  FindingsTable table;
  table.titles.push_back("algorithm");
  for (const RankedAlgorithm& s : all.ranked) table.rows.push_back({row_name(all, s, s.label)});
  for (const Column& column : columns_of(all)) {
    const auto has_value = [&](const RankedAlgorithm& s) { return column.cell(s) != "-"; };
    if (std::none_of(all.ranked.begin(), all.ranked.end(), has_value)) continue;
    table.titles.push_back(column.title);
    for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].push_back(column.cell(all.ranked[i]));
    if (!column.note.empty()) table.note += (table.note.empty() ? "" : " ") + column.note;
  }
  if (any_of(all, [](const RankedAlgorithm& s) { return s.has_stopped; })) {
    table.note += " †: when it ended, at its target; not to be compared.";
  }
  if (any_of(all, [&](const RankedAlgorithm& s) { return is_marked(all, s); })) {
    table.note +=
        (table.note.empty() ? "*: " : " *: ") + std::string("first, or no difference from the first that can be told.");
  }
  return table;
}

FindingsTable side_by_side(const Ranking& all, const std::vector<RunFolder>& folders) {
  constexpr std::size_t most_folders = 3;
  if (folders.size() < 2 || folders.size() > most_folders) return {};
  // By algorithm, in the order of their best places.
  std::vector<std::pair<std::string, std::vector<const RankedAlgorithm*>>> rows;
  for (const RankedAlgorithm& s : all.ranked) {
    const auto same = [&](const auto& row) { return row.first == s.runs->name; };
    auto row = std::find_if(rows.begin(), rows.end(), same);
    if (row == rows.end())
      row = rows.insert(rows.end(), {s.runs->name, std::vector<const RankedAlgorithm*>(folders.size())});
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
  const bool several = has_several_seeds(all);
  if (all.target) {
    columns = {{over("time to " + goal, "seeds", several), time_cell, ""},
               {"bytes to " + goal, bytes_to_target_cell, ""}};
  }
  if (all.target && all.target->figure == Figure::loss) {
    columns.push_back({over("final loss", "nodes", several), loss_cell, ""});
  }
  columns.push_back({over("final accuracy", "nodes", several), accuracy_cell, ""});
  for (const Column& column : columns) {
    for (std::size_t f = 0; f < folders.size(); ++f) {
      table.titles.push_back(fmt::format("{}, {}", column.title, names[f]));
      for (std::size_t i = 0; i < rows.size(); ++i) table.rows[i].push_back(column.cell(*rows[i].second[f]));
    }
  }
  return table;
}

std::string row_name(const Ranking& all, const RankedAlgorithm& s, const std::string& name) {
  std::string text = name;
  if (s.partial) text += " (partial)";
  if (s.diverged > 0)
    text += s.seeds.size() == 1 ? " (diverged)" : " (diverged in " + part_of_seeds(s.diverged, s) + ")";
  return is_marked(all, s) ? text + " *" : text;
}

}  // namespace tardigrad
