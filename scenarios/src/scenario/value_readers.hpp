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

inline constexpr NodeId kMostNodes = 1'000'000;

template <class Kinds>
std::vector<std::string> names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(kind.name);
  return names;
}

/// A value that is either the name of a kind or a table with a kind and its options.
struct Kinded {
  std::string kind;
  TomlSection options;
};

/// `keys_of` is the key of these kinds, if it is not `key` itself.
Kinded read_kinded(const TomlSection& section, const std::string& key, const std::vector<std::string>& kinds,
                   const std::string& usual, const std::string& keys_of = "");

/// From 1 to `highest`.
std::uint32_t read_count(const TomlSection& section, const std::string& key, std::int64_t usual, std::int64_t highest);

/// A duration, or a table with its distribution.
Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual);

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
