#include "scenarios/src/figures/figure_bundle.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "scenarios/src/drawing/cairo_drawing.hpp"
#include "scenarios/src/figures/figures.hpp"

namespace tardigrad {

namespace {

/// Curves behind others make a picture large, and the page small.
constexpr std::size_t kMostBehindOnPage = 16;

std::string compressed(const std::string& text) {
  uLongf length = compressBound(text.size());
  std::string bytes(length, '\0');
  const int code = compress2(reinterpret_cast<Bytef*>(bytes.data()), &length,
                             reinterpret_cast<const Bytef*>(text.data()), text.size(), Z_BEST_COMPRESSION);
  bytes.resize(code == Z_OK ? length : 0);
  return bytes;
}

std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the zero that OpenSSL writes
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// The page has no chart over rounds, and none over the logarithm of time.
bool is_on_page(const std::string& figure) {
  return figure.find("-over-rounds") == std::string::npos && figure.find("-over-time-log") == std::string::npos;
}

}  // namespace

std::string figure_bundle(const std::vector<RunFolder>& folders) {
  const PaperFigures figures = paper_figures(folders, {kColumnWidth, cairo_text_width(), kMostBehindOnPage});
  nlohmann::ordered_json files = nlohmann::ordered_json::object();
  for (const PaperFigure& figure : figures.figures) {
    if (!is_on_page(figure.name)) continue;
    DrawnFile drawn = svg_of(figure.drawing);
    if (!drawn.error.empty()) return {};
    files[figure.name + ".svg"] = std::move(drawn.bytes);
  }
  for (const FigureData& data : figures.data) files[data.name] = data.csv;
  if (files.empty()) return {};
  return base64(compressed(files.dump()));
}

}  // namespace tardigrad
