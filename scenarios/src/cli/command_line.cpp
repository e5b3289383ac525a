#include "scenarios/src/cli/command_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

#include "models/printable.hpp"
#include "netem/files/recorded_trace.hpp"
#include "scenarios/src/check/check_report.hpp"
#include "scenarios/src/check/netcheck.hpp"
#include "scenarios/src/check/netcheck_report.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/list_report.hpp"
#include "scenarios/src/data/dataset_package.hpp"
#include "scenarios/src/data/star_trace.hpp"
#include "scenarios/src/data/trace_command.hpp"
#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/hosts/host_group.hpp"
#include "scenarios/src/hosts/local_hosts.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/results/timeline_file.hpp"
#include "scenarios/src/run/checkpoint.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/module_trial.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/run/sweep.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/build_info.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/command_text.hpp"
#include "scenarios/src/text/number_list.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {

namespace fs = std::filesystem;

struct RunArguments {
  std::string scenario;
  std::vector<std::string> overrides;
  std::vector<std::uint64_t> seeds;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::string out;
  std::string trace;
  bool force = false;
  bool inside_sweep = false;
  std::vector<std::string> hosts;
  unsigned local_hosts = 0;
  PeerArguments peers;
  std::optional<Time> checkpoint_every;
  std::string resume;
  std::string command_line;  ///< the whole command line, for the results
};

void add_scenario_arguments(CLI::App& command, RunArguments& arguments,
                            const char* set = "override a key, such as network.uplink=30Mbps; may be repeated",
                            const char* set_type = "KEY=VALUE") {
  command.add_option("scenario", arguments.scenario, "scenario file (.toml)")->required();
  command.add_option("--set", arguments.overrides, set)->expected(1)->take_all()->type_name(set_type);
}

void add_running_arguments(CLI::App& command, RunArguments& arguments) {
  const auto read_seeds = [&arguments](const std::string& text) {
    NumberListResult read = parse_number_list(text, kSeeds);
    if (!read.error.empty()) throw CLI::ValidationError("--seeds", read.error);
    arguments.seeds = std::move(read.numbers);
  };
  command.add_option_function<std::string>("--seeds", read_seeds, "run once for each of these seeds: 1,2,3 or 1-5")
      ->type_name("SEEDS");
  command.add_option("--threads", arguments.threads, "compute threads; results do not depend on it")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
}

/// Prints the table and writes the report of finished runs, into a folder that this process holds.
int report_on(const std::vector<fs::path>& folders, const fs::path& out) {
  std::vector<RunFolder> runs;
  for (const fs::path& folder : folders) {
    auto read = read_run_folder(folder.string());
    if (!read.error.empty()) return complain(exit_failed, read.error);
    runs.push_back(std::move(*read.folder));
  }
  std::string problem = write_file(out / "comparison.csv", comparison_csv(runs));
  if (problem.empty()) problem = write_file(out / "report.html", report_html(runs));
  if (!problem.empty()) return complain(exit_failed, problem);
  print_result("\n{}\nreport: {}\n", comparison_table(runs, isatty(STDOUT_FILENO) != 0),
               (out / "report.html").string());
  return exit_done;
}

/// A program at work in a folder writes the table and report itself.
int report_command(const std::vector<std::string>& folders, const std::string& out) {
  const fs::path place = out.empty() ? folders.front() : out;
  const std::string objection = objection_to_holding(place);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  for (const std::string& folder : folders) {
    // before a folder is made for unreadable results
    const auto read = read_run_folder(folder);
    if (!read.error.empty()) return complain(exit_failed, read.error);
  }
  const HeldFolderResult held = hold_folder(place);
  return held.folder ? report_on({folders.begin(), folders.end()}, place) : complain(exit_failed, held.error);
}

/// `--seeds 1-2` means the same as `--set seeds=[1,2]` and is handled alike.
std::vector<std::string> scenario_overrides(const RunArguments& arguments) {
  std::vector<std::string> overrides = arguments.overrides;
  if (!arguments.seeds.empty()) overrides.push_back(fmt::format("seeds=[{}]", fmt::join(arguments.seeds, ",")));
  return overrides;
}

/// The reason why results may not go to `folder`; empty if they may.
std::string objection_to(const fs::path& folder, const RunArguments& arguments) {
  std::error_code missing;
  if (fs::equivalent(folder / "scenario.toml", arguments.scenario, missing)) {
    return fmt::format("{}: the results would replace the scenario file itself; name another folder with --out",
                       arguments.scenario);
  }
  return objection_to_output(folder, arguments.force);
}

/// The same for work that others have in progress there, which --force does not end.
std::string objection_to_work_in(const fs::path& folder, const RunArguments& arguments) {
  return arguments.inside_sweep ? std::string() : objection_to_holding(folder);
}

/// The reason why no timeline may be written to the wanted file; empty if it may, or if none is wanted.
std::string objection_to_trace(const RunArguments& arguments) {
  std::error_code missing;
  if (arguments.trace.empty()) return {};
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

/// Saving more often in virtual time would leave no time for the run.
constexpr Time kShortestInterval = std::chrono::nanoseconds(1);

struct DurationBounds {
  Time least;
  Time most = kLongestDuration;
};

/// An option whose value is a duration; other values are refused, whether or not the option has an effect.
template <class Value>
CLI::Option* add_duration(CLI::App& command, const std::string& name, Value& value, const std::string& help,
                          const DurationBounds& bounds) {
  const auto read = [name, bounds, &value](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed.value) throw CLI::ValidationError(name, parsed.error);
    if (*parsed.value < bounds.least || *parsed.value > bounds.most) {
      throw CLI::ValidationError(name, fmt::format("expected from {} to {}, got {}", duration_text(bounds.least),
                                                   duration_text(bounds.most), text));
    }
    value = *parsed.value;
  };
  return command.add_option_function<std::string>(name, read, help)->type_name("DURATION");
}

void add_peer_arguments(CLI::App& command, PeerArguments& peers) {
  command.add_option("--token", peers.token, "secret that the hosts of a run share (TARDIGRAD_TOKEN)");
  command.add_option("--cert", peers.certificate, "TLS: own certificate (PEM)");
  command.add_option("--key", peers.key, "TLS: its key");
  command.add_option("--ca", peers.ca, "TLS: who has signed the others' certificates");
  add_duration(command, "--host-timeout", peers.timeout, "whoever says nothing for so long is gone",
               {kShortestTimeout, kLongestTimeout})
      ->default_str(duration_text(peers.timeout));
}

/// The reason why a run cannot be saved at intervals; empty if it can be, or if that is not wanted.
std::string objection_to_checkpoints(const RunArguments& arguments, const Scenario& scenario) {
  if (!arguments.checkpoint_every || scenario.time.clock != "real") return {};
  return "--checkpoint-every: time.clock is \"real\", and only virtual time can be saved";
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

int resume_command(const RunArguments& arguments) {
  const fs::path folder = arguments.resume;
  auto loaded = load_scenario(folder / "scenario.toml");
  if (!loaded.scenario) return complain(exit_wrong_use, loaded.error);
  Scenario& scenario = *loaded.scenario;
  std::error_code none;
  if (!fs::exists(folder / kCheckpointName, none) && state_of_point(folder, scenario) == PointState::finished) {
    const std::string objection = objection_to_holding(folder);
    if (!objection.empty()) return complain(exit_wrong_use, objection);
    print_result("{}: it is complete: there is nothing left to do\n", folder.string());
    return exit_done;
  }
  CheckpointResult opened = Checkpoint::open(folder, scenario_checksum(scenario));
  if (!opened.checkpoint) return complain(exit_wrong_use, opened.error);
  if (arguments.checkpoint_every) opened.checkpoint->set_every(*arguments.checkpoint_every);
  LearnerResult learner = prepare_first_learner(scenario, arguments.threads);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  note_interrupts(kEndingWithCheckpoint);
  return carry_out(
      scenario, std::move(learner.learner),
      {folder, arguments.threads, in_one_process(scenario), "", &*opened.checkpoint, nullptr, arguments.command_line});
}

int run_command(const RunArguments& arguments) {
  if (!arguments.resume.empty()) return resume_command(arguments);
  if (arguments.scenario.empty()) {
    return complain(exit_wrong_use, "run: expected a scenario file, or --resume and the folder of a run");
  }
  auto loaded = load_scenario(arguments.scenario, scenario_overrides(arguments));
  if (!loaded.scenario) return complain(exit_wrong_use, loaded.error);
  Scenario& scenario = *loaded.scenario;

  const fs::path folder = arguments.out.empty() ? fs::path("results") / scenario.name : fs::path(arguments.out);
  const std::optional<Time> every = arguments.checkpoint_every;
  std::string objection = objection_to_checkpoints(arguments, scenario);
  if (objection.empty()) objection = objection_to(folder, arguments);
  if (objection.empty()) objection = objection_to_work_in(folder, arguments);
  if (objection.empty()) objection = objection_to_trace(arguments);
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
  objection = objection_to(folder, arguments);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  std::optional<TimelineFile> timeline;
  if (!arguments.trace.empty()) timeline.emplace(arguments.trace);
  if (timeline && timeline->failed()) {
    std::error_code stays;
    if (is_new) fs::remove(folder, stays);
    return complain(exit_wrong_use, timeline->error());
  }
  std::string problem = prepare_output(folder, to_toml(scenario));
  std::optional<Checkpoint> checkpoint;
  if (every && problem.empty()) {
    checkpoint.emplace(folder, held.folder, scenario_checksum(scenario), *every);
    problem = checkpoint->begin();
  }
  if (!problem.empty()) return complain(exit_failed, problem);
  return carry_out(scenario, std::move(learner.learner),
                   {folder, arguments.threads, place.runner(), place.where(), checkpoint ? &*checkpoint : nullptr,
                    timeline ? &*timeline : nullptr, arguments.command_line});
}

int check_command(const RunArguments& arguments) {
  auto loaded = load_scenario(arguments.scenario, arguments.overrides);
  if (!loaded.scenario) return complain(exit_wrong_use, loaded.error);
  Scenario& scenario = *loaded.scenario;
  const LearnerResult learner = prepare_first_learner(scenario, 1);
  if (!learner.error.empty()) return complain(exit_wrong_use, learner.error);
  resolve_refinement(scenario, *learner.learner);
  print_result(check_report(scenario, *learner.learner));
  return exit_done;
}

struct StarArguments {
  Star star;
  std::string rate = rate_text(star.rate);
  std::string jitter = rate_text(star.jitter);
};

int star_command(const StarArguments& arguments) {
  Star star = arguments.star;
  if (star.stragglers > star.nodes) {
    return complain(exit_wrong_use, fmt::format("--stragglers: expected at most {} of {} nodes, got {}", star.nodes,
                                                star.nodes, star.stragglers));
  }
  const auto rate = parse_rate(arguments.rate);
  if (!rate.value) return complain(exit_wrong_use, "--rate: " + rate.error);
  if (rate.value->value < 1) return complain(exit_wrong_use, "--rate: expected a rate of at least 1bps");
  const auto jitter = parse_rate(arguments.jitter);
  if (!jitter.value) return complain(exit_wrong_use, "--jitter: " + jitter.error);
  star.rate = *rate.value;
  star.jitter = *jitter.value;
  print_result(star_trace(star));
  return exit_done;
}

int netcheck_command(const RunArguments& arguments, CheckedClock clock) {
  const auto loaded = load_scenario(arguments.scenario, arguments.overrides);
  if (!loaded.scenario) return complain(exit_wrong_use, loaded.error);
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

int sweep_command(const RunArguments& arguments, unsigned jobs) {
  const SweepOutcome outcome = run_sweep({own_program(), arguments.scenario, arguments.overrides, arguments.seeds,
                                          arguments.threads, jobs, arguments.out, arguments.force});
  return outcome.problem.empty() ? outcome.code : complain(outcome.code, outcome.problem);
}

struct FetchArguments {
  std::string name;
  FetchRequest request;
  std::string mirror;
};

int fetch_command(FetchArguments arguments) {
  const auto& packages = dataset_packages();
  DatasetPackage& package = arguments.request.package;
  package = *std::find_if(packages.begin(), packages.end(), [&](const auto& p) { return p.name == arguments.name; });
  if (!arguments.mirror.empty()) package.url = arguments.mirror + package.url.substr(package.url.rfind('/'));
  note_interrupts();
  const FetchOutcome outcome = fetch(arguments.request, stderr);
  if (outcome.code != exit_done) return complain(outcome.code, outcome.text);
  print_result("{}\n", outcome.text);
  return exit_done;
}

/// "algorithm" for "algorithms".
std::string singular(const std::string& topic) {
  const bool is_ies = topic.size() > 3 && topic.compare(topic.size() - 3, 3, "ies") == 0;
  return is_ies ? topic.substr(0, topic.size() - 3) + "y" : topic.substr(0, topic.size() - 1);
}

int list_command(const std::string& typed) {
  const auto& topics = list_topics();
  const auto is_meant = [&](const std::string& topic) {
    return typed.empty() || typed == topic || typed == singular(topic);
  };
  const auto found = std::find_if(topics.begin(), topics.end(), is_meant);
  if (found == topics.end()) {
    return complain(exit_wrong_use, fmt::format("list: unknown topic '{}': expected {}{}", printable(typed, 40),
                                                listed(topics), did_you_mean(typed, topics)));
  }
  print_result(list_report(typed.empty() ? "" : *found));
  return exit_done;
}

int trace_command(const TraceArguments& arguments) {
  const TraceText trace = converted_trace(arguments);
  if (!trace.error.empty()) return complain(exit_wrong_use, trace.error);
  if (!trace.note.empty()) say(printable(trace.note, kLongestComplaint));
  print_result(trace.text);
  return exit_done;
}

std::string format_list() {
  std::string text = "Formats:";
  for (const RecordedFormat& format : recorded_formats())
    text += fmt::format("\n  {:<14}{}", format.name, format.summary);
  return text + "\n\n";
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("tardigrad: which decentralized learning algorithm reaches the target first, and why", "tardigrad");
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.formatter(std::make_shared<PlainHelp>());
  app.footer(examples({"run scenarios/quickstart.toml", "check scenarios/quickstart.toml", "list algorithms",
                       "help run                              # or run --help"}));
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  app.failure_message([&](const CLI::App*, const CLI::Error& error) {
    std::string problem = unknown_word(app, words);
    if (problem.empty()) problem = missing_value(app);
    if (problem.empty()) problem = error.what();
    return fmt::format("tardigrad: {} (see tardigrad --help)\n", printable(problem, kLongestComplaint));
  });

  RunArguments run_arguments;
  run_arguments.command_line = command_text(argc, argv);
  CLI::App* run = app.add_subcommand("run", "run a scenario under all its algorithms and compare them");
  add_scenario_arguments(*run, run_arguments);
  add_running_arguments(*run, run_arguments);
  run->footer(examples({"run scenarios/quickstart.toml --force",
                        "run scenarios/quickstart.toml --set network.uplink=30Mbps --seeds 1-3 --out results/30Mbps",
                        "run scenarios/quickstart.toml --checkpoint-every 2s --out results/long",
                        "run --resume results/long"}));
  run->add_option("--out", run_arguments.out, "folder for the results (results/<name of the scenario>)");
  const auto trace =
      run->add_option("--trace", run_arguments.trace,
                      "write a timeline for ui.perfetto.dev to this file; compressed if its name ends in .gz");
  run->add_flag(kInsideSweep, run_arguments.inside_sweep)->group("");
  run->add_flag("--force", run_arguments.force, "replace the results of an earlier run in that folder");

  RunArguments sweep_arguments;
  unsigned jobs = 0;
  CLI::App* sweep =
      app.add_subcommand("sweep", "run a scenario for every combination of some values, compare them all");
  add_scenario_arguments(*sweep, sweep_arguments,
                         "values of a key, such as network.uplink=30Mbps,60Mbps; may be repeated", "KEY=VALUE,VALUE");
  add_running_arguments(*sweep, sweep_arguments);
  sweep->footer(examples({"sweep scenarios/quickstart.toml --set network.uplink=30Mbps,60Mbps --seeds 1-3",
                          "sweep scenarios/quickstart.toml --set training.learning_rate=0.05,0.1 --jobs 2"}));
  sweep->add_option("--jobs", jobs, "runs at once, which share the threads (as many as cores and memory allow)")
      ->check(CLI::Range(1U, 1024U));
  sweep->add_option("--out", sweep_arguments.out, "folder for the results (results/<name of the scenario>-sweep)");
  sweep->add_flag("--force", sweep_arguments.force, "run again what an earlier sweep has finished in that folder");

  const auto hosts =
      run->add_option("--hosts", run_arguments.hosts, "run on these hosts: a:4242,b:4242")->delimiter(',');
  run->add_option("--local-hosts", run_arguments.local_hosts, "run on so many hosts, started on this machine")
      ->check(CLI::Range(1U, 64U))
      ->excludes(hosts);
  add_peer_arguments(*run, run_arguments.peers);
  add_duration(*run, "--wait-for-hosts", run_arguments.peers.patience, "try so long to reach hosts that are not up yet",
               {Time{}});
  for (const char* of_hosts : {"--token", "--cert", "--key", "--ca", "--wait-for-hosts"}) {
    run->get_option(of_hosts)->needs(hosts);
  }
  CLI::Option* const local_hosts = run->get_option("--local-hosts");
  add_duration(*run, "--checkpoint-every", run_arguments.checkpoint_every,
               "save the run so often, in virtual time, and when it is interrupted; in one process only",
               {kShortestInterval})
      ->excludes(hosts)
      ->excludes(local_hosts)
      ->excludes(trace);
  CLI::Option* const resume =
      run->add_option("--resume", run_arguments.resume, "go on with the saved run in this folder, to the same results")
          ->type_name("FOLDER")
          ->excludes(hosts)
          ->excludes(local_hosts)
          ->excludes(trace);
  run->get_option("scenario")->required(false);
  for (const char* own : {"scenario", "--set", "--seeds", "--out", "--force"}) resume->excludes(run->get_option(own));

  HostArguments host_arguments;
  host_arguments.threads = run_arguments.threads;
  CLI::App* host = app.add_subcommand("host", "offer this machine to runs");
  host->footer(examples({"host", "host --listen 192.0.2.1:4242 --cert host.pem --key host.key --ca ca.pem"}));
  host->add_option("--listen", host_arguments.listen, "address and port")->capture_default_str();
  host->add_option("--threads", host_arguments.threads, "compute threads")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  host->add_option("--data-root", host_arguments.data_root, "where this machine has the data set");
  host->add_flag("!--no-modules", host_arguments.modules, "refuse scenarios with a TorchScript module, which is code");
  host->add_flag("--once", host_arguments.once, "end when the runs of the first who comes are over");
  host->add_flag("--insecure", host_arguments.insecure, "allow an address that others can reach, without TLS");
  add_peer_arguments(*host, host_arguments.peers);

  RunArguments check_arguments;
  CLI::App* check = app.add_subcommand("check", "print the resolved scenario and what it means; run nothing");
  check->footer(examples({"check scenarios/quickstart.toml", "check scenarios/quickstart.toml --set nodes.count=64"}));
  add_scenario_arguments(*check, check_arguments);

  RunArguments netcheck_arguments;
  bool real = false;
  CLI::App* netcheck = app.add_subcommand("netcheck", "play transfers through the network, compare with the formula");
  netcheck->footer(examples({"netcheck scenarios/quickstart.toml", "netcheck scenarios/quickstart.toml --real"}));
  add_scenario_arguments(*netcheck, netcheck_arguments);
  netcheck->add_flag("--real", real, "under the real clock; takes as long as the transfers do");

  std::vector<std::string> folders;
  std::string report_out;
  CLI::App* report = app.add_subcommand("report", "table and report.html from finished runs");
  report->footer(
      examples({"report results/quickstart", "report results/quickstart results/30Mbps --out results/both"}));
  report->add_option("folders", folders, "result folders")->required();
  report->add_option("--out", report_out, "folder for comparison.csv and report.html (the first one)");

  StarArguments star_arguments;
  Star& star_shape = star_arguments.star;
  CLI::App* star = app.add_subcommand("star", "print a trace for [[network.traces]]: a star with slow nodes");
  star->footer(examples({"star --nodes 60 --stragglers 7 --factor 5 --jitter 1Mbps --seed 1 > star.csv"}));
  star->add_option("--nodes", star_shape.nodes, "nodes")->check(CLI::Range(2U, 1'000'000U))->capture_default_str();
  star->add_option("--stragglers", star_shape.stragglers, "slow nodes, the first ones")->capture_default_str();
  star->add_option("--rate", star_arguments.rate, "of the others, up and down")->capture_default_str();
  star->add_option("--factor", star_shape.factor, "by which slow nodes are slower")
      ->check(CLI::Range(1.0, 1e9))
      ->capture_default_str();
  star->add_option("--jitter", star_arguments.jitter, "slow rates are drawn within so much of theirs")
      ->capture_default_str();
  star->add_option("--seed", star_shape.seed, "of these draws")->capture_default_str();

  TraceArguments trace_arguments;
  CLI::App* trace_of = app.add_subcommand("trace", "print a trace for [[network.traces]] from another program's log");
  trace_of->footer(format_list() + examples({"trace mahimahi verizon.up --direction up --bin 500ms > trace.csv",
                                             "trace phone-log bus.log --nodes 0,3-5 > trace.csv"}));
  trace_of->add_option("format", trace_arguments.format, "what the file is; see below")->required();
  trace_of->add_option("file", trace_arguments.file, "the log")->required();
  trace_of->add_option("--nodes", trace_arguments.nodes, "whose rates these are: 0,3 or 0-5 (everyone's)");
  trace_of->add_option("--direction", trace_arguments.direction, "up, down or both")->capture_default_str();
  add_duration(*trace_of, "--bin", trace_arguments.bin,
               "of mahimahi: bytes are counted in stretches of about so long (1s)", {kShortestBin});

  FetchArguments fetch_arguments;
  std::vector<std::string> package_names;
  for (const DatasetPackage& package : dataset_packages()) package_names.push_back(package.name);
  CLI::App* data = app.add_subcommand("data", "data sets on this machine");
  data->require_subcommand(1);
  CLI::App* fetching = data->add_subcommand("fetch", "get a data set from its authors, check and unpack it");
  fetching->add_option("name", fetch_arguments.name, fmt::format("{}", fmt::join(package_names, ", ")))
      ->required()
      ->check(CLI::IsMember(package_names));
  const auto from =
      fetching->add_option("--from", fetch_arguments.request.from, "the archive, loaded some other way, or its folder");
  fetching->add_option("--data", fetch_arguments.request.data, "folder for data sets")->capture_default_str();
  fetching->add_option("--mirror", fetch_arguments.mirror, "address of a folder with the same archive")->excludes(from);

  // Only the program itself uses this command.
  ModuleTrialArguments trial_arguments;
  CLI::App* try_module = app.add_subcommand("try-module", "try a TorchScript module")->group("");
  try_module->add_option("file", trial_arguments.file)->required();
  try_module->add_option("--name", trial_arguments.name)->required();
  try_module->add_option("--input", trial_arguments.input)->delimiter(',')->required();
  try_module->add_option("--classes", trial_arguments.classes)->required();
  try_module->add_option("--vocabulary", trial_arguments.vocabulary)->required();
  try_module->add_option("--statistics", trial_arguments.statistics)->required();

  std::string topic;
  CLI::App* list = app.add_subcommand("list", "what a scenario can name");
  list->footer(examples({"list", "list algorithms"}));
  list->add_option("topic", topic, listed(list_topics()) + "; all if left out");

  std::vector<std::string> helped;
  CLI::App* help = app.add_subcommand("help", "what a command does and takes");
  help->add_option("command", helped, "its name; the whole program if left out");

  try {
    app.parse(last_first(words));
  } catch (const CLI::ParseError& error) {
    std::ostringstream results;
    std::ostringstream complaint;
    const bool is_help = app.exit(error, results, complaint) == 0;
    print_result(results.str());
    say_on(stderr, complaint.str());
    return is_help ? exit_done : exit_wrong_use;
  }
  const std::string missing = missing_value(app);
  if (!missing.empty()) return complain(exit_wrong_use, missing);
  if (help->parsed()) {
    std::string unknown;
    print_result(help_on(app, helped, unknown));
    return unknown.empty() ? exit_done : complain(exit_wrong_use, unknown);
  }
  if (run->parsed() && run->count("--host-timeout") > 0 && run_arguments.hosts.empty() &&
      run_arguments.local_hosts == 0) {
    return complain(exit_wrong_use, "--host-timeout requires --hosts or --local-hosts");
  }
  if (run->parsed()) return run_command(run_arguments);
  if (sweep->parsed()) return sweep_command(sweep_arguments, jobs);
  if (check->parsed()) return check_command(check_arguments);
  if (netcheck->parsed()) {
    return netcheck_command(netcheck_arguments, real ? CheckedClock::real_time : CheckedClock::virtual_time);
  }
  if (host->parsed()) return host_command(host_arguments);
  if (list->parsed()) return list_command(topic);
  if (try_module->parsed()) return try_module_command(trial_arguments);
  if (data->parsed()) return fetch_command(std::move(fetch_arguments));
  if (star->parsed()) return star_command(star_arguments);
  if (trace_of->parsed()) return trace_command(trace_arguments);
  return report_command(folders, report_out);
}

}  // namespace tardigrad
