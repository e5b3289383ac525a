#include "scenarios/src/run/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/results/summary_file.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/system/file_text.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kMostPoints = 10'000;
constexpr std::size_t kLongestName = 200;
constexpr std::uintmax_t kLongestScenario = std::uintmax_t{16} << 20;

/// Follows a TOML value character by character to find the commas between values.
class ValueScanner {
 public:
  bool separates(char c) {
    if (quote_ != 0) {
      pass_quoted(c);
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if (c == ']' || c == '}') {
      --depth_;
    } else {
      return c == ',' && depth_ <= 0;
    }
    return false;
  }

 private:
  void pass_quoted(char c) {
    const bool escapes = quote_ == '"' && c == '\\' && !escaped_;
    if (c == quote_ && !escaped_) quote_ = 0;
    escaped_ = escapes;
  }

  char quote_ = 0;
  bool escaped_ = false;
  int depth_ = 0;
};

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values;
  ValueScanner scanner;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!scanner.separates(text[i])) continue;
    values.emplace_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  values.emplace_back(trimmed(text.substr(begin)));
  return values;
}

std::string mistake_in(const SweepAxis& axis) {
  if (axis.key.empty()) return "expected KEY=VALUE,VALUE, such as network.uplink=30Mbps,60Mbps";
  std::set<std::string> values;
  for (const std::string& value : axis.values) {
    if (value.empty()) return "expected a value beside every comma, such as 30Mbps,60Mbps";
    if (!values.insert(value).second) return fmt::format("the value {} stands there twice", value);
  }
  return "";
}

bool is_sign_of_name(char c) {
  const auto sign = static_cast<unsigned char>(c);
  return sign < 0x80 && (std::isalnum(sign) || c == '.' || c == '_' || c == '+' || c == '-');
}

/// Other signs become one dash between the remaining ones.
std::string safe(std::string_view text) {
  std::string result;
  bool gap = false;
  for (const char c : text) {
    if (!is_sign_of_name(c)) {
      gap = !result.empty();
      continue;
    }
    if (gap) result += '-';
    gap = false;
    result += c;
  }
  return result;
}

/// The beginning of the last `parts` parts of a dotted key.
std::size_t end_of_key(const std::string& key, std::size_t parts) {
  std::size_t begin = key.size() + 1;
  for (; parts > 0 && begin > 1; --parts) {
    const std::size_t dot = key.rfind('.', begin - 2);
    begin = dot == std::string::npos ? 0 : dot + 1;
  }
  return begin;
}

std::vector<std::string> short_keys(const std::vector<SweepAxis>& axes) {
  std::vector<std::string> names;
  for (std::size_t parts = 1;; ++parts) {
    names.clear();
    bool whole = true;
    for (const SweepAxis& axis : axes) {
      const std::size_t begin = end_of_key(axis.key, parts);
      whole = whole && begin == 0;
      names.push_back(safe(axis.key.substr(begin)));
    }
    if (whole || std::set<std::string>(names.begin(), names.end()).size() == names.size()) return names;
  }
}

std::string unique_name(std::string name, std::set<std::string>& taken) {
  if (name.empty() || !std::isalnum(static_cast<unsigned char>(name.front()))) name = "point" + name;
  name.resize(std::min(name.size(), kLongestName));
  std::string result = name;
  for (int number = 2; !taken.insert(result).second; ++number) {
    const std::string suffix = fmt::format("-{}", number);
    result = name.substr(0, kLongestName - suffix.size()) + suffix;
  }
  return result;
}

/// The values of point number `number`, one for each axis.
std::vector<std::string> values_of(const std::vector<SweepAxis>& axes, std::size_t number) {
  std::vector<std::string> values(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    values[i] = axes[i].values[number % axes[i].values.size()];
    number /= axes[i].values.size();
  }
  return values;
}

bool tells(const SweepAxis& axis) { return axis.values.size() > 1; }

bool has_finished(const std::filesystem::path& summary) {
  std::error_code missing;
  if (!std::filesystem::is_regular_file(summary, missing)) return false;
  const RunSummaryResult read = read_summary_file(summary);
  return read.summary && read.summary->complete;
}

/// True if a resolved scenario is the expected one. An earlier tardigrad may have written it, without newer
/// keys.
bool means(const std::string& found, const std::filesystem::path& folder, const Scenario& expected) {
  if (found == to_toml(expected)) return true;
  ScenarioResult read = parse_scenario(found, (folder / "scenario.toml").string());
  if (!read.scenario) return false;
  if (!read.scenario->evaluation.refine) read.scenario->evaluation.refine = expected.evaluation.refine;
  return to_toml(*read.scenario) == to_toml(expected);
}

}  // namespace

SweepAxesResult parse_sweep_axes(const std::vector<std::string>& sets) {
  std::vector<SweepAxis> axes;
  std::set<std::string> keys;
  std::size_t points = 1;
  for (const std::string& text : sets) {
    const auto fail = [&](const std::string& what) {
      return SweepAxesResult{{}, one_line(fmt::format("{}{}: {}", kOverridePrefix, text, what))};
    };
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return fail("expected KEY=VALUE,VALUE, such as network.uplink=30Mbps,60Mbps");
    SweepAxis axis{std::string(trimmed(text.substr(0, equals))), split_values(text.substr(equals + 1))};
    if (const std::string mistake = mistake_in(axis); !mistake.empty()) return fail(mistake);
    if (!keys.insert(axis.key).second) return fail(fmt::format("there are two --set of {}", axis.key));
    points *= axis.values.size();
    if (points > kMostPoints) return fail(fmt::format("expected at most {} combinations", kMostPoints));
    axes.push_back(std::move(axis));
  }
  return {std::move(axes), ""};
}

std::vector<SweepAxis> telling_axes(const std::vector<SweepAxis>& axes) {
  std::vector<SweepAxis> telling;
  std::copy_if(axes.begin(), axes.end(), std::back_inserter(telling), tells);
  return telling.empty() ? axes : telling;
}

std::vector<SweepPoint> sweep_points(const std::vector<SweepAxis>& axes) {
  const std::vector<SweepAxis> telling = telling_axes(axes);
  const std::vector<std::string> keys = short_keys(telling);
  std::size_t count = 1;
  for (const SweepAxis& axis : axes) count *= axis.values.size();
  std::vector<SweepPoint> points;
  std::set<std::string> names;
  for (std::size_t number = 0; number < count; ++number) {
    SweepPoint point;
    const std::vector<std::string> values = values_of(axes, number);
    for (std::size_t i = 0; i < axes.size(); ++i) point.overrides.push_back(axes[i].key + '=' + values[i]);
    // An axis of one value takes part in neither count: both number the points alike.
    point.values = values_of(telling, number);
    std::string name;
    for (std::size_t i = 0; i < telling.size(); ++i) {
      name += (i == 0 ? "" : ",") + keys[i] + '=' + safe(point.values[i]);
    }
    point.name = unique_name(std::move(name), names);
    points.push_back(std::move(point));
  }
  return points;
}

PointState state_of_point(const std::filesystem::path& folder, const Scenario& scenario) {
  std::error_code missing;
  if (!std::filesystem::exists(folder / "scenario.toml", missing)) return PointState::open;
  const std::string expected = to_toml(scenario);
  const auto found = file_text(folder / "scenario.toml", kLongestScenario);
  if (!found) return PointState::foreign;
  if (!means(*found, folder, scenario)) {
    // The file is a beginning of the expected one: the run was ended while it was writing it.
    return expected.compare(0, found->size(), *found) == 0 ? PointState::open : PointState::foreign;
  }
  for (const AlgorithmSection& section : scenario.algorithms) {
    for (const std::uint64_t seed : scenario.seeds) {
      const auto summary = folder / section.name / fmt::format("s{}", seed) / "summary.json";
      if (!has_finished(summary)) return PointState::open;
    }
  }
  return PointState::finished;
}

}  // namespace tardigrad
