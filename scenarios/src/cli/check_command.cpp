#include <memory>

#include "scenarios/src/check/check_report.hpp"
#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/learners/process_learner.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

int check(const ScenarioArguments& arguments) {
  auto loaded = load_scenario(arguments.scenario, arguments.overrides);
  if (!loaded.scenario) return complain_of_each(exit_wrong_use, loaded.mistakes);
  Scenario& scenario = *loaded.scenario;
  const LearnerResult learner = prepare_first_learner(scenario, 1);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  resolve_refinement(scenario, *learner.learner);
  scenario.nodes.learner_options = options_of(*learner.learner);
  print_result(check_report(scenario, *learner.learner));
  return exit_done;
}

}  // namespace

SubCommand add_check_command(const Program& program) {
  const auto arguments = std::make_shared<ScenarioArguments>();
  CLI::App* command = program.app.add_subcommand("check", "print the resolved scenario and what it means; run nothing");
  command->footer(
      examples({"check scenarios/quickstart.toml", "check scenarios/quickstart.toml --set nodes.count=64"}));
  add_scenario_arguments(*command, *arguments);
  return {command, [arguments] { return check(*arguments); }};
}

}  // namespace tardigrad
