/// How far a straggler's delay spreads: what was measured at nodes of the same distance from the nearest slow one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/src/report/standings.hpp"

namespace tardigrad {

/// Nodes that are equally far, of all seeds that count. Means over them.
struct DelayRow {
  enum class Who {
    stragglers,  ///< slow links, slow computing or both
    at_distance,
    others,  ///< distance does not apply, or no way leads from a straggler to them
  };
  Who who = Who::others;
  std::uint32_t nearest = 0;   ///< hops, of `at_distance`
  std::uint32_t farthest = 0;  ///< the same, but where many distances are joined
  std::size_t nodes = 0;
  double rounds = 0;     ///< completed
  double own_s = 0;      ///< of a round: training, and waiting for as long as its own links were busy
  double held_up_s = 0;  ///< of a round: all other waiting
  /// Share of the time waited, in each of `kTimeSlots` equal parts of the run.
  std::vector<double> waiting;

  /// Rounds took a tenth longer than by themselves, or more.
  bool is_held_up() const { return held_up_s > 0 && held_up_s >= 0.1 * own_s; }
};

struct DelayReach {
  enum class Nodes { nobody, some, near, everyone };
  Nodes nodes = Nodes::nobody;
  std::uint32_t hops = 0;  ///< of `near`, and of `everyone` where distance applies
};

struct DelaySpread {
  StragglerDistances::Kind distance = StragglerDistances::Kind::unknown;
  std::vector<DelayRow> rows;  ///< stragglers first, then by distance

  /// Which nodes but the stragglers were held up.
  DelayReach reach() const;
};

/// Nothing where no node is slow, all are, or rounds are not known. With more than `most_distances`, neighbouring ones
/// are joined.
std::optional<DelaySpread> delay_spread(const Standing& standing, std::uint32_t most_distances = 12);

}  // namespace tardigrad
