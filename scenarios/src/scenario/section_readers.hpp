/// One function for each section of a scenario file. Files that it names (traces, tables of links) are read as
/// well, so that a run uses what was checked. The section notes mistakes; the result is dropped then.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {

/// The default name is that of the file, without folder and ".toml".
std::string read_scenario_name(const TomlSection& root, const std::string& file);
/// `seed` or `seeds`; one from the command line replaces the other.
std::vector<std::uint64_t> read_seeds(const TomlSection& root);

TimeSection read_time(const TomlSection& section);
NodesSection read_nodes(const TomlSection& section);
DataSpec read_data(const TomlSection& section, const ModelSpec& model);
TrainingSpec read_training(const TomlSection& section);
/// All but start_stagger, whose default follows from the rest.
ComputeSection read_compute(const TomlSection& section, NodeId nodes);
Time read_start_stagger(const TomlSection& section, Time usual);
NetworkSection read_network(const TomlSection& section, NodeId nodes);
/// The [[churn]] tables.
std::vector<ChurnRule> read_churn(const TomlSection& root, NodeId nodes);
AlgorithmSection read_algorithm(const TomlSection& table, const NetworkSection& network);
/// `algorithms`: their names.
EvaluationSection read_evaluation(const TomlSection& section, const std::vector<std::string>& algorithms);
/// The [[placement]] tables.
std::vector<PlacementRule> read_placement(const TomlSection& root, NodeId nodes);

}  // namespace tardigrad
