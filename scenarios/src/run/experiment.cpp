#include "scenarios/src/run/experiment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "actors/moments_between.hpp"
#include "actors/protocols/compressed_protocol.hpp"
#include "actors/protocols/lone_node.hpp"
#include "models/kernels/isa.hpp"
#include "models/networks/model_kind.hpp"
#include "models/printable.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "scenarios/src/learners/process_learner.hpp"
#include "scenarios/src/results/growing_table.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/results/result_files.hpp"
#include "scenarios/src/results/run_warnings.hpp"
#include "scenarios/src/run/module_trial.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/server_plan.hpp"
#include "scenarios/src/scenario/network_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/build_info.hpp"
#include "scenarios/src/system/host_name.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/text/range_text.hpp"

namespace tardigrad {

namespace {

using Json = nlohmann::ordered_json;

/// Compares means over the run. If only traces define the usual rates, the fastest node is the reference.
Json nodes_slower_than_usual(const Scenario& scenario, const RunPlan& plan) {
  const auto rate = [&](const RateProfile& link) { return mean_over(link.bits_per_second(), plan.duration); };
  const auto usual = [&](BitsPerSecond stated, RateProfile AccessLink::*direction) {
    if (stated != kUnlimited) return stated.value;
    double highest = 0;
    for (NodeId node = 0; node < plan.workers(); ++node) {
      highest = std::max(highest, rate(plan.network.access[node].*direction));
    }
    return highest;
  };
  const double usual_up = usual(scenario.network.access.uplink, &AccessLink::uplink);
  const double usual_down = usual(scenario.network.access.downlink, &AccessLink::downlink);
  Json network = Json::array();
  Json compute = Json::array();
  for (NodeId node = 0; node < plan.workers(); ++node) {
    const AccessLink& own = plan.network.access[node];
    if (rate(own.uplink) < usual_up || rate(own.downlink) < usual_down) network.push_back(node);
    if (plan.paces[node].slowdown > 1 || mean_over(plan.paces[node].compute.pace(), plan.duration) < 1)
      compute.push_back(node);
  }
  return {{"network", network}, {"compute", compute}};
}

Json over_nodes_json(const FigureOverNodes& figure, bool has_server) {
  Json json = {{"mean", figure.mean},
               {"std", figure.std},
               {"min", figure.min},
               {"max", figure.max},
               {"averaged_model", figure.averaged_model}};
  if (has_server) json["server"] = figure.server;
  return json;
}

/// Of a scenario with several targets, all of them; null where one was not reached.
Json targets_json(const EvaluationSection& evaluation, const std::vector<EvaluationPoint>& evaluated) {
  Json rows = Json::array();
  std::vector<Target> targets = evaluation.earlier_targets;
  targets.push_back(*evaluation.target);
  for (const Target& target : targets) {
    const auto reached = target_reached(evaluated, target);
    rows.push_back({{key_of(target), target.value},
                    {"time_s", reached ? Json(reached->time_s) : Json(nullptr)},
                    {"within_s", reached ? Json(reached->within_s) : Json(nullptr)},
                    {"bytes", reached ? Json(std::llround(reached->bytes_sent)) : Json(nullptr)}});
  }
  return rows;
}

void add_evaluations(Json& summary, const Scenario& scenario, const std::vector<EvaluationPoint>& evaluated) {
  const auto& target = scenario.evaluation.target;
  const auto reached = [&](double FigureOverNodes::*which) {
    return target ? target_reached(evaluated, *target, which) : std::nullopt;
  };
  const auto by_nodes = reached(&FigureOverNodes::mean);
  const auto by_averaged_model = reached(&FigureOverNodes::averaged_model);
  const bool has_server = !evaluated.empty() && evaluated.back().has_server;
  for (const TargetKey& key : kTargetKeys) {
    summary[key.name] = target && key.is_of(*target) ? Json(target->value) : Json(nullptr);
  }
  summary["time_to_target_s"] = by_nodes ? Json(by_nodes->time_s) : Json(nullptr);
  summary["time_to_target_within_s"] = by_nodes ? Json(by_nodes->within_s) : Json(nullptr);
  summary["time_to_target_averaged_model_s"] = by_averaged_model ? Json(by_averaged_model->time_s) : Json(nullptr);
  if (has_server) {
    const auto by_server = reached(&FigureOverNodes::server);
    summary["time_to_target_server_s"] = by_server ? Json(by_server->time_s) : Json(nullptr);
  }
  summary["bytes_to_target"] = by_nodes ? Json(std::llround(by_nodes->bytes_sent)) : Json(nullptr);
  if (!scenario.evaluation.earlier_targets.empty()) {
    summary["targets"] = targets_json(scenario.evaluation, evaluated);
  }
  summary["final_accuracy"] =
      evaluated.empty() ? Json(nullptr) : over_nodes_json(evaluated.back().accuracy, has_server);
  summary["final_loss"] = evaluated.empty() ? Json(nullptr) : over_nodes_json(evaluated.back().loss, has_server);
  summary["final_time_s"] = evaluated.empty() ? Json(nullptr) : Json(evaluated.back().time_s);
}

/// What a mean loss says of texts, and losses that are distances of how far apart the nodes are.
void add_meaning(Json& summary, LossKind kind, const FigureOverNodes& loss) {
  if (kind == LossKind::of_signs) {
    summary["final_perplexity"] = std::exp(loss.mean);
    summary["final_bits"] = loss.mean / Target{Figure::loss, 1, LossUnit::bits}.bound();
  } else if (kind == LossKind::distance) {
    // The mean squared distance to a point is that to the mean and that of the mean to the point.
    const double squares = loss.mean * loss.mean + loss.std * loss.std;
    const double between = squares - loss.averaged_model * loss.averaged_model;
    // The averaged model is rounded to single precision: a difference of squares that small is rounding, not distance.
    // A loss that is not finite leaves no number either.
    constexpr double kResolution = 1e-6;
    const bool is_known = between > kResolution * squares || squares == 0;
    summary["final_distance_between_nodes"] = is_known ? Json(std::sqrt(std::max(0.0, between))) : Json(nullptr);
  }
}

void add_traffic(Json& summary, const RunTotals& totals) {
  summary["messages_sent"] = totals.sent.messages;
  summary["messages_dropped"] = totals.flushed.messages;
  summary["messages_lost"] = totals.lost.messages;
  summary["messages_to_absent_nodes"] = totals.to_absent.messages;
  summary["messages_delivered"] = totals.delivered.messages;
  summary["bytes_sent"] = totals.sent.bytes;
  summary["bytes_dropped"] = totals.flushed.bytes;
  summary["bytes_lost"] = totals.lost.bytes;
  summary["bytes_to_absent_nodes"] = totals.to_absent.bytes;
  summary["bytes_delivered"] = totals.delivered.bytes;
  const auto delay = [&](double share) {
    const auto quantile = totals.delays.quantile(share);
    return quantile ? Json(to_seconds(*quantile)) : Json(nullptr);
  };
  summary["message_delay_median_s"] = delay(0.5);
  summary["message_delay_p95_s"] = delay(0.95);
  summary["longest_queue"] = totals.longest_queue;
  summary["models_missed"] = totals.mixing.missed;
  summary["mean_staleness"] = totals.mixing.mixed == 0 ? Json(nullptr) : Json(totals.mixing.mean_staleness());
}

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// The reason why no node can go on, and the time since then.
std::string standstill(const RunOutcome& run) {
  constexpr std::size_t most_named = 8;
  std::vector<std::string> named;
  for (const WaitRow& wait : run.waits) {
    if (named.size() < most_named)
      named.push_back(fmt::format("node {} for {}", wait.node, fmt::join(wait.awaited, ", ")));
  }
  return fmt::format("nobody can go on since {:.6g} s; waiting: {}{}", to_seconds(run.position.now),
                     fmt::join(named, "; "),
                     run.waits.size() > most_named ? fmt::format(" and {} more", run.waits.size() - most_named) : "");
}

/// Messages that did not arrive, apart from deliberate drops; empty if there are none.
std::string undelivered(const RunTotals& totals) {
  std::string text;
  if (totals.lost.messages > 0) text += fmt::format(", {} transmissions lost", totals.lost.messages);
  if (totals.to_absent.messages > 0) {
    text += fmt::format(", {} messages came while their node was away", totals.to_absent.messages);
  }
  if (totals.mixing.missed > 0) text += fmt::format(", went on without {} neighbours' models", totals.mixing.missed);
  return text;
}

/// The hosts lost during the run; empty if there are none.
std::string without(const std::vector<LostHost>& lost_hosts) {
  std::string text;
  for (const LostHost& lost : lost_hosts) {
    text += fmt::format(", without host {}'s {} since {:.6g} s", lost.host, count_of(lost.nodes.size(), "node"),
                        to_seconds(lost.at));
  }
  return text;
}

/// Invalid messages from hosts; empty if there are none.
std::string left_out(std::uint64_t refused) {
  if (refused == 0) return {};
  return fmt::format(", left out {} that hosts have sent and no sound one sends", count_of(refused, "message"));
}

/// The time at which models diverged; empty if they did not.
std::string divergence(const RunTotals& totals) {
  return totals.diverged_s ? fmt::format(", diverged by {:.6g} s: losses are not finite", *totals.diverged_s) : "";
}

CurveOfRun curve_of(const Scenario& scenario, const AlgorithmSection& section, const RunPlan& plan,
                    GrowingTable& curves) {
  const EvaluationSection& evaluation = scenario.evaluation;
  return {curves,
          section.name,
          plan.seed,
          evaluation.refines() ? evaluation.target : std::nullopt,
          !scenario.servers.empty(),
          plan.absences,
          make_draws(scenario, plan.seed),
          evaluation.stops_at_target() ? evaluation.target : std::nullopt};
}

/// One algorithm and seed: its folder and its results.
class SingleRun {
 public:
  /// `checkpoint` as in ExperimentSettings.
  SingleRun(const Scenario& scenario, const RunChoice& choice, const std::filesystem::path& folder,
            GrowingTable& curves, Checkpoint* checkpoint)
      : scenario_(scenario),
        choice_(choice),
        section_(scenario.algorithms[choice.algorithm]),
        seed_(choice.seed),
        folder_(folder),
        checkpoint_(checkpoint),
        plan_(make_plan(scenario, section_, seed_)),
        files_(folder, curve_of(scenario, section_, plan_, curves), checkpoint ? checkpoint->saved() : nullptr) {}

  ExperimentOutcome execute(const ExperimentSettings& settings, Learner& learner, ComputePool& pool,
                            Progress& progress) {
    if (!files_.error().empty()) return {ExperimentEnd::failed, files_.error()};
    const std::unique_ptr<RecordSink> both = settings.timeline ? with_timeline(*settings.timeline) : nullptr;
    command_line_ = settings.command_line;
    double spent_s = 0;
    if (checkpoint_ && checkpoint_->saved()) (*checkpoint_->saved())(spent_s);
    progress.begin(fmt::format("{} seed {}{}", section_.name, seed_, settings.where), scenario_.time.duration,
                   learner.learns(), spent_s);
    ExperimentOutcome outcome;
    try {
      const Checkpointing checkpointing = checkpointing_with(progress);
      const RunOutcome run = settings.run(
          choice_, plan_, learner, pool, both ? *both : files_,
          [&](const RunPosition& position) {
            position_ = position;
            progress.measured(files_.latest_accuracy(), files_.latest_loss());
            progress.update(position.now, position.events, position.steps);
            return !interrupted() && !files_.failed() && checkpoint_error_.empty() && !ends_at_once() &&
                   !(settings.timeline && settings.timeline->failed());
          },
          checkpointing);
      position_ = run.position;
      slow_nodes_ = run.slow_nodes;
      lost_hosts_ = run.lost_hosts;
      refused_ = run.refused;
      if (run.stands_still) {
        outcome = {ExperimentEnd::failed, fmt::format("{}: {}", section_.name, standstill(run))};
      } else if (!run.finished && !ends_at_once()) {
        outcome.end = ExperimentEnd::interrupted;
      }
    } catch (const std::exception& problem) {
      outcome = {ExperimentEnd::failed,
                 fmt::format("{}: {}", section_.name, printable(first_line(problem.what()), 1000))};
    }
    files_.finish();
    const std::string timeline_error = settings.timeline ? settings.timeline->error() : "";
    for (const std::string& error : {timeline_error, checkpoint_error_, files_.error()}) {
      if (!error.empty()) outcome = {ExperimentEnd::failed, error};
    }
    wall_seconds_ = progress.elapsed();
    std::string problem = write_energy();
    if (problem.empty()) problem = write_summary(outcome, learner);
    if (!problem.empty() && outcome.end != ExperimentEnd::failed) outcome = {ExperimentEnd::failed, problem};
    progress.end(verdict(outcome));
    if (!slow_nodes_.empty()) progress.warn(slow_machine(slow_nodes_));
    const std::string early = missing_consensus(files_.totals().rounds, plan_.workers(), rounds_before_consensus());
    if (!early.empty()) progress.warn(fmt::format("{}: {}", section_.name, early));
    return outcome;
  }

 private:
  std::unique_ptr<RecordSink> with_timeline(TimelineFile& timeline) {
    plan_.timeline = true;
    timeline.begin({fmt::format("{}, seed {}", section_.name, seed_), plan_.nodes, plan_.fragments,
                    plan_.network.sharing == Sharing::fair});
    return std::make_unique<TimelineSink>(files_, timeline);
  }

  /// The files' part of a state comes first, then the wall time spent so far, then the run's own state.
  Checkpointing checkpointing_with(const Progress& progress) {
    Checkpointing checkpointing;
    if (!checkpoint_) return checkpointing;
    checkpointing.every = checkpoint_->every();
    checkpointing.saved = checkpoint_->saved();
    checkpointing.store = [this, &progress](const std::function<void(StateArchive&)>& save) {
      if (files_.failed() || !checkpoint_error_.empty()) return;
      checkpoint_error_ = checkpoint_->save([&](StateArchive& archive) {
        files_.save(archive);
        double spent_s = progress.elapsed();
        archive(spent_s);
        save(archive);
      });
    };
    return checkpointing;
  }

  /// In virtual time a run ends at times that its plan has; under the real clock as soon as it has enough.
  bool ends_at_once() const { return scenario_.time.clock == "real" && files_.has_enough(); }

  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  std::string verdict(const ExperimentOutcome& outcome) const {
    if (outcome.end == ExperimentEnd::failed) return "failed";
    const auto stopped = fmt::format("{:.6g} s of {} time{}{}", to_seconds(position_.now), scenario_.time.clock,
                                     divergence(files_.totals()), undelivered(files_.totals())) +
                         without(lost_hosts_) + left_out(refused_);
    if (outcome.end == ExperimentEnd::interrupted) return "interrupted at " + stopped;
    const auto& points = files_.evaluated();
    if (points.empty()) return fmt::format("done: {}, {} events", stopped, position_.events);
    return fmt::format("done: accuracy {:.1f} %, loss {:.4g} after {}", 100 * points.back().accuracy.mean,
                       points.back().loss.mean, stopped);
  }

  /// 0 without consensus rounds.
  std::uint32_t rounds_before_consensus() const {
    return section_.consensus_rounds > 0 ? section_.training_rounds.value_or(0) : 0;
  }

  Json slow_nodes_json() const {
    Json rows = Json::array();
    for (const SlowNode& slow : slow_nodes_) {
      rows.push_back({{"node", slow.node}, {"rounds", slow.rounds}, {"worst_ratio", slow.worst_ratio}});
    }
    return rows;
  }

  Json lost_hosts_json() const {
    Json rows = Json::array();
    for (const LostHost& lost : lost_hosts_) {
      rows.push_back({{"host", lost.host}, {"at_s", to_seconds(lost.at)}, {"nodes", lost.nodes}, {"what", lost.what}});
    }
    return rows;
  }

  /// Without the folder of the algorithm's file.
  std::string kind_text() const { return std::filesystem::path(section_.algorithm->name).filename().string(); }

  /// By node, until the run ended or its host was lost.
  std::vector<EnergyRow> energy_rows() const {
    std::vector<Time> until(plan_.workers(), position_.now);
    for (const LostHost& lost : lost_hosts_) {
      for (const NodeId node : lost.nodes) {
        if (node < until.size()) until[node] = std::min(until[node], lost.at);
      }
    }
    return files_.energy().rows(until);
  }

  /// Returns one line on failure, else an empty text.
  std::string write_energy() const {
    if (!files_.energy().counts()) return {};
    std::string text = energy_columns().header();
    for (const EnergyRow& row : energy_rows()) text += energy_columns().row(row);
    return write_file(folder_ / energy_columns().file(), text);
  }

  void add_energy(Json& summary) const {
    if (!files_.energy().counts()) return;
    double sum = 0;
    for (const EnergyRow& row : energy_rows()) sum += row.joules;
    summary["joules"] = sum;
    const auto& target = scenario_.evaluation.target;
    const auto reached = target ? target_reached(files_.evaluated(), *target) : std::nullopt;
    const auto until = [&] { return files_.energy().idle_joules(from_seconds(reached->time_s)); };
    summary["joules_to_target"] = reached ? Json(until() + reached->round_joules) : Json(nullptr);
  }

  std::string write_summary(const ExperimentOutcome& outcome, const Learner& learner) const {
    Json summary;
    summary["algorithm"] = section_.name;
    summary["kind"] = kind_text();
    summary["seed"] = seed_;
    summary["nodes"] = plan_.workers();
    if (plan_.servers > 0) summary["servers"] = plan_.servers;
    summary["complete"] = outcome.end == ExperimentEnd::done;
    const char* const end = files_.has_enough() && position_.now < scenario_.time.duration ? "target" : "duration";
    summary["stopped_because"] = outcome.end == ExperimentEnd::done          ? end
                                 : outcome.end == ExperimentEnd::interrupted ? "interrupted"
                                                                             : outcome.error;
    add_evaluations(summary, scenario_, files_.evaluated());
    if (!files_.evaluated().empty()) add_meaning(summary, learner.loss_kind(), files_.evaluated().back().loss);
    add_traffic(summary, files_.totals());
    add_energy(summary);
    if (files_.totals().diverged_s) summary["diverged_s"] = *files_.totals().diverged_s;
    const std::uint64_t steps = learner.learns() ? files_.totals().steps : 0;
    summary["rounds"] = files_.totals().rounds;
    summary["local_steps"] = steps;
    if (rounds_before_consensus() > 0) summary["rounds_before_consensus"] = rounds_before_consensus();
    const auto utilisation = files_.totals().compute_utilisation();
    summary["compute_utilisation"] = utilisation ? Json(*utilisation) : Json(nullptr);
    summary["virtual_s"] = to_seconds(position_.now);
    summary["events"] = position_.events;
    if (!slow_nodes_.empty()) summary["slow_nodes"] = slow_nodes_json();
    if (!lost_hosts_.empty()) summary["lost_hosts"] = lost_hosts_json();
    if (refused_ > 0) summary["refused"] = refused_;
    summary["stragglers"] = nodes_slower_than_usual(scenario_, plan_);
    summary["date"] = date_;
    summary["host"] = host_name().value_or("unknown");
    summary["command_line"] = command_line_;
    summary["wall_s"] = wall_seconds_;
    summary["steps_per_second"] = static_cast<double>(steps) / wall_seconds_;
    summary["events_per_second"] = static_cast<double>(position_.events) / wall_seconds_;
    summary["peak_memory_bytes"] = peak_memory();
    summary["instruction_set"] = name_of(isa_choice().isa);
    for (const auto& [name, version] : build_versions()) summary["versions"][name] = version;
    const auto path = folder_ / "summary.json";
    std::ofstream file(path);
    file << summary.dump(2) << '\n' << std::flush;
    return file ? std::string() : fmt::format("{}: cannot write", path.string());
  }

  const Scenario& scenario_;
  RunChoice choice_;
  const AlgorithmSection& section_;
  std::uint64_t seed_;
  std::filesystem::path folder_;
  Checkpoint* checkpoint_;
  std::string checkpoint_error_;
  RunPlan plan_;
  ResultFiles files_;
  RunPosition position_;
  std::vector<SlowNode> slow_nodes_;
  std::vector<LostHost> lost_hosts_;
  std::uint64_t refused_ = 0;
  double wall_seconds_ = 0;
  std::string date_ = fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));  ///< when this process began the run
  std::string command_line_;
};

/// The folder's curves.csv: a new one, or as it was at the end of the last complete run. The state of a run
/// that was saved later has the length at that time.
GrowingTable open_curves(const ExperimentSettings& settings, bool has_servers) {
  const Columns<CurveRow>& columns = curve_columns(has_servers);
  const std::filesystem::path path = settings.folder / columns.file();
  const Checkpoint* checkpoint = settings.checkpoint;
  if (!checkpoint || (checkpoint->curves_length() == 0 && !checkpoint->saved())) return {path, columns.header()};
  GrowingTable curves(path);
  if (!checkpoint->saved()) curves.cut(checkpoint->curves_length());
  return curves;
}

}  // namespace

Runner in_one_process(const Scenario& scenario) {
  const bool in_real_time = scenario.time.clock == "real";
  return [in_real_time](const RunChoice&, const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                        const std::function<bool(const RunPosition&)>& keep_going, const Checkpointing& checkpointing) {
    if (in_real_time) return run_in_real_time(plan, learner, pool, sink, keep_going);
    return run_in_virtual_time(plan, learner, pool, sink, keep_going, checkpointing);
  };
}

std::vector<Time> evaluation_times(const Scenario& scenario) {
  std::vector<Time> times;
  if (!scenario.evaluation.every) return times;
  for (Time time{}; time < scenario.time.duration; time += *scenario.evaluation.every) times.push_back(time);
  times.push_back(scenario.time.duration);
  return times;
}

/// A refined target is known when the models before it have been tested.
std::vector<Time> ends_at_target(const Scenario& scenario, const std::vector<Time>& evaluations) {
  if (!scenario.evaluation.refines()) return evaluations;
  std::vector<Time> ends;
  for (std::size_t place = 0; place < evaluations.size(); ++place) ends.push_back(asking_time(evaluations, place));
  return ends;
}

/// The mean duration of each node's local steps.
std::vector<double> step_seconds(const RunPlan& plan) {
  std::vector<double> seconds;
  for (const Pace& pace : plan.paces) {
    const double usual = to_seconds(pace.step_time.expected()) * pace.slowdown;
    seconds.push_back(usual / mean_over(pace.compute.pace(), plan.duration));
  }
  return seconds;
}

/// `plan`: of the nodes without servers.
ProtocolFactory make_protocols(const AlgorithmSection& section, const RunPlan& plan) {
  ProtocolContext context{graph_schedule(section.topology, plan.nodes, plan.seed), plan.seed};
  context.step_seconds = step_seconds(plan);
  context.local_steps = plan.paces.front().local_steps;
  ProtocolFactory plain = section.algorithm->protocols(section.options, context);
  if (section.compression.kind == "none") return plain;
  return compressed(std::move(plain), make_codec(section.compression), plan.seed);
}

RunPlan make_plan(const Scenario& scenario, const AlgorithmSection& section, std::uint64_t seed) {
  const NodeId nodes = scenario.nodes.count;
  RunPlan plan;
  plan.nodes = nodes;
  plan.seed = seed;
  plan.duration = scenario.time.duration;
  plan.paces = make_paces(scenario, seed);
  for (Pace& pace : plan.paces) pace.local_steps = scenario.local_steps_of(section);
  plan.network = make_network(scenario, seed);
  plan.absences = make_absences(scenario, seed);
  plan.wait_timeout = section.wait_timeout;
  plan.round_limits = {section.training_rounds, section.consensus_rounds};
  plan.fragments = section.algorithm->fragments(section.options);
  plan.exchanges_per_round = section.algorithm->exchanges_per_round(nodes);
  plan.shorter_rounds = section.algorithm->shorter_rounds(section.options);
  plan.protocols = nodes == 1 ? lone_node() : make_protocols(section, plan);
  plan.evaluations = evaluation_times(scenario);
  if (scenario.evaluation.refines()) plan.moments_between = moments_between(plan.evaluations);
  if (scenario.evaluation.stops_at_target()) plan.possible_ends = ends_at_target(scenario, plan.evaluations);
  if (nodes > 1) add_servers(scenario, section.algorithm->server_count(section.options), plan);
  return plan;
}

namespace {

LearnerResult made_learner(const Scenario& scenario, std::uint64_t seed, unsigned threads) {
  if (task_of(scenario.nodes.model) != Task::own) {
    return make_learner(scenario.nodes.model, scenario.data, scenario.training, {scenario.evaluation.samples},
                        scenario.nodes.count, seed, threads, module_trial());
  }
  const auto needs_plain_steps = [](const AlgorithmSection& section) { return section.algorithm->needs_plain_steps; };
  return make_process_learner(scenario.nodes.model, scenario.nodes.learner_options, scenario.training,
                              scenario.nodes.count, seed, threads,
                              std::any_of(scenario.algorithms.begin(), scenario.algorithms.end(), needs_plain_steps));
}

}  // namespace

LearnerResult prepare_learner(const Scenario& scenario, std::uint64_t seed, unsigned threads) {
  LearnerResult result = made_learner(scenario, seed, threads);
  if (!result.error.empty()) {
    result.error = fmt::format("{}: {}", scenario.data_at, result.error);
    return result;
  }
  result.error = check_fragments(scenario, result.learner->layout());
  return result;
}

LearnerResult prepare_first_learner(const Scenario& scenario, unsigned threads) {
  LearnerResult first = prepare_learner(scenario, scenario.seeds.front(), threads);
  for (std::size_t i = 1; i < scenario.seeds.size() && first.error.empty(); ++i) {
    first.error = prepare_learner(scenario, scenario.seeds[i], threads).error;
  }
  return first;
}

ExperimentOutcome run_experiment(const Scenario& scenario, std::unique_ptr<Learner> first,
                                 const ExperimentSettings& settings, Progress& progress) {
  ComputePool pool(settings.threads, prepare_compute_thread);
  LearnerResult prepared{std::move(first), ""};
  Checkpoint* const checkpoint = settings.checkpoint;
  GrowingTable curves = open_curves(settings, !scenario.servers.empty());
  std::uint64_t over = checkpoint ? checkpoint->finished() : 0;
  for (const std::uint64_t seed : scenario.seeds) {
    if (over >= scenario.algorithms.size()) {
      over -= scenario.algorithms.size();
      continue;
    }
    if (seed != scenario.seeds.front()) prepared = prepare_learner(scenario, seed, settings.threads);
    if (!prepared.error.empty()) return {ExperimentEnd::failed, prepared.error};
    for (std::size_t place = std::exchange(over, 0); place < scenario.algorithms.size(); ++place) {
      const std::filesystem::path folder = settings.folder / scenario.algorithms[place].name / fmt::format("s{}", seed);
      SingleRun run(scenario, {place, seed}, folder, curves, checkpoint);
      const ExperimentOutcome outcome = run.execute(settings, *prepared.learner, pool, progress);
      if (outcome.end != ExperimentEnd::done) return outcome;
      const std::string problem = checkpoint ? checkpoint->finish_run(curves.sync()) : "";
      if (!problem.empty()) return {ExperimentEnd::failed, problem};
    }
  }
  return {};
}

}  // namespace tardigrad
