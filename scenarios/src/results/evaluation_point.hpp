/// Accuracy and loss over nodes at one moment, and the time at which one of them reaches a target.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/learners/learner.hpp"
#include "netem/base/state_archive.hpp"
#include "scenarios/src/scenario/target.hpp"

namespace tardigrad {

/// One figure of all nodes that train, and of models beside theirs.
struct FigureOverNodes {
  double mean = 0;
  double std = 0;  ///< of the whole population
  double min = 0;
  double max = 0;
  double averaged_model = 0;
  double server = 0;  ///< of the server's model, if there is one

  void persist(StateArchive& archive) { archive(mean, std, min, max, averaged_model, server); }
};

/// All nodes at one moment. Accuracies are in [0, 1]; losses of diverged models may not be finite.
struct EvaluationPoint {
  double time_s = 0;
  FigureOverNodes accuracy;
  FigureOverNodes loss;
  /// Bytes sent by all nodes, servers included, in rounds that had ended by then, and the number of rounds in which
  /// nodes trained.
  double bytes_sent = 0;
  std::uint64_t rounds = 0;
  /// Joules that nodes took for the local steps and bytes of these rounds, beyond those of idling.
  double round_joules = 0;
  /// Tested between two evaluations, once the target was known to have been reached.
  bool refined = false;
  bool has_server = false;

  void persist(StateArchive& archive) {
    archive(time_s, accuracy, loss, bytes_sent, rounds, round_joules, refined, has_server);
  }
};

/// From the nodes' evaluations, of which there must be at least one.
EvaluationPoint evaluation_point(double time_s, const std::vector<Evaluation>& nodes, const Evaluation& averaged_model,
                                 const std::optional<Evaluation>& server = {});

/// The figure that `target` is about.
inline const FigureOverNodes& figure_of(const EvaluationPoint& point, const Target& target) {
  return target.figure == Figure::accuracy ? point.accuracy : point.loss;
}

/// The time at which the evaluations first reach a target, interpolated linearly between them.
struct TargetReached {
  double time_s = 0;
  double bytes_sent = 0;  ///< by all nodes until then
  /// The time between the two evaluations around it; 0 if the first evaluation had reached it.
  double within_s = 0;
  double round_joules = 0;  ///< as of the evaluations
};

/// Nothing if they never do. `which`: the mean over nodes, or another figure of its kind.
std::optional<TargetReached> target_reached(const std::vector<EvaluationPoint>& evaluations, const Target& target,
                                            double FigureOverNodes::*which = &FigureOverNodes::mean);

}  // namespace tardigrad
