#include "netem/graph/graph_schedule.hpp"

#include <utility>

namespace tardigrad {

namespace {
constexpr std::size_t kMostKept = 64;
}

GraphSchedule::GraphSchedule(Graph same) : same_(std::make_shared<const Graph>(std::move(same))) {}

GraphSchedule::GraphSchedule(Draw draw) : draw_(std::move(draw)) {}

std::shared_ptr<const Graph> GraphSchedule::at(Round round) const {
  if (same_) return same_;
  const std::lock_guard lock(mutex_);
  auto& place = kept_[round];
  if (!place) place = std::make_shared<const Graph>(draw_(round));
  const auto found = place;
  if (kept_.size() > kMostKept) kept_.erase(kept_.begin());
  return found;
}

}  // namespace tardigrad
