#include "scenarios/src/drawing/legend.hpp"

#include <algorithm>
#include <numeric>

#include "scenarios/src/drawing/hatch.hpp"
#include "scenarios/src/drawing/label_lines.hpp"
#include "scenarios/src/drawing/page_style.hpp"

namespace tardigrad {

namespace {

using namespace page_style;

constexpr double kSampleWidth = 18;
constexpr double kColumnGap = 10;
constexpr double kLabelAt = kSampleWidth + kGap;
constexpr double kRow = kTextSize * kLineHeight;

/// Around the middle of its line, from `at` to the right.
std::vector<Shape> sample_of(const LegendEntry& entry, Point at) {
  const Box box{at.x, at.y - 3, kSampleWidth, 6};
  const Line line{{at, {at.x + kSampleWidth, at.y}}, stroke_of(entry.look, kCurve)};
  switch (entry.sample) {
    case LegendEntry::Sample::plain_line:
      return {line};
    case LegendEntry::Sample::shade:
      return {Area{{{box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}},
                   entry.look.colour}};
    case LegendEntry::Sample::bound:
      return hatched_box(box, entry.look.colour, 3);
    case LegendEntry::Sample::curve:
      break;
  }
  std::vector<Shape> shapes{line};
  for (Shape& shape : marker_shapes(entry.look.marker, {at.x + kSampleWidth / 2, at.y}, 2, entry.look.colour))
    shapes.push_back(std::move(shape));
  return shapes;
}

/// Of the most columns that have room side by side, each as wide as its own entries; of one column, at most all there
/// is.
std::vector<double> column_widths(const std::vector<LegendEntry>& entries, double width, const TextWidth& width_of) {
  for (std::size_t count = entries.size();; --count) {
    std::vector<double> columns(count, 0);
    for (std::size_t i = 0; i < entries.size(); ++i)
      columns[i % count] = std::max(columns[i % count], kLabelAt + width_of(entries[i].label, kTextSize));
    const double all = std::accumulate(columns.begin(), columns.end(), kColumnGap * static_cast<double>(count - 1));
    if (all <= width) return columns;
    if (count == 1) return {width};
  }
}

}  // namespace

Legend laid_out(const std::vector<LegendEntry>& entries, Point corner, double width, const TextWidth& width_of) {
  Legend legend;
  if (entries.empty()) return legend;
  const std::vector<double> columns = column_widths(entries, width, width_of);
  double top = corner.y;
  double row_height = 0;
  double left = corner.x;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t column = i % columns.size();
    if (column == 0) {
      top += row_height;
      row_height = 0;
      left = corner.x;
    }
    for (Shape& shape : sample_of(entries[i], {left, top + kRow / 2})) legend.shapes.push_back(std::move(shape));
    const std::vector<std::string> lines =
        label_lines(entries[i].label, kTextSize, columns[column] - kLabelAt, width_of);
    for (std::size_t line = 0; line < lines.size(); ++line) {
      const double base = top + kRow * static_cast<double>(line) + kRow / 2 + kMiddle * kTextSize;
      legend.shapes.emplace_back(Text{{left + kLabelAt, base}, lines[line], kTextSize, kInk});
    }
    row_height = std::max(row_height, kRow * static_cast<double>(lines.size()));
    left += columns[column] + kColumnGap;
  }
  legend.height = top + row_height - corner.y;
  return legend;
}

}  // namespace tardigrad
