#include "scenarios/src/report/compared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "scenarios/src/report/target_times.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

template <class Number>
std::string csv_number(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : "";
}

SpeedUp speed_up_of(const Ranking& all, const RankedAlgorithm& own, const SeedRun& run) {
  const auto& baseline = all.contests[own.contest].baseline;
  if (!baseline || !all.target) return {};
  const RankedAlgorithm& over = all.ranked[*baseline];
  const SeedRun* its = run_with(over, run.seed);
  const auto time_s = run.time_to_target_s();
  if (!its || !its->time_to_target_s() || !time_s || !(*time_s > 0)) return {"", over.name};
  return {fmt::format("{}", *its->time_to_target_s() / *time_s), over.name};
}

using ComparedColumn = Column<ComparedRun>;

template <class Number>
ComparedColumn summary_column(const std::string& name, const std::string& text, Number RunSummary::*member) {
  return {name, text, [=](const ComparedRun& row) { return csv_number(row.summary().*member); }};
}

/// Empty for a run that diverged, which reaches no target.
template <class Number>
ComparedColumn target_column(const std::string& name, const std::string& text, Number RunSummary::*member) {
  return {name, text, [=](const ComparedRun& row) {
            return row.run.diverged() ? std::string() : csv_number(row.summary().*member);
          }};
}

std::string within_text(const ComparedRun& row) {
  const bool is_reached = row.summary().time_to_target_s && !row.run.diverged();
  return is_reached ? fmt::format("{}", row.run.time_resolution_s) : std::string();
}

std::string target_text(const ComparedRun& row, Figure figure) {
  const auto& target = row.summary().target;
  return target && target->figure == figure ? fmt::format("{}", target->bound()) : "";
}

std::optional<double> averaged_of(const FinalFigure& figure) { return figure.averaged_model; }

/// The five columns of one figure at the last evaluation.
void add_final(const std::string& figure, std::optional<FinalFigure> RunSummary::*member,
               std::vector<ComparedColumn>& columns) {
  const auto add = [&](const char* name, const std::string& summary, auto part) {
    columns.push_back({fmt::format("final_{}_{}", figure, name), summary,
                       [=](const ComparedRun& row) {
                         const auto& last = row.summary().*member;
                         return last ? csv_number(std::optional<double>(std::invoke(part, *last))) : std::string();
                       },
                       nullptr, figure == "accuracy" ? kShareUnit : kLossUnit});
  };
  add("mean", "at the last evaluation, mean over nodes", &FinalFigure::mean);
  add("std", "standard deviation over nodes", &FinalFigure::std);
  add("min", "least of all nodes", &FinalFigure::min);
  add("max", "greatest of all nodes", &FinalFigure::max);
  add("averaged_model", "of the average of all nodes' models", averaged_of);
}

/// The name of a target within a column's: "0.6", "loss_2.5".
std::string column_part(const Target& target) {
  const std::string key = key_of(target);
  const std::size_t unit = key.find('_');
  return (unit == std::string::npos ? "" : key.substr(unit + 1) + '_') + fmt::format("{}", target.value);
}

/// The two columns of a target on the way.
void add_earlier_target(const Target& target, std::vector<ComparedColumn>& columns) {
  const std::string name = column_part(target);
  const auto column = [&](const std::string& title, const std::string& text,
                          double TargetReached::*figure) -> ComparedColumn {
    return {title, text, [=](const ComparedRun& row) {
              const auto reached = reached_in(row.run, target);
              return reached ? fmt::format("{}", (*reached).*figure) : std::string();
            }};
  };
  columns.push_back(column(fmt::format("time_to_{}_s", name),
                           "of several targets: when the mean over nodes reached this one", &TargetReached::time_s)
                        .in("s"));
  columns.push_back(
      column(fmt::format("bytes_to_{}", name), "bytes sent by all nodes until then", &TargetReached::bytes_sent)
          .in("bytes"));
}

/// What the columns of comparison.csv depend on.
struct ComparedShape {
  std::string duration_title = "virtual_s";  ///< the name of the column with a run's duration, by the clock
  bool has_servers = true;
  bool counts_energy = true;
  std::vector<Target> earlier_targets{};
};

/// What a run is told apart by, and its goal.
std::vector<ComparedColumn> identifying() {
  using Row = ComparedRun;
  return {{"scenario", "its name", [](const Row& row) { return csv_text(row.scenario); }},
          {"algorithm", "its name in the scenario", [](const Row& row) { return csv_text(row.runs.name); }},
          {"kind", "the algorithm's kind", [](const Row& row) { return csv_text(row.summary().kind); }},
          {"seed", "of the run", [](const Row& row) { return fmt::format("{}", row.run.seed); }},
          {"complete", "false: the run was interrupted, or files of it are missing",
           [](const Row& row) { return std::string(row.run.partial() ? "false" : "true"); }},
          summary_column("nodes", "number of nodes", &RunSummary::nodes).in("nodes"),
          {"target", "accuracy to be reached", [](const Row& row) { return target_text(row, Figure::accuracy); },
           nullptr, kShareUnit},
          {"target_loss", "loss to be reached, also that of a perplexity or of bits",
           [](const Row& row) { return target_text(row, Figure::loss); }, nullptr, kLossUnit}};
}

constexpr const char* kWithin = "time_to_target_within_s";
constexpr const char* kSpeedUpOver = "speed_up_over";

std::vector<ComparedColumn> measured(const ComparedShape& shape) {
  using Row = ComparedRun;
  std::vector<ComparedColumn> all{
      target_column("time_to_target_s", "when the mean over nodes reached the target; empty: it did not",
                    &RunSummary::time_to_target_s)
          .in("s"),
      {kWithin,
       "how finely that is known: the time between the two tests around it; 0 if the first "
       "test had reached the target",
       within_text, nullptr, "s"},
      target_column("time_to_target_averaged_model_s", "when the average of all nodes' models reached it",
                    &RunSummary::time_to_target_averaged_model_s)
          .in("s"),
      target_column("bytes_to_target", "bytes sent by all nodes until the target was reached",
                    &RunSummary::bytes_to_target)
          .in("bytes")};
  add_final("accuracy", &RunSummary::final_accuracy, all);
  add_final("loss", &RunSummary::final_loss, all);
  const std::vector<ComparedColumn> rest{
      summary_column("final_perplexity", "of texts: exp(final_loss_mean)", &RunSummary::final_perplexity),
      summary_column("final_bits", "of texts: final_loss_mean / ln 2, bits a sign", &RunSummary::final_bits)
          .in("bits a sign"),
      summary_column("final_distance_between_nodes",
                     "of known optima: root mean square over nodes of the distance from their mean; empty: less than a "
                     "thousandth of the distance to the optimum, which single precision cannot tell",
                     &RunSummary::final_distance_between_nodes),
      summary_column("final_time_s", "time of the last evaluation", &RunSummary::final_time_s).in("s"),
      summary_column(shape.duration_title, "time that the run covers; under the real clock real_s",
                     &RunSummary::virtual_s)
          .in("s"),
      summary_column("rounds", "finished by all nodes", &RunSummary::rounds).in("rounds"),
      summary_column("local_steps", "in these rounds", &RunSummary::local_steps).in("local steps"),
      summary_column("bytes_sent", "transmitted by uplinks, retransmissions included", &RunSummary::bytes_sent)
          .in("bytes"),
      summary_column("bytes_dropped", "given up by senders before they were transmitted", &RunSummary::bytes_dropped)
          .in("bytes"),
      summary_column("bytes_delivered", "to their receivers", &RunSummary::bytes_delivered).in("bytes"),
      summary_column("messages_sent", "as for bytes", &RunSummary::messages_sent).in("messages"),
      summary_column("messages_dropped", "as for bytes", &RunSummary::messages_dropped).in("messages"),
      summary_column("messages_delivered", "as for bytes", &RunSummary::messages_delivered).in("messages"),
      summary_column("mean_staleness", "of received models that took part in averaging, in rounds",
                     &RunSummary::mean_staleness)
          .in("rounds"),
      summary_column("compute_utilisation", "share of the rounds' time that nodes computed, and did not wait",
                     &RunSummary::compute_utilisation)
          .in(kShareUnit),
      summary_column("diverged_s", "when a model's loss was first not finite; empty: never", &RunSummary::diverged_s)
          .in("s"),
      summary_column("messages_lost", "on links", &RunSummary::messages_lost).in("messages"),
      summary_column("messages_to_absent_nodes", "dropped because the receiver was away",
                     &RunSummary::messages_to_absent_nodes)
          .in("messages"),
      summary_column("message_delay_median_s",
                     "median over all messages delivered of the time since their sender queued them, to 0.4 %",
                     &RunSummary::message_delay_median_s)
          .in("s"),
      summary_column("message_delay_p95_s", "the same: 95 % took no longer", &RunSummary::message_delay_p95_s).in("s"),
      summary_column("longest_queue", "greatest number of messages that waited at one access link or link",
                     &RunSummary::longest_queue)
          .in("messages"),
      {"speed_up", "quotient of the times to the target, with the same seed: that of speed_up_over by this run's",
       [](const Row& row) { return row.speed_up.times; }},
      {kSpeedUpOver, "the scenario's baseline, or else the slowest algorithm that reached the target",
       [](const Row& row) { return csv_text(row.speed_up.over); }}};
  all.insert(all.end(), rest.begin(), rest.end());
  for (const Target& target : shape.earlier_targets) add_earlier_target(target, all);
  if (shape.counts_energy) {
    all.push_back(
        summary_column("joules", "that all nodes took; only if a scenario has [energy]", &RunSummary::joules));
    all.push_back(target_column("joules_to_target", "until the target was reached; only if a scenario has [energy]",
                                &RunSummary::joules_to_target));
  }
  if (shape.has_servers) {
    all.push_back(target_column("time_to_target_server_s",
                                "when the server's model reached it; only in scenarios with servers",
                                &RunSummary::time_to_target_server_s)
                      .in("s"));
  }
  return all;
}

Columns<ComparedRun> columns_of(const ComparedShape& shape) {
  std::vector<ComparedColumn> all = identifying();
  const std::vector<ComparedColumn> rest = measured(shape);
  all.insert(all.end(), rest.begin(), rest.end());
  return {"comparison.csv",
          "one run: an algorithm with a seed; sweep.csv has these columns behind those of the keys swept",
          std::move(all)};
}

/// The title of the column with the duration of a run.
std::string duration_title(const std::vector<RunFolder>& folders) {
  const std::string name = time_name(folders);
  const std::size_t space = name.find(' ');
  return (space == std::string::npos ? name : name.substr(0, space)) + "_s";
}

bool has_servers(const std::vector<RunFolder>& folders) {
  return std::any_of(folders.begin(), folders.end(), [](const RunFolder& folder) { return folder.has_servers; });
}

bool counts_energy(const std::vector<RunFolder>& folders) {
  for (const RunFolder& folder : folders) {
    for (const AlgorithmRuns& runs : folder.algorithms) {
      const auto counts = [](const SeedRun& run) { return run.summary.joules.has_value(); };
      if (std::any_of(runs.seeds.begin(), runs.seeds.end(), counts)) return true;
    }
  }
  return false;
}

ComparedShape shape_of(const std::vector<RunFolder>& folders) {
  return {duration_title(folders), has_servers(folders), counts_energy(folders), earlier_targets(folders)};
}

}  // namespace

ComparedRun compared_run(const Ranking& all, const RankedAlgorithm& own, const SeedRun& run,
                         const std::string& scenario) {
  return {scenario, *own.runs, run, speed_up_of(all, own, run)};
}

Columns<ComparedRun> comparison_columns(const std::vector<RunFolder>& folders) { return columns_of(shape_of(folders)); }

std::vector<Column<ComparedRun>> measured_columns(const std::vector<RunFolder>& folders) {
  std::vector<ComparedColumn> all = measured(shape_of(folders));
  const auto is_of_another = [](const ComparedColumn& column) {
    return column.name == kWithin || column.name == kSpeedUpOver;
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_of_another), all.end());
  return all;
}

ColumnTexts comparison_column_texts() {
  ComparedShape shape;
  shape.earlier_targets = {{Figure::accuracy, 0.4}};
  return columns_of(shape).texts();
}

}  // namespace tardigrad
