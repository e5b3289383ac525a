/// Reads values that more than one section of a scenario file has: kinds with options, distributions,
/// selections of nodes, graphs, stretches of time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/codecs/codec.hpp"
#include "scenarios/src/scenario/network_section.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {

/// From 1 to `highest`.
std::uint32_t read_count(const TomlSection& section, const std::string& key, std::int64_t usual, std::int64_t highest);

/// A duration, or a table that says how it is drawn. `more`: keys that the table may have besides.
Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual,
                               const std::vector<std::string>& more = {});

/// `nodes`, which is required.
NodeSelection read_selection(const TomlSection& table, NodeId size);

/// `topology`.
TopologySpec read_topology(const TomlSection& section);

/// `key`: a codec's name, or a table with its options.
CodecSpec read_codec(const TomlSection& section, const std::string& key, const CodecSpec& usual);

/// `begin` is required; without `end` the interval does not end.
Interval read_interval(const TomlSection& table, const std::string& begin, const std::string& end);
/// Both are required.
OnOff read_on_off(const TomlSection& table, const std::string& mean_on, const std::string& mean_off);
/// One of the two.
When read_when(const TomlSection& table, const WhenKeys& keys);

/// `at_end`.
TraceEnd read_trace_end(const TomlSection& table);

}  // namespace tardigrad
