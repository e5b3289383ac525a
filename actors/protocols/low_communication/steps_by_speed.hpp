/// Fewer local steps for slower nodes: dynamic local updates of asynchronous local SGD (arXiv 2401.09135). Of the H
/// local steps in the scenario's rounds a node of speed v does max(1, floor(H v / fastest v)).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// The local steps of a node's rounds, which has the `node`-th of these durations of a step, beside `most` of the
/// fastest.
std::uint32_t steps_by_speed(const std::vector<double>& step_seconds, NodeId node, std::uint32_t most);

/// `steps = "same" | "by-speed"`.
OptionSpec steps_option();

/// True of "by-speed".
bool asks_for_fewer_steps(const AlgorithmOptions& options);

/// The steps that a node asks for; nothing: as many as the scenario says.
std::optional<std::uint32_t> asked_steps(const AlgorithmOptions& options, const ProtocolContext& run, NodeId node);

}  // namespace tardigrad
