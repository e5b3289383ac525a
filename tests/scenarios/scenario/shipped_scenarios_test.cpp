#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/places.hpp"

using namespace tardigrad;
namespace fs = std::filesystem;

namespace {

const fs::path kScenarios = fs::path(TARDIGRAD_SOURCE_DIR) / "scenarios";

/// Ascending by path. The Python package's own description is none.
std::vector<fs::path> shipped_scenarios() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kScenarios)) {
    const bool is_scenario = entry.path().extension() == ".toml" && entry.path().filename() != "pyproject.toml";
    if (is_scenario) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Scenario loaded(const fs::path& file) {
  auto result = load_scenario(file.string());
  REQUIRE_MESSAGE(result.scenario, result.error);
  return *result.scenario;
}

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::vector<std::string> algorithm_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const AlgorithmSection& section : scenario.algorithms) names.push_back(section.name);
  std::sort(names.begin(), names.end());
  return names;
}

/// By model, on Fashion-MNIST, CIFAR-10 and MovieLens; the data need not exist.
const std::map<std::string, double> kParameters = {
    {"logistic-regression", 7'850}, {"gn-lenet", 89'834}, {"matrix-factorization", 206'680}};

/// The share of a round's bytes that a node of a DivShare scenario can send in the round.
double rho(const Scenario& scenario) {
  const auto recipients = static_cast<double>(scenario.algorithms.front().options.integer("recipients"));
  const double bits = 32 * kParameters.at(scenario.nodes.model.kind) * recipients;
  return to_seconds(scenario.expected_round()) * scenario.network.access.uplink.value / bits;
}

}  // namespace

TEST_CASE("every shipped scenario says what it asks, goes by its file's name, and is without a mistake") {
  const std::vector<fs::path> files = shipped_scenarios();
  CHECK(files.size() > 20);
  for (const fs::path& file : files) {
    CAPTURE(file.string());
    const Scenario scenario = loaded(file);
    CHECK(scenario.name == file.stem().string());
    CHECK(first_line(file).rfind("# ", 0) == 0);
  }
}

TEST_CASE("a paper's small scenario runs nothing that the full one does not") {
  std::size_t pairs = 0;
  for (const fs::path& file : shipped_scenarios()) {
    const std::string stem = file.stem().string();
    const std::string ending = "-small";
    if (stem.size() <= ending.size() || stem.substr(stem.size() - ending.size()) != ending) continue;
    CAPTURE(file.string());
    const fs::path full = file.parent_path() / (stem.substr(0, stem.size() - ending.size()) + ".toml");
    const std::vector<std::string> ran = algorithm_names(loaded(full));
    const std::vector<std::string> run = algorithm_names(loaded(file));
    CHECK(std::includes(ran.begin(), ran.end(), run.begin(), run.end()));
    ++pairs;
  }
  CHECK(pairs == 15);
}

TEST_CASE("DivShare's small scenarios keep the full ones' share of a round's bytes that a node can send in the round") {
  for (const char* name : {"divshare-stragglers", "divshare-fragments", "divshare-movielens"}) {
    CAPTURE(name);
    const Scenario full = loaded(kScenarios / "papers" / fmt::format("{}.toml", name));
    const Scenario small = loaded(kScenarios / "papers" / fmt::format("{}-small.toml", name));
    CHECK(rho(small) == doctest::Approx(rho(full)).epsilon(0.01));
    CHECK(small.network.stragglers.front().factor == full.network.stragglers.front().factor);
  }
}
