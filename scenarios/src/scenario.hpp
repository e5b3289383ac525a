/// A scenario: what one file asks for, checked, with every default filled in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "models/learner.hpp"
#include "models/learning_specs.hpp"
#include "netem/distribution.hpp"
#include "netem/node_selection.hpp"
#include "netem/topology.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct TimeSection {
  std::string clock = "virtual";
  Time duration{};
};

struct NodesSection {
  NodeId count = 0;
  ModelSpec model;
};

struct ComputeSection {
  Distribution step_time;
  std::vector<ComputeStragglerRule> stragglers;
  /// Nodes start at a uniformly random moment of this stretch; usually one expected round, which
  /// avoids lock-step.
  Time start_stagger{};
};

struct NetworkSection {
  bool emulated = true;  ///< false: the messages of a run in real time are not held up at all
  std::string sharing = "serial";
  AccessRates access;  ///< of nodes that are no stragglers
  Time latency{};      ///< one way, between any two nodes
  std::vector<LinkStragglerRule> stragglers;
  std::optional<TopologySpec> topology;  ///< for algorithms that name none of their own
};

struct AlgorithmSection {
  const Algorithm* algorithm = nullptr;
  /// Folder and row name; the kind where the file gives none. Unique within a scenario.
  std::string name;
  AlgorithmOptions options;
  TopologySpec topology;  ///< own, or the scenario's, or the algorithm's usual one
  /// "file:line:column" of what decides K, for `check_fragments`.
  std::string fragments_at;
};

struct EvaluationSection {
  std::optional<Time> every;     ///< nothing: no evaluation
  std::uint32_t samples = 0;     ///< 0: all of the test set
  std::optional<double> target;  ///< accuracy in (0, 1]
};

struct Scenario {
  std::string name;
  /// Every algorithm runs once with each: one at least, no two the same.
  std::vector<std::uint64_t> seeds = {1};
  TimeSection time;
  NodesSection nodes;
  DataSpec data;
  TrainingSpec training;
  ComputeSection compute;
  NetworkSection network;
  std::vector<AlgorithmSection> algorithms;
  EvaluationSection evaluation;
  /// "file:line:column" of [data] (or of the model that needs none), to be put in front of what
  /// `make_learner` has to say.
  std::string data_at;

  /// Local steps times the expected step time of a node that is no straggler.
  /// `kNever` if it does not fit.
  Time expected_round() const;
};

/// Why the algorithm cannot cut this model into its K fragments; empty if it can.
std::string objection_to_fragments(const AlgorithmSection& section, const ParameterLayout& layout);

/// Why an algorithm cannot cut this model into its K fragments, with its place in the scenario file;
/// empty if all can.
std::string check_fragments(const Scenario& scenario, const ParameterLayout& layout);

}  // namespace tardigrad
