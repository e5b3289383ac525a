/// curves.csv: how accuracy and loss came along in all runs of a scenario, one row for each evaluation.
///
///     algorithm, seed     of the run
///     time_s              virtual or real, in exact decimal
///     bytes, rounds       sent by all nodes in local rounds that had ended by then, and how many these are
///     refined             1: tested between two evaluations, to find out when the target was reached; else 0
///     accuracy_mean, accuracy_std, accuracy_min, accuracy_max
///                         over nodes, which are the whole population: the deviation is divided by their number
///     accuracy_averaged   of the average of all nodes' models
///     loss_mean ...       the same five of the loss
///
/// Rows of one algorithm and seed are together and in order of time, and written as they come: that of the evaluation
/// that has reached a refined target waits for those before it. Without evaluations there is a header only.
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

/// Goes over the rows of `folder`, each with its line end: those of its curves.csv or, where an earlier tardigrad wrote
/// none such, those that its runs' other files come to. A row that was being written when the run stopped is left out.
void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs,
                         const std::function<void(const std::string& row)>& take);

}  // namespace tardigrad
