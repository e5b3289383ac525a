#include "scenarios/src/drawing/bar_chart.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/src/drawing/hatch.hpp"
#include "scenarios/src/drawing/label_lines.hpp"
#include "scenarios/src/drawing/page_style.hpp"

namespace tardigrad {

namespace {

using namespace page_style;

constexpr double kBarHeight = 8;
constexpr double kBarGap = 5;
/// Of the whole width.
constexpr double kMostForLabels = 0.4;

class BarLayout {
 public:
  BarLayout(const BarChart& chart, double width, const TextWidth& width_of)
      : chart_(chart), width_(width), width_of_(width_of) {}

  Drawing drawing() {
    Legend legend = laid_out(chart_.legend, {kEdge, kEdge}, width_ - 2 * kEdge, width_of_);
    place_columns();
    const double top = kEdge + legend.height + (legend.height > 0 ? 2 * kGap : kGap);
    area_.top = top;
    for (const auto& lines : labels_) area_.height += row_height(lines);
    draw_axis();
    double row_top = top;
    for (std::size_t i = 0; i < chart_.bars.size(); ++i) {
      draw_row(chart_.bars[i], labels_[i], row_top + row_height(labels_[i]) / 2);
      row_top += row_height(labels_[i]);
    }
    for (Shape& shape : legend.shapes) shapes_.push_back(std::move(shape));
    shapes_.emplace_back(
        Line{{{area_.left, area_.top}, {area_.left, area_.bottom()}, {area_.right(), area_.bottom()}}, {kSoft, kThin}});
    const double height = area_.bottom() + kTick + kGap + kTickSize + kTextSize * kLineHeight + kGap + kEdge;
    return {width_, height, chart_.title, {{{}, std::move(shapes_)}}};
  }

 private:
  static double row_height(const std::vector<std::string>& label) {
    return std::max(kBarHeight, kTextSize * kLineHeight * static_cast<double>(label.size())) + kBarGap;
  }

  void place_columns() {
    double labels = 0;
    double texts = 0;
    for (const Bar& bar : chart_.bars) {
      labels_.push_back(label_lines(bar.label, kTextSize, kMostForLabels * width_, width_of_));
      for (const std::string& line : labels_.back()) labels = std::max(labels, width_of_(line, kTextSize));
      // A text without a bar begins at the axis, and has all the room.
      if (bar.end) texts = std::max(texts, width_of_(bar.text, kTickSize));
    }
    area_.left = kEdge + labels + 2 * kGap;
    area_.width = std::max(30.0, width_ - area_.left - texts - 2 * kGap - kEdge);
  }

  double place(double value) const { return area_.left + area_.width * chart_.x.share(value); }

  void draw_axis() {
    const Ticks ticks = horizontal_ticks(chart_.x, area_.width, kTickSize, width_of_);
    for (std::size_t i = 0; i < ticks.at.size(); ++i) {
      const double x = place(ticks.at[i]);
      shapes_.emplace_back(Line{{{x, area_.top}, {x, area_.bottom()}}, {kGrid, kThin}});
      shapes_.emplace_back(Line{{{x, area_.bottom()}, {x, area_.bottom() + kTick}}, {kSoft, kThin}});
      const double base = area_.bottom() + kTick + kGap + kTop * kTickSize;
      shapes_.emplace_back(Text{{x, base}, ticks.texts[i], kTickSize, kInk, Anchor::middle});
    }
    const double base = area_.bottom() + kTick + kGap + kTickSize + kTextSize * kLineHeight;
    shapes_.emplace_back(Text{{area_.left + area_.width / 2, base}, chart_.x.title, kTextSize, kInk, Anchor::middle});
  }

  void draw_row(const Bar& bar, const std::vector<std::string>& label, double middle) {
    constexpr double line = kTextSize * kLineHeight;
    const double first = middle - line * static_cast<double>(label.size() - 1) / 2 + kMiddle * kTextSize;
    for (std::size_t i = 0; i < label.size(); ++i) {
      const Point at{area_.left - 2 * kGap, first + line * static_cast<double>(i)};
      shapes_.emplace_back(Text{at, label[i], kTextSize, kInk, Anchor::end});
    }
    const double base = middle + kMiddle * kTickSize;
    if (!bar.end) {
      shapes_.emplace_back(Text{{area_.left + 2 * kGap, base}, bar.text, kTickSize, kSoft});
      return;
    }
    draw_bar(bar, middle);
    const double behind = place(std::max(*bar.end, bar.high)) + kGap;
    shapes_.emplace_back(Text{{behind, base}, bar.text, kTickSize, kInk});
  }

  void draw_bar(const Bar& bar, double middle) {
    const Box box{area_.left, middle - kBarHeight / 2, place(*bar.end) - area_.left, kBarHeight};
    if (bar.is_bound) {
      for (Shape& shape : hatched_box(box, bar.look.colour, 4)) shapes_.push_back(std::move(shape));
      return;
    }
    shapes_.emplace_back(
        Area{{{box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}},
             bar.look.colour});
    if (bar.low < bar.high) draw_whiskers(place(bar.low), place(bar.high), middle);
  }

  void draw_whiskers(double left, double right, double middle) {
    constexpr double half = 2.5;
    shapes_.emplace_back(Line{{{left, middle}, {right, middle}}, {kInk, 0.8}});
    for (const double x : {left, right})
      shapes_.emplace_back(Line{{{x, middle - half}, {x, middle + half}}, {kInk, 0.8}});
  }

  const BarChart& chart_;
  double width_;
  const TextWidth& width_of_;
  Box area_;                                      ///< of the bars
  std::vector<std::vector<std::string>> labels_;  ///< lines of each bar's
  std::vector<Shape> shapes_;
};

}  // namespace

Drawing laid_out(const BarChart& chart, double width, const TextWidth& width_of) {
  return BarLayout(chart, width, width_of).drawing();
}

}  // namespace tardigrad
