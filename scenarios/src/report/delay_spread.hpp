/// The spread of a straggler's delay: measurements at nodes of the same distance from the nearest slow one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// Nodes at the same distance, of all seeds that count. Means over them.
struct DelayRow {
  enum class Who {
    stragglers,  ///< slow links, slow computing or both
    at_distance,
    others,  ///< distance does not apply, or no path leads from a straggler to them
  };
  Who who = Who::others;
  std::uint32_t nearest = 0;   ///< hops, of `at_distance`
  std::uint32_t farthest = 0;  ///< greater than `nearest` if several distances are joined
  std::size_t nodes = 0;
  double rounds = 0;     ///< completed
  double own_s = 0;      ///< of a round: training, and waiting for as long as its own links were busy
  double held_up_s = 0;  ///< of a round: all other waiting
  /// Share of the time spent waiting, in each of `kTimeSlots` equal parts of the run.
  std::vector<double> waiting;

  /// True if rounds took at least a tenth longer than the node's own time.
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

  /// The nodes besides the stragglers that were held up.
  DelayReach reach() const;
};

/// Nothing if no node is slow, all are, or rounds are not known. With more than `most_distances`, neighbouring
/// distances are joined.
std::optional<DelaySpread> delay_spread(const RankedAlgorithm& algorithm, std::uint32_t most_distances = 12);

}  // namespace tardigrad
