/// `tardigrad sweep --best-of KEY`: every algorithm at its own best value, which was chosen on seeds of their own.
///
///   DIR/tuning/                    a sweep over all values, on the tuning seeds
///   DIR/<algorithm>,<point>/       the algorithm's runs at its best value, on the seeds that are reported
///   DIR/sweep.csv                  a row for every run of both, which its column `use` tells apart
///   DIR/statistics.csv, curves.csv, report.html   of the reported runs
#pragma once

#include "scenarios/src/run/sweep.hpp"

namespace tardigrad {

/// Of settings that name keys in `best_of`. What an earlier sweep has finished in the folder is not run again.
SweepOutcome run_tuned_sweep(const SweepSettings& settings);

}  // namespace tardigrad
