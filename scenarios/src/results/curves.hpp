/// curves.csv: the course of accuracy and loss in all runs of a scenario, one row for each evaluation.
///
///     algorithm, seed     of the run
///     time_s              virtual or real, in exact decimal
///     bytes, rounds       sent by all nodes in local rounds that had ended by then, and the number of these rounds
///     refined             1: tested between two evaluations, to find the time at which the target was reached; else 0
///     accuracy_mean, accuracy_std, accuracy_min, accuracy_max
///                         over nodes, which are the whole population: the deviation is divided by their number
///     accuracy_averaged   of the average of all nodes' models
///     loss_mean ...       the same five of the loss
///
/// Rows of one algorithm and seed are together and in order of time, and are written as they come: the row of
/// the evaluation that has reached a refined target waits for those before it. Without evaluations there is
/// only a header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "netem/base/units.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

inline constexpr const char* kCurvesName = "curves.csv";

/// With its line end.
std::string curves_header();
std::string curves_row(const std::string& algorithm, std::uint64_t seed, Time time, const EvaluationPoint& point);

/// Visits the rows of `folder`, each with its line end: those of its curves.csv or, if an earlier tardigrad
/// wrote none, those computed from its runs' other files. A row that was being written when the run stopped is
/// left out.
void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs,
                         const std::function<void(const std::string& row)>& take);

}  // namespace tardigrad
