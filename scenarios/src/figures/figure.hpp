/// A figure for a paper.
#pragma once

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

/// What figures are drawn with.
struct FigureStyle {
  double width = 0;  ///< in points
  TextWidth text_width;
};

}  // namespace tardigrad
