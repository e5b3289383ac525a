#include "scenarios/src/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "scenarios/src/report/findings.hpp"
#include "scenarios/src/report/headlines.hpp"
#include "scenarios/src/report/standings.hpp"
#include "scenarios/src/text/csv_text.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {

namespace {

template <class Number>
std::string csv_number(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : "";
}

std::vector<std::string> csv_fields_of(const std::optional<FinalFigure>& figure) {
  if (!figure) return std::vector<std::string>(5);
  return {fmt::format("{}", figure->mean), fmt::format("{}", figure->std), fmt::format("{}", figure->min),
          fmt::format("{}", figure->max), csv_number(figure->averaged_model)};
}

/// A run's quotient of times to that of the baseline with the same seed.
struct SpeedUp {
  std::string times;
  std::string over;
};

SpeedUp speed_up_of(const Standings& all, const Standing& own, const SeedRun& run) {
  const auto& baseline = all.contests[own.contest].baseline;
  if (!baseline) return {};
  const Standing& over = all.ranked[*baseline];
  const SeedRun* its = run_with(over, run.seed);
  const auto time_s = run.time_to_target_s();
  if (!its || !its->time_to_target_s() || !time_s || !(*time_s > 0)) return {"", over.name};
  return {fmt::format("{}", *its->time_to_target_s() / *time_s), over.name};
}

std::string csv_row(const std::string& scenario, const AlgorithmRuns& runs, const SeedRun& run,
                    const SpeedUp& speed_up) {
  const RunSummary& s = run.summary;
  // A run that diverged reaches no target.
  const auto unless_diverged = [&](const auto& number) { return run.diverged() ? std::string() : csv_number(number); };
  const auto within_s = s.time_to_target_s ? std::optional(run.time_resolution_s) : std::nullopt;
  const auto target = [&](Figure figure) {
    return s.target && s.target->figure == figure ? fmt::format("{}", s.target->value) : "";
  };
  std::vector<std::string> fields{csv_text(scenario),
                                  csv_text(runs.name),
                                  csv_text(s.kind),
                                  fmt::format("{}", run.seed),
                                  run.partial() ? "false" : "true",
                                  csv_number(s.nodes),
                                  target(Figure::accuracy),
                                  target(Figure::loss),
                                  unless_diverged(s.time_to_target_s),
                                  unless_diverged(within_s),
                                  unless_diverged(s.time_to_target_averaged_model_s),
                                  unless_diverged(s.bytes_to_target)};
  for (const auto* figure : {&s.final_accuracy, &s.final_loss}) {
    for (std::string& field : csv_fields_of(*figure)) fields.push_back(std::move(field));
  }
  for (const std::string& field :
       {csv_number(s.final_time_s), csv_number(s.virtual_s), csv_number(s.rounds), csv_number(s.local_steps),
        csv_number(s.bytes_sent), csv_number(s.bytes_dropped), csv_number(s.bytes_delivered),
        csv_number(s.messages_sent), csv_number(s.messages_dropped), csv_number(s.messages_delivered),
        csv_number(s.mean_staleness), csv_number(s.diverged_s), csv_number(s.messages_lost),
        csv_number(s.messages_to_absent_nodes), speed_up.times, csv_text(speed_up.over)}) {
    fields.push_back(field);
  }
  return fmt::format("{}\n", fmt::join(fields, ","));
}

/// Terminal colours: green for the first and those that cannot be told from it, yellow for those that did not
/// reach the target or diverged.
const char* colour_of(const Standings& all, const Standing& s) {
  if (s.diverged > 0) return "33";
  if (!all.target) return "";
  if (s.reached == 0) return "33";
  return s.leads ? "1;32" : "";
}

/// The title of the column with the duration of a run.
std::string duration_title(const std::vector<RunFolder>& folders) {
  const std::string name = time_name(folders);
  const std::size_t space = name.find(' ');
  return (space == std::string::npos ? name : name.substr(0, space)) + "_s";
}

void put_beside_name(const FolderColumns& columns, const std::vector<RunFolder>& folders, const Standings& all,
                     FindingsTable& table) {
  table.titles.insert(table.titles.begin() + 1, columns.titles.begin(), columns.titles.end());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Standing& s = all.ranked[i];
    const auto& fields = columns.fields[static_cast<std::size_t>(s.folder - folders.data())];
    table.rows[i].front() = row_name(all, s, s.runs->name);
    table.rows[i].insert(table.rows[i].begin() + 1, fields.begin(), fields.end());
  }
}

/// Breaks at spaces, so that no line is longer than a terminal.
std::string wrapped(const std::string& text, std::size_t longest) {
  std::string all;
  std::size_t begin = 0;
  while (text.size() - begin > longest) {
    const std::size_t space = text.rfind(' ', begin + longest);
    if (space == std::string::npos || space <= begin) break;
    all += text.substr(begin, space - begin) + '\n';
    begin = space + 1;
  }
  return all + text.substr(begin) + '\n';
}

/// Lines under a heading and a rule.
std::string ruled(const std::vector<std::string>& lines) {
  return lines.front() + '\n' + std::string(text_width(lines.front()), '-') + '\n';
}

std::string side_by_side_text(const Standings& all, const std::vector<RunFolder>& folders) {
  FindingsTable table = side_by_side(all, folders);
  if (table.rows.empty()) return {};
  table.rows.insert(table.rows.begin(), std::move(table.titles));
  const std::vector<std::string> lines = aligned_lines(table.rows, Flush::right);
  return fmt::format("\n{}{}\n", ruled(lines), fmt::join(lines.begin() + 1, lines.end(), "\n"));
}

}  // namespace

std::string comparison_csv(const std::vector<RunFolder>& folders, const FolderColumns& columns) {
  std::string csv =
      csv_prefix(columns.titles) +
      "scenario,algorithm,kind,seed,complete,nodes,target,target_loss,time_to_target_s,time_to_target_within_s,"
      "time_to_target_averaged_model_s,bytes_to_target,final_accuracy_mean,final_accuracy_std,final_accuracy_min,"
      "final_accuracy_max,final_accuracy_averaged_model,final_loss_mean,final_loss_std,final_loss_min,final_loss_max,"
      "final_loss_averaged_model,final_time_s," +
      duration_title(folders) +
      ",rounds,local_steps,bytes_sent,bytes_dropped,"
      "bytes_delivered,messages_sent,messages_dropped,messages_delivered,mean_staleness,diverged_s,messages_lost,"
      "messages_to_absent_nodes,speed_up,speed_up_over\n";
  const Standings all = standings(folders);
  std::map<const AlgorithmRuns*, const Standing*> standing_of;
  for (const Standing& s : all.ranked) standing_of[s.runs] = &s;
  const std::vector<std::string> names = folder_labels(folders);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (const AlgorithmRuns& runs : folders[i].algorithms) {
      for (const SeedRun& run : runs.seeds) {
        if (!columns.titles.empty()) csv += csv_prefix(columns.fields[i]);
        csv += csv_row(names[i], runs, run, speed_up_of(all, *standing_of.at(&runs), run));
      }
    }
  }
  return csv;
}

std::string comparison_table(const std::vector<RunFolder>& folders, bool use_colour, const FolderColumns& columns,
                             const std::string& reserve) {
  const Standings all = standings(folders);
  FindingsTable table = findings_table(all);
  if (!columns.titles.empty()) put_beside_name(columns, folders, all, table);
  table.rows.insert(table.rows.begin(), std::move(table.titles));
  const std::vector<std::string> lines = aligned_lines(table.rows, Flush::right);
  std::string text = ruled(lines);
  for (std::size_t i = 0; i < all.ranked.size(); ++i) {
    const std::string& line = lines[i + 1];
    const char* colour = use_colour ? colour_of(all, all.ranked[i]) : "";
    text += *colour ? fmt::format("\033[{}m{}\033[0m\n", colour, line) : line + '\n';
  }
  text += '\n';
  if (!reserve.empty()) text += wrapped(reserve, 100);
  for (const std::string& line : headlines(all)) text += wrapped(line, 100);
  for (const std::string& caveat : caveats(all)) text += wrapped(caveat, 100);
  return text + wrapped(table.note, 100) + side_by_side_text(all, folders);
}

}  // namespace tardigrad
