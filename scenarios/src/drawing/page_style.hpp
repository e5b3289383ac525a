/// Sizes and colours that all charts for paper share, in points.
#pragma once

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad::page_style {

inline constexpr double kPointsPerInch = 72;
inline constexpr double kTextSize = 8;       ///< titles of axes, legends, labels
inline constexpr double kTickSize = 7;       ///< numbers at ticks, titles of panels
inline constexpr double kLineHeight = 1.25;  ///< of a text's size
inline constexpr double kMiddle = 0.36;      ///< of a text's size: from its middle down to the base line
inline constexpr double kTop = 0.72;         ///< of a text's size: from the top of a digit down to the base line
inline constexpr double kTick = 2.5;         ///< its length
inline constexpr double kGap = 3;            ///< between what belongs together
inline constexpr double kThin = 0.5;         ///< lines of axes
inline constexpr double kCurve = 1.1;        ///< lines of curves
inline constexpr double kEdge = 2;           ///< around everything

inline constexpr Colour kInk{0x1c, 0x21, 0x26};
inline constexpr Colour kSoft{0x5c, 0x66, 0x70};
inline constexpr Colour kGrid{0xdd, 0xe2, 0xe7};
inline constexpr Colour kOthers{0xc4, 0xca, 0xd0};  ///< curves that stand behind

}  // namespace tardigrad::page_style
