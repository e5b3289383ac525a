#include "scenarios/src/report/line_styles.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "scenarios/src/system/embedded_files.hpp"

namespace tardigrad {

namespace {

StyleTable read_table() {
  const auto json = nlohmann::json::parse(embedded::styles_json());
  StyleTable table;
  json.at("light").get_to(table.light);
  json.at("dark").get_to(table.dark);
  json.at("dashes_in_line_widths").get_to(table.dashes);
  json.at("markers").get_to(table.markers);
  json.at("shade").get_to(table.shade);
  json.at("few").get_to(table.few);
  json.at("axes").get_to(table.axes);
  json.at("figures").get_to(table.figures);
  return table;
}

/// Of a text such as "#0072b2".
Colour colour_of(const std::string& text) {
  unsigned value = 0;
  std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  const auto part = [&](int shift) { return static_cast<std::uint8_t>(value >> shift & 0xff); };
  return {part(16), part(8), part(0)};
}

}  // namespace

const StyleTable& style_table() {
  static const StyleTable table = read_table();
  return table;
}

std::map<std::string, LineStyle> line_styles(const Ranking& all, const std::vector<RunFolder>& folders) {
  std::map<std::string, std::size_t> colours;
  for (const RankedAlgorithm& s : all.ranked) colours.emplace(s.runs->name, 0);
  std::size_t next = 0;
  for (auto& entry : colours) entry.second = next++;
  std::map<std::string, LineStyle> styles;
  for (const RankedAlgorithm& s : all.ranked) {
    const std::size_t colour = colours.at(s.runs->name);
    const auto folder = static_cast<std::size_t>(s.folder - folders.data());
    styles[s.label] = {colour, folders.size() > 1 ? folder : colour / style_table().light.size()};
  }
  return styles;
}

Look look_of(const LineStyle& style) {
  const StyleTable& table = style_table();
  const std::size_t colours = table.light.size();
  const std::size_t marker = (style.colour + style.colour / colours) % table.markers.size();
  return {colour_of(table.light[style.colour % colours]), table.dashes[style.dash % table.dashes.size()],
          marker_named(table.markers[marker]).value_or(Marker::circle)};
}

}  // namespace tardigrad
