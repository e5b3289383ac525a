#include "scenarios/src/standings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>

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

/// Of a number that not every seed needs to have.
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

std::optional<double> share_of_time(const SeedRun& run, double NodeActivity::*spent) {
  const double all = run.duration_s() * static_cast<double>(run.nodes.size());
  if (!(all > 0)) return std::nullopt;
  double sum = 0;
  for (const auto& [node, activity] : run.nodes) sum += activity.*spent;
  return std::min(1.0, sum / all);
}

Standing standing_of(const RunFolder& folder, const AlgorithmRuns& runs) {
  Standing s;
  s.folder = &folder;
  s.runs = &runs;
  for (const SeedRun& seed : runs.seeds) {
    if (!seed.partial()) s.seeds.push_back(&seed);
  }
  s.partial = s.seeds.empty();
  if (s.partial) {
    for (const SeedRun& seed : runs.seeds) s.seeds.push_back(&seed);
  }
  s.left_out = runs.seeds.size() - s.seeds.size();
  s.target = s.seeds.front()->summary.target;
  s.time_to_target_s = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.time_to_target_s; });
  s.bytes_to_target = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.bytes_to_target; });
  s.reached = s.time_to_target_s ? s.time_to_target_s->seeds : 0;
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
  s.mean_staleness = spread_of(s.seeds, [](const SeedRun& run) { return run.summary.mean_staleness; });
  s.dropped_share = mean_of(spread_of(s.seeds, dropped_share));
  s.training_share =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return share_of_time(run, &NodeActivity::training_s); }));
  s.waiting_share =
      mean_of(spread_of(s.seeds, [](const SeedRun& run) { return share_of_time(run, &NodeActivity::waiting_s); }));
  for (const SeedRun* seed : s.seeds) s.duration_s = std::max(s.duration_s, seed->duration_s());
  return s;
}

double share_reached(const Standing& s) { return static_cast<double>(s.reached) / static_cast<double>(s.seeds.size()); }

/// The smaller, the better. Without the figure it is the worst.
double distance(const Standing& s, Figure figure) {
  if (figure == Figure::accuracy) return s.final_accuracy ? -s.final_accuracy->mean : 1;
  return s.final_loss ? s.final_loss->mean : std::numeric_limits<double>::infinity();
}

bool ahead_in_time(const Standing& a, const Standing& b, Figure figure) {
  const auto key = [&](const Standing& s) {
    const double time = s.time_to_target_s ? s.time_to_target_s->mean : std::numeric_limits<double>::infinity();
    return std::make_tuple(-share_reached(s), time, distance(s, figure), std::cref(s.label));
  };
  return key(a) < key(b);
}

bool ahead_in_accuracy(const Standing& a, const Standing& b) {
  const auto key = [](const Standing& s) { return std::make_tuple(distance(s, Figure::accuracy), std::cref(s.label)); };
  return key(a) < key(b);
}

void label_all(std::vector<Standing>& all, const std::vector<RunFolder>& folders) {
  const std::vector<std::string> names = folder_labels(folders);
  std::map<std::string, int> uses;
  for (const Standing& s : all) ++uses[s.runs->name];
  for (Standing& s : all) {
    s.label = s.runs->name;
    if (uses[s.label] > 1) s.label += fmt::format(" ({})", names[static_cast<std::size_t>(s.folder - folders.data())]);
  }
}

void find_common_target(Standings& all) {
  for (const Standing& s : all.ranked) {
    if (!s.target) continue;
    all.targets_differ = all.targets_differ || (all.target && *all.target != *s.target);
    all.target = s.target;
  }
  if (all.targets_differ) all.target.reset();
}

void find_speed_ups(std::vector<Standing>& all) {
  double slowest = 0;
  for (const Standing& s : all) slowest = std::max(slowest, s.time_to_target_s ? s.time_to_target_s->mean : 0);
  for (Standing& s : all) {
    if (s.time_to_target_s && s.time_to_target_s->mean > 0) s.speed_up = slowest / s.time_to_target_s->mean;
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

Standings standings(const std::vector<RunFolder>& folders) {
  Standings all;
  for (const RunFolder& folder : folders) {
    for (const AlgorithmRuns& runs : folder.algorithms) all.ranked.push_back(standing_of(folder, runs));
  }
  label_all(all.ranked, folders);
  find_common_target(all);
  if (all.target) find_speed_ups(all.ranked);
  std::sort(all.ranked.begin(), all.ranked.end(), [&](const Standing& a, const Standing& b) {
    return all.target ? ahead_in_time(a, b, all.target->figure) : ahead_in_accuracy(a, b);
  });
  return all;
}

}  // namespace tardigrad
