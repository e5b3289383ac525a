/// The output of `tardigrad check` about networks with more than constant rates and a latency, and about
/// absences.
#pragma once

#include <vector>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {

/// Drawn latencies, losses, tables of links, and rates that change. Empty if there are none.
std::vector<TextRow> network_rows(const Scenario& scenario);

/// Churn, pauses and traces of paces. Empty if there are none.
std::vector<TextRow> node_rows(const Scenario& scenario);

/// Rates of the matrix' links between two different nodes, one for each pair of groups, ascending. Empty
/// without a matrix.
std::vector<double> matrix_rates(const NetworkSection& network);

}  // namespace tardigrad
