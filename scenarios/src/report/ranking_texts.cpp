#include "scenarios/src/report/ranking_texts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

/// "a, b and c".
std::string enumerated(std::vector<std::string> names) {
  if (names.size() == 1) return names.front();
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

/// With enough digits, at least `places`, to differ from a target that the value has missed.
std::string beside_target(double value, std::optional<double> missed, int places) {
  constexpr int most_places = 9;
  const auto at_target = [&](const std::string& text) {
    return missed && value != *missed && text == fmt::format("{:.{}f}", *missed, places);
  };
  std::string text = fmt::format("{:.{}f}", value, places);
  while (at_target(text) && places < most_places) {
    ++places;
    text = fmt::format("{:.{}f}", value, places);
  }
  return text;
}

/// The target's value if it is about this figure and was not reached with every seed.
std::optional<double> missed_target(const RankedAlgorithm& s, Figure figure) {
  const bool missed = s.target && s.target->figure == figure && s.reached < s.seeds.size();
  return missed ? std::optional<double>(s.target->bound()) : std::nullopt;
}

}  // namespace

std::string rounded_seconds(double seconds) {
  if (seconds >= 999.95 || seconds == std::floor(seconds)) return grouped(std::round(seconds)) + " s";
  return fmt::format("{:.{}f} s", seconds, seconds < 9.995 ? 2 : 1);
}

std::string some_of(std::vector<std::string> names) {
  constexpr std::size_t most_named = 4;
  if (names.size() > most_named + 1) {
    const std::size_t more = names.size() - most_named;
    names.resize(most_named);
    names.push_back(fmt::format("{} more", more));
  }
  return enumerated(std::move(names));
}

std::string seeds_text(std::size_t seeds) { return seeds == 1 ? "one seed" : fmt::format("{} seeds", seeds); }

std::string part_of_seeds(std::size_t part, const RankedAlgorithm& s) {
  return fmt::format("{} of {} seed{}", part, s.seeds.size(), s.seeds.size() == 1 ? "" : "s");
}

std::string times_text(const TimesAsFast& times, int places) {
  constexpr double inexact = 1e-9;  // of a quotient that is a round number
  const double shown = std::pow(10.0, places);
  const double scaled = times.times * shown;
  const double rounded = times.kind == TimesAsFast::Kind::lower_bound   ? std::floor(scaled + inexact)
                         : times.kind == TimesAsFast::Kind::upper_bound ? std::ceil(scaled - inexact)
                                                                        : scaled;
  return fmt::format("{:.{}f}", rounded / shown, places);
}

std::string accuracy_text(const RankedAlgorithm& s) {
  const auto missed = missed_target(s, Figure::accuracy);
  return beside_target(100 * s.final_accuracy->mean, missed ? std::optional(100 * *missed) : std::nullopt, 1) + " %";
}

std::string loss_text(const RankedAlgorithm& s) {
  return beside_target(s.final_loss->mean, missed_target(s, Figure::loss), 3);
}

std::string ended_text(const RankedAlgorithm& s, Figure figure) {
  if (figure == Figure::accuracy) return s.final_accuracy ? accuracy_text(s) : "";
  return s.final_loss ? loss_text(s) : "";
}

std::string divergence_text(const RankedAlgorithm& s) {
  const std::string when = rounded_seconds(*s.diverged_s);
  if (s.diverged == s.seeds.size() && s.seeds.size() == 1) return "diverged by " + when;
  return fmt::format("diverged in {}, first by {}", part_of_seeds(s.diverged, s), when);
}

std::string time_to_target_text(const RankedAlgorithm& s) {
  return s.reached_before_s ? "< " + rounded_seconds(*s.reached_before_s) : rounded_seconds(s.time_to_target_s->mean);
}

std::string without_time_text(const RankedAlgorithm& s) {
  if (s.diverged > 0) return "diverged";
  if (s.cut_short) return "not finished";
  return s.reached > 0 ? "reached in " + part_of_seeds(s.reached, s) : "not reached";
}

namespace {

/// A share that somebody chose, to its last digit: two targets must not look alike. Ten digits hide that 0.29 is no
/// binary fraction.
std::string chosen_percent_text(double share) { return fmt::format("{:.10g} %", 100 * share); }

}  // namespace

std::string goal_text(const Target& target) {
  if (target.figure == Figure::accuracy) return chosen_percent_text(target.value) + " accuracy";
  if (target.unit == LossUnit::perplexity) return fmt::format("a perplexity of {}", target.value);
  if (target.unit == LossUnit::bits) return fmt::format("{} bits a sign", target.value);
  return fmt::format("a loss of {}", target.value);
}

std::string short_goal_text(const Target& target) {
  if (target.figure == Figure::accuracy) return chosen_percent_text(target.value);
  if (target.unit == LossUnit::perplexity) return fmt::format("perplexity {}", target.value);
  if (target.unit == LossUnit::bits) return fmt::format("{} bits a sign", target.value);
  return fmt::format("loss {}", target.value);
}

std::string percent_text(double share) {
  const double percent = 100 * share;
  const bool whole = std::abs(percent - std::round(percent)) < 1e-9;
  return fmt::format("{:.{}f} %", percent, whole ? 0 : 1);
}

}  // namespace tardigrad
