/// When a rule holds: keys that several sections have under names of their own.
#pragma once

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
  return {Key<Spec>(keys.begin, "duration", "since the run began", read).written_by(write),
          companion_key<Spec>(keys.end, "duration", "since the run began").usually("never"),
          companion_key<Spec>(keys.mean_on, "duration", "instead: mean of exponentially drawn stays"),
          companion_key<Spec>(keys.mean_off, "duration", "and mean of the time between them")};
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
  return {Key<Spec>(keys.mean_on, "duration", "only in exponentially drawn stays of this mean", read).written_by(write),
          companion_key<Spec>(keys.mean_off, "duration", "and mean of the time between them")};
}

}  // namespace tardigrad
