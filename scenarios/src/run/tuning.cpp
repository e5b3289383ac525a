#include "scenarios/src/run/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {
namespace {

bool is_in(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// The point of some of the axes at which this point of all of them lies.
SweepPoint projected(const std::vector<SweepAxis>& axes, const std::vector<SweepAxis>& some, std::size_t point) {
  std::vector<std::string> own;
  const SweepPoint whole = sweep_points(axes).at(point);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto is_it = [&](const SweepAxis& axis) { return axis.key == axes[i].key; };
    if (std::any_of(some.begin(), some.end(), is_it)) own.push_back(whole.overrides[i]);
  }
  for (SweepPoint& candidate : sweep_points(some)) {
    if (candidate.overrides == own) return std::move(candidate);
  }
  return {};
}

std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return end == text.c_str() || *end != '\0' ? std::nullopt : std::optional<double>(number);
}

bool is_at_edge_of(const SweepAxis& axis, const std::string& value) {
  const std::optional<double> own = number_in(value);
  if (!own) return false;
  bool is_least = true;
  bool is_greatest = true;
  for (const std::string& text : axis.values) {
    const std::optional<double> other = number_in(text);
    if (!other) return false;
    is_least = is_least && *own <= *other;
    is_greatest = is_greatest && *own >= *other;
  }
  return is_least || is_greatest;
}

}  // namespace

SplitAxes split_axes(const std::vector<SweepAxis>& axes, const std::vector<std::string>& keys) {
  SplitAxes split;
  for (const SweepAxis& axis : axes) (is_in(keys, axis.key) ? split.tuned : split.others).push_back(axis);
  return split;
}

std::string objection_to_tuning(const std::vector<SweepAxis>& axes, const std::vector<std::string>& keys,
                                const std::vector<std::uint64_t>& tuning_seeds,
                                const std::vector<std::uint64_t>& reported_seeds) {
  if (tuning_seeds.empty()) {
    return "--best-of requires --tuning-seeds: seeds on which values are chosen, other than those that are reported";
  }
  for (const std::string& key : keys) {
    const auto axis = std::find_if(axes.begin(), axes.end(), [&](const SweepAxis& one) { return one.key == key; });
    if (axis != axes.end() && axis->values.size() > 1) continue;
    return fmt::format("--best-of: {} has no values to choose from: expected --set {}=VALUE,VALUE", key, key);
  }
  for (const std::uint64_t seed : tuning_seeds) {
    if (std::find(reported_seeds.begin(), reported_seeds.end(), seed) == reported_seeds.end()) continue;
    return fmt::format(
        "--tuning-seeds: seed {} is reported, too: a value that was chosen on it would look better there "
        "than it is",
        seed);
  }
  return {};
}

std::vector<TuningGroup> tuning_groups(const std::vector<SweepAxis>& axes, const SplitAxes& split) {
  const bool is_one = std::none_of(split.others.begin(), split.others.end(),
                                   [](const SweepAxis& axis) { return axis.values.size() > 1; });
  std::vector<TuningGroup> groups;
  const std::size_t points = sweep_points(axes).size();
  for (std::size_t point = 0; point < points; ++point) {
    const SweepPoint own = is_one ? SweepPoint{} : projected(axes, split.others, point);
    const auto is_own = [&](const TuningGroup& group) { return group.name == own.name; };
    auto group = std::find_if(groups.begin(), groups.end(), is_own);
    if (group == groups.end()) group = groups.insert(groups.end(), {own.name, own.values, {}});
    group->points.push_back(point);
  }
  return groups;
}

std::size_t best_folder(const std::vector<RunFolder>& folders, const std::string& algorithm) {
  std::vector<RunFolder> own = folders;
  for (RunFolder& folder : own) {
    const auto is_other = [&](const AlgorithmRuns& runs) { return runs.name != algorithm; };
    folder.algorithms.erase(std::remove_if(folder.algorithms.begin(), folder.algorithms.end(), is_other),
                            folder.algorithms.end());
    folder.missing.clear();
  }
  const Ranking ranking = ranking_of(own);
  return static_cast<std::size_t>(ranking.ranked.front().folder - own.data());
}

std::string tuned_values(const std::vector<SweepAxis>& axes, const SplitAxes& split, std::size_t point) {
  return projected(axes, split.tuned, point).name;
}

bool is_at_edge(const std::vector<SweepAxis>& axes, const SplitAxes& split, std::size_t point) {
  const std::vector<std::string> values = projected(axes, split.tuned, point).values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_at_edge_of(split.tuned[i], values[i])) return true;
  }
  return false;
}

}  // namespace tardigrad
