/// Executes a checked scenario: one run per algorithm and seed.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/run/run.hpp"
#include "models/learners/learner.hpp"
#include "scenarios/src/results/timeline_file.hpp"
#include "scenarios/src/run/checkpoint.hpp"
#include "scenarios/src/run/progress.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// The actors' plan for one algorithm of the scenario and one of its seeds.
RunPlan make_plan(const Scenario& scenario, const AlgorithmSection& section, std::uint64_t seed);

/// Times of evaluation: at the start, at regular intervals, and at the very end.
std::vector<Time> evaluation_times(const Scenario& scenario);

/// One algorithm and seed of a scenario.
struct RunChoice {
  std::size_t algorithm = 0;  ///< index in the scenario
  std::uint64_t seed = 0;
};

/// Runs a plan from its beginning or from a saved state to its end.
using Runner = std::function<RunOutcome(
    const RunChoice& choice, const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
    const std::function<bool(const RunPosition&)>& keep_going, const Checkpointing& checkpointing)>;

/// Runs in this process, under the scenario's clock. Only runs under the virtual clock can be saved.
Runner in_one_process(const Scenario& scenario);

struct ExperimentSettings {
  std::filesystem::path folder;
  unsigned threads = 1;
  Runner run;
  std::string where{};  ///< for the progress line: " on 3 hosts"
  /// kept up to date, and used to continue; null: there is none
  Checkpoint* checkpoint = nullptr;
  TimelineFile* timeline = nullptr;  ///< of all runs, if a timeline is wanted
  std::string command_line{};        ///< printable
};

enum class ExperimentEnd { done, failed, interrupted };

struct ExperimentOutcome {
  ExperimentEnd end = ExperimentEnd::done;
  std::string error;  ///< one line if it failed
};

/// Learner of the scenario under this seed, checked against its algorithms.
LearnerResult prepare_learner(const Scenario& scenario, std::uint64_t seed, unsigned threads);

/// The first seed's learner, after those of all seeds have been made and checked. Only that one is kept: each
/// holds shards and networks of its own.
LearnerResult prepare_first_learner(const Scenario& scenario, unsigned threads);

/// Runs every algorithm for every seed, one after the other, into `settings.folder`, which exists; runs that
/// are over by the checkpoint are skipped. Results recorded before a failure or an interruption stay. `first`
/// is from `prepare_first_learner`.
ExperimentOutcome run_experiment(const Scenario& scenario, std::unique_ptr<Learner> first,
                                 const ExperimentSettings& settings, Progress& progress);

}  // namespace tardigrad
