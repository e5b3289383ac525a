/// The target of a scenario's nodes.
#pragma once

#include <cmath>
#include <cstddef>

namespace tardigrad {

enum class Figure { accuracy, loss };

/// How a loss is said. A cross entropy of l for each sign of a text is a perplexity of exp(l), or l / ln 2 bits.
enum class LossUnit { nats, perplexity, bits };

/// At least this accuracy, or at most this loss.
struct Target {
  Figure figure = Figure::accuracy;
  double value = 0;  ///< in the unit
  LossUnit unit = LossUnit::nats;

  /// The accuracy, or the loss in nats.
  double bound() const {
    constexpr double kBit = 0.69314718055994530942;
    return unit == LossUnit::perplexity ? std::log(value) : unit == LossUnit::bits ? value * kBit : value;
  }
  bool is_reached_by(double measured) const {
    return figure == Figure::accuracy ? measured >= bound() : measured <= bound();
  }
  /// True if whoever reaches this target has reached `other`, which differs from it, as well.
  bool is_behind(const Target& other) const {
    return figure == other.figure && (figure == Figure::accuracy ? bound() > other.bound() : bound() < other.bound());
  }
  bool operator==(const Target& other) const {
    return figure == other.figure && value == other.value && unit == other.unit;
  }
  bool operator!=(const Target& other) const { return !(*this == other); }
};

/// A key of scenarios and of summaries that may hold the target.
struct TargetKey {
  const char* name;
  const char* several;  ///< the key that holds a list of targets, the last of which ranks
  Figure figure;
  LossUnit unit;
  double lowest, highest;  ///< the lowest is itself too low
  const char* summary;
  const char *example, *several_example;  ///< values as a scenario may write them

  bool is_of(const Target& target) const { return figure == target.figure && unit == target.unit; }
};

constexpr TargetKey kTargetKeys[] = {{"target", "targets", Figure::accuracy, LossUnit::nats, 0, 1,
                                      "mean test accuracy over nodes to reach", "0.6", "[0.4, 0.5, 0.6]"},
                                     {"target_loss", "targets_loss", Figure::loss, LossUnit::nats, 0, 1e6,
                                      "instead: mean test loss to come down to", "0.9", "[1.5, 0.9]"},
                                     {"target_perplexity", "targets_perplexity", Figure::loss, LossUnit::perplexity, 1,
                                      1e9, "of texts, instead: exp(loss) to come down to", "6", "[8, 6]"},
                                     {"target_bits", "targets_bits", Figure::loss, LossUnit::bits, 0, 64,
                                      "of texts, instead: bits a sign to come down to", "2.5", "[3, 2.5]"}};

/// The greatest number of targets in a list.
inline constexpr std::size_t kMostTargets = 32;

inline const char* key_of(const Target& target) {
  const char* name = nullptr;
  for (const TargetKey& key : kTargetKeys) name = key.is_of(target) ? key.name : name;
  return name;
}

}  // namespace tardigrad
