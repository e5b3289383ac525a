#include "scenarios/src/scenario/travelling_scenario.hpp"

#include <fmt/format.h>

#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "actors/protocols/algorithm_files.hpp"
#include "models/networks/model_kind.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
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
    if (result_.error.empty()) path = travelling_name(result_.scenario, places_.at(path));
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
    Algorithm& renamed = renamed_.emplace_back(*algorithm);
    take_code(renamed.name);
    algorithm = &renamed;
  }

  /// "file.py:Class" is taken as the file.
  void take_code(std::string& code) {
    const std::string path = file_of(code);
    std::string file = path;
    take(file);
    const auto known = places_.find(path);
    if (known == places_.end()) return;
    result_.scenario.code.insert(static_cast<std::uint32_t>(known->second));
    code = travelling_name(result_.scenario, known->second) + ":" + plain_name_of(code);
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

/// A path that leads out of the folder of the files that have travelled; empty if there is none.
std::string path_outside(const toml::node& node) {
  std::string found;
  if (const auto* text = node.as_string()) {
    const std::string& value = text->get();
    if (value.rfind('/', 0) == 0 || value.find("../") != std::string::npos) found = value;
  } else if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) found = found.empty() ? path_outside(item) : found;
  } else if (const toml::table* table = node.as_table()) {
    for (const auto& [key, value] : *table) found = found.empty() ? path_outside(value) : found;
  }
  return found;
}

/// The data are read where they are. Any other file of this machine is none of the sender's business, who would be told
/// what is wrong with its first line.
std::string objection_to_paths(const std::string& text) {
  if (line_of_endless_key(text) > 0) return {};  // another mistake, which is found later
  try {
    toml::table scenario = toml::parse(text);
    scenario.erase("data");
    const std::string path = path_outside(scenario);
    return path.empty() ? "" : one_line("the scenario names a file that has not come with it: " + path);
  } catch (const toml::parse_error&) {
    return {};
  }
}

}  // namespace

std::string travelling_name(const TravellingScenario& scenario, std::size_t place) {
  const bool is_code = scenario.code.count(static_cast<std::uint32_t>(place)) > 0;
  return fmt::format("./file-{}{}", place, is_code ? ".py" : "");
}

TravellingResult pack(Scenario scenario) {
  FileCollector files;
  if (task_of(scenario.nodes.model) == Task::own) {
    files.take_code(scenario.nodes.model.file);
  } else {
    files.take(scenario.nodes.model.file);
  }
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
  if (std::string objection = objection_to_paths(scenario.text); !objection.empty()) {
    return {std::nullopt, std::move(objection)};
  }
  for (std::size_t place = 0; place < scenario.files.size(); ++place) {
    const std::filesystem::path path = folder / travelling_name(scenario, place);
    std::ofstream file(path, std::ios::binary);
    file << scenario.files[place] << std::flush;
    if (!file) return {std::nullopt, fmt::format("{}: cannot write", path.string())};
  }
  return parse_scenario(scenario.text, (folder / "scenario.toml").string());
}

}  // namespace tardigrad
