/// A figure for a paper.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

struct PaperFigure {
  std::string name;  ///< of its files, without the ending
  Drawing drawing;
  std::string data;     ///< the name of the CSV file with what is drawn
  std::string caption;  ///< whole sentences
};

/// The numbers behind figures: a file's name and content.
struct FigureData {
  std::string name;
  std::string csv;
};

struct PaperFigures {
  std::vector<PaperFigure> figures;
  std::vector<FigureData> data;  ///< each once, however many figures it is behind
};

/// Of a column of a paper, in points.
inline constexpr double kColumnWidth = 3.3 * 72;

/// What figures are drawn with.
struct FigureStyle {
  double width = 0;  ///< in points
  TextWidth text_width;
  /// So many curves at most are drawn in grey behind the one of a panel; of more, none.
  std::size_t most_behind = 60;
};

}  // namespace tardigrad
