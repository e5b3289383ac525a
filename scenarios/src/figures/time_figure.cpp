#include "scenarios/src/figures/time_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/src/drawing/bar_chart.hpp"
#include "scenarios/src/drawing/page_style.hpp"
#include "scenarios/src/report/line_styles.hpp"
#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/report/time_bar.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

std::string seconds_field(const std::optional<double>& seconds) {
  return seconds ? fmt::format("{:.9g}", *seconds) : std::string();
}

/// A time that is no bound.
std::string measured_field(const RankedAlgorithm& s, double SeedSpread::*value) {
  return s.has_reached() && !s.reached_before_s ? seconds_field(*s.time_to_target_s.*value) : std::string();
}

const Columns<RankedAlgorithm>& time_columns() {
  using Row = RankedAlgorithm;
  static const Columns<Row> columns(
      std::string(kTimeFigure) + ".csv", "an algorithm's bar in the figure of that name (report --figures)",
      {{"folder", "the run's name", [](const Row& s) { return csv_text(s.folder_label); }},
       {"algorithm", "name", [](const Row& s) { return csv_text(s.runs->name); }},
       {"seeds", "number of seeds", [](const Row& s) { return fmt::format("{}", s.seeds.size()); }},
       {"reached", "number of seeds that reached the target",
        [](const Row& s) { return fmt::format("{}", s.reached); }},
       {"time_to_target_s", "mean over seeds; empty for a bound, and unless every seed has reached the target",
        [](const Row& s) { return measured_field(s, &SeedSpread::mean); }},
       {"std_s", "standard deviation over seeds, of the sample; 0 for one seed",
        [](const Row& s) { return measured_field(s, &SeedSpread::std); }},
       {"min_s", "least over seeds: the whisker's beginning",
        [](const Row& s) { return measured_field(s, &SeedSpread::min); }},
       {"max_s", "greatest over seeds: the whisker's end",
        [](const Row& s) { return measured_field(s, &SeedSpread::max); }},
       {"less_than_s", "of a bound: the target was reached before, more is not known",
        [](const Row& s) { return s.has_reached() ? seconds_field(s.reached_before_s) : std::string(); }},
       {"text", "as in the figure", [](const Row& s) { return csv_text(time_bar(s).text); }}});
  return columns;
}

std::string caption(const Ranking& ranking, const std::vector<RunFolder>& folders, bool has_bounds, bool has_whiskers) {
  std::string text = fmt::format("{} until the mean over nodes reaches {}, linear between evaluations.",
                                 time_name(folders), goal_text(*ranking.target));
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  if (has_whiskers) text += " Mean over seeds; whiskers from the least to the greatest.";
  if (has_bounds) text += " Hatched: reached before the bar ends, more is not known.";
  return text;
}

}  // namespace

void add_time_figure(const Ranking& ranking, const std::vector<RunFolder>& folders, const FigureStyle& style,
                     PaperFigures& figures) {
  const auto has_reached = [](const RankedAlgorithm& s) { return s.has_reached(); };
  if (!ranking.target || std::none_of(ranking.ranked.begin(), ranking.ranked.end(), has_reached)) return;
  const auto styles = line_styles(ranking, folders);
  BarChart chart;
  std::string csv = time_columns().header();
  bool has_bounds = false;
  bool has_whiskers = false;
  double longest = 0;
  for (const RankedAlgorithm& s : ranking.ranked) {
    const TimeBar bar = time_bar(s);
    chart.bars.push_back(
        {s.label, look_of(styles.at(s.label)), bar.end_s, bar.is_bound, bar.min_s, bar.max_s, bar.text});
    csv += time_columns().row(s);
    longest = std::max(longest, bar.max_s);
    has_bounds = has_bounds || bar.is_bound;
    has_whiskers = has_whiskers || bar.min_s < bar.max_s;
  }
  const std::string goal = goal_text(*ranking.target);
  chart.x = {fmt::format("{} to {} (s)", time_name(folders), goal), 0, longest > 0 ? longest : 1, false};
  chart.title = fmt::format("Time to {}", goal);
  if (has_bounds)
    chart.legend.push_back({"reached before the bar ends", {page_style::kSoft}, LegendEntry::Sample::bound});
  figures.figures.push_back({kTimeFigure, laid_out(chart, style.width, style.text_width), time_columns().file(),
                             caption(ranking, folders, has_bounds, has_whiskers)});
  figures.data.push_back({time_columns().file(), std::move(csv)});
}

ColumnTexts time_figure_columns() { return time_columns().texts(); }

}  // namespace tardigrad
