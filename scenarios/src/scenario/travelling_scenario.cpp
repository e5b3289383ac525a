#include "scenarios/src/scenario/travelling_scenario.hpp"

#include <fmt/format.h>

#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <utility>

#include "actors/protocols/algorithm_files.hpp"
#include "scenarios/src/system/file_text.hpp"

namespace tardigrad {

namespace {

/// Collects files and gives them their new names.
class FileCollector {
 public:
  void take(std::string& path) {
    if (path.empty() || !result_.error.empty()) return;
    const auto known = places_.find(path);
    if (known == places_.end()) add(path);
    if (result_.error.empty()) path = travelling_name(places_.at(path));
  }
  void take(TopologySpec& topology) {
    take(topology.file);
    if (!topology.of) return;
    TopologySpec of = *topology.of;
    take(of);
    topology.of = std::make_shared<const TopologySpec>(std::move(of));
  }

  /// Names the algorithm anew, if it is in a file.
  void take(const Algorithm*& algorithm) {
    if (!is_in_file(algorithm->name)) return;
    std::string file = file_of(algorithm->name);
    take(file);
    Algorithm& renamed = renamed_.emplace_back(*algorithm);
    renamed.name = file + ":" + plain_name_of(algorithm->name);
    algorithm = &renamed;
  }

  TravellingResult& result() { return result_; }

 private:
  void add(const std::string& path) {
    auto content = file_text(path, kMostTravellingBytes - bytes_);
    if (!content) {
      result_.error = fmt::format(
          "{}: cannot be sent to the hosts: expected a readable file, and at most {} MiB of all that the scenario "
          "names",
          path, kMostTravellingBytes >> 20);
      return;
    }
    bytes_ += content->size();
    places_.emplace(path, result_.scenario.files.size());
    result_.scenario.files.push_back(std::move(*content));
  }

  TravellingResult result_;
  std::map<std::string, std::size_t> places_;  ///< by path
  std::uint64_t bytes_ = 0;
  std::deque<Algorithm> renamed_;
};

}  // namespace

std::string travelling_name(std::size_t place) { return fmt::format("./file-{}", place); }

TravellingResult pack(Scenario scenario) {
  FileCollector files;
  files.take(scenario.nodes.model.file);
  for (ComputeTrace& trace : scenario.compute.traces) files.take(trace.path);
  for (LinkTrace& trace : scenario.network.traces) files.take(trace.path);
  if (scenario.network.matrix) {
    MatrixSpec& spec = scenario.network.matrix->spec;
    if (!spec.rates_text) files.take(spec.rates);
    files.take(spec.latencies);
  }
  if (scenario.network.topology) files.take(*scenario.network.topology);
  for (AlgorithmSection& section : scenario.algorithms) {
    files.take(section.topology);
    files.take(section.algorithm);
  }
  files.result().scenario.text = to_toml(scenario);
  return std::move(files.result());
}

ScenarioResult unpack(const TravellingScenario& scenario, const std::filesystem::path& folder) {
  for (std::size_t place = 0; place < scenario.files.size(); ++place) {
    const std::filesystem::path path = folder / travelling_name(place);
    std::ofstream file(path, std::ios::binary);
    file << scenario.files[place] << std::flush;
    if (!file) return {std::nullopt, fmt::format("{}: cannot write", path.string())};
  }
  return parse_scenario(scenario.text, (folder / "scenario.toml").string());
}

}  // namespace tardigrad
