/// Drawings as files, by Cairo. The same drawing gives the same bytes with the same Cairo and fonts: files have no date
/// and no random names.
#pragma once

#include <string>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

/// The whole file, or one line.
struct DrawnFile {
  std::string bytes;
  std::string error;
};

/// Letters are outlines, which need no font.
DrawnFile svg_of(const Drawing& drawing);

/// With the letters that it uses embedded.
DrawnFile pdf_of(const Drawing& drawing);

/// Of the font that these draw with.
TextWidth cairo_text_width();

}  // namespace tardigrad
