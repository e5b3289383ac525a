/// A scenario with every algorithm, and the comparison of what its runs leave.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "actors/protocols/registry.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad::test {

/// Every algorithm, on real data, small enough for a test.
/// With momentum, without the algorithms that refuse it.
inline std::string small_scenario(const std::string& model = "logistic-regression", bool has_momentum = false) {
  const bool is_slow = model == "gn-lenet";
  const char* const rate = is_slow ? "100Mbps" : "10Mbps";
  std::string text = R"(
[time]
duration = "600ms"
[nodes]
count = 8
model = ")" + model + R"("
[data]
set = "fashion-mnist"
partition = { kind = "shards", per_node = 3 }
[training]
batch_size = 8
local_steps = 4
[compute]
step_time = { kind = "lognormal", mean = "10ms", sigma = 0.3 }
[[compute.stragglers]]
nodes = { count = 1 }
slowdown = 2
[network]
uplink = ")" + std::string(rate) +
                     R"("
downlink = ")" + rate +
                     R"("
[[network.stragglers]]
nodes = { fraction = 0.25 }
factor = 5
jitter = "500kbps"
[[servers]]
latency = "5ms"
[[servers]]
[[servers]]
latency = "3ms"
[evaluation]
every = "200ms"
samples = )" + (is_slow ? "100" : "200") +
                     R"(
target = 0.5
)";
  for (const Algorithm& algorithm : algorithms()) {
    if (has_momentum && algorithm.needs_plain_steps) continue;
    text += "[[algorithm]]\nkind = \"" + algorithm.name + "\"\n";
    const auto has = [&](const std::string& name) {
      return std::any_of(algorithm.options.begin(), algorithm.options.end(),
                         [&](const OptionSpec& option) { return option.name == name; });
    };
    if (has("recipients")) text += "recipients = 3\n";
    if (has("regions")) text += "regions = 2\nmerge_every = 3\n";
    if (algorithm.usual_consensus_rounds > 0) text += "training_rounds = 5\n";
    if (has("fragments")) text += "fragments = 5\n";
  }
  return text;
}

/// Of two runs of `small_scenario`.
inline void check_same_results(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::size_t compared = 0;
  for (const Algorithm& algorithm : algorithms()) {
    if (!std::filesystem::exists(a / algorithm.name)) continue;
    ++compared;
    for (const char* name : {"evaluations.csv", "rounds.csv", "links.csv"}) {
      INFO(algorithm.name << " " << name);
      const std::string content = content_of(a / algorithm.name / "s1" / name);
      CHECK(std::count(content.begin(), content.end(), '\n') > 1);  // something happens, however long nodes wait
    }
  }
  CHECK(compared >= 20);
  check_same_files(a, b, 3 * compared + 1);  // the comparison too
}

}  // namespace tardigrad::test
