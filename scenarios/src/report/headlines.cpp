#include "scenarios/src/report/headlines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

/// Half of the last digit that a table shows of a share or a loss.
constexpr double kShownDigit = 0.0005;

/// " after 12.3 s", " in less than 2 s", " after 12.3 s in 2 of 3 seeds".
std::string when_text(const RankedAlgorithm& s) {
  if (s.reached_before_s) return " in less than " + rounded_seconds(*s.reached_before_s);
  return " after " + rounded_seconds(s.time_to_target_s->mean) +
         (s.reached == s.seeds.size() ? "" : " in " + part_of_seeds(s.reached, s));
}

/// "2.30 times as fast as", "3 s before".
std::string ahead_text(const RankedAlgorithm& first, const RankedAlgorithm& other) {
  const auto ratio = times_as_fast(first, other);
  const bool is_bound = first.reached_before_s || other.reached_before_s;
  if (!ratio || ratio->times < 1.005 || ratio->kind == TimesAsFast::Kind::upper_bound) {
    // A ratio close to one is replaced by the difference, if that is known.
    return is_bound ? "ahead of" : rounded_seconds(time_behind(first, other).mean) + " before";
  }
  return fmt::format("{}{} times as fast as", is_bound ? "more than " : "",
                     times_text(*ratio, ratio->times < 10 ? 2 : 0));
}

/// "2.30 times as fast as the next, swift (728 s)".
std::string ahead_of(const RankedAlgorithm& first, const RankedAlgorithm& other, const char* which) {
  return fmt::format("{} {}, {} ({})", ahead_text(first, other), which, other.name, time_to_target_text(other));
}

/// " Over 3 seeds swift took 410 s to 480 s longer (95 % interval)."; empty if there is no interval.
std::string interval_text(const RankedAlgorithm& first, const RankedAlgorithm& other) {
  const PairedDifference behind = time_behind(first, other);
  if (!behind.interval || first.reached_before_s) return "";
  return fmt::format(" Over {} {} took {} to {} longer (95 % interval).", seeds_text(behind.seeds), other.name,
                     rounded_seconds(behind.interval->low), rounded_seconds(behind.interval->high));
}

/// The reason why those that tie cannot be distinguished. `known_to`: the resolution of the figures in the
/// coarsest comparison.
std::string no_difference(const std::vector<PairedDifference>& behind, const std::string& known_to) {
  const auto fewest =
      std::min_element(behind.begin(), behind.end(), [](const auto& a, const auto& b) { return a.seeds < b.seeds; });
  if (fewest->seeds == 0) return "no difference that can be told: they have no seed in common";
  std::string text = fmt::format("no difference that {} can tell", seeds_text(fewest->seeds));
  const bool is_close = std::any_of(behind.begin(), behind.end(),
                                    [](const PairedDifference& pair) { return std::abs(pair.mean) < pair.resolution; });
  return is_close && !known_to.empty() ? text + ", " + known_to : text;
}

double coarsest(const std::vector<PairedDifference>& behind) {
  double resolution = 0;
  for (const PairedDifference& pair : behind) resolution = std::max(resolution, pair.resolution);
  return resolution;
}

/// "a (8.15 s)"
template <class Figure>
std::vector<std::string> with_figures(const std::vector<const RankedAlgorithm*>& algorithms, Figure figure) {
  std::vector<std::string> texts;
  for (const RankedAlgorithm* s : algorithms) texts.push_back(fmt::format("{} ({})", s->name, figure(*s)));
  return texts;
}

std::string tie_in_time(const std::vector<const RankedAlgorithm*>& leaders,
                        const std::vector<const RankedAlgorithm*>& reached, const std::string& goal) {
  const RankedAlgorithm& first = *leaders.front();
  std::vector<PairedDifference> behind;
  for (std::size_t i = 1; i < leaders.size(); ++i) behind.push_back(time_behind(first, *leaders[i]));
  const std::string known_to = fmt::format("times being known to {}", rounded_seconds(coarsest(behind)));
  std::string text = fmt::format("{} reached {} first: {}", some_of(with_figures(leaders, time_to_target_text)), goal,
                                 no_difference(behind, known_to));
  const auto next = std::find_if(reached.begin(), reached.end(), [](const RankedAlgorithm* s) { return !s->leads; });
  if (next == reached.end()) return text + ".";
  return text + fmt::format("; {} was {}.", first.name, ahead_of(first, **next, "the next")) +
         interval_text(first, **next);
}

std::string headline_of_times(const std::vector<const RankedAlgorithm*>& racers,
                              const std::vector<const RankedAlgorithm*>& reached, const std::string& goal) {
  const auto leaders = those(reached, [](const RankedAlgorithm* s) { return s->leads; });
  if (leaders.size() > 1) return tie_in_time(leaders, reached, goal);
  const RankedAlgorithm& first = *reached.front();
  const bool race = racers.size() > 1;
  std::string text = fmt::format("{} reached {}{}{}", first.name, goal, race ? " first," : "", when_text(first));
  if (!race) return text + ".";
  if (reached.size() == 1) {
    const bool others = std::any_of(racers.begin(), racers.end(),
                                    [&](const RankedAlgorithm* s) { return s != &first && s->reached > 0; });
    return text + (others ? "; no other algorithm reached it with every seed." : "; no other algorithm reached it.");
  }
  text += ": " + ahead_of(first, *reached[1], reached.size() > 2 ? "the next" : "the only other");
  if (reached.size() > 2) text += ", and " + ahead_of(first, *reached.back(), "the slowest");
  return text + "." + interval_text(first, *reached[1]);
}

/// Some reached the target with some seeds, none with every one.
std::string headline_of_parts(const std::vector<const RankedAlgorithm*>& racers, const std::string& goal) {
  const auto some = those(racers, [](const RankedAlgorithm* s) { return s->reached > 0; });
  if (racers.size() == 1) return fmt::format("{} reached {}{}.", some.front()->name, goal, when_text(*some.front()));
  const auto part = [](const RankedAlgorithm& s) { return "in " + part_of_seeds(s.reached, s); };
  return fmt::format("No algorithm reached {} with every seed: {} did.", goal, some_of(with_figures(some, part)));
}

/// Those that the final figure does not distinguish from the first.
std::vector<const RankedAlgorithm*> closest(const std::vector<const RankedAlgorithm*>& sound, Figure figure,
                                            std::vector<PairedDifference>& behind) {
  std::vector<const RankedAlgorithm*> tied{sound.front()};
  for (std::size_t i = 1; i < sound.size(); ++i) {
    if (ended_text(*sound[i], figure).empty()) continue;
    const PairedDifference pair = figure_behind(*sound.front(), *sound[i], figure);
    if (pair.is_told) continue;
    tied.push_back(sound[i]);
    behind.push_back(pair);
  }
  return tied;
}

std::string known_figure(const std::vector<PairedDifference>& behind, Figure figure) {
  const double moves = coarsest(behind);
  if (moves <= kShownDigit) return "";
  const std::string by =
      figure == Figure::accuracy ? fmt::format("{:.1f} percentage points", 100 * moves) : fmt::format("{:.3f}", moves);
  return fmt::format("{} still moving by {} between evaluations", figure == Figure::accuracy ? "accuracies" : "losses",
                     by);
}

std::string headline_of_misses(const std::vector<const RankedAlgorithm*>& sound, const Target& target) {
  const std::string goal = goal_text(target);
  const RankedAlgorithm& best = *sound.front();
  const std::string ended = ended_text(best, target.figure);
  if (ended.empty()) return fmt::format("No algorithm reached {}: no loss is finite in the end.", goal);
  if (sound.size() == 1) return fmt::format("{} did not reach {}; it ended at {}.", best.name, goal, ended);
  std::vector<PairedDifference> behind;
  const auto tied = closest(sound, target.figure, behind);
  if (tied.size() == 1) {
    return fmt::format("No algorithm reached {}; {} came closest with {}.", goal, best.name, ended);
  }
  const auto figure = [&](const RankedAlgorithm& s) { return ended_text(s, target.figure); };
  return fmt::format("No algorithm reached {}; {} came closest: {}.", goal, some_of(with_figures(tied, figure)),
                     no_difference(behind, known_figure(behind, target.figure)));
}

std::string headline_of_accuracies(const std::vector<const RankedAlgorithm*>& sound) {
  const RankedAlgorithm& best = *sound.front();
  const auto accuracy = [](const RankedAlgorithm& s) { return percent_text(s.final_accuracy->mean); };
  if (sound.size() == 1) return fmt::format("{} ended at {} accuracy.", best.name, accuracy(best));
  std::vector<PairedDifference> behind;
  const auto tied = closest(sound, Figure::accuracy, behind);
  if (tied.size() > 1) {
    return fmt::format("{} ended with the highest accuracy: {}.", some_of(with_figures(tied, accuracy)),
                       no_difference(behind, known_figure(behind, Figure::accuracy)));
  }
  std::string text = fmt::format("{} ended with the highest accuracy, {}", best.name, accuracy(best));
  const RankedAlgorithm& next = *sound[1];
  if (!next.final_accuracy) return text + ".";
  const PairedDifference pair = figure_behind(best, next, Figure::accuracy);
  text += fmt::format(": {:.1f} percentage points above the next, {}", 100 * pair.mean, next.name);
  if (pair.interval) {
    text += fmt::format(" ({:.1f} to {:.1f}, 95 % interval over {})", 100 * pair.interval->low,
                        100 * pair.interval->high, seeds_text(pair.seeds));
  }
  return text + ".";
}

std::string rounds_of(const RankedAlgorithm& s) { return grouped(s.rounds->mean); }

/// "17.9 times as many as d-psgd (490)"
std::string rounds_ahead(const RankedAlgorithm& first, const RankedAlgorithm& other, const char* which) {
  const std::string name = fmt::format("{}{} ({})", which, other.name, rounds_of(other));
  if (!(other.rounds->mean > 0)) return "more than " + name;
  const double times = first.rounds->mean / other.rounds->mean;
  if (times < 1.005) return fmt::format("{} more than {}", grouped(first.rounds->mean - other.rounds->mean), name);
  return fmt::format("{:.{}f} times as many as {}", times, times < 10 ? 2 : 1, name);
}

/// Where nothing is learned: who finished the most rounds in the same time.
std::string headline_of_rounds(const std::vector<const RankedAlgorithm*>& all_racers) {
  const auto known = those(all_racers, [](const RankedAlgorithm* s) { return s->rounds.has_value(); });
  if (known.empty()) return "No accuracy was measured.";
  const RankedAlgorithm& first = *known.front();
  const auto leaders = those(known, [](const RankedAlgorithm* s) { return s->leads; });
  if (known.size() == 1) return fmt::format("{} finished {} rounds.", first.name, rounds_of(first));
  if (leaders.size() > 1) {
    std::vector<PairedDifference> behind;
    for (std::size_t i = 1; i < leaders.size(); ++i) behind.push_back(rounds_behind(first, *leaders[i]));
    return fmt::format("{} finished the most rounds: {}.", some_of(with_figures(leaders, rounds_of)),
                       no_difference(behind, ""));
  }
  std::string text = fmt::format("{} finished the most rounds, {}: {}", first.name, rounds_of(first),
                                 rounds_ahead(first, *known[1], "the next, "));
  if (known.size() > 2) text += ", and " + rounds_ahead(first, *known.back(), "");
  return text + ".";
}

std::string headline_of_divergences(const std::vector<const RankedAlgorithm*>& racers) {
  if (racers.size() == 1) {
    return fmt::format("{} {}: its losses are not finite.", racers.front()->name, divergence_text(*racers.front()));
  }
  const auto when = [](const RankedAlgorithm& s) { return divergence_text(s).substr(std::string("diverged ").size()); };
  return fmt::format("All algorithms diverged: {}.", some_of(with_figures(racers, when)));
}

std::string headline_of(const Ranking& all, const std::vector<const RankedAlgorithm*>& all_racers) {
  const auto sound = those(all_racers, [](const RankedAlgorithm* s) { return s->diverged == 0; });
  if (sound.empty()) return headline_of_divergences(all_racers);
  if (all.target) {
    const std::string goal = goal_text(*all.target);
    const auto reached = those(sound, [](const RankedAlgorithm* s) { return s->has_reached(); });
    if (!reached.empty()) return headline_of_times(all_racers, reached, goal);
    if (std::any_of(sound.begin(), sound.end(), [](const RankedAlgorithm* s) { return s->reached > 0; })) {
      return headline_of_parts(sound, goal);
    }
  }
  if (sound.front()->has_learned_nothing()) return headline_of_rounds(sound);
  if (std::any_of(sound.begin(), sound.end(), [](const RankedAlgorithm* s) { return s->has_stopped; })) {
    return "Runs ended at their own targets, which differ: their final accuracies are not compared.";
  }
  return all.target ? headline_of_misses(sound, *all.target) : headline_of_accuracies(sound);
}

/// "swift"; "swift (seeds 2 to 5)" where it has runs with `other` seeds.
std::string with_seeds(const std::string& name, const std::vector<std::uint64_t>& seeds, std::size_t other) {
  if (other == 0) return name;
  if (seeds.size() == 1) return fmt::format("{} (seed {})", name, seeds.front());
  const bool is_block = seeds.size() > 2 && seeds.back() - seeds.front() == seeds.size() - 1;
  return is_block ? fmt::format("{} (seeds {} to {})", name, seeds.front(), seeds.back())
                  : fmt::format("{} (seeds {})", name, fmt::join(seeds, ", "));
}

/// The runs of a contest's scenarios that are not complete.
struct Unfinished {
  std::vector<std::string> begun, missing;
  bool by_error = false;
};

void add_begun(const RankedAlgorithm& s, Unfinished& unfinished) {
  std::vector<std::uint64_t> seeds;
  for (const SeedRun& run : s.runs->seeds) {
    if (run.summary.complete) continue;
    seeds.push_back(run.seed);
    const std::string& reason = run.summary.stopped_because;
    unfinished.by_error = unfinished.by_error || (!reason.empty() && reason != "interrupted");
  }
  const auto& missing = s.folder->missing;
  const bool misses =
      std::any_of(missing.begin(), missing.end(), [&](const auto& m) { return m.name == s.runs->name; });
  const std::size_t other = s.runs->seeds.size() - seeds.size() + (misses ? 1 : 0);
  if (!seeds.empty()) unfinished.begun.push_back(with_seeds(s.name, seeds, other));
}

void add_missing(const RunFolder& folder, Unfinished& unfinished) {
  for (const MissingRuns& missing : folder.missing) {
    const auto has_begun = [&](const AlgorithmRuns& runs) { return runs.name == missing.name; };
    const auto other = std::count_if(folder.algorithms.begin(), folder.algorithms.end(), has_begun);
    unfinished.missing.push_back(with_seeds(missing.name, missing.seeds, static_cast<std::size_t>(other)));
  }
}

/// "Interrupted: swift was not finished, d-psgd and gossip were not run."; empty if all runs are complete.
std::string unfinished_text(const std::vector<const RankedAlgorithm*>& all_racers) {
  Unfinished unfinished;
  std::set<const RunFolder*> seen;
  for (const RankedAlgorithm* s : all_racers) {
    add_begun(*s, unfinished);
    if (seen.insert(s->folder).second) add_missing(*s->folder, unfinished);
  }
  const auto were = [](const std::vector<std::string>& names, const char* what) {
    return fmt::format("{} {} not {}", some_of(names), names.size() == 1 ? "was" : "were", what);
  };
  std::vector<std::string> parts;
  if (!unfinished.begun.empty()) parts.push_back(were(unfinished.begun, "finished"));
  if (!unfinished.missing.empty()) parts.push_back(were(unfinished.missing, "run"));
  if (parts.empty()) return "";
  return fmt::format("{}: {}.", unfinished.by_error ? "Ended by an error" : "Interrupted", fmt::join(parts, ", "));
}

/// The headline for a single node, about one of the algorithms, which do not differ.
std::string headline_of_lone_node(const Ranking& all, const RankedAlgorithm& any) {
  RankedAlgorithm node = any;
  node.name = "it";
  return "One node trains alone, whatever the algorithm: " + headline_of(all, {&node});
}

std::string headline_of(const Ranking& all, const Contest& contest) {
  const auto all_racers = racers(all, contest);
  const auto whole = those(all_racers, [](const RankedAlgorithm* s) { return !s->cut_short; });
  const std::string unfinished = unfinished_text(all_racers);
  if (whole.empty()) return unfinished + " There is no result yet.";
  const std::string answer =
      contest.has_lone_node ? headline_of_lone_node(all, *whole.front()) : headline_of(all, whole);
  return unfinished.empty() ? answer : unfinished + " So far: " + answer;
}

}  // namespace

std::vector<std::string> headlines(const Ranking& all) {
  if (all.ranked.empty()) return {"There are no runs."};
  if (all.contests.size() == 1) return {headline_of(all, all.contests.front())};
  std::vector<std::string> lines;
  for (const Contest& contest : all.contests) {
    lines.push_back(fmt::format("{}: {}", all.ranked[contest.places.front()].folder_label, headline_of(all, contest)));
  }
  return lines;
}

}  // namespace tardigrad
