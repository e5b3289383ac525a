#include "scenarios/src/scenario/sections/moments.hpp"

#include <fmt/format.h>

#include <utility>

#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

Interval read_interval(const TomlSection& table, const std::string& begin, const std::string& end) {
  table.require(begin, begin + " = \"100s\"");
  const Interval interval{table.duration(begin, {}, true), table.duration(end, kNever)};
  check_order(table, begin, end, interval);
  return interval;
}

}  // namespace

void check_order(const TomlSection& table, const std::string& begin, const std::string& end, const Interval& interval) {
  if (interval.end > interval.begin) return;
  table.complain(end, fmt::format("expected more than {} = \"{}\", got \"{}\"", begin, duration_text(interval.begin),
                                  duration_text(interval.end)));
}

OnOff read_on_off(const TomlSection& table, const std::string& mean_on, const std::string& mean_off) {
  table.require(mean_on, mean_on + " = \"10s\"");
  table.require(mean_off, mean_off + " = \"30s\"");
  const OnOff process{table.duration(mean_on, kShortestMeanStay), table.duration(mean_off, kShortestMeanStay)};
  for (const auto& [key, mean] : {std::pair(mean_on, process.mean_on), std::pair(mean_off, process.mean_off)}) {
    if (mean >= kShortestMeanStay) continue;
    table.complain(
        key, fmt::format("expected at least {}, got \"{}\"", duration_text(kShortestMeanStay), duration_text(mean)));
  }
  return process;
}

void write_on_off(const OnOff& drawn, const WhenKeys& keys, TomlWriter& out) {
  out.key(keys.mean_on, value_toml(drawn.mean_on));
  out.key(keys.mean_off, value_toml(drawn.mean_off));
}

When read_when(const TomlSection& table, const WhenKeys& keys) {
  const bool is_drawn = table.has(keys.mean_on) || table.has(keys.mean_off);
  if (!is_drawn) return read_interval(table, keys.begin, keys.end);
  for (const char* key : {keys.begin, keys.end}) {
    if (!table.has(key)) continue;
    table.complain(key, fmt::format("expected either {} and {} or {} and {}, not both", keys.begin, keys.end,
                                    keys.mean_on, keys.mean_off));
  }
  return read_on_off(table, keys.mean_on, keys.mean_off);
}

void write_when(const When& when, const WhenKeys& keys, TomlWriter& out) {
  const Interval* once = std::get_if<Interval>(&when);
  if (!once) return write_on_off(std::get<OnOff>(when), keys, out);
  out.key(keys.begin, value_toml(once->begin));
  if (once->end != kNever) out.key(keys.end, value_toml(once->end));
}

}  // namespace tardigrad
