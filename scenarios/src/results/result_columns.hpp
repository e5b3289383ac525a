/// The columns of the files that hold a run's results.
#pragma once

#include <cstdint>
#include <string>

#include "actors/record/record_sink.hpp"
#include "scenarios/src/results/energy_meter.hpp"
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

/// The units of accuracies and losses: nats of labels and texts, stars of ratings, a distance from a known optimum.
inline constexpr const char* kShareUnit = "share, 0 to 1";
inline constexpr const char* kLossUnit = "nats, stars or a distance";

const Columns<EvaluationRow>& evaluation_columns();
const Columns<RoundRecord>& round_columns();
const Columns<LinkRow>& link_columns();
/// A scenario with servers has two columns more, of the server's model.
const Columns<CurveRow>& curve_columns(bool has_servers = false);

/// Only of scenarios that count energy.
const Columns<EnergyRow>& energy_columns();

/// The sign of a NaN has no meaning, and depends on the processor.
double without_sign_of_nan(double value);

/// Seconds in exact decimal: a Time has twelve places, trailing zeros are left out.
std::string seconds_text(Time time);

}  // namespace tardigrad
