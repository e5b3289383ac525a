/// How a syncer merges learners' answers: directions and lengths averaged apart (Decoupled DiLoCo, 2026, arXiv
/// 2604.21428).
///
/// Delta_m = theta - values of m, w_m = (tokens of m)^2 / (steps of m). Of every tensor by itself
///
///     direction = the unit vector of sum_m w_m Delta_m / |Delta_m|
///     length    = sum_m w_m |Delta_m| / sum_m w_m
///
/// where a Delta of 0 adds no direction and a length of 0; if the weighted mean of the directions is shorter than
/// 1e-12, or the tensor is an embedding, the merged one is the weighted mean sum_m w_m Delta_m / sum_m w_m.
/// The formula for the length as printed has another dimension than a length; this is agentenv/yeto's.
/// Sums are in double, in the order of the answers, which matters to the last bits only.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/protocols/low_communication/model_parts.hpp"
#include "models/values.hpp"
#include "netem/base/state_archive.hpp"

namespace tardigrad {

/// What a learner made of a part.
struct MergedAnswer {
  SharedValues values;      ///< of the part's size
  std::uint64_t steps = 1;  ///< local steps since it last took the part, at least 1
  double tokens = 1;        ///< seen in these steps, more than 0

  void persist(StateArchive& archive) { archive(values, steps, tokens); }
};

/// The pseudo-gradient of a part of the model, of which `theta` and the answers are the values; `answers` at least one.
Values merged_difference(const Values& theta, const std::vector<MergedAnswer>& answers, const ModelPart& part);

}  // namespace tardigrad
