#include <fmt/format.h>

#include <memory>

#include "scenarios/src/check/netcheck.hpp"
#include "scenarios/src/check/netcheck_report.hpp"
#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

struct NetcheckArguments : ScenarioArguments {
  bool is_real = false;
};

int netcheck(const NetcheckArguments& arguments) {
  const CheckedClock clock = arguments.is_real ? CheckedClock::real_time : CheckedClock::virtual_time;
  const auto loaded = load_scenario(arguments.scenario, arguments.overrides);
  if (!loaded.scenario) return complain_of_each(exit_wrong_use, loaded.mistakes);
  const Scenario& scenario = *loaded.scenario;
  if (!scenario.network.emulated) {
    return complain(exit_wrong_use, arguments.scenario + ": network.emulation is \"off\": there is nothing to check");
  }
  if (scenario.nodes.count == 1) {
    return complain(exit_wrong_use, arguments.scenario + ": nodes.count is 1: there is nobody to send to");
  }
  const LearnerResult learner = prepare_learner(scenario, scenario.seeds.front(), 1);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  NetworkCheck check = plan_network_check(scenario, learner.learner->layout(), clock);
  if (clock == CheckedClock::real_time) {
    say(fmt::format("{} transfers, about {:.0f} s", check.transfers.size(), to_seconds(expected_duration(check))));
  }
  note_interrupts();
  if (!play(check, [] { return !interrupted(); })) return exit_interrupted;
  print_result(network_check_report(check));
  return holds(check) ? exit_done : exit_failed;
}

}  // namespace

SubCommand add_netcheck_command(const Program& program) {
  const auto arguments = std::make_shared<NetcheckArguments>();
  CLI::App* command =
      program.app.add_subcommand("netcheck", "play transfers through the network, compare with the formula");
  command->footer(examples({"netcheck scenarios/quickstart.toml", "netcheck scenarios/quickstart.toml --real"}));
  add_scenario_arguments(*command, *arguments);
  command->add_flag("--real", arguments->is_real, "under the real clock; takes as long as the transfers do");
  return {command, [arguments] { return netcheck(*arguments); }};
}

}  // namespace tardigrad
