/// The columns of the files that hold a run's results.
#pragma once

#include <cstdint>
#include <string>

#include "actors/record/recorder.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// A row of curves.csv: an evaluation of one run.
struct CurveRow {
  std::string algorithm;
  std::uint64_t seed = 0;
  Time time{};
  EvaluationPoint point;
};

const Columns<EvaluationRow>& evaluation_columns();
const Columns<RoundRecord>& round_columns();
const Columns<LinkRow>& link_columns();
const Columns<CurveRow>& curve_columns();

/// The sign of a NaN has no meaning, and depends on the processor.
double without_sign_of_nan(double value);

/// Seconds in exact decimal: a Time has twelve places, trailing zeros are left out.
std::string seconds_text(Time time);

}  // namespace tardigrad
