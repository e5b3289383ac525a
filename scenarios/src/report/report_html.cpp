#include "scenarios/src/report/report_html.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "models/printable.hpp"
#include "scenarios/src/figures/figure_bundle.hpp"
#include "scenarios/src/report/delay_spread.hpp"
#include "scenarios/src/report/findings.hpp"
#include "scenarios/src/report/headlines.hpp"
#include "scenarios/src/report/learning_curve.hpp"
#include "scenarios/src/report/line_styles.hpp"
#include "scenarios/src/report/node_bands.hpp"
#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/report/target_times.hpp"
#include "scenarios/src/report/time_bar.hpp"
#include "scenarios/src/system/embedded_files.hpp"

namespace tardigrad {

namespace {

using Json = nlohmann::ordered_json;

/// The number of points that a screen can distinguish.
constexpr std::size_t kMostCurvePoints = 400;
constexpr std::size_t kMostBands = 20;

/// Four digits of a share or a loss are finer than a pixel.
double rounded(double share) { return std::round(share * 1e4) / 1e4; }

Json rounded(const std::optional<double>& share) { return share ? Json(rounded(*share)) : Json(nullptr); }

const char* text_of(StragglerKind kind) {
  switch (kind) {
    case StragglerKind::network:
      return "slow link";
    case StragglerKind::compute:
      return "slow compute";
    case StragglerKind::both:
      return "slow link and compute";
    case StragglerKind::none:
      break;
  }
  return "";
}

std::string band_label(const NodeBand& band) {
  if (band.nodes == 1) return fmt::format("node {}", band.first);
  return fmt::format("{}\u2013{} ({} nodes)", band.first, band.last, band.nodes);
}

/// Column by column, which takes half the space of point by point. A value that is not finite becomes null, a
/// gap in the line.
Json figure_json(const std::vector<EvaluationPoint>& curve, FigureOverNodes EvaluationPoint::*figure) {
  Json json = {{"mean", Json::array()},
               {"std", Json::array()},
               {"min", Json::array()},
               {"max", Json::array()},
               {"averaged", Json::array()}};
  for (const EvaluationPoint& point : curve) {
    const FigureOverNodes& own = point.*figure;
    json["mean"].push_back(rounded(own.mean));
    json["std"].push_back(rounded(own.std));
    json["min"].push_back(rounded(own.min));
    json["max"].push_back(rounded(own.max));
    json["averaged"].push_back(rounded(own.averaged_model));
  }
  return json;
}

Json curve_json(const std::vector<EvaluationPoint>& curve) {
  Json json = {{"time", Json::array()}, {"bytes", Json::array()}};
  for (const EvaluationPoint& point : curve) {
    json["time"].push_back(point.time_s);
    json["bytes"].push_back(point.bytes_sent);
  }
  json["accuracy"] = figure_json(curve, &EvaluationPoint::accuracy);
  json["loss"] = figure_json(curve, &EvaluationPoint::loss);
  return json;
}

Json target_json(const std::optional<Target>& target) {
  if (!target) return nullptr;
  return {{"figure", target->figure == Figure::accuracy ? "accuracy" : "loss"}, {"value", target->bound()}};
}

Json bands_json(const SeedRun& run) {
  Json bands = Json::array();
  for (const NodeBand& band : node_bands(run, kMostBands)) {
    bands.push_back({{"nodes", band_label(band)},
                     {"kind", text_of(band.kind)},
                     {"rounds", std::round(band.rounds * 10) / 10},
                     {"training", rounded(band.training)},
                     {"waiting", rounded(band.waiting)},
                     {"away", rounded(band.away)},
                     {"uplink", rounded(band.uplink_busy)},
                     {"downlink", rounded(band.downlink_busy)},
                     {"dropped", rounded(band.dropped)},
                     {"accuracy", rounded(band.last_accuracy)}});
  }
  return bands;
}

std::string distance_text(StragglerDistances::Kind distance) {
  switch (distance) {
    case StragglerDistances::Kind::complete:
      return "everyone may send to everyone: distance does not apply";
    case StragglerDistances::Kind::servers:
      return "nodes send to servers alone: distance does not apply";
    case StragglerDistances::Kind::changing:
      return "the graph changes every round: distance does not apply";
    case StragglerDistances::Kind::unknown:
      return "the scenario does not tell the graph";
    case StragglerDistances::Kind::hops:
      break;
  }
  return "";
}

std::string delay_label(const DelayRow& row) {
  if (row.who == DelayRow::Who::stragglers) return "stragglers";
  if (row.who == DelayRow::Who::others) return "others";
  const char* const plural = row.farthest == 1 ? "" : "s";
  if (row.nearest == row.farthest) return fmt::format("{} hop{}", row.nearest, plural);
  return fmt::format("{}\u2013{} hops", row.nearest, row.farthest);
}

Json delay_json(const RankedAlgorithm& s) {
  const auto spread = delay_spread(s);
  if (!spread) return nullptr;
  Json rows = Json::array();
  for (const DelayRow& row : spread->rows) {
    Json waiting = Json::array();
    for (const double share : row.waiting) waiting.push_back(rounded(share));
    rows.push_back({{"label", delay_label(row)},
                    {"nodes", row.nodes},
                    {"rounds", std::round(row.rounds * 10) / 10},
                    {"own", rounded(row.own_s)},
                    {"held_up", rounded(row.held_up_s)},
                    {"waiting", std::move(waiting)}});
  }
  return {{"distance", distance_text(spread->distance)}, {"rows", std::move(rows)}};
}

Json time_json(const RankedAlgorithm& s) {
  const TimeBar bar = time_bar(s);
  if (!bar.end_s) return {{"bar", nullptr}, {"text", bar.text}};
  return {{"bar", *bar.end_s}, {"is_bound", bar.is_bound}, {"min", bar.min_s}, {"max", bar.max_s}, {"text", bar.text}};
}

Json standing_json(const RankedAlgorithm& s, const LineStyle& style) {
  const SeedRun& shown = *s.seeds.front();
  return {{"label", s.label},
          {"colour", style.colour},
          {"dash", style.dash},
          {"seeds", s.seeds.size()},
          {"time_to_target", time_json(s)},
          {"curve", curve_json(learning_curve(s.seeds, kMostCurvePoints))},
          {"delay", delay_json(s)},
          {"bands_seed", shown.seed},
          {"bands", bands_json(shown)}};
}

/// Safe inside a script element: contains no "<".
std::string script_json(const Json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
  return text;
}

/// The table of styles without its colours, which are in the page's style.
Json styles_json() {
  const StyleTable& table = style_table();
  return {{"colours", table.light.size()}, {"dashes", table.dashes}, {"markers", table.markers},
          {"shade", table.shade},          {"few", table.few},       {"axes", table.axes},
          {"figures", table.figures}};
}

/// "--c0: #0072b2; --c1: #d55e00;"
std::string colour_variables(const std::vector<std::string>& colours) {
  std::string css;
  for (std::size_t i = 0; i < colours.size(); ++i) css += fmt::format("{}--c{}: {};", i > 0 ? " " : "", i, colours[i]);
  return css;
}

std::string data_of(const Ranking& all, const std::vector<RunFolder>& folders,
                    const std::map<std::string, LineStyle>& styles) {
  Json json = {{"target", target_json(all.target)},
               {"time", time_name(folders)},
               {"styles", styles_json()},
               {"files", figure_bundle(folders)},
               {"algorithms", Json::array()}};
  for (const RankedAlgorithm& s : all.ranked) json["algorithms"].push_back(standing_json(s, styles.at(s.label)));
  return script_json(json);
}

std::string paragraphs(const std::vector<std::string>& lines, const char* style) {
  std::string html;
  for (const std::string& line : lines) html += fmt::format("<p class=\"{}\">{}</p>\n", style, html_escaped(line));
  return html;
}

/// Stands over the answers of several folders.
std::string question(const Ranking& all) {
  return fmt::format("{}, in each of {} folders",
                     all.target ? "First to reach " + goal_text(*all.target) : "Highest accuracy", all.contests.size());
}

std::string table_head(const FindingsTable& table) {
  std::string html = "<thead><tr>";
  for (const std::string& title : table.titles) html += fmt::format("<th scope=\"col\">{}</th>", html_escaped(title));
  return html + "</tr></thead>\n";
}

/// A name of many parts may break behind each of them.
std::string breakable(const std::string& name) {
  std::string html;
  for (const char c : html_escaped(name))
    html += c == '_' || c == ',' ? std::string(1, c) + "<wbr>" : std::string(1, c);
  return html;
}

/// Numbers stay on one line.
std::string table_cell(const std::string& text) {
  const bool is_words = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
  return fmt::format("<td{}>{}</td>", is_words ? " class=\"words\"" : "", html_escaped(text));
}

/// `swatch` stands in front of the first cell.
std::string table_row(const std::vector<std::string>& cells, const std::string& swatch, bool leads) {
  std::string html = leads ? "<tr class=\"first\">" : "<tr>";
  html += fmt::format("<th scope=\"row\">{}{}</th>", swatch, breakable(cells.front()));
  for (std::size_t i = 1; i < cells.size(); ++i) html += table_cell(cells[i]);
  return html + "</tr>\n";
}

std::string table_html(const FindingsTable& table, const Ranking& all, const std::map<std::string, LineStyle>& styles) {
  std::string html = "<table>\n" + table_head(table) + "<tbody>\n";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const LineStyle& style = styles.at(all.ranked[i].label);
    const std::string swatch =
        fmt::format("<span class=\"swatch\" data-colour=\"{}\" data-dash=\"{}\"></span>", style.colour, style.dash);
    html += table_row(table.rows[i], swatch, all.ranked[i].leads);
  }
  return html + "</tbody>\n</table>";
}

/// A section with a further table; nothing without rows.
std::string table_section(const char* title, const FindingsTable& table) {
  if (table.rows.empty()) return {};
  std::string html =
      fmt::format("<section>\n<h2>{}</h2>\n<div class=\"scroll\">\n<table>\n", title) + table_head(table) + "<tbody>\n";
  for (const auto& cells : table.rows) html += table_row(cells, "", false);
  return html + "</tbody>\n</table>\n</div>\n</section>\n";
}

/// Every figure over seeds, folded up; nothing with one seed.
std::string statistics_html(const std::vector<RunFolder>& folders) {
  const FindingsTable table = statistics_table(folders);
  if (table.rows.empty()) return {};
  std::string html = "<details><summary>Every figure over seeds</summary>\n<div class=\"scroll\">\n<table>\n" +
                     table_head(table) + "<tbody>\n";
  for (const auto& cells : table.rows) html += table_row(cells, "", false);
  return html + "</tbody>\n</table>\n</div>\n</details>\n";
}

std::string scenarios_html(const std::vector<RunFolder>& folders) {
  std::string html;
  const std::vector<std::string> labels = folder_labels(folders);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (folders[i].scenario.empty()) continue;
    html += fmt::format("<details><summary>Scenario {}, as resolved</summary><pre>{}</pre></details>\n",
                        html_escaped(labels[i]), html_escaped(folders[i].scenario));
  }
  return html;
}

/// "tardigrad 0.1.0, libtorch 1.13.0": the programs that made the runs.
std::string versions_of(const std::vector<RunFolder>& folders) {
  std::set<std::string> versions;
  for (const RunFolder& folder : folders) {
    for (const AlgorithmRuns& runs : folder.algorithms) {
      for (const SeedRun& run : runs.seeds) {
        for (const auto& [name, version] : run.summary.versions) versions.insert(name + ' ' + version);
      }
    }
  }
  return fmt::format("{}", fmt::join(versions.rbegin(), versions.rend(), ", "));
}

/// Replaces each {{name}} by its part. Inserted parts are not searched again.
std::string filled(std::string_view frame, const std::map<std::string_view, std::string_view>& parts) {
  std::string page;
  for (;;) {
    const std::size_t begin = frame.find("{{");
    page += frame.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    const std::size_t end = frame.find("}}", begin);
    page += parts.at(frame.substr(begin + 2, end - begin - 2));
    frame.remove_prefix(end + 2);
  }
}

}  // namespace

std::string report_html(const std::vector<RunFolder>& folders, const std::string& own_title,
                        const std::string& reserve) {
  const Ranking all = ranking_of(folders);
  const FindingsTable table = findings_table(all);
  const std::string title =
      html_escaped(own_title.empty() ? fmt::format("{}", fmt::join(folder_labels(folders), ", ")) : own_title);
  const std::vector<std::string> answers = headlines(all);
  const bool is_one = answers.size() == 1 && reserve.empty();
  const std::string answer = html_escaped(!reserve.empty() ? reserve : is_one ? answers.front() : question(all));
  const std::string findings = is_one ? "" : paragraphs(answers, "finding");
  const std::string time = time_name(folders);
  const std::string notes = paragraphs(caveats(all), "caveat");
  const auto styles = line_styles(all, folders);
  const std::string comparison = table_html(table, all, styles);
  const std::string targets = table_section("Each target", target_times(all, folders));
  const std::string beside = table_section("Side by side", side_by_side(all, folders));
  const std::string note = html_escaped(table.note);
  const std::string reasons = paragraphs(observations(all), "observation");
  const std::string scenarios = statistics_html(folders) + scenarios_html(folders);
  const std::string versions = html_escaped(versions_of(folders));
  const std::string data = data_of(all, folders, styles);
  const std::string style = filled(embedded::report_css(), {{"light", colour_variables(style_table().light)},
                                                            {"dark", colour_variables(style_table().dark)}});
  return filled(embedded::report_html(), {{"title", title},
                                          {"headline", answer},
                                          {"findings", findings},
                                          {"time", time},
                                          {"caveats", notes},
                                          {"table", comparison},
                                          {"table_note", note},
                                          {"observations", reasons},
                                          {"targets", targets},
                                          {"side_by_side", beside},
                                          {"scenarios", scenarios},
                                          {"versions", versions},
                                          {"data", data},
                                          {"style", style},
                                          {"chart_js", embedded::chart_js()},
                                          {"script", embedded::report_js()}});
}

}  // namespace tardigrad
