/// A scenario: the content of one file, checked, with every default filled in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "models/codecs/codec.hpp"
#include "models/data/data_spec.hpp"
#include "models/learners/learner.hpp"
#include "models/learners/learner_options.hpp"
#include "models/networks/model_spec.hpp"
#include "models/training/training_spec.hpp"
#include "netem/base/energy.hpp"
#include "netem/base/units.hpp"
#include "netem/files/trace_file.hpp"
#include "netem/graph/topology.hpp"
#include "netem/time/distribution.hpp"
#include "netem/time/node_selection.hpp"
#include "netem/time/schedule.hpp"
#include "scenarios/src/scenario/network_section.hpp"
#include "scenarios/src/scenario/target.hpp"

namespace tardigrad {

struct TimeSection {
  std::string clock = "virtual";
  Time duration{};
  bool survives_host_loss = false;  ///< real clock: the run goes on without a host that is lost
};

struct NodesSection {
  NodeId count = kMostNodes;
  ModelSpec model;
  LearnerOptions learner_options{};  ///< of a learner in Python: the further keys of its table
};

/// A `[[compute.pauses]]` table: for a while local steps take `slowdown` times as long.
struct ComputePause {
  NodeSelection nodes;
  Interval interval;
  std::optional<double> slowdown;  ///< nothing: the nodes stand still

  double multiplier() const { return slowdown ? 1 / *slowdown : 0; }
};

/// A `[[compute.traces]]` table: the pace over time. Of two about the same node, the later wins.
struct ComputeTrace {
  std::string path;
  TraceEnd at_end = TraceEnd::hold;
  std::shared_ptr<const TraceResult> traces;  ///< as read
};

struct ComputeSection {
  Distribution step_time;
  std::vector<ComputeStragglerRule> stragglers;
  std::vector<ComputePause> pauses;
  std::vector<ComputeTrace> traces;
  /// Nodes start at a uniformly random moment of this stretch; by default one expected round, which avoids
  /// lock-step.
  Time start_stagger{};
};

/// A `[[energy.groups]]` table: what some nodes draw; nothing: as all do.
struct EnergyGroup {
  NodeSelection nodes;
  std::optional<double> idle_watts, busy_watts, joules_per_byte_sent, joules_per_byte_received;
};

struct EnergySection {
  PowerDraw usual;
  std::vector<EnergyGroup> groups;  ///< of several about a node the last wins, key by key

  /// False of the usual one: no energy is counted then, and a scenario is written without it.
  bool counts() const { return usual.counts() || !groups.empty(); }
};

struct AlgorithmSection {
  const Algorithm* algorithm = nullptr;
  /// Folder and row name; the kind if the file has none. Unique within a scenario.
  std::string name;
  AlgorithmOptions options;
  CodecSpec compression;                     ///< between the algorithm and the network
  TopologySpec topology;                     ///< own, or the scenario's, or the algorithm's default
  std::optional<std::uint32_t> local_steps;  ///< of its rounds; nothing: those of [training]
  /// Rounds of a node, which then rests; nothing: as many as the run's duration permits.
  std::optional<std::uint32_t> training_rounds;
  std::uint32_t consensus_rounds = 0;  ///< behind them, without local steps
  /// The time after which a wait for a message is given up; nothing: never.
  std::optional<Time> wait_timeout;
  /// "file:line:column" of the value that decides K, for `check_fragments`.
  std::string fragments_at;
};

struct EvaluationSection {
  std::optional<Time> every;     ///< nothing: no evaluation
  std::uint32_t samples = 0;     ///< 0: all of the test set
  std::optional<Target> target;  ///< an accuracy in (0, 1], or a loss above 0
  /// Targets on the way to that one, each behind the one before: they do not rank.
  std::vector<Target> earlier_targets;
  /// "target": an algorithm's run ends with the first evaluation that reaches the target.
  std::string stop = "duration";
  std::string baseline;  ///< the algorithm that speed-ups are over; empty: the slowest
  /// True if models between two evaluations are tested when the target has been reached there. Nothing: the
  /// default (scenarios/src/run/refinement.hpp), which depends on more than the file.
  std::optional<bool> refine;

  bool refines() const { return target && refine.value_or(false); }
  bool stops_at_target() const { return target && stop == "target"; }
};

/// The highest place in `--hosts`.
inline constexpr std::uint32_t kMostHosts = 1000;

/// A `[[placement]]` table: the host of some nodes, if a run has several hosts.
struct PlacementRule {
  std::uint32_t host = 1;  ///< place in `--hosts`, from 1
  NodeSelection nodes;
};

struct Scenario {
  std::string name;
  /// Every algorithm runs once with each seed: at least one, no two the same.
  std::vector<std::uint64_t> seeds = {1};
  TimeSection time;
  NodesSection nodes;
  DataSpec data;
  TrainingSpec training;
  ComputeSection compute;
  NetworkSection network;
  EnergySection energy;
  std::vector<ServerSection> servers;  ///< of each algorithm that takes some, the first ones
  std::vector<ChurnRule> churn;
  std::vector<AlgorithmSection> algorithms;
  EvaluationSection evaluation;
  std::vector<PlacementRule> placement;  ///< no node is in two of them
  /// "file:line:column" of [data] (or of the model that needs none), to be put in front of the errors of
  /// `make_learner`.
  std::string data_at;

  /// The local steps of an algorithm's rounds.
  std::uint32_t local_steps_of(const AlgorithmSection& section) const {
    return section.local_steps.value_or(training.local_steps);
  }
  /// So many local steps times the expected step time of a node that is no straggler. `kNever` if it does not fit.
  Time expected_round(std::uint32_t local_steps) const;
  Time expected_round() const { return expected_round(training.local_steps); }
};

/// The reason why the algorithm cannot cut this model into its K fragments; empty if it can.
std::string objection_to_fragments(const AlgorithmSection& section, const ParameterLayout& layout);

/// The reason why an algorithm cannot cut this model into its K fragments, with its place in the scenario file;
/// empty if all can.
std::string check_fragments(const Scenario& scenario, const ParameterLayout& layout);

/// Leaves only the algorithms with these names, in the scenario's order; a baseline that is none of them is forgotten.
/// Returns one line, and changes nothing, if the scenario has no algorithm of one of these names.
std::string keep_only(const std::vector<std::string>& names, Scenario& scenario);

}  // namespace tardigrad
