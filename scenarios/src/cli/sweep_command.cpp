#include <memory>

#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/run/sweep.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/complaint.hpp"

namespace tardigrad {

namespace {

struct SweepArguments : ScenarioArguments, RunningArguments {
  unsigned jobs = 0;
  std::string out;
  bool force = false;
  std::vector<std::string> best_of;
  std::vector<std::uint64_t> tuning_seeds;
};

int sweep(const SweepArguments& arguments) {
  const SweepOutcome outcome =
      run_sweep({own_program(), arguments.scenario, arguments.overrides, arguments.seeds, arguments.threads,
                 arguments.jobs, arguments.out, arguments.force, arguments.best_of, arguments.tuning_seeds});
  return outcome.problem.empty() ? outcome.code : complain(outcome.code, outcome.problem);
}

}  // namespace

SubCommand add_sweep_command(const Program& program) {
  const auto arguments = std::make_shared<SweepArguments>();
  CLI::App* command =
      program.app.add_subcommand("sweep", "run a scenario for every combination of some values, compare them all");
  add_scenario_arguments(*command, *arguments, "values of a key, such as network.uplink=30Mbps,60Mbps; may be repeated",
                         "KEY=VALUE,VALUE");
  add_running_arguments(*command, *arguments);
  command->footer(examples({"sweep scenarios/quickstart.toml --set network.uplink=30Mbps,60Mbps --seeds 1-3",
                            "sweep scenarios/quickstart.toml --set training.learning_rate=0.05,0.1 --jobs 2",
                            "sweep scenarios/quickstart.toml --set training.learning_rate=0.02,0.05,0.1 "
                            "--best-of training.learning_rate --tuning-seeds 101-102 --seeds 1-3"}));
  command
      ->add_option("--jobs", arguments->jobs,
                   "runs at once, which share the threads (as many as cores and memory allow)")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--out", arguments->out, "folder for the results (results/<name of the scenario>-sweep)")
      ->type_name("FOLDER");
  CLI::Option* const best_of =
      command
          ->add_option("--best-of", arguments->best_of,
                       "report each algorithm at its own best value of these keys, chosen on --tuning-seeds")
          ->delimiter(',')
          ->type_name("KEYS");
  add_seeds(*command, "--tuning-seeds", arguments->tuning_seeds, "seeds on which --best-of chooses: 101-103")
      ->needs(best_of);
  command->add_flag("--force", arguments->force, "run again what an earlier sweep has finished in that folder");
  return {command, [arguments] { return sweep(*arguments); }};
}

}  // namespace tardigrad
