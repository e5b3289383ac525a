/// When a rule holds: keys that several sections have under names of their own.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/scenario/network_section.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"

namespace tardigrad {

/// Complains unless the interval ends after it begins.
void check_order(const TomlSection& table, const std::string& begin, const std::string& end, const Interval& interval);

/// Stays that are drawn; both keys are required.
OnOff read_on_off(const TomlSection& table, const std::string& mean_on, const std::string& mean_off);
void write_on_off(const OnOff& drawn, const WhenKeys& keys, TomlWriter& out);

/// An interval, of which the begin is required and which without an end does not end; or stays that are drawn.
When read_when(const TomlSection& table, const WhenKeys& keys);
void write_when(const When& when, const WhenKeys& keys, TomlWriter& out);

/// The four keys of a `When`.
template <class Spec>
std::vector<Key<Spec>> when_keys(When Spec::*member, const WhenKeys& keys) {
  const auto read = [=](const TomlSection& table, const Key<Spec>&, const Scenario&, Spec& spec) {
    spec.*member = read_when(table, keys);
  };
  const auto write = [=](const Spec& spec, TomlWriter& out) { write_when(spec.*member, keys, out); };
  const auto example = [](const char* key, const char* value) { return fmt::format("{} = \"{}\"", key, value); };
  return {Key<Spec>(keys.begin, form_of<Time>(), "since the run began", read)
              .written_by(write)
              .excluding({keys.mean_on, keys.mean_off})
              .such_as(example(keys.begin, "100s")),
          companion_key<Spec>(keys.end, form_of<Time>(), "since the run began")
              .usually("never")
              .needing({keys.begin})
              .excluding({keys.mean_on, keys.mean_off})
              .such_as(example(keys.end, "200s")),
          companion_key<Spec>(keys.mean_on, form_of<Time>(), "instead: mean of exponentially drawn stays")
              .needing({keys.mean_off})
              .excluding({keys.begin, keys.end})
              .such_as(example(keys.mean_on, "10s")),
          companion_key<Spec>(keys.mean_off, form_of<Time>(), "and mean of the time between them")
              .needing({keys.mean_on})
              .excluding({keys.begin, keys.end})
              .such_as(example(keys.mean_off, "30s"))};
}

/// The keys of stays that need not be.
template <class Spec>
std::vector<Key<Spec>> on_off_keys(std::optional<OnOff> Spec::*member, const WhenKeys& keys) {
  const auto read = [=](const TomlSection& table, const Key<Spec>&, const Scenario&, Spec& spec) {
    const bool is_drawn = table.has(keys.mean_on) || table.has(keys.mean_off);
    if (is_drawn) spec.*member = read_on_off(table, keys.mean_on, keys.mean_off);
  };
  const auto write = [=](const Spec& spec, TomlWriter& out) {
    if (spec.*member) write_on_off(*(spec.*member), keys, out);
  };
  return {Key<Spec>(keys.mean_on, form_of<Time>(), "only in exponentially drawn stays of this mean", read)
              .written_by(write)
              .needing({keys.mean_off})
              .such_as(fmt::format("{} = \"10s\"", keys.mean_on)),
          companion_key<Spec>(keys.mean_off, form_of<Time>(), "and mean of the time between them")
              .needing({keys.mean_on})
              .such_as(fmt::format("{} = \"30s\"", keys.mean_off))};
}

}  // namespace tardigrad
