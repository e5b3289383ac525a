#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "models/printable.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/reference/list_report.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {

namespace {

/// "algorithm" for "algorithms".
std::string singular(const std::string& topic) {
  const bool is_ies = topic.size() > 3 && topic.compare(topic.size() - 3, 3, "ies") == 0;
  return is_ies ? topic.substr(0, topic.size() - 3) + "y" : topic.substr(0, topic.size() - 1);
}

int list_section(const std::string& typed) {
  const std::string report = section_report(typed);
  if (report.empty()) {
    const auto sections = listed_sections();
    return complain(exit_wrong_use, fmt::format("list keys: unknown section '{}': expected {}{}", printable(typed, 40),
                                                listed(sections), did_you_mean(typed, sections)));
  }
  print_result(report);
  return exit_done;
}

int list(const std::string& typed, const std::string& section) {
  const auto& topics = list_topics();
  const auto is_meant = [&](const std::string& topic) {
    return typed.empty() || typed == topic || typed == singular(topic);
  };
  const auto found = std::find_if(topics.begin(), topics.end(), is_meant);
  if (found == topics.end()) {
    return complain(exit_wrong_use, fmt::format("list: unknown topic '{}': expected {}{}", printable(typed, 40),
                                                listed(topics), did_you_mean(typed, topics)));
  }
  if (!section.empty() && *found == "keys") return list_section(section);
  if (!section.empty())
    return complain(exit_wrong_use, "list: a section is one of keys: list keys " + printable(section, 40));
  print_result(list_report(typed.empty() ? "" : *found));
  return exit_done;
}

}  // namespace

SubCommand add_list_command(const Program& program) {
  const auto topic = std::make_shared<std::string>();
  const auto section = std::make_shared<std::string>();
  CLI::App* command = program.app.add_subcommand("list", "what a scenario can name");
  command->footer(examples({"list", "list algorithms", "list keys network"}));
  command->add_option("topic", *topic, listed(list_topics()) + "; all if left out")->type_name("TOPIC");
  command->add_option("section", *section, "of keys, such as network.stragglers; all if left out")
      ->type_name("SECTION");
  return {command, [topic, section] { return list(*topic, *section); }};
}

}  // namespace tardigrad
