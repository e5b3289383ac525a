#include "scenarios/src/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "scenarios/src/report/compared_run.hpp"
#include "scenarios/src/report/findings.hpp"
#include "scenarios/src/report/headlines.hpp"
#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/report/target_times.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/text/csv_text.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {

namespace {

/// Terminal colours: green for the first and those that cannot be told from it, yellow for those that did not
/// reach the target or diverged.
const char* colour_of(const Ranking& all, const RankedAlgorithm& s) {
  if (s.diverged > 0) return "33";
  if (!all.target) return "";
  if (s.reached == 0) return "33";
  return s.leads ? "1;32" : "";
}

void put_beside_name(const FolderColumns& columns, const std::vector<RunFolder>& folders, const Ranking& all,
                     FindingsTable& table) {
  table.titles.insert(table.titles.begin() + 1, columns.titles.begin(), columns.titles.end());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const RankedAlgorithm& s = all.ranked[i];
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

/// A table behind the first.
std::string further_table(FindingsTable table) {
  if (table.rows.empty()) return {};
  table.rows.insert(table.rows.begin(), std::move(table.titles));
  const std::vector<std::string> lines = aligned_lines(table.rows, Flush::right);
  return fmt::format("\n{}{}\n", ruled(lines), fmt::join(lines.begin() + 1, lines.end(), "\n"));
}

}  // namespace

std::string comparison_csv(const std::vector<RunFolder>& folders, const FolderColumns& columns) {
  const Columns<ComparedRun> own = comparison_columns(folders);
  std::string csv = csv_prefix(columns.titles) + own.header();
  const Ranking all = ranking_of(folders);
  std::map<const AlgorithmRuns*, const RankedAlgorithm*> standing_of;
  for (const RankedAlgorithm& s : all.ranked) standing_of[s.runs] = &s;
  const std::vector<std::string> names = folder_labels(folders);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    for (const AlgorithmRuns& runs : folders[i].algorithms) {
      for (const SeedRun& run : runs.seeds) {
        if (!columns.titles.empty()) csv += csv_prefix(columns.fields[i]);
        csv += own.row(compared_run(all, *standing_of.at(&runs), run, names[i]));
      }
    }
  }
  return csv;
}

std::string comparison_table(const std::vector<RunFolder>& folders, bool use_colour, const FolderColumns& columns,
                             const std::string& reserve) {
  const Ranking all = ranking_of(folders);
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
  return text + wrapped(table.note, 100) + further_table(target_times(all, folders)) +
         further_table(side_by_side(all, folders));
}

}  // namespace tardigrad
