/// Layouts by a font whose characters are all half as wide as it is high.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/src/drawing/axis.hpp"
#include "scenarios/src/drawing/bar_chart.hpp"
#include "scenarios/src/drawing/curve_chart.hpp"
#include "scenarios/src/drawing/hatch.hpp"
#include "scenarios/src/drawing/label_lines.hpp"
#include "scenarios/src/drawing/legend.hpp"
#include "scenarios/src/drawing/length_text.hpp"
#include "scenarios/src/drawing/polyline.hpp"
#include "scenarios/src/text/text_columns.hpp"

using namespace tardigrad;

namespace {

const TextWidth half_width = [](const std::string& text, double size) {
  return size / 2 * static_cast<double>(text_width(text));
};

std::vector<Text> texts_in(const Drawing& drawing) {
  std::vector<Text> texts;
  for (const Layer& layer : drawing.layers) {
    for (const Shape& shape : layer.shapes) {
      if (const Text* text = std::get_if<Text>(&shape)) texts.push_back(*text);
    }
  }
  return texts;
}

std::size_t count_of_text(const Drawing& drawing, const std::string& text) {
  const auto texts = texts_in(drawing);
  return static_cast<std::size_t>(
      std::count_if(texts.begin(), texts.end(), [&](const Text& one) { return one.text == text; }));
}

Box box_of(const Text& text) {
  const double width = half_width(text.text, text.size);
  const double shift = text.anchor == Anchor::begin ? 0 : text.anchor == Anchor::middle ? width / 2 : width;
  if (text.is_upright) return {text.at.x - text.size, text.at.y - width + shift, text.size, width};
  return {text.at.x - shift, text.at.y - 0.75 * text.size, width, text.size};
}

/// Everything is on the page, and no text on another one.
void check_is_tidy(const Drawing& drawing) {
  const auto texts = texts_in(drawing);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Box box = box_of(texts[i]);
    CAPTURE(texts[i].text);
    CHECK(box.left >= -0.1);
    CHECK(box.top >= -0.1);
    CHECK(box.right() <= drawing.width + 0.1);
    CHECK(box.bottom() <= drawing.height + 0.1);
    for (std::size_t j = 0; j < i; ++j) {
      const Box other = box_of(texts[j]);
      const bool apart = box.right() <= other.left || other.right() <= box.left || box.bottom() <= other.top + 0.1 ||
                         other.bottom() <= box.top + 0.1;
      CHECK_MESSAGE(apart, texts[i].text << " is on " << texts[j].text);
    }
  }
  for (const Layer& layer : drawing.layers) {
    for (const Shape& shape : layer.shapes) {
      const Line* const line = std::get_if<Line>(&shape);
      if (!line || layer.clip) continue;
      for (const Point& point : line->points) {
        CHECK((point.x >= 0 && point.x <= drawing.width));
        CHECK((point.y >= 0 && point.y <= drawing.height));
      }
    }
  }
}

Curve rising(double slope) {
  Curve curve;
  for (double x = 0; x <= 10; ++x) curve.points.push_back({x, slope * x, slope * x - 1, slope * x + 1});
  return curve;
}

CurveChart chart_of(std::size_t curves) {
  CurveChart chart;
  chart.x = {"time (s)", 0, 10, false};
  chart.y = {"accuracy (%)", 0, 100, false};
  chart.panels.emplace_back();
  for (std::size_t i = 0; i < curves; ++i) {
    chart.curves.push_back(rising(static_cast<double>(i)));
    chart.panels.front().shown.push_back(i);
    chart.legend.push_back({"algorithm-" + std::to_string(i), {}, LegendEntry::Sample::curve});
  }
  return chart;
}

}  // namespace

TEST_CASE("labels break at their parts, within one that is too wide alone, and lose nothing") {
  using Lines = std::vector<std::string>;
  CHECK(label_lines("swift-push", 8, 100, half_width) == Lines{"swift-push"});
  CHECK(label_lines("swift-push", 8, 24, half_width) == Lines{"swift-", "push"});
  CHECK(label_lines("a b c", 8, 12, half_width) == Lines{"a b", "c"});
  CHECK(label_lines("abcdefg", 8, 12, half_width) == Lines{"abc", "def", "g"});
  CHECK(label_lines("\u00e4\u00f6\u00fc\u00df", 8, 8, half_width) == Lines{"\u00e4\u00f6", "\u00fc\u00df"});
  CHECK(label_lines("", 8, 8, half_width) == Lines{""});
}

TEST_CASE("a simplified line has its ends and corners, and no point that it passes anyway") {
  std::vector<Point> line;
  for (int i = 0; i <= 10; ++i) line.push_back({i * 1.0, i <= 5 ? i * 2.0 : 10});
  const auto fewer = simplified(line, 0.1);
  REQUIRE(fewer.size() == 3);
  CHECK(fewer[1].x == 5);
  CHECK(fewer[1].y == 10);
  CHECK(simplified(line, 100).size() == 2);
}

TEST_CASE("an axis places numbers linearly or by their logarithms") {
  CHECK((Axis{"", 2, 6, false}.share(3)) == doctest::Approx(0.25));
  CHECK((Axis{"", 1, 1000, true}.share(10)) == doctest::Approx(1.0 / 3));
}

TEST_CASE("numbers at an axis do not touch, however short it is") {
  const Axis axis{"", 0, 80'000, false};
  for (const double length : {30.0, 60.0, 120.0, 300.0}) {
    const Ticks ticks = horizontal_ticks(axis, length, 7, half_width);
    REQUIRE(ticks.at.size() >= 2);
    if (length < 60) continue;  // two are the fewest
    for (std::size_t i = 1; i < ticks.at.size(); ++i) {
      const double apart = length * (axis.share(ticks.at[i]) - axis.share(ticks.at[i - 1]));
      CHECK(apart > (half_width(ticks.texts[i], 7) + half_width(ticks.texts[i - 1], 7)) / 2);
    }
  }
}

TEST_CASE("a legend has as many columns as have room") {
  const std::vector<LegendEntry> entries(6, LegendEntry{"ten letters", {}, LegendEntry::Sample::curve});
  const double one = laid_out(entries, {0, 0}, 80, half_width).height;
  CHECK(one == doctest::Approx(60));
  CHECK(laid_out(entries, {0, 0}, 150, half_width).height == doctest::Approx(one / 2));
  CHECK(laid_out(entries, {0, 0}, 10'000, half_width).height == doctest::Approx(one / 6));
  CHECK(laid_out(std::vector<LegendEntry>(), {0, 0}, 100, half_width).height == 0);
}

TEST_CASE("hatching stays within its box") {
  const Box box{10, 20, 33, 8};
  for (const Shape& shape : hatched_box(box, {}, 4)) {
    const Line* const line = std::get_if<Line>(&shape);
    if (!line) continue;
    for (const Point& point : line->points) {
      CHECK((point.x >= box.left && point.x <= box.right()));
      CHECK((point.y >= box.top - 1e-9 && point.y <= box.bottom() + 1e-9));
    }
  }
}

TEST_CASE("texts of charts are on the page and not on one another") {
  SUBCASE("one panel") { check_is_tidy(laid_out(chart_of(5), 238, half_width)); }
  SUBCASE("long labels") {
    CurveChart chart = chart_of(3);
    for (LegendEntry& entry : chart.legend) entry.label = std::string(150, 'w') + entry.label;
    check_is_tidy(laid_out(chart, 238, half_width));
  }
  SUBCASE("many panels") {
    CurveChart chart = chart_of(17);
    chart.x.high = 20'000;
    chart.panels.clear();
    chart.legend.clear();
    for (std::size_t i = 0; i < 17; ++i) chart.panels.push_back({"a-long-name-" + std::to_string(i), {i}, true});
    for (const double width : {108.0, 238.0, 504.0}) check_is_tidy(laid_out(chart, width, half_width));
  }
  SUBCASE("bars") {
    BarChart chart;
    chart.x = {"time (s)", 0, 40, false};
    chart.bars = {{"first", {}, 2.0, true, 2, 2, "< 2 s"},
                  {std::string(100, 'w'), {}, 20.0, false, 5, 40, "20.0 s"},
                  {"never", {}, {}, false, 0, 0, "reached in 2 of 3 seeds"}};
    check_is_tidy(laid_out(chart, 238, half_width));
  }
}

TEST_CASE("panels have the others behind them, and numbers at the outer axes alone") {
  CurveChart chart = chart_of(4);
  chart.legend.clear();
  chart.panels.clear();
  for (std::size_t i = 0; i < 4; ++i) chart.panels.push_back({"p", {i}, true});
  const Drawing drawing = laid_out(chart, 200, half_width);
  std::size_t inside = 0;
  for (const Layer& layer : drawing.layers) {
    if (!layer.clip) continue;
    ++inside;
    CHECK(std::count_if(layer.shapes.begin(), layer.shapes.end(),
                        [](const Shape& shape) { return std::holds_alternative<Line>(shape); }) == 4);
    CHECK(std::count_if(layer.shapes.begin(), layer.shapes.end(),
                        [](const Shape& shape) { return std::holds_alternative<Area>(shape); }) == 1);
  }
  CHECK(inside == 4);
  CHECK(count_of_text(drawing, "p") == 4);
  CHECK(count_of_text(drawing, "100") == 2);  // two rows
  CHECK(count_of_text(drawing, "10") == 2);   // two columns
}

TEST_CASE("a value that is not finite is a gap, and nothing is drawn left of a logarithmic axis") {
  CurveChart chart = chart_of(1);
  chart.curves[0].points[5].y = std::numeric_limits<double>::quiet_NaN();
  const auto lines_of = [](const CurveChart& one) {
    std::vector<Line> lines;
    for (const Layer& layer : laid_out(one, 238, half_width).layers) {
      for (const Shape& shape : layer.shapes) {
        if (layer.clip && std::holds_alternative<Line>(shape)) lines.push_back(std::get<Line>(shape));
      }
    }
    return lines;
  };
  CHECK(lines_of(chart).size() == 2);
  chart = chart_of(1);
  chart.x = {"", 2, 10, true};
  REQUIRE(lines_of(chart).size() == 1);
  const auto points = lines_of(chart).front().points;
  for (const Point& point : points) CHECK(std::isfinite(point.x));
}

TEST_CASE("a bound is a hatched bar without whiskers, and what was not reached has no bar") {
  const auto shapes_of = [](const Bar& bar) {
    BarChart chart;
    chart.x = {"", 0, 10, false};
    chart.bars = {bar};
    return laid_out(chart, 238, half_width).layers.front().shapes;
  };
  const auto solid = [&](const Bar& bar) {
    const auto shapes = shapes_of(bar);
    return std::count_if(shapes.begin(), shapes.end(), [](const Shape& shape) {
      const Area* const area = std::get_if<Area>(&shape);
      return area && area->fill.alpha == 1;
    });
  };
  CHECK(solid({"a", {}, 4.0, false, 4, 4, "4 s"}) == 1);
  CHECK(solid({"a", {}, 4.0, true, 4, 4, "< 4 s"}) == 0);
  CHECK(solid({"a", {}, {}, false, 0, 0, "not reached"}) == 0);
  CHECK(shapes_of({"a", {}, 4.0, false, 3, 5, "4 s"}).size() ==
        shapes_of({"a", {}, 4.0, false, 4, 4, "4 s"}).size() + 3);
}

TEST_CASE("lengths on paper have a unit") {
  CHECK(parse_length("3.3in") == doctest::Approx(237.6));
  CHECK(parse_length("84 mm") == doctest::Approx(238.11).epsilon(1e-4));
  CHECK(parse_length("2.54cm") == doctest::Approx(72));
  CHECK(parse_length("240pt") == doctest::Approx(240));
  for (const char* text : {"", "3.3", "in", "3.3ins", "nanin", "infpt", "3..3in", "1e999in"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_length(text).has_value());
  }
}
