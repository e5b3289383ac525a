#include "scenarios/src/reference/scenario_template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "actors/protocols/registry.hpp"
#include "models/networks/model_kind.hpp"
#include "models/printable.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {
namespace {

/// The smallest pictures of Fashion-MNIST's size.
constexpr std::int64_t kSideOfFashionMnist = 28;

const KindText* find_text(const std::string& noun, const std::string& name) {
  const auto& kinds = find_family(noun)->kinds;
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindText& kind) { return kind.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::string summary_of(const std::string& place, const std::string& name) {
  for (const SectionText& section : scenario_sections()) {
    if (section.place != place) continue;
    for (const KeyText& key : section.keys) {
      if (key.name == name) return key.summary;
    }
  }
  return {};
}

/// Lines of a section, with aligned comments.
class SectionLines {
 public:
  explicit SectionLines(std::string place) : place_(std::move(place)) {}

  SectionLines& key(const std::string& name, const std::string& value) {
    return line(fmt::format("{} = {}", name, value), summary_of(place_, name));
  }
  SectionLines& line(const std::string& text, const std::string& comment) {
    rows_.push_back({text, comment.empty() ? "" : "# " + comment});
    return *this;
  }
  std::string text() const { return (place_.empty() ? "" : place_ + "\n") + in_columns(rows_, 0) + "\n"; }

 private:
  std::string place_;
  std::vector<TextRow> rows_;
};

std::string unknown_name(const std::string& noun, const std::string& name) {
  const std::vector<std::string> names = names_of(find_family(noun)->kinds);
  return fmt::format("there is no {} '{}': expected {}{}", noun, printable(name, 40), listed(names),
                     did_you_mean(name, names));
}

const ModelKind& model_of(const TemplateRequest& request) {
  return *std::find_if(model_kinds().begin(), model_kinds().end(),
                       [&](const ModelKind& kind) { return kind.name == request.model; });
}

/// A data set that the model can read.
std::string set_for(const ModelKind& model) {
  if (model.task == Task::ratings) return "movielens";
  if (model.inputs == Inputs::texts) return "text";
  return model.least_side > kSideOfFashionMnist ? "cifar10" : "fashion-mnist";
}

std::string data_lines(const ModelKind& model) {
  if (!has_data(model.task)) return {};
  const KindText& set = *find_text("data set", set_for(model));
  SectionLines data("[data]");
  data.line("set = \"" + set.name + "\"", set.summary);
  for (const KeyText& option : set.options) {
    if (option.is_required) data.line(option.example, option.summary);
  }
  const bool has_classes = model.task == Task::labels && model.inputs != Inputs::texts;
  if (has_classes) data.key("partition", find_text("partition", "dirichlet")->example);
  return data.text();
}

std::string evaluation_lines(const ModelKind& model) {
  if (model.task == Task::nothing) return {};
  SectionLines evaluation("[evaluation]");
  evaluation.key("every", "\"2s\"");
  if (model.task == Task::labels) evaluation.key("samples", "500");
  const std::string target = model.task == Task::labels ? "target" : "target_loss";
  for (const SectionText& section : scenario_sections()) {
    if (section.place != "[evaluation]") continue;
    for (const KeyText& key : section.keys) {
      if (key.name == target) evaluation.line("# " + key_line(section, key), key.summary);
    }
  }
  return evaluation.text();
}

std::string straggler_lines(double share) {
  if (share <= 0) return {};
  return SectionLines("[[network.stragglers]]")
      .key("nodes", fmt::format("{{ fraction = {} }}", share))
      .key("factor", "5")
      .text();
}

std::string algorithm_lines(const std::string& name, NodeId nodes) {
  const KindText& kind = *find_text("algorithm", name);
  SectionLines lines("[[algorithm]]");
  lines.line("kind = \"" + name + "\"", kind.summary);
  for (const std::string& line : kind.beside) {
    lines.line(line, summary_of("[[algorithm]]", line.substr(0, line.find(' '))));
  }
  for (const KeyText& option : kind.options) {
    // No node can send to more than all others.
    const bool is_too_many = option.name == "recipients" && std::stoul(option.usual) >= nodes && nodes > 1;
    const std::string usual = fmt::format("# {} = {}", option.name, option.usual);
    lines.line(is_too_many ? fmt::format("{} = {}", option.name, nodes - 1) : usual, option.summary);
  }
  return lines.text();
}

std::string server_lines(const std::vector<std::string>& names) {
  NodeId most = 0;
  for (const std::string& name : names) {
    const Algorithm& algorithm = *find_algorithm(name);
    most = std::max(most, algorithm.server_count(AlgorithmOptions(algorithm.options)));
  }
  std::string text;
  for (NodeId s = 0; s < most; ++s) text += SectionLines("[[servers]]").key("uplink", "\"100Mbps\"").text();
  return text;
}

std::string scenario_text_of(const TemplateRequest& request) {
  const ModelKind& model = model_of(request);
  std::string text = fmt::format(
      "# {} nodes train {}: {}.\n# `tardigrad check` says what this file means, `tardigrad run` runs it, `tardigrad "
      "explain KEY` says more of a\n# key, and `tardigrad list keys` has all others. What is commented out is usual.\n",
      request.nodes, request.model, fmt::join(request.algorithms, ", "));
  text += SectionLines("").key("seed", "1").text();
  text += SectionLines("[time]").key("duration", "\"14s\"").text();
  text += SectionLines("[nodes]")
              .key("count", fmt::format("{}", request.nodes))
              .line("model = " + find_text("model", request.model)->example, find_text("model", request.model)->summary)
              .text();
  text += data_lines(model);
  text +=
      SectionLines("[training]").key("batch_size", "8").key("local_steps", "16").key("learning_rate", "0.05").text();
  text += SectionLines("[compute]").key("step_time", "\"20ms\"").text();
  text += SectionLines("[network]").key("uplink", "\"60Mbps\"").key("latency", "\"2ms\"").text();
  text += straggler_lines(request.stragglers) + server_lines(request.algorithms);
  for (const std::string& name : request.algorithms) text += algorithm_lines(name, request.nodes);
  text += evaluation_lines(model);
  text.pop_back();
  return text;
}

}  // namespace

TemplateResult scenario_template(const TemplateRequest& request) {
  if (!find_text("model", request.model)) return {"", unknown_name("model", request.model)};
  for (const std::string& name : request.algorithms) {
    if (!find_text("algorithm", name)) return {"", unknown_name("algorithm", name)};
  }
  std::string text = scenario_text_of(request);
  // What does not go together is found by those who read the scenario.
  const ScenarioResult read = parse_scenario(text, "scenario");
  if (!read.scenario) return {"", "no such scenario: " + read.error};
  return {std::move(text), ""};
}

}  // namespace tardigrad
