/// The communication graph of every round.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// One graph for all rounds, or a function of the round that all nodes know, drawn from the seed or fixed by a
/// rule. Thread-safe.
class GraphSchedule {
 public:
  using Draw = std::function<Graph(Round)>;

  explicit GraphSchedule(Graph same);
  /// `draw` must return the same graph whenever it is called for the same round.
  explicit GraphSchedule(Draw draw);

  bool changes() const { return draw_ != nullptr; }
  /// The latest few graphs are kept, as neighbours are a few rounds apart.
  std::shared_ptr<const Graph> at(Round round) const;

 private:
  Draw draw_;
  std::shared_ptr<const Graph> same_;
  mutable std::mutex mutex_;
  mutable std::map<Round, std::shared_ptr<const Graph>> kept_;
};

}  // namespace tardigrad
