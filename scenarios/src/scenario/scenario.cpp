#include "scenarios/src/scenario/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tardigrad {

Time Scenario::expected_round(std::uint32_t local_steps) const {
  const Time step = compute.step_time.expected();
  if (local_steps > 0 && step > kNever / local_steps) return kNever;
  return step * local_steps;
}

std::string objection_to_fragments(const AlgorithmSection& section, const ParameterLayout& layout) {
  const FragmentId fragments = section.algorithm->fragments(section.options);
  const std::int64_t parameters = layout.shared_numel();
  if (fragments <= parameters) return {};
  return fmt::format("expected at most {}, as many as the model has parameters, got {}", parameters, fragments);
}

std::string check_fragments(const Scenario& scenario, const ParameterLayout& layout) {
  for (const AlgorithmSection& section : scenario.algorithms) {
    const std::string objection = objection_to_fragments(section, layout);
    if (!objection.empty()) return fmt::format("{}: {}: fragments: {}", section.fragments_at, section.name, objection);
  }
  return {};
}

std::string keep_only(const std::vector<std::string>& names, Scenario& scenario) {
  std::vector<AlgorithmSection> kept;
  for (const AlgorithmSection& section : scenario.algorithms) {
    if (std::find(names.begin(), names.end(), section.name) != names.end()) kept.push_back(section);
  }
  for (const std::string& name : names) {
    const auto is_it = [&](const AlgorithmSection& section) { return section.name == name; };
    if (std::none_of(kept.begin(), kept.end(), is_it)) return fmt::format("the scenario has no algorithm \"{}\"", name);
  }
  const auto is_baseline = [&](const AlgorithmSection& section) {
    return section.name == scenario.evaluation.baseline;
  };
  if (std::none_of(kept.begin(), kept.end(), is_baseline)) scenario.evaluation.baseline.clear();
  scenario.algorithms = std::move(kept);
  return {};
}

}  // namespace tardigrad
