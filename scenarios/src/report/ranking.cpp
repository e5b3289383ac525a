#include "scenarios/src/report/ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "scenarios/src/text/natural_order.hpp"

namespace tardigrad {

namespace {

std::optional<SeedSpread> spread(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  SeedSpread result;
  result.seeds = values.size();
  for (const double value : values) result.mean += value / static_cast<double>(values.size());
  for (const double value : values) result.std += (value - result.mean) * (value - result.mean);
  result.std = values.size() > 1 ? std::sqrt(result.std / static_cast<double>(values.size() - 1)) : 0;
  result.min = *std::min_element(values.begin(), values.end());
  result.max = *std::max_element(values.begin(), values.end());
  return result;
}

/// The spread of a number that some seeds may lack.
template <class NumberOf>
std::optional<SeedSpread> spread_of(const std::vector<const SeedRun*>& seeds, NumberOf number_of) {
  std::vector<double> values;
  for (const SeedRun* seed : seeds) {
    if (const auto number = number_of(*seed)) values.push_back(static_cast<double>(*number));
  }
  return spread(values);
}

std::optional<double> mean_of(const std::optional<SeedSpread>& over_seeds) {
  return over_seeds ? std::optional<double>(over_seeds->mean) : std::nullopt;
}

std::optional<double> dropped_share(const SeedRun& run) {
  const auto& sent = run.summary.messages_sent;
  const auto& dropped = run.summary.messages_dropped;
  if (!sent || !dropped || *sent + *dropped == 0) return std::nullopt;
  return static_cast<double>(*dropped) / (static_cast<double>(*sent) + static_cast<double>(*dropped));
}

/// A share of the messages that its uplinks transmitted.
std::optional<double> share_of_sent(const SeedRun& run, const std::optional<std::uint64_t>& messages) {
  const auto& sent = run.summary.messages_sent;
  if (!sent || *sent == 0 || !messages) return std::nullopt;
  return static_cast<double>(*messages) / static_cast<double>(*sent);
}

std::optional<double> share_of_time(const SeedRun& run, double NodeActivity::*spent) {
  const double all = run.duration_s() * static_cast<double>(run.nodes.size());
  if (!(all > 0)) return std::nullopt;
  double sum = 0;
  for (const auto& [node, activity] : run.nodes) sum += activity.*spent;
  return std::min(1.0, sum / all);
}

/// A mean over seeds is no better known than its worst: one seed within the first interval makes it a bound.
void find_bounds(RankedAlgorithm& s) {
  const auto is_bounded = [](const SeedRun* run) { return run->reached_before_s.has_value(); };
  if (s.diverged > 0 || std::none_of(s.seeds.begin(), s.seeds.end(), is_bounded)) return;
  s.reached_before_s = mean_of(spread_of(s.seeds, [](const SeedRun& run) {
    return run.reached_before_s ? run.reached_before_s : run.time_to_target_s();
  }));
  s.bytes_by_then = mean_of(spread_of(s.seeds, [](const SeedRun& run) -> std::optional<double> {
    if (run.reached_before_s) return run.bytes_by_then;
    return run.summary.bytes_to_target;
  }));
}

void find_divergence(RankedAlgorithm& s) {
  const auto diverged = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.diverged_s; });
  if (!diverged) return;
  s.diverged = diverged->seeds;
  s.diverged_s = diverged->min;
}

std::optional<double> delivered_per_s(const SeedRun& run) {
  if (!run.summary.bytes_delivered || !(run.duration_s() > 0)) return std::nullopt;
  return static_cast<double>(*run.summary.bytes_delivered) / run.duration_s();
}

void find_traffic(RankedAlgorithm& s) {
  s.rounds = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.rounds; });
  s.delivered_per_s = mean_of(spread_of(s.seeds, delivered_per_s));
  const auto mean_delay = [&](std::optional<double> RunSummary::*delay) {
    return mean_of(spread_of(s.seeds, [&](const SeedRun& run) { return run.summary.*delay; }));
  };
  s.delay_median_s = mean_delay(&RunSummary::message_delay_median_s);
  s.delay_p95_s = mean_delay(&RunSummary::message_delay_p95_s);
  for (const SeedRun* run : s.seeds) s.longest_queue = std::max(s.longest_queue, run->summary.longest_queue);
}

RankedAlgorithm standing_of(const RunFolder& folder, const AlgorithmRuns& runs) {
  RankedAlgorithm s;
  s.folder = &folder;
  s.runs = &runs;
  for (const SeedRun& seed : runs.seeds) {
    if (!seed.partial()) s.seeds.push_back(&seed);
  }
  s.partial = s.seeds.empty();
  if (s.partial) {
    for (const SeedRun& seed : runs.seeds) s.seeds.push_back(&seed);
  }
  s.cut_short = !std::all_of(s.seeds.begin(), s.seeds.end(), [](const SeedRun* run) { return run->summary.complete; });
  s.left_out = runs.seeds.size() - s.seeds.size();
  s.target = s.seeds.front()->summary.target;
  s.time_to_target_s = spread_of(s.seeds, [](const SeedRun& run) { return run.time_to_target_s(); });
  s.bytes_to_target = spread_of(
      s.seeds, [](const SeedRun& run) { return run.diverged() ? std::nullopt : run.summary.bytes_to_target; });
  s.joules = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.joules; });
  s.joules_to_target = spread_of(
      s.seeds, [](const SeedRun& run) { return run.diverged() ? std::nullopt : run.summary.joules_to_target; });
  s.has_stopped =
      std::any_of(s.seeds.begin(), s.seeds.end(), [](const SeedRun* run) { return run->stopped_at_target(); });
  s.has_server = s.seeds.front()->summary.servers.value_or(0) > 0;
  s.server_time_to_target_s = spread_of(
      s.seeds, [](const SeedRun& run) { return run.diverged() ? std::nullopt : run.summary.time_to_target_server_s; });
  s.reached = s.time_to_target_s ? s.time_to_target_s->seeds : 0;
  find_divergence(s);
  find_bounds(s);
  const auto final = [&](std::optional<FinalFigure> RunSummary::*figure, double FinalFigure::*part) {
    return spread_of(s.seeds, [&](const SeedRun& run) {
      const auto& own = run.summary.*figure;
      return own ? std::optional<double>((*own).*part) : std::nullopt;
    });
  };
  s.final_accuracy = final(&RunSummary::final_accuracy, &FinalFigure::mean);
  s.accuracy_std_over_nodes = mean_of(final(&RunSummary::final_accuracy, &FinalFigure::std)).value_or(0);
  s.final_loss = final(&RunSummary::final_loss, &FinalFigure::mean);
  s.loss_std_over_nodes = mean_of(final(&RunSummary::final_loss, &FinalFigure::std)).value_or(0);
  s.bytes_sent = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.bytes_sent; });
  find_traffic(s);
  const auto mean_final = [&](std::optional<double> RunSummary::*figure) {
    return mean_of(spread_of(s.seeds, [&](const SeedRun& run) { return run.summary.*figure; }));
  };
  s.final_perplexity = mean_final(&RunSummary::final_perplexity);
  s.final_bits = mean_final(&RunSummary::final_bits);
  s.distance_between_nodes = mean_final(&RunSummary::final_distance_between_nodes);
  s.mean_staleness = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.mean_staleness; });
  s.dropped_share = mean_of(spread_of(s.seeds, dropped_share));
  s.lost_share =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return share_of_sent(run, run.summary.messages_lost); }));
  s.absent_share = mean_of(
      spread_of(s.seeds, [](const SeedRun& run) { return share_of_sent(run, run.summary.messages_to_absent_nodes); }));
  s.compute_utilisation =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return run.summary.compute_utilisation; }));
  s.training_share =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return share_of_time(run, &NodeActivity::training_s); }));
  s.waiting_share =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return share_of_time(run, &NodeActivity::waiting_s); }));
  for (const SeedRun* seed : s.seeds) s.duration_s = std::max(s.duration_s, seed->duration_s());
  return s;
}

double share_reached(const RankedAlgorithm& s) {
  return static_cast<double>(s.reached) / static_cast<double>(s.seeds.size());
}

/// Smaller is better. Without the figure it is the worst.
double distance(const RankedAlgorithm& s, Figure figure) {
  if (figure == Figure::accuracy) return s.final_accuracy ? -s.final_accuracy->mean : 1;
  return s.final_loss ? s.final_loss->mean : std::numeric_limits<double>::infinity();
}

/// Without a common target the times have no meaning.
bool ahead(const RankedAlgorithm& a, const RankedAlgorithm& b, const std::optional<Target>& target) {
  const auto key = [&](const RankedAlgorithm& s) {
    const bool timed = target && s.time_to_target_s;
    const double time = timed ? s.time_to_target_s->mean : std::numeric_limits<double>::infinity();
    const Figure figure = target ? target->figure : Figure::accuracy;
    const double rounds = s.has_learned_nothing() && s.rounds ? s.rounds->mean : 0;
    return std::make_tuple(s.diverged > 0, s.cut_short, timed ? -share_reached(s) : 0.0, time, distance(s, figure),
                           -rounds);
  };
  const auto own = key(a);
  const auto other = key(b);
  return own != other ? own < other : natural_less(a.label, b.label);
}

void label_all(std::vector<RankedAlgorithm>& all, const std::vector<RunFolder>& folders) {
  const std::vector<std::string> names = folder_labels(folders);
  std::map<std::string, int> uses;
  for (const RankedAlgorithm& s : all) ++uses[s.runs->name];
  for (RankedAlgorithm& s : all) {
    s.folder_label = names[static_cast<std::size_t>(s.folder - folders.data())];
    s.label = s.runs->name;
    if (uses[s.label] > 1) s.label += fmt::format(" ({})", s.folder_label);
  }
}

void find_common_target(Ranking& all) {
  for (const RankedAlgorithm& s : all.ranked) {
    if (!s.target) continue;
    all.targets_differ = all.targets_differ || (all.target && *all.target != *s.target);
    all.target = s.target;
  }
  if (all.targets_differ) all.target.reset();
}

/// The coarsest of the compared resolutions.
template <class ResolutionOf>
double resolution(const RankedAlgorithm& first, const RankedAlgorithm& other, ResolutionOf resolution_of) {
  double coarsest = 0;
  for (const SeedRun* own : first.seeds) {
    const SeedRun* its = run_with(other, own->seed);
    if (its) coarsest = std::max({coarsest, resolution_of(*own), resolution_of(*its)});
  }
  return coarsest;
}

/// Half of the last digit shown of a share and of a loss.
constexpr double kShown = 0.0005;

std::optional<FinalFigure> final_of(const SeedRun& run, Figure figure) {
  return figure == Figure::accuracy ? run.summary.final_accuracy : run.summary.final_loss;
}

/// The change of the figure between the last two evaluations: the run might have ended at either.
double last_move(const SeedRun& run, Figure figure) {
  const auto& points = run.evaluations;
  if (points.size() < 2) return 0;
  const Target target{figure, 0};
  const double moved = figure_of(points.back(), target).mean - figure_of(points[points.size() - 2], target).mean;
  return std::isfinite(moved) ? std::abs(moved) : 0;
}

bool has_lone_node(const Ranking& all, const Contest& contest) {
  const auto all_racers = racers(all, contest);
  const auto is_lone = [&](const RankedAlgorithm* s) {
    return s->folder == all_racers.front()->folder && s->seeds.front()->summary.nodes == 1U;
  };
  return all_racers.size() > 1 && those(all_racers, is_lone).size() == all_racers.size();
}

/// One folder's contest, or that of all folders if each has one algorithm only.
void find_contests(Ranking& all, const std::vector<RunFolder>& folders) {
  const bool one_each = std::all_of(folders.begin(), folders.end(),
                                    [](const RunFolder& folder) { return folder.algorithms.size() == 1; });
  all.contests.resize(one_each ? std::min<std::size_t>(1, folders.size()) : folders.size());
  for (std::size_t place = 0; place < all.ranked.size(); ++place) {
    RankedAlgorithm& s = all.ranked[place];
    s.contest = one_each ? 0 : static_cast<std::size_t>(s.folder - folders.data());
    s.name = one_each ? s.label : s.runs->name;
    all.contests[s.contest].places.push_back(place);
  }
}

/// True if every seed of the scenario has run.
bool has_run(const RankedAlgorithm& s) {
  const auto& runs = s.runs->seeds;
  const auto& missing = s.folder->missing;
  return std::all_of(runs.begin(), runs.end(), [](const SeedRun& run) { return run.summary.complete; }) &&
         std::none_of(missing.begin(), missing.end(), [&](const MissingRuns& own) { return own.name == s.runs->name; });
}

/// By the name in the scenario, if exactly one has it; without a name, the slowest.
void find_baseline(const Ranking& all, Contest& contest) {
  std::vector<std::size_t> named;
  bool all_have_run = true;
  for (const std::size_t place : contest.places) {
    const RankedAlgorithm& s = all.ranked[place];
    all_have_run = all_have_run && has_run(s) && s.folder->missing.empty();
    if (s.folder->baseline.empty()) continue;
    if (named.empty()) contest.named_baseline = s.folder->baseline;
    if (s.folder->baseline == s.runs->name) named.push_back(place);
  }
  if (named.size() > 1) contest.named_baseline.clear();
  if (named.size() == 1) contest.named_baseline = all.ranked[named.front()].label;
  if (named.size() == 1 && has_run(all.ranked[named.front()])) contest.baseline = named.front();
  if (!contest.named_baseline.empty() || !all_have_run || !all.target) return;
  for (const std::size_t place : contest.places) {
    if (all.ranked[place].has_reached()) contest.baseline = place;
  }
}

void find_speed_ups(Ranking& all, const Contest& contest) {
  if (!contest.baseline) return;
  const RankedAlgorithm& baseline = all.ranked[*contest.baseline];
  if (!baseline.has_reached()) return;
  for (const std::size_t place : contest.places) {
    RankedAlgorithm& s = all.ranked[place];
    if (s.has_reached() && !s.cut_short) s.speed_up = times_as_fast(s, baseline);
  }
}

bool competes(const Ranking& all, const RankedAlgorithm& s) {
  if (all.target) return s.has_reached();
  return s.has_learned_nothing() ? s.rounds.has_value() : s.diverged == 0 && !s.has_stopped;
}

PairedDifference behind_first(const Ranking& all, const RankedAlgorithm& first, const RankedAlgorithm& other) {
  if (all.target) return time_behind(first, other);
  return first.has_learned_nothing() ? rounds_behind(first, other) : figure_behind(first, other, Figure::accuracy);
}

/// The first that reached the target with every seed and those that cannot be told from it; without a target,
/// the same for the final accuracy, or for the rounds where nothing was learned.
void find_leaders(Ranking& all, const Contest& contest) {
  const RankedAlgorithm* first = nullptr;
  bool all_lead = true;
  for (const std::size_t place : contest.places) {
    RankedAlgorithm& s = all.ranked[place];
    if (s.cut_short || !competes(all, s)) continue;
    if (!first) first = &s;
    const PairedDifference behind = behind_first(all, *first, s);
    // One that is ahead of the first can only be so with other seeds. One behind another that is told from the
    // first does not lead either: a time that differs much between seeds is told from no other.
    all_lead = all_lead && (&s == first || !behind.is_told || behind.mean < 0);
    s.leads = all_lead;
  }
}

bool all_different(const std::vector<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

std::string last_part(const std::string& path) {
  const std::size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return path;
  const std::size_t slash = path.find_last_of('/', end);
  return path.substr(slash == std::string::npos ? 0 : slash + 1,
                     end - (slash == std::string::npos ? 0 : slash + 1) + 1);
}

}  // namespace

std::vector<std::string> folder_labels(const std::vector<RunFolder>& folders) {
  std::vector<std::string> names, last_parts, paths;
  for (const RunFolder& folder : folders) {
    names.push_back(folder.name);
    last_parts.push_back(last_part(folder.path));
    paths.push_back(folder.path);
  }
  if (all_different(names)) return names;
  return all_different(last_parts) ? last_parts : paths;
}

std::vector<const RankedAlgorithm*> racers(const Ranking& all, const Contest& contest) {
  std::vector<const RankedAlgorithm*> found;
  for (const std::size_t place : contest.places) found.push_back(&all.ranked[place]);
  return found;
}

const SeedRun* run_with(const RankedAlgorithm& algorithm, std::uint64_t seed) {
  const auto found = std::find_if(algorithm.seeds.begin(), algorithm.seeds.end(),
                                  [&](const SeedRun* run) { return run->seed == seed; });
  return found == algorithm.seeds.end() ? nullptr : *found;
}

PairedDifference time_behind(const RankedAlgorithm& first, const RankedAlgorithm& other) {
  const auto time = [](const SeedRun& run) { return run.time_to_target_s(); };
  return paired_difference(differences(first, other, time),
                           resolution(first, other, [](const SeedRun& run) { return run.time_resolution_s; }));
}

PairedDifference figure_behind(const RankedAlgorithm& first, const RankedAlgorithm& other, Figure figure) {
  const double sign = figure == Figure::accuracy ? -1 : 1;
  const auto distance = [&](const SeedRun& run) {
    const auto last = final_of(run, figure);
    return last ? std::optional<double>(sign * last->mean) : std::nullopt;
  };
  const std::vector<double> behind = differences(first, other, distance);
  // Over several seeds the interval contains this change.
  const double moves =
      behind.size() > 1 ? 0 : resolution(first, other, [&](const SeedRun& run) { return last_move(run, figure); });
  return paired_difference(behind, std::max(kShown, moves));
}

PairedDifference rounds_behind(const RankedAlgorithm& first, const RankedAlgorithm& other) {
  const auto fewer = [](const SeedRun& run) {
    return run.summary.rounds ? std::optional<double>(-static_cast<double>(*run.summary.rounds)) : std::nullopt;
  };
  return paired_difference(differences(first, other, fewer), 1);
}

std::optional<TimesAsFast> times_as_fast(const RankedAlgorithm& s, const RankedAlgorithm& other) {
  using Kind = TimesAsFast::Kind;
  if (&s == &other) return TimesAsFast{};
  if (s.reached_before_s && other.reached_before_s) return std::nullopt;
  const Kind kind = s.reached_before_s       ? Kind::lower_bound
                    : other.reached_before_s ? Kind::upper_bound
                                             : Kind::estimate;
  double sum = 0;
  double sum_of_other = 0;
  for (const SeedRun* own : s.seeds) {
    const SeedRun* its = run_with(other, own->seed);
    if (!its) continue;
    const double time_s = *own->time_to_target_s();
    const double its_time_s = *its->time_to_target_s();
    sum += kind == Kind::estimate ? time_s : kind == Kind::lower_bound ? own->latest_s : own->earliest_s;
    sum_of_other += kind == Kind::estimate ? its_time_s : kind == Kind::lower_bound ? its->earliest_s : its->latest_s;
  }
  if (!(sum > 0 && sum_of_other > 0)) return std::nullopt;
  return TimesAsFast{sum_of_other / sum, kind};
}

std::string time_name(const std::vector<RunFolder>& folders) {
  std::set<std::string> clocks;
  for (const RunFolder& folder : folders) clocks.insert(folder.clock.empty() ? "virtual" : folder.clock);
  return clocks.size() == 1 ? *clocks.begin() + " time" : "time";
}

Ranking ranking_of(const std::vector<RunFolder>& folders) {
  Ranking all;
  for (const RunFolder& folder : folders) {
    for (const AlgorithmRuns& runs : folder.algorithms) all.ranked.push_back(standing_of(folder, runs));
  }
  label_all(all.ranked, folders);
  find_common_target(all);
  std::sort(all.ranked.begin(), all.ranked.end(),
            [&](const RankedAlgorithm& a, const RankedAlgorithm& b) { return ahead(a, b, all.target); });
  find_contests(all, folders);
  for (Contest& contest : all.contests) {
    contest.has_lone_node = has_lone_node(all, contest);
    if (contest.has_lone_node) continue;
    find_baseline(all, contest);
    if (all.target) find_speed_ups(all, contest);
    find_leaders(all, contest);
  }
  return all;
}

}  // namespace tardigrad
