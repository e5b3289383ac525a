/// The cost of `refine` in [evaluation], and its default.
///
/// Nodes keep their models of the moments between two evaluations (actors/moments_between.hpp) until the target
/// has been reached, and test those of the interval in which it was. No local step is repeated; only tests are
/// added.
#pragma once

#include "models/learners/learner.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// The additional samples that are tested, as a share of those on which a run trains and tests without it:
///
///     R = 9 moments x (nodes + 1) x samples        E = evaluations x (nodes + 1) x samples
///     T = local steps x batch size                 share = R / (T + E)
///
/// Local steps are those of nodes that nothing holds up, as `check` prints them. With `samples = "all"` a
/// scenario does not contain the number; T is negligible then: 9 / evaluations.
double refinement_share(const Scenario& scenario);

/// An upper bound of the bytes of all nodes' earlier models.
double refinement_memory(const Scenario& scenario, const Learner& learner);

/// Fills in `refine` if there is a target and the scenario does not set it: true in virtual time if the share
/// is under 5 % and the memory at most 1 GiB.
void resolve_refinement(Scenario& scenario, const Learner& learner);

}  // namespace tardigrad
