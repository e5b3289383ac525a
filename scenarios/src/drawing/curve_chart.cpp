#include "scenarios/src/drawing/curve_chart.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "scenarios/src/drawing/label_lines.hpp"
#include "scenarios/src/drawing/page_style.hpp"
#include "scenarios/src/drawing/polyline.hpp"

namespace tardigrad {

namespace {

using namespace page_style;

constexpr double kPanelGap = 7;
/// A finer line would not be seen.
constexpr double kTolerance = 0.1;
constexpr double kToleranceBehind = 0.35;
constexpr double kMarkersACurve = 7;

/// Widths and heights around and between panels.
struct Frame {
  std::size_t columns = 1;
  std::size_t rows = 1;
  double column_gap = 0;
  double left = 0;  ///< of the first panel
  double top = 0;   ///< of the first panel's title
  double title_height = 0;
  Box panel;                 ///< the first one
  double bottom_height = 0;  ///< numbers and title of the x axis
};

class CurveLayout {
 public:
  CurveLayout(const CurveChart& chart, double width, const TextWidth& width_of)
      : chart_(chart), width_(width), width_of_(width_of) {}

  Drawing drawing() {
    place_frame();
    Drawing drawing{width_, 0, chart_.title, {}};
    layers_.push_back({{}, std::move(legend_.shapes)});
    for (std::size_t i = 0; i < chart_.panels.size(); ++i) draw_panel(i);
    draw_axis_titles();
    drawing.height = frame_.panel.top + static_cast<double>(frame_.rows) * row_step() - frame_.title_height -
                     kPanelGap + frame_.bottom_height + kEdge;
    drawing.layers = std::move(layers_);
    return drawing;
  }

 private:
  double row_step() const { return frame_.panel.height + frame_.title_height + kPanelGap; }
  double column_step() const { return frame_.panel.width + frame_.column_gap; }

  void place_frame() {
    constexpr double least_of_one = 54;
    constexpr double least_of_several = 90;
    constexpr double one_panel_ratio = 0.62;
    constexpr double small_panel_ratio = 0.75;
    legend_ = laid_out(chart_.legend, {kEdge, kEdge}, width_ - 2 * kEdge, width_of_);
    Legend notes = laid_out(chart_.notes, {kEdge, kEdge + legend_.height}, width_ - 2 * kEdge, width_of_);
    legend_.height += notes.height;
    std::move(notes.shapes.begin(), notes.shapes.end(), std::back_inserter(legend_.shapes));
    // The numbers at the y axis depend on a panel's height, this on its width, and that on the numbers: their widest
    // is taken of as many as there can be.
    y_ticks_ = vertical_ticks(chart_.y, 1000, kTickSize);
    double numbers = 0;
    for (const std::string& text : y_ticks_.texts) numbers = std::max(numbers, width_of_(text, kTickSize));
    frame_.left = kEdge + kTextSize * kLineHeight + numbers + kTick + kGap;
    const double room = width_ - frame_.left - kEdge - widest_number() / 2;
    // Numbers below neighbouring panels do not touch.
    frame_.column_gap = std::max(kPanelGap, widest_number() + kGap);
    const double gap = frame_.column_gap;
    const bool is_of_one = std::all_of(chart_.panels.begin(), chart_.panels.end(),
                                       [](const Panel& panel) { return panel.shown.size() < 2; });
    const double least_width = is_of_one ? least_of_one : least_of_several;
    const auto fitting = static_cast<std::size_t>(std::max(1.0, (room + gap) / (least_width + gap)));
    // Rows are equally full, as far as that goes.
    frame_.rows = (chart_.panels.size() + fitting - 1) / fitting;
    frame_.columns = (chart_.panels.size() + frame_.rows - 1) / frame_.rows;
    const auto columns = static_cast<double>(frame_.columns);
    frame_.panel.width = (room - (columns - 1) * gap) / columns;
    frame_.panel.height = frame_.panel.width * (frame_.columns == 1 ? one_panel_ratio : small_panel_ratio);
    place_titles();
    frame_.panel.left = frame_.left;
    frame_.panel.top = kEdge + legend_.height + (legend_.height > 0 ? 2 * kGap : kGap) + frame_.title_height;
    frame_.bottom_height = kTick + kGap + kTickSize + kTextSize * kLineHeight + kGap;
    x_ticks_ = horizontal_ticks(chart_.x, frame_.panel.width, kTickSize, width_of_);
    y_ticks_ = vertical_ticks(chart_.y, frame_.panel.height, kTickSize);
  }

  /// Below the x axis. Half of it stands out at the end.
  double widest_number() const {
    double widest = 0;
    for (const std::string& text : horizontal_ticks(chart_.x, width_, kTickSize, width_of_).texts)
      widest = std::max(widest, width_of_(text, kTickSize));
    return widest;
  }

  void place_titles() {
    std::size_t most = 0;
    for (const Panel& panel : chart_.panels) {
      titles_.push_back(panel.title.empty() ? std::vector<std::string>()
                                            : label_lines(panel.title, kTickSize, frame_.panel.width, width_of_));
      most = std::max(most, titles_.back().size());
    }
    frame_.title_height = most > 0 ? kTickSize * kLineHeight * static_cast<double>(most) + 1 : 0;
  }

  Box box_of(std::size_t index) const {
    Box box = frame_.panel;
    box.left += column_step() * static_cast<double>(index % frame_.columns);
    box.top += row_step() * static_cast<double>(index / frame_.columns);
    return box;
  }

  Point place(const Box& box, double x, double y) const {
    return {box.left + box.width * chart_.x.share(x), box.bottom() - box.height * chart_.y.share(y)};
  }

  void draw_panel(std::size_t index) {
    const Panel& panel = chart_.panels[index];
    const Box box = box_of(index);
    const bool is_lowest = index + frame_.columns >= chart_.panels.size();
    Layer around;
    draw_title(index, box, around);
    draw_x_axis(box, is_lowest, around);
    draw_y_axis(box, index % frame_.columns == 0, around);
    layers_.push_back(std::move(around));
    Layer inside{box, {}};
    Layer markers;  // whole, also at the edge
    if (panel.has_others_behind) {
      for (std::size_t i = 0; i < chart_.curves.size(); ++i) {
        if (std::find(panel.shown.begin(), panel.shown.end(), i) == panel.shown.end())
          draw_line(chart_.curves[i], box, {kOthers, kThin}, kToleranceBehind, inside);
      }
    }
    for (const std::size_t i : panel.shown) draw_shade(chart_.curves[i], box, inside);
    if (chart_.target) draw_target(box, inside);
    for (const std::size_t i : panel.shown) {
      draw_line(chart_.curves[i], box, stroke_of(chart_.curves[i].look, kCurve), kTolerance, inside);
      draw_markers(i, box, panel.shown.size() > 1, markers);
    }
    layers_.push_back(std::move(inside));
    Layer edges;
    const std::vector<Point> edge{{box.left, box.top}, {box.left, box.bottom()}, {box.right(), box.bottom()}};
    edges.shapes.emplace_back(Line{edge, {kSoft, kThin}});
    layers_.push_back(std::move(edges));
    layers_.push_back(std::move(markers));
  }

  void draw_title(std::size_t index, const Box& box, Layer& layer) const {
    const std::vector<std::string>& lines = titles_[index];
    for (std::size_t line = 0; line < lines.size(); ++line) {
      const auto below = static_cast<double>(lines.size() - 1 - line);
      const double base = box.top - kGap - below * kTickSize * kLineHeight;
      layer.shapes.emplace_back(Text{{box.left, base}, lines[line], kTickSize, kInk});
    }
  }

  void draw_x_axis(const Box& box, bool has_numbers, Layer& layer) const {
    for (std::size_t i = 0; i < x_ticks_.at.size(); ++i) {
      const double x = box.left + box.width * chart_.x.share(x_ticks_.at[i]);
      layer.shapes.emplace_back(Line{{{x, box.top}, {x, box.bottom()}}, {kGrid, kThin}});
      layer.shapes.emplace_back(Line{{{x, box.bottom()}, {x, box.bottom() + kTick}}, {kSoft, kThin}});
      if (!has_numbers) continue;
      const double base = box.bottom() + kTick + kGap + kTop * kTickSize;
      layer.shapes.emplace_back(Text{{x, base}, x_ticks_.texts[i], kTickSize, kInk, Anchor::middle});
    }
    if (!chart_.x.is_log) return;
    for (const double at : small_log_ticks(chart_.x.low, chart_.x.high)) {
      const double x = box.left + box.width * chart_.x.share(at);
      layer.shapes.emplace_back(Line{{{x, box.bottom()}, {x, box.bottom() + kTick / 2}}, {kSoft, kThin}});
    }
  }

  void draw_y_axis(const Box& box, bool has_numbers, Layer& layer) const {
    for (std::size_t i = 0; i < y_ticks_.at.size(); ++i) {
      const double y = box.bottom() - box.height * chart_.y.share(y_ticks_.at[i]);
      layer.shapes.emplace_back(Line{{{box.left, y}, {box.right(), y}}, {kGrid, kThin}});
      layer.shapes.emplace_back(Line{{{box.left - kTick, y}, {box.left, y}}, {kSoft, kThin}});
      if (!has_numbers) continue;
      layer.shapes.emplace_back(
          Text{{box.left - kTick - kGap, y + kMiddle * kTickSize}, y_ticks_.texts[i], kTickSize, kInk, Anchor::end});
    }
  }

  void draw_axis_titles() {
    const double right = frame_.panel.left + column_step() * static_cast<double>(frame_.columns) - frame_.column_gap;
    const double bottom =
        frame_.panel.top + row_step() * static_cast<double>(frame_.rows) - kPanelGap - frame_.title_height;
    const double base = bottom + frame_.bottom_height - kGap;
    Layer layer;
    layer.shapes.emplace_back(
        Text{{(frame_.panel.left + right) / 2, base}, chart_.x.title, kTextSize, kInk, Anchor::middle});
    layer.shapes.emplace_back(Text{{kEdge + 0.8 * kTextSize, (frame_.panel.top + bottom) / 2},
                                   chart_.y.title,
                                   kTextSize,
                                   kInk,
                                   Anchor::middle,
                                   true});
    layers_.push_back(std::move(layer));
  }

  bool is_drawn(const CurvePoint& point) const {
    return std::isfinite(point.x) && std::isfinite(point.y) && (!chart_.x.is_log || point.x >= chart_.x.low);
  }

  /// Stretches without a gap.
  std::vector<std::vector<CurvePoint>> stretches(const Curve& curve) const {
    std::vector<std::vector<CurvePoint>> found(1);
    for (const CurvePoint& point : curve.points) {
      if (is_drawn(point)) {
        found.back().push_back(point);
      } else if (!found.back().empty()) {
        found.emplace_back();
      }
    }
    if (found.back().empty()) found.pop_back();
    return found;
  }

  void draw_line(const Curve& curve, const Box& box, const Stroke& stroke, double tolerance, Layer& layer) const {
    for (const auto& stretch : stretches(curve)) {
      std::vector<Point> points;
      for (const CurvePoint& point : stretch) points.push_back(place(box, point.x, point.y));
      if (points.size() > 1) layer.shapes.emplace_back(Line{simplified(points, tolerance), stroke});
    }
  }

  void draw_shade(const Curve& curve, const Box& box, Layer& layer) const {
    for (const auto& stretch : stretches(curve)) {
      std::vector<Point> upper, lower;
      for (const CurvePoint& point : stretch) {
        if (!std::isfinite(point.low) || !std::isfinite(point.high)) continue;
        upper.push_back(place(box, point.x, point.high));
        lower.push_back(place(box, point.x, point.low));
      }
      if (upper.size() < 2) continue;
      std::vector<Point> outline = simplified(upper, kTolerance);
      const std::vector<Point> back = simplified(lower, kTolerance);
      outline.insert(outline.end(), back.rbegin(), back.rend());
      layer.shapes.emplace_back(Area{std::move(outline), curve.look.colour.faint(chart_.shade)});
    }
  }

  void draw_target(const Box& box, Layer& layer) const {
    const double y = place(box, chart_.x.low, *chart_.target).y;
    layer.shapes.emplace_back(Line{{{box.left, y}, {box.right(), y}}, stroke_of(target_look(), kThin + 0.25)});
  }

  /// At places of their own for each curve, evenly along the axis; a point alone always has one.
  void draw_markers(std::size_t index, const Box& box, bool has_company, Layer& layer) const {
    const Curve& curve = chart_.curves[index];
    std::vector<CurvePoint> drawn;
    for (const auto& stretch : stretches(curve)) drawn.insert(drawn.end(), stretch.begin(), stretch.end());
    if (!has_company && drawn.size() > 1) return;
    const double apart = box.width / kMarkersACurve;
    const double shift = apart * std::fmod(0.618 * static_cast<double>(index), 1.0);
    double next = box.left + shift;
    for (const CurvePoint& point : drawn) {
      const Point at = place(box, point.x, point.y);
      const bool is_hidden = at.x > box.right() || at.y < box.top || at.y > box.bottom();
      if (is_hidden || (at.x < next && drawn.size() > 1)) continue;
      for (Shape& shape : marker_shapes(curve.look.marker, at, 1.9, curve.look.colour))
        layer.shapes.push_back(std::move(shape));
      while (next <= at.x) next += apart;
    }
  }

  const CurveChart& chart_;
  double width_;
  const TextWidth& width_of_;
  Frame frame_;
  Legend legend_;
  Ticks x_ticks_, y_ticks_;
  std::vector<std::vector<std::string>> titles_;  ///< lines of each panel's
  std::vector<Layer> layers_;
};

}  // namespace

Look target_look() { return {kInk, {4, 3}, Marker::circle}; }

Drawing laid_out(const CurveChart& chart, double width, const TextWidth& width_of) {
  return CurveLayout(chart, width, width_of).drawing();
}

}  // namespace tardigrad
