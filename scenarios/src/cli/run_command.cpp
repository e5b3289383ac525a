#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "actors/protocols/algorithm_files.hpp"
#include "models/networks/model_kind.hpp"
#include "models/printable.hpp"
#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/report_command.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/hosts/host_group.hpp"
#include "scenarios/src/hosts/local_hosts.hpp"
#include "scenarios/src/results/timeline_file.hpp"
#include "scenarios/src/run/checkpoint.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/run/sweep.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

namespace fs = std::filesystem;

struct RunArguments : ScenarioArguments, RunningArguments {
  std::string out;
  std::string trace;
  bool force = false;
  bool inside_sweep = false;
  std::vector<std::string> hosts;
  unsigned local_hosts = 0;
  PeerArguments peers;
  std::optional<Time> checkpoint_every;
  std::string resume;
  bool resume_if_there = false;
  std::vector<std::string> only;  ///< algorithms; empty: all
  std::string command_line;       ///< the whole command line, for the results
};

/// `--seeds 1-2` means the same as `--set seeds=[1,2]` and is handled alike.
std::vector<std::string> scenario_overrides(const RunArguments& arguments) {
  std::vector<std::string> overrides = arguments.overrides;
  if (!arguments.seeds.empty()) overrides.push_back(fmt::format("seeds=[{}]", fmt::join(arguments.seeds, ",")));
  return overrides;
}

/// The reason why results may not go to `folder`; empty if they may. `replaces` allows those of an earlier run there.
std::string objection_to(const fs::path& folder, const RunArguments& arguments, bool replaces) {
  std::error_code missing;
  if (fs::equivalent(folder / "scenario.toml", arguments.scenario, missing)) {
    return fmt::format("{}: the results would replace the scenario file itself; name another folder with --out",
                       arguments.scenario);
  }
  return objection_to_output(folder, replaces);
}

/// The same for work that others have in progress there, which --force does not end.
std::string objection_to_work_in(const fs::path& folder, const RunArguments& arguments) {
  return arguments.inside_sweep ? std::string() : objection_to_holding(folder);
}

/// The reason why no timeline may be written to the wanted file; empty if it may, or if none is wanted.
std::string objection_to_trace(const RunArguments& arguments, const fs::path& folder) {
  std::error_code missing;
  if (arguments.trace.empty()) return {};
  if (is_file_of_run(arguments.trace, folder)) {
    return fmt::format("{}: the run itself writes a file of this name; name another file with --trace",
                       arguments.trace);
  }
  if (fs::equivalent(arguments.trace, arguments.scenario, missing)) {
    return fmt::format("{}: the timeline would replace the scenario file; name another file with --trace",
                       arguments.scenario);
  }
  return objection_to_timeline(arguments.trace, arguments.force);
}

/// The runner of a scenario: this process, or hosts.
class HostsOrProcess {
 public:
  HostsOrProcess(const Scenario& scenario, const RunArguments& arguments) : runner_(in_one_process(scenario)) {
    std::vector<std::string> addresses = arguments.hosts;
    PeerArguments peers = arguments.peers;
    if (addresses.empty() && arguments.local_hosts == 0) return;
    if (arguments.local_hosts > 0) peers.token = random_token();
    const TransportChoice choice = transport_settings(peers, HostRole::coordinator);
    error_ = choice.error;
    if (!error_.empty()) return;
    if (arguments.local_hosts > 0) {
      local_ = std::make_unique<LocalHosts>(arguments.local_hosts, arguments.threads, peers);
      error_ = local_->error();
      addresses = local_->addresses();
    }
    if (!error_.empty()) return;
    hosts_ = std::make_unique<HostGroup>(choice.settings, [](const std::string& line) { say(line); });
    error_ = hosts_->connect(scenario, addresses, choice.patience);
    if (error_.empty()) error_ = hosts_->objection_to(scenario);
    if (error_.empty()) runner_ = hosts_->runner(scenario);
    where_ = " on " + count_of(addresses.size(), "host");
  }

  /// One line if the hosts are not available.
  const std::string& error() const { return error_; }
  const Runner& runner() const { return runner_; }
  /// " on 3 hosts"; empty for this process.
  const std::string& where() const { return where_; }

 private:
  std::string error_;
  std::string where_;
  std::unique_ptr<LocalHosts> local_;
  std::unique_ptr<HostGroup> hosts_;
  Runner runner_;
};

/// The reason why a run cannot be saved at intervals; empty if it can be, or if that is not wanted.
std::string objection_to_checkpoints(const RunArguments& arguments, const Scenario& scenario) {
  if (!arguments.checkpoint_every || scenario.time.clock != "real") return {};
  return "--checkpoint-every: time.clock is \"real\", and only virtual time can be saved";
}

/// The files with code in Python that the scenario names.
std::vector<fs::path> code_files(const Scenario& scenario) {
  std::vector<fs::path> files;
  for (const AlgorithmSection& section : scenario.algorithms) {
    if (is_in_file(section.algorithm->name)) files.emplace_back(file_of(section.algorithm->name));
  }
  if (task_of(scenario.nodes.model) == Task::own) files.emplace_back(file_of(scenario.nodes.model.file));
  return files;
}

/// Copies them beside the results, for the record. Returns one line on failure, else an empty text.
std::string keep_code(const fs::path& folder, const Scenario& scenario) {
  for (const fs::path& file : code_files(scenario)) {
    const fs::path copy = folder / file.filename();
    std::error_code failed;
    fs::copy_file(file, copy, fs::copy_options::overwrite_existing, failed);
    if (failed) return fmt::format("{}: cannot be written: {}", copy.string(), failed.message());
  }
  return {};
}

/// Executes all runs and shows their results.
int carry_out(const Scenario& scenario, std::unique_ptr<Learner> learner, const ExperimentSettings& settings) {
  Progress progress(stderr);
  ExperimentOutcome outcome = run_experiment(scenario, std::move(learner), settings, progress);
  const std::string unclosed = settings.timeline ? settings.timeline->close() : "";
  if (!unclosed.empty() && outcome.error.empty()) outcome = {ExperimentEnd::failed, unclosed};
  if (outcome.end == ExperimentEnd::failed) complain(exit_failed, outcome.error);
  const int reported = report_on({settings.folder}, settings.folder);
  if (outcome.end == ExperimentEnd::failed || reported != exit_done) return exit_failed;
  if (outcome.end == ExperimentEnd::interrupted) {
    if (settings.checkpoint) say("to go on: tardigrad run --resume " + settings.folder.string());
    return exit_interrupted;
  }
  const std::string problem = settings.checkpoint ? settings.checkpoint->remove() : "";
  return problem.empty() ? exit_done : complain(exit_failed, problem);
}

constexpr const char* kEndingARun = "finishing local rounds";
constexpr const char* kEndingWithCheckpoint = "finishing local rounds, saving";

/// The reason why the state in a checkpoint may not be read; empty if it may. That of an algorithm in Python is
/// pickled, which makes it code.
std::string objection_to_state(const fs::path& checkpoint, const Scenario& scenario) {
  const auto is_code = [](const AlgorithmSection& section) { return is_in_file(section.algorithm->name); };
  struct stat found = {};
  if (std::none_of(scenario.algorithms.begin(), scenario.algorithms.end(), is_code)) return {};
  if (stat(checkpoint.c_str(), &found) != 0 || found.st_uid == geteuid()) return {};
  return fmt::format("{}: belongs to another user, and the state of algorithms in Python is code", checkpoint.string());
}

bool is_saved(const fs::path& folder) {
  std::error_code none;
  return fs::exists(folder / kCheckpointName, none);
}

int resume(const RunArguments& arguments, const fs::path& folder) {
  auto loaded = load_scenario(folder / "scenario.toml");
  if (!loaded.scenario) return complain(exit_wrong_use, loaded.error);
  Scenario& scenario = *loaded.scenario;
  if (!is_saved(folder) && state_of_point(folder, scenario) == PointState::finished) {
    const std::string objection = objection_to_holding(folder);
    if (!objection.empty()) return complain(exit_wrong_use, objection);
    print_result("{}: it is complete: there is nothing left to do\n", folder.string());
    return exit_done;
  }
  const std::string objection = objection_to_state(folder / kCheckpointName, scenario);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  const ChecksumResult own = scenario_checksum(scenario);
  if (!own.error.empty()) return complain(exit_wrong_use, own.error);
  CheckpointResult opened = Checkpoint::open(folder, own.checksum);
  if (!opened.checkpoint) return complain(exit_wrong_use, opened.error);
  if (arguments.checkpoint_every) opened.checkpoint->set_every(*arguments.checkpoint_every);
  LearnerResult learner = prepare_first_learner(scenario, arguments.threads);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  note_interrupts(kEndingWithCheckpoint);
  return carry_out(
      scenario, std::move(learner.learner),
      {folder, arguments.threads, in_one_process(scenario), "", &*opened.checkpoint, nullptr, arguments.command_line});
}

/// Runs a scenario from its beginning. `replaces`: an earlier run's results in the folder may go.
int begin(const RunArguments& arguments, Scenario& scenario, const fs::path& folder, bool replaces) {
  const std::optional<Time> every = arguments.checkpoint_every;
  std::string objection = objection_to_checkpoints(arguments, scenario);
  if (objection.empty()) objection = objection_to(folder, arguments, replaces);
  if (objection.empty()) objection = objection_to_work_in(folder, arguments);
  if (objection.empty()) objection = objection_to_trace(arguments, folder);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  // Reads the data before anything is written: a missing or corrupt file must not cost old results.
  LearnerResult learner = prepare_first_learner(scenario, arguments.threads);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  resolve_refinement(scenario, *learner.learner);
  note_interrupts(every ? kEndingWithCheckpoint : kEndingARun);
  HostsOrProcess place(scenario, arguments);
  if (!place.error().empty()) return complain(interrupted() ? exit_interrupted : exit_wrong_use, place.error());
  const bool is_new = !fs::exists(folder);
  const HeldFolderResult held = hold_folder(folder);
  if (!held.folder) return complain(exit_wrong_use, held.error);
  // Another run may have begun and ended since.
  objection = objection_to(folder, arguments, replaces);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  std::optional<TimelineFile> timeline;
  if (!arguments.trace.empty()) timeline.emplace(arguments.trace);
  if (timeline && timeline->failed()) {
    std::error_code stays;
    if (is_new) fs::remove(folder, stays);
    return complain(exit_wrong_use, timeline->error());
  }
  std::string problem = prepare_output(folder, to_toml(scenario));
  if (problem.empty()) problem = keep_code(folder, scenario);
  std::optional<Checkpoint> checkpoint;
  if (every && problem.empty()) {
    checkpoint.emplace(folder, held.folder, scenario_checksum(scenario).checksum, *every);
    problem = checkpoint->begin();
  }
  if (!problem.empty()) return complain(exit_failed, problem);
  return carry_out(scenario, std::move(learner.learner),
                   {folder, arguments.threads, place.runner(), place.where(), checkpoint ? &*checkpoint : nullptr,
                    timeline ? &*timeline : nullptr, arguments.command_line});
}

/// A scenario that leaves open whether times to the target are refined has had an answer where it has run, which
/// follows from the scenario and its learner alone.
Scenario with_refinement_of(const fs::path& folder, Scenario scenario) {
  std::error_code none;
  if (scenario.evaluation.refine || !fs::exists(folder / "scenario.toml", none)) return scenario;
  const ScenarioResult there = load_scenario((folder / "scenario.toml").string());
  if (there.scenario) scenario.evaluation.refine = there.scenario->evaluation.refine;
  return scenario;
}

/// What --resume-if-there finds: nothing to go on from is no reason to refuse, unlike results of something else.
int resume_or_begin(const RunArguments& arguments, Scenario& scenario, const fs::path& folder) {
  const PointState state = state_of_point(folder, with_refinement_of(folder, scenario));
  if (state == PointState::foreign) {
    return complain(exit_wrong_use, fmt::format("{}: holds the run of another scenario; name another folder with --out",
                                                folder.string()));
  }
  if (is_saved(folder) && (!arguments.hosts.empty() || arguments.local_hosts > 0)) {
    return complain(exit_wrong_use, fmt::format("{}: holds a run that was saved, which goes on in one process only: "
                                                "leave out --hosts or --local-hosts",
                                                folder.string()));
  }
  if (state == PointState::finished || is_saved(folder)) return resume(arguments, folder);
  return begin(arguments, scenario, folder, true);
}

int run(const RunArguments& arguments) {
  if (!arguments.resume.empty()) return resume(arguments, arguments.resume);
  if (arguments.scenario.empty()) {
    return complain(exit_wrong_use, "run: expected a scenario file, or --resume and the folder of a run");
  }
  auto loaded = load_scenario(arguments.scenario, scenario_overrides(arguments));
  if (!loaded.scenario) return complain_of_each(exit_wrong_use, loaded.mistakes);
  const std::string missing = arguments.only.empty() ? "" : keep_only(arguments.only, *loaded.scenario);
  if (!missing.empty()) return complain(exit_wrong_use, "--only: " + printable(missing));
  const fs::path folder = arguments.out.empty() ? fs::path("results") / loaded.scenario->name : fs::path(arguments.out);
  return arguments.resume_if_there ? resume_or_begin(arguments, *loaded.scenario, folder)
                                   : begin(arguments, *loaded.scenario, folder, arguments.force);
}

/// Saving more often in virtual time would leave no time for the run.
constexpr Time kShortestInterval = std::chrono::nanoseconds(1);

void add_result_options(CLI::App& command, RunArguments& arguments) {
  command.add_option("--out", arguments.out, "folder for the results (results/<name of the scenario>)")
      ->type_name("FOLDER");
  command
      .add_option("--trace", arguments.trace,
                  "write a timeline for ui.perfetto.dev to this file; compressed if its name ends in .gz")
      ->type_name("FILE");
  command.add_option("--only", arguments.only, "run only these algorithms of the scenario: divshare,d-psgd")
      ->delimiter(',')
      ->type_name("NAMES");
  command.add_flag(kInsideSweep, arguments.inside_sweep)->group("");
  command.add_flag("--force", arguments.force, "replace the results of an earlier run in that folder");
}

void add_options_of_hosts(CLI::App& command, RunArguments& arguments) {
  CLI::Option* const hosts =
      command.add_option("--hosts", arguments.hosts, "run on these hosts: a:4242,b:4242")->delimiter(',');
  command.add_option("--local-hosts", arguments.local_hosts, "run on so many hosts, started on this machine")
      ->check(CLI::Range(1U, 64U))
      ->excludes(hosts);
  add_peer_arguments(command, arguments.peers);
  add_duration(command, "--wait-for-hosts", arguments.peers.patience, "try so long to reach hosts that are not up yet",
               {Time{}});
  for (const char* of_hosts : {"--token", "--cert", "--key", "--ca", "--wait-for-hosts"}) {
    command.get_option(of_hosts)->needs(hosts);
  }
}

/// A run that is saved or resumed is one of this process, without a timeline.
void add_checkpoint_options(CLI::App& command, RunArguments& arguments) {
  CLI::Option* const every = add_duration(
      command, "--checkpoint-every", arguments.checkpoint_every,
      "save the run so often, in virtual time, and when it is interrupted; in one process only", {kShortestInterval});
  CLI::Option* const resume =
      command.add_option("--resume", arguments.resume, "go on with the saved run in this folder, to the same results")
          ->type_name("FOLDER");
  CLI::Option* const if_there = command.add_flag(
      "--resume-if-there", arguments.resume_if_there,
      "go on with this scenario's saved run if the folder holds one, do nothing if it is complete, else begin");
  for (const char* excluded : {"--resume", "--force", "--trace"}) if_there->excludes(command.get_option(excluded));
  for (const char* other : {"--hosts", "--local-hosts", "--trace"}) {
    every->excludes(command.get_option(other));
    resume->excludes(command.get_option(other));
  }
  command.get_option("scenario")->required(false);
  for (const char* own : {"scenario", "--set", "--seeds", "--only", "--out", "--force"})
    resume->excludes(command.get_option(own));
}

}  // namespace

SubCommand add_run_command(const Program& program) {
  const auto arguments = std::make_shared<RunArguments>();
  arguments->command_line = program.command_line;
  CLI::App* command = program.app.add_subcommand("run", "run a scenario under all its algorithms and compare them");
  command->footer(
      examples({"run scenarios/quickstart.toml --force",
                "run scenarios/quickstart.toml --set network.uplink=30Mbps --seeds 1-3 --out results/30Mbps",
                "run scenarios/quickstart.toml --checkpoint-every 2s --out results/long", "run --resume results/long",
                "run scenarios/quickstart.toml --checkpoint-every 2s --resume-if-there --out results/long"}));
  add_scenario_arguments(*command, *arguments);
  add_running_arguments(*command, *arguments);
  add_result_options(*command, *arguments);
  add_options_of_hosts(*command, *arguments);
  add_checkpoint_options(*command, *arguments);
  return {command, [arguments, command] {
            if (command->count("--host-timeout") > 0 && arguments->hosts.empty() && arguments->local_hosts == 0) {
              return complain(exit_wrong_use, "--host-timeout requires --hosts or --local-hosts");
            }
            return run(*arguments);
          }};
}

}  // namespace tardigrad
