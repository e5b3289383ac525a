#include "scenarios/src/figures/figures.hpp"

#include "scenarios/src/figures/curve_figures.hpp"
#include "scenarios/src/figures/drawn_curves.hpp"
#include "scenarios/src/figures/time_figure.hpp"
#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

PaperFigures paper_figures(const std::vector<RunFolder>& folders, const FigureStyle& style) {
  const Ranking ranking = ranking_of(folders);
  PaperFigures figures;
  add_curve_figures(ranking, folders, style, figures);
  add_time_figure(ranking, folders, style, figures);
  return figures;
}

std::vector<std::string> figure_names() {
  std::vector<std::string> names = curve_figure_names();
  names.emplace_back(kTimeFigure);
  return names;
}

std::vector<std::string> figure_data_names() {
  std::vector<std::string> names = curve_data_names();
  names.push_back(time_figure_columns().file);
  return names;
}

std::vector<ColumnTexts> figure_columns() { return {drawn_curve_columns(), time_figure_columns()}; }

}  // namespace tardigrad
