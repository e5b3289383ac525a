/// The sections of a scenario file. Files that it names (traces, tables of links) are read as well, so that a run uses
/// what was checked. Readers note mistakes; the result is dropped then.
#pragma once

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/sections/section.hpp"

namespace tardigrad {

/// The keys in front of the first section, and all sections.
const Section<Scenario>& whole_file();

const Section<TimeSection>& time_section();
const Section<NodesSection>& nodes_section();
const Section<DataSpec>& data_section();
const Section<TrainingSpec>& training_section();
const Section<ComputeSection>& compute_section();
const Section<NetworkSection>& network_section();
const Section<EnergySection>& energy_section();
const Section<LossModel>& loss_table();
const Section<LinkMatrix>& matrix_table();
const Section<LinkStragglers>& link_stragglers_section();
const Section<LinkChange>& link_changes_section();
const Section<LinkTrace>& link_traces_section();
const Section<ServerSection>& servers_section();
const Section<ChurnRule>& churn_section();
/// Its keys depend on the algorithm's kind.
Key<Scenario> algorithms_key();
const Section<EvaluationSection>& evaluation_section();
const Section<PlacementRule>& placement_section();

/// Complains of rules that have no rate of [network] to divide, or rates of their own beside a trace.
void check_rates_of_rules(const TomlSection& section, const Scenario& so_far, NetworkSection& network);

/// Complains of a node that is placed twice.
void check_placement(const TomlSection& root, const Scenario& scenario);

}  // namespace tardigrad
