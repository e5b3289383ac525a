#include "scenarios/src/scenario/sections/section.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using EvaluationKey = Key<EvaluationSection>;

constexpr std::int64_t kMostSamples = 1'000'000'000;

void read_samples(const TomlSection& section, const EvaluationKey& key, const Scenario&,
                  EvaluationSection& evaluation) {
  if (section.is_text(key.name)) {
    section.choice(key.name, {"all"}, "all");
  } else {
    evaluation.samples = static_cast<std::uint32_t>(section.integer(key.name, 0, 1, kMostSamples));
  }
}

std::string samples_text(const EvaluationSection& evaluation) {
  return evaluation.samples == 0 ? "\"all\"" : value_text(evaluation.samples);
}

/// One of the keys that may set the target.
EvaluationKey target_key(const TargetKey& own) {
  const OptionLimits limits{own.lowest, own.highest, {}, true};
  const auto read = [=](const TomlSection& section, const EvaluationKey& key, const Scenario&,
                        EvaluationSection& evaluation) {
    if (!section.has(key.name)) return;
    if (evaluation.target) section.complain(key.name, "expected one target only");
    evaluation.target = {own.figure, read_value(section, key.name, 1., limits), own.unit};
  };
  const auto text = [=](const EvaluationSection& evaluation) {
    return evaluation.target && own.is_of(*evaluation.target) ? value_text(evaluation.target->value) : "";
  };
  return EvaluationKey(own.name, values_text<double>(limits), own.summary, read, text);
}

std::vector<std::string> names_of_algorithms(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const AlgorithmSection& section : scenario.algorithms) names.push_back(section.name);
  return names;
}

void read_baseline(const TomlSection& section, const EvaluationKey& key, const Scenario& so_far,
                   EvaluationSection& evaluation) {
  evaluation.baseline = section.choice(key.name, names_of_algorithms(so_far), "");
}

std::vector<EvaluationKey> evaluation_keys() {
  std::vector<EvaluationKey> keys = {
      EvaluationKey("every", &EvaluationSection::every, "between evaluations").required("every = \"20s\""),
      EvaluationKey("samples", "integer, or \"all\"", "of the test set, the same ones throughout", read_samples,
                    samples_text)};
  for (const TargetKey& key : kTargetKeys) keys.push_back(target_key(key));
  keys.push_back(EvaluationKey("refine", &EvaluationSection::refine,
                               "virtual clock: the time to target is known ten times as finely")
                     .usually("see README")
                     .written_if([](const EvaluationSection& evaluation) { return evaluation.target.has_value(); }));
  keys.push_back(EvaluationKey("baseline", &EvaluationSection::baseline, "speed-ups are over it")
                     .read_by(read_baseline)
                     .may_be("name of an [[algorithm]]")
                     .usually("the slowest")
                     .brief());
  return keys;
}

}  // namespace

const Section<EvaluationSection>& evaluation_section() {
  static const Section<EvaluationSection> section = {"[evaluation]", evaluation_keys()};
  return section;
}

}  // namespace tardigrad
