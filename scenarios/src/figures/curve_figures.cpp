#include "scenarios/src/figures/curve_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "scenarios/src/drawing/curve_chart.hpp"
#include "scenarios/src/figures/drawn_curves.hpp"
#include "scenarios/src/report/line_styles.hpp"
#include "scenarios/src/report/ranking_texts.hpp"

namespace tardigrad {

namespace {

/// So many fit on a page; the data have all.
constexpr std::size_t kMostPanels = 60;
/// A logarithmic axis of less would show nothing new.
constexpr double kWorthLog = 10;

/// What curves can be drawn over.
struct Along {
  const char* name;  ///< in StyleTable::axes, and in files' names
  double DrawnPoint::*value;
};
constexpr std::array<Figure, 2> kFigures{Figure::accuracy, Figure::loss};
constexpr std::array<Along, 3> kAlongs{
    {{"time", &DrawnPoint::time_s}, {"bytes", &DrawnPoint::bytes}, {"rounds", &DrawnPoint::rounds}}};

const char* name_of(Figure figure) { return figure == Figure::accuracy ? "accuracy" : "loss"; }

std::string data_name(Figure figure) { return fmt::format("{}.csv", name_of(figure)); }

std::string figure_name(Figure figure, const Along& along, bool is_log) {
  return fmt::format("{}-over-{}{}", name_of(figure), along.name, is_log ? "-log" : "");
}

struct Unit {
  const char* name;
  double size;
};

Unit size_unit(double most) {
  constexpr std::array<Unit, 5> units{{{"PB", 1e15}, {"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}};
  for (const Unit& unit : units) {
    if (most >= unit.size) return unit;
  }
  return {"B", 1};
}

/// The least positive number, and the greatest, of all curves.
struct Extent {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
};

Extent extent_of(const std::vector<DrawnCurve>& curves, double DrawnPoint::*along) {
  Extent extent;
  for (const DrawnCurve& curve : curves) {
    for (const DrawnPoint& point : curve.points) {
      if (point.*along > 0) extent.least = std::min(extent.least, point.*along);
      extent.most = std::max(extent.most, point.*along);
    }
  }
  return extent;
}

double low_end(const DrawnPoint& point) { return std::max(0.0, point.mean - point.std); }
double high_end(const DrawnPoint& point, Figure figure) {
  const double high = point.mean + point.std;
  return figure == Figure::accuracy ? std::min(1.0, high) : high;
}

/// The greatest loss that is worth showing: runs that diverge would press all others onto the axis.
double most_shown(const std::vector<DrawnCurve>& curves) {
  constexpr double above_first = 1.5;
  double first = 0;
  for (const DrawnCurve& curve : curves) {
    const double mean = curve.points.front().mean;
    if (std::isfinite(mean)) first = std::max(first, mean);
  }
  return first > 0 ? above_first * first : std::numeric_limits<double>::infinity();
}

/// All figures of one of accuracy and loss.
class CurveFigures {
 public:
  CurveFigures(const Ranking& ranking, const std::vector<RunFolder>& folders, const FigureStyle& style, Figure figure)
      : ranking_(ranking),
        folders_(folders),
        style_(style),
        figure_(figure),
        name_(name_of(figure)),
        styles_(line_styles(ranking, folders)),
        curves_(drawn_curves(ranking, figure)) {}

  void add_to(PaperFigures& all) const {
    if (curves_.empty()) return;
    for (const Along& along : kAlongs) {
      const Extent extent = extent_of(curves_, along.value);
      if (!(extent.most > 0)) continue;
      all.figures.push_back(figure_over(along, extent, false));
      if (extent.most >= kWorthLog * extent.least) all.figures.push_back(figure_over(along, extent, true));
    }
    all.data.push_back({data_name(figure_), curves_csv(curves_)});
  }

 private:
  bool is_accuracy() const { return figure_ == Figure::accuracy; }
  bool has_target() const { return ranking_.target && ranking_.target->figure == figure_; }
  /// Of the numbers at the upright axis.
  double scale() const { return is_accuracy() ? 100 : 1; }

  PaperFigure figure_over(const Along& along, const Extent& extent, bool is_log) const {
    CurveChart chart;
    const Unit unit = along.value == &DrawnPoint::bytes    ? size_unit(extent.most)
                      : along.value == &DrawnPoint::time_s ? Unit{"s", 1}
                                                           : Unit{"", 1};
    chart.x = x_axis(along, extent, unit, is_log);
    chart.y = y_axis();
    if (has_target()) chart.target = scale() * ranking_.target->bound();
    chart.shade = style_table().shade;
    for (const DrawnCurve& curve : curves_) chart.curves.push_back(curve_over(curve, along, unit));
    chart.title = fmt::format("{} over {}", style_table().figures.at(name_), chart.x.title);
    arrange(chart);
    return {figure_name(figure_, along, is_log), laid_out(chart, style_.width, style_.text_width), data_name(figure_),
            caption(along, chart)};
  }

  std::string x_name(const Along& along) const {
    return along.value == &DrawnPoint::time_s ? time_name(folders_) : style_table().axes.at(along.name);
  }

  Axis x_axis(const Along& along, const Extent& extent, const Unit& unit, bool is_log) const {
    std::string title = x_name(along);
    if (*unit.name) title += fmt::format(" ({})", unit.name);
    return {std::move(title), is_log ? extent.least / unit.size : 0, extent.most / unit.size, is_log};
  }

  /// From 0 unless all that is drawn is far from it.
  Axis y_axis() const {
    constexpr double room = 0.03;
    const double cut = is_accuracy() ? 1 : most_shown(curves_);
    double low = std::numeric_limits<double>::infinity();
    double high = 0;
    const auto take = [&](double least, double most) {
      if (!std::isfinite(least) || !std::isfinite(most)) return;
      low = std::min(low, least);
      high = std::max(high, most);
    };
    if (has_target()) take(ranking_.target->bound(), ranking_.target->bound());
    for (const DrawnCurve& curve : curves_) {
      for (const DrawnPoint& point : curve.points) {
        if (point.mean <= cut) take(low_end(point), std::min(cut, high_end(point, figure_)));
      }
    }
    if (!(high > 0)) high = 1;
    const double end = high + room * high;
    const double begin = low > high / 2 && low < high ? low - room * (high - low) : 0;
    const std::string title = style_table().figures.at(name_) + (is_accuracy() ? " (%)" : "");
    return {title, scale() * begin, scale() * (is_accuracy() ? std::min(end, 1 + room / 2) : end), false};
  }

  Curve curve_over(const DrawnCurve& drawn, const Along& along, const Unit& unit) const {
    Curve curve{look(drawn), {}};
    for (const DrawnPoint& point : drawn.points) {
      curve.points.push_back({point.*(along.value) / unit.size, scale() * point.mean, scale() * low_end(point),
                              scale() * high_end(point, figure_)});
    }
    return curve;
  }

  /// A folder's dash is needed only among other folders' lines.
  Look look(const DrawnCurve& curve) const {
    LineStyle style = styles_.at(curve.algorithm->label);
    if (is_by_folder()) style.dash = style.colour / style_table().light.size();
    return look_of(style);
  }

  bool is_many() const { return curves_.size() >= style_table().few; }

  bool has_others_behind() const { return curves_.size() <= style_.most_behind; }

  bool is_by_folder() const {
    if (!is_many() || ranking_.contests.size() != folders_.size() || folders_.size() < 2) return false;
    return std::all_of(ranking_.contests.begin(), ranking_.contests.end(),
                       [](const Contest& contest) { return contest.places.size() < style_table().few; });
  }

  void arrange(CurveChart& chart) const {
    if (is_by_folder()) {
      panels_of_folders(chart);
    } else if (is_many()) {
      panels_of_algorithms(chart);
    } else {
      chart.panels.emplace_back();
      for (std::size_t i = 0; i < curves_.size(); ++i) {
        chart.panels.front().shown.push_back(i);
        chart.legend.push_back({curves_[i].algorithm->label, chart.curves[i].look, LegendEntry::Sample::curve});
      }
    }
    if (has_target()) {
      chart.notes.push_back(
          {"target: " + short_goal_text(*ranking_.target), target_look(), LegendEntry::Sample::plain_line});
    }
    const Look grey{Colour{0x5c, 0x66, 0x70, 2 * chart.shade}};
    chart.notes.push_back({"\u00b1 std. dev. over " + spread_text(), grey, LegendEntry::Sample::shade});
  }

  void panels_of_algorithms(CurveChart& chart) const {
    // A curve alone needs no dash.
    for (Curve& curve : chart.curves) curve.look.dashes.clear();
    for (std::size_t i = 0; i < std::min(kMostPanels, curves_.size()); ++i)
      chart.panels.push_back({curves_[i].algorithm->label, {i}, has_others_behind()});
  }

  void panels_of_folders(CurveChart& chart) const {
    std::map<std::string, Look> looks;
    for (std::size_t f = 0; f < std::min(kMostPanels, folders_.size()); ++f) {
      Panel panel;
      for (std::size_t i = 0; i < curves_.size(); ++i) {
        if (curves_[i].algorithm->folder != &folders_[f]) continue;
        panel.title = curves_[i].algorithm->folder_label;
        panel.shown.push_back(i);
        looks.emplace(curves_[i].algorithm->runs->name, chart.curves[i].look);
      }
      if (!panel.shown.empty()) chart.panels.push_back(std::move(panel));
    }
    for (const auto& [name, algorithm_look] : looks)
      chart.legend.push_back({name, algorithm_look, LegendEntry::Sample::curve});
  }

  /// What the shades are over.
  std::string spread_text() const {
    const auto is_over_seeds = [](const DrawnCurve& curve) { return curve.over == SpreadOver::seeds; };
    const auto over_seeds = std::count_if(curves_.begin(), curves_.end(), is_over_seeds);
    const char* const over = over_seeds == 0 ? "nodes"
                             : static_cast<std::size_t>(over_seeds) == curves_.size()
                                 ? "seeds"
                                 : "seeds (nodes where there is one)";
    return over;
  }

  /// " and 3 seeds"; empty with one seed.
  std::string seeds_of_mean() const {
    const std::size_t seeds = curves_.front().algorithm->seeds.size();
    const bool same = std::all_of(curves_.begin(), curves_.end(),
                                  [&](const DrawnCurve& curve) { return curve.algorithm->seeds.size() == seeds; });
    if (!same) return " and seeds";
    return seeds > 1 ? " and " + seeds_text(seeds) : "";
  }

  std::string caption(const Along& along, const CurveChart& chart) const {
    std::string text =
        fmt::format("{} over {}, mean over nodes{}; the shade is one standard deviation over {} to each side.",
                    style_table().figures.at(name_), x_name(along), seeds_of_mean(), spread_text());
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    if (has_target()) text += fmt::format(" Dashed: the target, {}.", goal_text(*ranking_.target));
    if (is_many() && !is_by_folder())
      text += fmt::format(" A panel for each algorithm{}.", has_others_behind() ? ", the others in grey" : "");
    if (is_by_folder()) text += " A panel for each run.";
    if ((is_by_folder() ? folders_.size() : is_many() ? curves_.size() : 1) > kMostPanels)
      text += fmt::format(" The first {} panels only.", kMostPanels);
    if (!is_accuracy() && is_cut(chart)) text += fmt::format(" Losses above {:.3g} are not shown.", chart.y.high);
    return text;
  }

  static bool is_cut(const CurveChart& chart) {
    return std::any_of(chart.curves.begin(), chart.curves.end(), [&](const Curve& curve) {
      return std::any_of(curve.points.begin(), curve.points.end(),
                         [&](const CurvePoint& point) { return point.y > chart.y.high; });
    });
  }

  const Ranking& ranking_;
  const std::vector<RunFolder>& folders_;
  const FigureStyle& style_;
  Figure figure_;
  std::string name_;
  std::map<std::string, LineStyle> styles_;
  std::vector<DrawnCurve> curves_;
};

}  // namespace

void add_curve_figures(const Ranking& ranking, const std::vector<RunFolder>& folders, const FigureStyle& style,
                       PaperFigures& figures) {
  for (const Figure figure : kFigures) CurveFigures(ranking, folders, style, figure).add_to(figures);
}

std::vector<std::string> curve_figure_names() {
  std::vector<std::string> names;
  for (const Figure figure : kFigures) {
    for (const Along& along : kAlongs) {
      for (const bool is_log : {false, true}) names.push_back(figure_name(figure, along, is_log));
    }
  }
  return names;
}

std::vector<std::string> curve_data_names() {
  std::vector<std::string> names;
  for (const Figure figure : kFigures) names.push_back(data_name(figure));
  return names;
}

}  // namespace tardigrad
