/// Who sends to whom, round by round.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "netem/graph.hpp"

namespace tardigrad {

/// A graph for every round: the same one throughout, or a function of the round, drawn from the seed or fixed by
/// a rule, that all nodes know. Thread-safe.
class GraphSchedule {
 public:
  using Draw = std::function<Graph(Round)>;

  explicit GraphSchedule(Graph same);
  /// `draw` must give the same graph whenever it is asked for a round.
  explicit GraphSchedule(Draw draw);

  bool changes() const { return draw_ != nullptr; }
  /// The latest few are kept, as neighbours are a few rounds apart.
  std::shared_ptr<const Graph> at(Round round) const;

 private:
  Draw draw_;
  std::shared_ptr<const Graph> same_;
  mutable std::mutex mutex_;
  mutable std::map<Round, std::shared_ptr<const Graph>> kept_;
};

}  // namespace tardigrad
