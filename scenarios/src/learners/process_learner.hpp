/// A learner in Python as the program sees it: a process for each worker.
#pragma once

#include <cstdint>
#include <string>

#include "models/learners/learner.hpp"
#include "models/learners/learner_options.hpp"

namespace tardigrad {

/// Starts the learner that `model.file` names as "file.py:Class", with a process for each of `workers`, the first one
/// at once. `options` are set on it before it begins. `training` is told to it: it knows best what a batch or a
/// learning rate is. `needs_plain_steps`: whether an algorithm asks for steps of plain gradient descent, which it must
/// have said that it does. The error of the result is one line; so is that of an exception that a call of the learner
/// throws (std::runtime_error).
LearnerResult make_process_learner(const ModelSpec& model, const LearnerOptions& options, const TrainingSpec& training,
                                   NodeId nodes, std::uint64_t seed, unsigned workers, bool needs_plain_steps);

/// All options of such a learner, with the usual values of those that were not set; none of any other learner.
LearnerOptions options_of(const Learner& learner);

}  // namespace tardigrad
