#include "scenarios/src/run/figure_folder.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>
#include <vector>

#include "scenarios/src/drawing/cairo_drawing.hpp"
#include "scenarios/src/figures/figures.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/system/file_text.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

constexpr const char* kCaptions = "captions.txt";
constexpr const char* kMark = "Figures by tardigrad";
constexpr std::uintmax_t kLongestCaptions = std::uintmax_t{1} << 20;

std::vector<std::string> names_of_files() {
  std::vector<std::string> names = figure_data_names();
  for (const std::string& figure : figure_names()) {
    for (const char* ending : {".svg", ".pdf"}) names.push_back(figure + ending);
  }
  names.push_back(kCaptions);
  return names;
}

bool has_mark(const fs::path& folder) {
  return file_text(folder / kCaptions, kLongestCaptions).value_or("").rfind(kMark, 0) == 0;
}

std::string captions_of(const PaperFigures& figures) {
  std::string text = fmt::format("{}. All but other files here are replaced when figures are written again.\n", kMark);
  for (const PaperFigure& figure : figures.figures)
    text += fmt::format("\n{0}.svg, {0}.pdf (numbers: {1})\n{2}\n", figure.name, figure.data, figure.caption);
  return text;
}

/// One line if a file stays.
std::string remove_figures(const fs::path& folder) {
  std::error_code failure;
  for (const std::string& name : names_of_files()) {
    fs::remove(folder / name, failure);
    if (failure) return fmt::format("{}: cannot remove: {}", (folder / name).string(), failure.message());
  }
  return {};
}

std::string write_drawn(const DrawnFile& drawn, const fs::path& path) {
  if (!drawn.error.empty()) return fmt::format("{}: cannot be drawn: {}", path.string(), drawn.error);
  return write_file(path, drawn.bytes);
}

}  // namespace

std::string objection_to_figures(const fs::path& folder) {
  std::error_code failure;
  const auto status = fs::status(folder, failure);
  if (status.type() == fs::file_type::not_found) return {};
  if (status.type() != fs::file_type::directory) return fmt::format("{}: not a folder", folder.string());
  if (has_mark(folder)) return {};
  for (const std::string& name : names_of_files()) {
    if (fs::exists(fs::symlink_status(folder / name, failure))) {
      return fmt::format("{}: exists and is no figure of tardigrad's; name another folder with --figures",
                         (folder / name).string());
    }
  }
  return {};
}

std::string write_figures(const PaperFigures& figures, const fs::path& folder) {
  std::string problem = remove_figures(folder);
  // First, so that figures of which not all could be written are known as such.
  if (problem.empty()) problem = write_file(folder / kCaptions, captions_of(figures));
  for (const FigureData& data : figures.data) {
    if (problem.empty()) problem = write_file(folder / data.name, data.csv);
  }
  for (const PaperFigure& figure : figures.figures) {
    if (problem.empty()) problem = write_drawn(svg_of(figure.drawing), folder / (figure.name + ".svg"));
    if (problem.empty()) problem = write_drawn(pdf_of(figure.drawing), folder / (figure.name + ".pdf"));
  }
  return problem;
}

}  // namespace tardigrad
