#include "scenarios/src/results/run_folder.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "models/printable.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/scenario/network_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/file_text.hpp"

namespace tardigrad {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLongestScenario = std::uintmax_t{4} << 20;
/// Reads the files of one algorithm and seed. `error` is the first mistake's line; empty on success.
class SeedReader {
 public:
  /// `absences` are those of its nodes, if known. The nodes from `nodes` on are servers.
  SeedReader(fs::path folder, std::uint64_t seed, const std::vector<NodeAbsence>& absences, NodeId nodes)
      : folder_(std::move(folder)), absences_(absences), nodes_(nodes) {
    run_.seed = seed;
  }

  /// `target` is the scenario's, for a run without a summary.
  void read(std::optional<Target> target);

  const std::string& error() const { return error_; }
  SeedRun take() { return std::move(run_); }

 private:
  /// Calls `take` with the rows of a file up to the first mistake, which it may find itself. A missing or cut file is
  /// a gap.
  template <class Row, class Take>
  void read_rows(const Columns<Row>& columns, Take take);
  void read_summary();
  void read_evaluations();
  void read_rounds();
  bool is_server(NodeId node) const { return node >= nodes_; }
  NodeActivity& activity_of(NodeId node) { return is_server(node) ? run_.servers[node] : run_.nodes[node]; }
  void count_round(const RoundRecord& record);
  void count_waiting(double begin_s, double end_s, NodeActivity& activity) const;
  void count_away();
  void read_links();
  void derive_resolution();
  void derive_summary(std::optional<Target> target);
  void derive_bytes_to_target();

  fs::path folder_;
  const std::vector<NodeAbsence>& absences_;
  NodeId nodes_;
  SeedRun run_;
  bool has_summary_ = false;
  std::optional<double> diverged_s_;  ///< according to the evaluations
  std::string error_;
};

void SeedReader::read(std::optional<Target> target) {
  read_summary();
  read_evaluations();
  read_rounds();
  read_links();
  if (error_.empty() && !has_summary_) derive_summary(target);
  derive_bytes_to_target();
  derive_resolution();
  if (!run_.summary.diverged_s) run_.summary.diverged_s = diverged_s_;
  count_away();
}

template <class Row, class Take>
void SeedReader::read_rows(const Columns<Row>& columns, Take take) {
  if (!error_.empty()) return;
  std::error_code none;
  const fs::path file = folder_ / columns.file();
  if (!fs::is_regular_file(file, none)) return run_.gaps.push_back("no " + columns.file());
  CsvReader csv(file, columns.read_names());
  Row row;
  while (csv.next()) {
    columns.read(csv, row);
    if (!csv.failed()) take(row, csv);
  }
  error_ = csv.error();
  if (csv.truncated()) run_.gaps.push_back(columns.file() + " is cut off");
}

void SeedReader::read_summary() {
  std::error_code none;
  if (!fs::exists(folder_ / "summary.json", none)) return run_.gaps.push_back("no summary.json");
  RunSummaryResult read = read_summary_file(folder_ / "summary.json");
  error_ = read.error;
  if (read.cut_off) run_.gaps.push_back("summary.json is cut off");
  if (!read.summary) return;
  has_summary_ = true;
  run_.summary = std::move(*read.summary);
  if (run_.summary.complete) return;
  const std::string& reason = run_.summary.stopped_because;
  run_.gaps.push_back(reason.empty() ? "stopped early" : reason);
}

/// An evaluation counts once the row of the averaged model, its last, exists: the mean over the few nodes that
/// were written before a run stopped would be a wrong point.
void SeedReader::read_evaluations() {
  std::vector<Evaluation> nodes;
  std::optional<Evaluation> server;
  double time_s = 0;
  read_rows(evaluation_columns(), [&](const EvaluationRow& row, CsvReader& csv) {
    const double row_s = to_seconds(row.time);
    if (!diverged_s_ && !std::isfinite(row.result.loss)) diverged_s_ = row_s;
    if (!nodes.empty() && row_s > time_s) return csv.fail("the evaluation before has no row \"averaged\"");
    time_s = row_s;
    if (row.node == kServerModel) {
      server = row.result;
    } else if (row.node != kAveragedModel) {
      nodes.push_back(row.result);
      run_.nodes[row.node].last_accuracy = row.result.accuracy;
    } else if (nodes.empty()) {
      csv.fail("an average of no nodes");
    } else {
      run_.evaluations.push_back(evaluation_point(time_s, nodes, row.result, server));
      nodes.clear();
      server.reset();
    }
  });
  if (!nodes.empty() && error_.empty()) run_.gaps.push_back("the last evaluation has not all nodes");
}

void SeedReader::read_rounds() {
  read_rows(round_columns(), [&](const RoundRecord& record, CsvReader&) {
    const RoundRow& round = record.round;
    const double trained_s = to_seconds(round.trained);
    const double end_s = to_seconds(round.end);
    NodeActivity& activity = activity_of(round.node);
    activity.rounds += 1;
    activity.training_s += present_seconds(absences_, round.node, round.begin, round.trained);
    activity.waiting_s += present_seconds(absences_, round.node, round.trained, round.end);
    count_waiting(trained_s, end_s, activity);
    activity.sent += record.uplink.passed;
    activity.dropped += record.uplink.dropped;
    activity.bytes_sent += record.uplink.passed_bytes;
    activity.mixed += round.mixing.mixed;
    activity.staleness_sum += static_cast<double>(round.mixing.staleness_sum);
    count_round(record);
  });
  double bytes = 0;
  std::uint64_t rounds = 0;
  for (EvaluationPoint& point : run_.evaluations) {
    point.bytes_sent = bytes += point.bytes_sent;
    point.rounds = rounds += point.rounds;
  }
}

void SeedReader::count_waiting(double begin_s, double end_s, NodeActivity& activity) const {
  const RunSummary& summary = run_.summary;
  if (!summary.has_stragglers() || !summary.virtual_s || !(*summary.virtual_s > 0)) return;
  const double slot_s = *summary.virtual_s / kTimeSlots;
  activity.waited_s.resize(kTimeSlots);
  const double last = std::min(end_s, *summary.virtual_s);
  for (auto slot = static_cast<std::size_t>(begin_s / slot_s); slot < kTimeSlots; ++slot) {
    const double from_s = static_cast<double>(slot) * slot_s;
    if (from_s >= last) return;
    activity.waited_s[slot] += std::max(0.0, std::min(last, from_s + slot_s) - std::max(begin_s, from_s));
  }
}

void SeedReader::count_away() {
  const double end_s = run_.duration_s();
  for (auto& [node, activity] : run_.nodes)
    activity.away_s = std::max(0.0, end_s - present_seconds(absences_, node, Time{}, from_seconds(end_s)));
  for (const LostHost& lost : run_.summary.lost_hosts) {
    for (const NodeId node : lost.nodes) {
      const auto found = run_.nodes.find(node);
      const double until_s = std::min(end_s, to_seconds(lost.at));
      if (found != run_.nodes.end())
        found->second.away_s = end_s - present_seconds(absences_, node, Time{}, from_seconds(until_s));
    }
  }
}

/// A round counts with the first evaluation after it.
void SeedReader::count_round(const RoundRecord& record) {
  const double end_s = to_seconds(record.round.end);
  const auto later = std::lower_bound(run_.evaluations.begin(), run_.evaluations.end(), end_s,
                                      [](const EvaluationPoint& point, double time) { return point.time_s < time; });
  if (later == run_.evaluations.end()) return;
  later->bytes_sent += static_cast<double>(record.uplink.passed_bytes);
  if (!is_server(record.round.node)) later->rounds += 1;
}

/// Access links show how busy a node was. If the scenario has none, the mean of its own links does.
void SeedReader::read_links() {
  struct Busy {
    double sum_s = 0;
    double links = 0;
  };
  std::map<NodeId, Busy> outgoing, incoming;
  read_rows(link_columns(), [&](const LinkRow& row, CsvReader&) {
    const double busy_s = to_seconds(row.busy);
    if (row.rate == 0) return;  // it has no rate at which it could be busy
    if (row.kind == LinkRow::Kind::uplink) {
      activity_of(row.from).uplink_busy_s = busy_s;
    } else if (row.kind == LinkRow::Kind::downlink) {
      activity_of(row.to).downlink_busy_s = busy_s;
    } else {
      for (Busy* side : {&outgoing[row.from], &incoming[row.to]}) *side = {side->sum_s + busy_s, side->links + 1};
    }
  });
  const auto fill = [&](const std::map<NodeId, Busy>& sides, std::optional<double> NodeActivity::*own) {
    for (const auto& [node, busy] : sides) {
      NodeActivity& activity = activity_of(node);
      if (!(activity.*own)) activity.*own = busy.sum_s / busy.links;
    }
  };
  fill(outgoing, &NodeActivity::uplink_busy_s);
  fill(incoming, &NodeActivity::downlink_busy_s);
}

FinalFigure final_figure(const EvaluationPoint& point, FigureOverNodes EvaluationPoint::*figure) {
  const FigureOverNodes& last = point.*figure;
  const auto server = point.has_server ? std::optional(last.server) : std::nullopt;
  return {last.mean, last.std, last.min, last.max, last.averaged_model, server};
}

void SeedReader::derive_summary(std::optional<Target> target) {
  RunSummary& summary = run_.summary;
  summary.target = target;
  const auto reached = target ? target_reached(run_.evaluations, *target) : std::nullopt;
  if (reached) {
    summary.time_to_target_s = reached->time_s;
    summary.time_to_target_within_s = reached->within_s;
  }
  if (target && !run_.evaluations.empty() && run_.evaluations.back().has_server) {
    summary.servers = 1;
    const auto by_server = target_reached(run_.evaluations, *target, &FigureOverNodes::server);
    if (by_server) summary.time_to_target_server_s = by_server->time_s;
  }
  if (!run_.evaluations.empty()) {
    const EvaluationPoint& last = run_.evaluations.back();
    summary.final_accuracy = final_figure(last, &EvaluationPoint::accuracy);
    if (std::isfinite(last.loss.mean)) summary.final_loss = final_figure(last, &EvaluationPoint::loss);
    summary.final_time_s = last.time_s;
  }
  if (run_.nodes.empty()) return;
  NodeActivity sum;
  for (const auto& [node, activity] : run_.nodes) {
    sum.rounds += activity.rounds;
    sum.training_s += activity.training_s;
    sum.waiting_s += activity.waiting_s;
  }
  for (const auto* group : {&run_.nodes, &run_.servers}) {
    for (const auto& [node, activity] : *group) {
      sum.bytes_sent += activity.bytes_sent;
      sum.sent += activity.sent;
      sum.dropped += activity.dropped;
      sum.mixed += activity.mixed;
      sum.staleness_sum += activity.staleness_sum;
    }
  }
  summary.nodes = run_.nodes.size();
  summary.rounds = sum.rounds;
  const double in_rounds_s = sum.training_s + sum.waiting_s;
  if (in_rounds_s > 0) summary.compute_utilisation = sum.training_s / in_rounds_s;
  summary.bytes_sent = sum.bytes_sent;
  summary.messages_sent = sum.sent;
  summary.messages_dropped = sum.dropped;
  if (sum.mixed > 0) summary.mean_staleness = sum.staleness_sum / static_cast<double>(sum.mixed);
}

/// A summary may be missing, or be older than this number.
void SeedReader::derive_bytes_to_target() {
  RunSummary& summary = run_.summary;
  if (summary.bytes_to_target || !summary.time_to_target_s || !summary.target) return;
  const auto reached = target_reached(run_.evaluations, *summary.target);
  if (reached) summary.bytes_to_target = static_cast<std::uint64_t>(std::llround(reached->bytes_sent));
}

/// The line between two evaluations only shows that the target was reached between them. If a run has tested
/// models in between, its summary has their distance.
void SeedReader::derive_resolution() {
  const auto& time_s = run_.summary.time_to_target_s;
  const auto& points = run_.evaluations;
  if (!time_s) return;
  const auto after = std::lower_bound(points.begin(), points.end(), *time_s,
                                      [](const EvaluationPoint& point, double time) { return point.time_s < time; });
  const bool is_between = after != points.begin() && after != points.end();
  const double before_s = is_between ? std::prev(after)->time_s : 0;
  const double interval_s = is_between ? after->time_s - before_s : 0;
  run_.time_resolution_s = run_.summary.time_to_target_within_s.value_or(interval_s);
  run_.earliest_s = std::max(before_s, *time_s - run_.time_resolution_s);
  run_.latest_s = *time_s + run_.time_resolution_s;
  if (!is_between) return;
  run_.latest_s = std::min(run_.latest_s, after->time_s);
  const bool is_finer = run_.time_resolution_s < 0.99 * interval_s;
  if (std::prev(after) != points.begin() || is_finer) return;
  run_.reached_before_s = after->time_s;
  run_.bytes_by_then = after->bytes_sent;
}

/// The head of scenario.toml, as far as it can be read.
struct ScenarioHead {
  std::string name;
  std::string clock;
  std::string baseline;
  bool has_churn = false;
  bool has_servers = false;
  std::optional<NodeId> nodes;
  std::optional<Target> target;
  std::vector<Target> earlier_targets;
  std::vector<std::string> algorithms;
  std::vector<std::uint64_t> seeds;
};

std::vector<std::uint64_t> seeds_in(const toml::table& scenario) {
  std::vector<std::uint64_t> seeds;
  const auto take = [&](const auto& node) {
    const auto seed = node.template value<std::int64_t>();
    if (seed && *seed >= 0) seeds.push_back(static_cast<std::uint64_t>(*seed));
  };
  take(scenario["seed"]);
  if (const toml::array* several = scenario["seeds"].as_array()) {
    for (const toml::node& seed : *several) take(seed);
  }
  return seeds;
}

std::vector<std::string> algorithms_in(const toml::table& scenario) {
  std::vector<std::string> names;
  const toml::array* const sections = scenario["algorithm"].as_array();
  if (!sections) return names;
  for (const toml::node& section : *sections) {
    const toml::table* const own = section.as_table();
    if (const auto name = own ? (*own)["name"].value<std::string>() : std::nullopt) names.push_back(printable(*name));
  }
  return names;
}

void read_targets(const toml::table& scenario, ScenarioHead& head) {
  for (const TargetKey& key : kTargetKeys) {
    const auto take = [&](const auto& node) {
      const auto value = node.template value<double>();
      if (!value || !(*value > key.lowest && *value <= key.highest)) return;
      if (head.target) head.earlier_targets.push_back(*head.target);
      head.target = {key.figure, *value, key.unit};
    };
    take(scenario["evaluation"][key.name]);
    if (const toml::array* several = scenario["evaluation"][key.several].as_array()) {
      for (const toml::node& target : *several) take(target);
    }
  }
}

ScenarioHead scenario_head(const std::string& text) {
  ScenarioHead head;
  try {
    const toml::table table = toml::parse(text);
    if (const auto name = table["name"].value<std::string>()) head.name = printable(*name);
    if (const auto baseline = table["evaluation"]["baseline"].value<std::string>())
      head.baseline = printable(*baseline);
    const auto clock = table["time"]["clock"].value<std::string>();
    if (clock && (*clock == "virtual" || *clock == "real")) head.clock = *clock;
    head.has_churn = table.contains("churn");
    head.has_servers = table.contains("servers");
    head.nodes = table["nodes"]["count"].value<NodeId>();
    read_targets(table, head);
    head.seeds = seeds_in(table);
    head.algorithms = algorithms_in(table);
  } catch (const toml::parse_error&) {
    // The report does without: the scenario is shown unchanged.
  }
  return head;
}

/// The folders in `folder`, in order of name.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code none;
    if (entry->is_directory(none)) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// The seed of a folder's name such as "s12".
std::optional<std::uint64_t> seed_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::uint64_t seed = 0;
  if (name.size() < 2 || name[0] != 's') return std::nullopt;
  const auto [end, code] = std::from_chars(name.data() + 1, name.data() + name.size(), seed);
  return code == std::errc() && end == name.data() + name.size() ? std::optional(seed) : std::nullopt;
}

/// The whole scenario.toml, for graphs and absences, which the result files do not contain: read at its first
/// use. If it cannot be read any more, these are unknown.
class LazyScenario {
 public:
  LazyScenario(const std::string& text, const fs::path& path) : text_(text), path_(path) {}

  const Scenario* get() {
    if (!read_) read_ = parse_scenario(text_, (path_ / "scenario.toml").string());
    return read_->scenario ? &*read_->scenario : nullptr;
  }

 private:
  const std::string& text_;
  const fs::path& path_;
  std::optional<ScenarioResult> read_;
};

void find_missing(const ScenarioHead& head, RunFolder& folder) {
  for (const std::string& name : head.algorithms) {
    MissingRuns missing{name, head.seeds};
    for (const AlgorithmRuns& runs : folder.algorithms) {
      if (runs.name != name) continue;
      const auto has_run = [&](std::uint64_t seed) {
        return std::any_of(runs.seeds.begin(), runs.seeds.end(), [&](const SeedRun& run) { return run.seed == seed; });
      };
      missing.seeds.erase(std::remove_if(missing.seeds.begin(), missing.seeds.end(), has_run), missing.seeds.end());
    }
    if (!missing.seeds.empty()) folder.missing.push_back(std::move(missing));
  }
}

void find_distances(LazyScenario& scenario, RunFolder& folder) {
  for (AlgorithmRuns& runs : folder.algorithms) {
    for (SeedRun& run : runs.seeds) {
      if (!run.summary.has_stragglers()) continue;
      if (!scenario.get()) return;
      std::set<NodeId> slow = run.summary.network_stragglers;
      slow.insert(run.summary.compute_stragglers.begin(), run.summary.compute_stragglers.end());
      run.distances = straggler_distances(*scenario.get(), runs.name, run.seed, slow);
    }
  }
}

}  // namespace

double SeedRun::duration_s() const {
  if (summary.virtual_s) return *summary.virtual_s;
  double longest = evaluations.empty() ? 0 : evaluations.back().time_s;
  for (const auto& [node, activity] : nodes) longest = std::max(longest, activity.training_s + activity.waiting_s);
  return longest;
}

RunFolderResult read_run_folder(const fs::path& path) {
  RunFolder folder;
  folder.path = printable(path.string(), 400);
  std::error_code none;
  if (!fs::is_directory(path, none)) return {{}, fmt::format("{}: no such folder", folder.path)};

  folder.scenario = file_text(path / "scenario.toml", kLongestScenario).value_or("");
  const ScenarioHead head = scenario_head(folder.scenario);
  const fs::path full = fs::weakly_canonical(path, none);
  folder.name = head.name.empty() ? printable(full.filename().string()) : head.name;
  folder.clock = head.clock;
  folder.baseline = head.baseline;
  folder.has_servers = head.has_servers;
  folder.earlier_targets = head.earlier_targets;
  LazyScenario scenario(folder.scenario, path);

  for (const fs::path& algorithm : folders_in(path)) {
    AlgorithmRuns runs;
    runs.name = printable(algorithm.filename().string());
    for (const fs::path& place : folders_in(algorithm)) {
      const auto seed = seed_of(place);
      if (!seed) continue;
      const bool leave = head.has_churn && scenario.get();
      const std::vector<NodeAbsence> absences =
          leave ? make_absences(*scenario.get(), *seed) : std::vector<NodeAbsence>();
      SeedReader reader(place, *seed, absences, head.nodes.value_or(kServerModel));
      reader.read(head.target);
      if (!reader.error().empty()) return {{}, reader.error()};
      runs.seeds.push_back(reader.take());
    }
    if (runs.seeds.empty()) continue;
    std::sort(runs.seeds.begin(), runs.seeds.end(), [](const auto& a, const auto& b) { return a.seed < b.seed; });
    folder.algorithms.push_back(std::move(runs));
  }
  if (folder.algorithms.empty()) {
    return {{}, fmt::format("{}: no runs in it, expected {}/ALGORITHM/sSEED/", folder.path, folder.path)};
  }
  find_missing(head, folder);
  find_distances(scenario, folder);
  return {std::move(folder), {}};
}

}  // namespace tardigrad
