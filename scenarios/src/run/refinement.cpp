#include "scenarios/src/run/refinement.hpp"

#include "actors/moments_between.hpp"
#include "scenarios/src/run/expected_work.hpp"
#include "scenarios/src/run/experiment.hpp"

namespace tardigrad {

namespace {

constexpr double kUsualShare = 0.05;
constexpr double kUsualMemory = 1024.0 * 1024 * 1024;

}  // namespace

double refinement_share(const Scenario& scenario) {
  constexpr auto moments = static_cast<double>(kMostMomentsBetween);
  const auto evaluations = static_cast<double>(evaluation_times(scenario).size());
  if (scenario.evaluation.samples == 0) return moments / evaluations;
  const double samples = (scenario.nodes.count + 1.0) * scenario.evaluation.samples;
  const double trained = expected_local_steps(scenario) * scenario.training.batch_size;
  return moments * samples / (trained + evaluations * samples);
}

double refinement_memory(const Scenario& scenario, const Learner& learner) {
  constexpr auto models = static_cast<double>(kMostMomentsBetween);
  return models * scenario.nodes.count * static_cast<double>(sizeof(float)) *
         static_cast<double>(learner.layout().numel());
}

void resolve_refinement(Scenario& scenario, const Learner& learner) {
  EvaluationSection& evaluation = scenario.evaluation;
  if (!evaluation.every || !evaluation.target || evaluation.refine) return;
  evaluation.refine = scenario.time.clock == "virtual" && refinement_memory(scenario, learner) <= kUsualMemory &&
                      refinement_share(scenario) < kUsualShare;
}

}  // namespace tardigrad
