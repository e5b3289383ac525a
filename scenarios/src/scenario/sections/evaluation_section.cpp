#include <fmt/format.h>

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

OptionLimits limits_of(const TargetKey& key) { return {key.lowest, key.highest, {}, true}; }

/// All keys of targets but this one.
std::vector<std::string> other_targets(const std::string& own) {
  std::vector<std::string> others;
  for (const TargetKey& key : kTargetKeys) {
    for (const std::string name : {key.name, key.several}) {
      if (name != own) others.push_back(name);
    }
  }
  return others;
}

/// One of the keys that may set the target.
EvaluationKey target_key(const TargetKey& own) {
  const auto read = [=](const TomlSection& section, const EvaluationKey& key, const Scenario&,
                        EvaluationSection& evaluation) {
    if (!section.has(key.name)) return;
    if (evaluation.target) section.complain(key.name, "expected one target only");
    evaluation.target = {own.figure, read_value(section, key.name, 1., limits_of(own)), own.unit};
  };
  const auto text = [=](const EvaluationSection& evaluation) {
    const bool is_own = evaluation.target && own.is_of(*evaluation.target) && evaluation.earlier_targets.empty();
    return is_own ? value_text(evaluation.target->value) : "";
  };
  return EvaluationKey(own.name, form_of<double>(limits_of(own)), own.summary, read, text)
      .excluding(other_targets(own.name))
      .such_as(fmt::format("{} = {}", own.name, own.example));
}

void take_targets(const TomlSection& section, const TargetKey& own, const std::vector<double>& values,
                  EvaluationSection& evaluation) {
  const char* const order = own.figure == Figure::accuracy ? "ascending" : "descending";
  if (values.size() > kMostTargets) section.complain(own.several, fmt::format("expected at most {}", kMostTargets));
  for (const double value : values) {
    const Target target{own.figure, value, own.unit};
    if (evaluation.target && !target.is_behind(*evaluation.target)) {
      section.complain(own.several, fmt::format("expected {} targets: the last one ranks", order));
    }
    if (evaluation.target) evaluation.earlier_targets.push_back(*evaluation.target);
    evaluation.target = target;
  }
}

/// The same for a list.
EvaluationKey targets_key(const TargetKey& own) {
  const auto read = [=](const TomlSection& section, const EvaluationKey& key, const Scenario&,
                        EvaluationSection& evaluation) {
    if (!section.has(key.name)) return;
    if (evaluation.target) return section.complain(key.name, "expected one target only, or one list");
    take_targets(section, own, read_value(section, key.name, std::vector<double>{}, limits_of(own)), evaluation);
  };
  const auto text = [=](const EvaluationSection& evaluation) -> std::string {
    if (evaluation.earlier_targets.empty() || !own.is_of(*evaluation.target)) return "";
    std::vector<double> values;
    for (const Target& target : evaluation.earlier_targets) values.push_back(target.value);
    values.push_back(evaluation.target->value);
    return value_text(values);
  };
  return EvaluationKey(own.several, form_of<std::vector<double>>(limits_of(own)),
                       fmt::format("several of {}: times to each; the last one ranks", own.name), read, text)
      .excluding(other_targets(own.several))
      .such_as(fmt::format("{} = {}", own.several, own.several_example));
}

std::vector<std::string> names_of_algorithms(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const AlgorithmSection& section : scenario.algorithms) names.push_back(section.name);
  return names;
}

void read_baseline(const TomlSection& section, const EvaluationKey& key, const Scenario& so_far,
                   EvaluationSection& evaluation) {
  if (section.has_mistake()) return;  // a name among them may be wrong
  evaluation.baseline = section.choice(key.name, names_of_algorithms(so_far), "");
}

std::vector<EvaluationKey> evaluation_keys() {
  std::vector<EvaluationKey> keys = {
      EvaluationKey("every", &EvaluationSection::every, "between evaluations")
          .required("every = \"20s\"")
          .also_called({{"interval"}, {"test_after"}, {"eval_every"}, {"frequency"}}),
      EvaluationKey(
          "samples",
          {"integer, or \"all\"",
           {ValueForm{ValueForm::Type::integer, {1, kMostSamples}}, ValueForm{ValueForm::Type::text, {0, 0, {"all"}}}}},
          "of the test set, the same ones throughout", read_samples, samples_text)
          .such_as("samples = 500")};
  for (const TargetKey& key : kTargetKeys) keys.push_back(target_key(key));
  for (const TargetKey& key : kTargetKeys) keys.push_back(targets_key(key));
  keys.push_back(EvaluationKey("stop", &EvaluationSection::stop,
                               "\"target\": a run ends with the first evaluation that reaches the target")
                     .one_of({"duration", "target"})
                     .brief()
                     .such_as("stop = \"target\""));
  keys.push_back(EvaluationKey("refine", &EvaluationSection::refine,
                               "virtual clock: the time to target is known ten times as finely")
                     .usually("see README")
                     .such_as("refine = true")
                     .written_if([](const EvaluationSection& evaluation) { return evaluation.target.has_value(); }));
  keys.push_back(EvaluationKey("baseline", &EvaluationSection::baseline, "speed-ups are over it")
                     .read_by(read_baseline)
                     .may_be({"name of an [[algorithm]]", ValueForm::Type::text})
                     .such_as("baseline = \"d-psgd\"")
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
