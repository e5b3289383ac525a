#include "scenarios/src/drawing/polyline.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace tardigrad {

namespace {

/// From the line piece between two points.
double distance(const Point& point, const Point& from, const Point& to) {
  const double along_x = to.x - from.x;
  const double along_y = to.y - from.y;
  const double squared = along_x * along_x + along_y * along_y;
  const double share =
      squared > 0 ? std::clamp(((point.x - from.x) * along_x + (point.y - from.y) * along_y) / squared, 0.0, 1.0) : 0;
  return std::hypot(point.x - from.x - share * along_x, point.y - from.y - share * along_y);
}

}  // namespace

std::vector<Point> simplified(const std::vector<Point>& points, double tolerance) {
  if (points.size() < 3) return points;
  std::vector<bool> kept(points.size(), false);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> pieces{{0, points.size() - 1}};
  while (!pieces.empty()) {
    const auto [first, last] = pieces.back();
    pieces.pop_back();
    std::size_t farthest = first;
    double most = tolerance;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double missed = distance(points[i], points[first], points[last]);
      if (missed > most) {
        most = missed;
        farthest = i;
      }
    }
    if (farthest == first) continue;
    kept[farthest] = true;
    pieces.emplace_back(first, farthest);
    pieces.emplace_back(farthest, last);
  }
  std::vector<Point> fewer;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (kept[i]) fewer.push_back(points[i]);
  }
  return fewer;
}

}  // namespace tardigrad
