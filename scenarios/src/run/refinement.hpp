/// What `refine` of [evaluation] costs, and where it is usual.
///
/// Nodes keep their models of the moments between two evaluations (actors/moments_between.hpp) until the target has
/// been reached, and test those of the interval in which it was. No local step is done again; what is repeated is
/// tests.
#pragma once

#include "models/learners/learner.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// Samples that are tested more for it, as a share of those that a run trains on and tests on without:
///
///     R = 9 moments x (nodes + 1) x samples        E = evaluations x (nodes + 1) x samples
///     T = local steps x batch size                 share = R / (T + E)
///
/// Local steps are those that nodes do that nothing holds up, as `check` says them. Of `samples = "all"` a scenario
/// does not tell the number; beside so many T counts nothing: 9 / evaluations.
double refinement_share(const Scenario& scenario);

/// Bytes that all nodes' earlier models take at most.
double refinement_memory(const Scenario& scenario, const Learner& learner);

/// Fills in `refine` where there is a target and the scenario does not say it: true in virtual time where the share is
/// under 5 % and the memory at most 1 GiB.
void resolve_refinement(Scenario& scenario, const Learner& learner);

}  // namespace tardigrad
