#include "scenarios/src/drawing/cairo_drawing.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <memory>
#include <string_view>

namespace tardigrad {

namespace {

struct CairoDeleter {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
using Context = std::unique_ptr<cairo_t, CairoDeleter>;
using Surface = std::unique_ptr<cairo_surface_t, CairoDeleter>;

/// Debian's libraries of fonts depend on one such; without it they take another.
constexpr const char* kFont = "DejaVu Sans";

cairo_status_t append(void* bytes, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// No hinting: letters are of the same width at every size and on every surface.
Context context_on(const Surface& surface) {
  Context context(cairo_create(surface.get()));
  const std::unique_ptr<cairo_font_options_t, CairoDeleter> options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context.get(), options.get());
  return context;
}

void set_font(cairo_t* context, double size) {
  cairo_select_font_face(context, kFont, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, size);
}

double width_of(cairo_t* context, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  return extents.x_advance;
}

class CairoPainter {
 public:
  explicit CairoPainter(cairo_t* context) : context_(context) {}

  void paint(const Drawing& drawing) const {
    for (const Layer& layer : drawing.layers) {
      if (layer.shapes.empty()) continue;
      cairo_save(context_);
      if (layer.clip) {
        cairo_rectangle(context_, layer.clip->left, layer.clip->top, layer.clip->width, layer.clip->height);
        cairo_clip(context_);
      }
      for (const Shape& shape : layer.shapes) {
        std::visit([this](const auto& one) { paint(one); }, shape);
      }
      cairo_restore(context_);
    }
  }

 private:
  void paint(const Line& line) const {
    trace(line.points);
    take(line.stroke.colour);
    cairo_set_line_width(context_, line.stroke.width);
    cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(context_, line.stroke.dashes.data(), static_cast<int>(line.stroke.dashes.size()), 0);
    cairo_stroke(context_);
  }

  void paint(const Area& area) const {
    trace(area.outline);
    cairo_close_path(context_);
    take(area.fill);
    cairo_fill(context_);
  }

  void paint(const Text& text) const {
    set_font(context_, text.size);
    take(text.colour);
    const double width = text.anchor == Anchor::begin ? 0 : width_of(context_, text.text);
    cairo_save(context_);
    cairo_translate(context_, text.at.x, text.at.y);
    if (text.is_upright) cairo_rotate(context_, -1.57079632679489661923);
    cairo_move_to(context_, text.anchor == Anchor::middle ? -width / 2 : -width, 0);
    cairo_show_text(context_, text.text.c_str());
    cairo_restore(context_);
    cairo_new_path(context_);
  }

  void trace(const std::vector<Point>& points) const {
    for (const Point& point : points) cairo_line_to(context_, point.x, point.y);
  }

  void take(const Colour& colour) const {
    cairo_set_source_rgba(context_, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0, colour.alpha);
  }

  cairo_t* context_;
};

/// Draws on the surface and ends it, which appends to `bytes`.
DrawnFile painted(const Surface& surface, const Drawing& drawing, const std::string& bytes) {
  const Context context = context_on(surface);
  CairoPainter(context.get()).paint(drawing);
  cairo_show_page(context.get());
  cairo_surface_finish(surface.get());
  cairo_status_t status = cairo_status(context.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) return {{}, fmt::format("Cairo: {}", cairo_status_to_string(status))};
  return {bytes, {}};
}

/// Cairo 1.16 counts the surfaces of a process, and calls the picture's outermost group by its number.
void take_away_number_of_surface(std::string& svg) {
  constexpr std::string_view before = "<g id=\"surface";
  const std::size_t group = svg.find(before);
  if (group == std::string::npos) return;
  const std::size_t number = group + before.size();
  svg.erase(number, svg.find('"', number) - number);
}

}  // namespace

DrawnFile svg_of(const Drawing& drawing) {
  std::string bytes;
  const Surface surface(cairo_svg_surface_create_for_stream(append, &bytes, drawing.width, drawing.height));
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PT);
  DrawnFile drawn = painted(surface, drawing, bytes);
  take_away_number_of_surface(drawn.bytes);
  return drawn;
}

DrawnFile pdf_of(const Drawing& drawing) {
  std::string bytes;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, drawing.width, drawing.height));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, drawing.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "tardigrad");
  // In place of the time of day.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  return painted(surface, drawing, bytes);
}

TextWidth cairo_text_width() {
  const std::shared_ptr<cairo_surface_t> surface(cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nullptr),
                                                 CairoDeleter());
  return [surface](const std::string& text, double size) {
    const Surface own(cairo_surface_reference(surface.get()));
    const Context context = context_on(own);
    set_font(context.get(), size);
    return width_of(context.get(), text);
  };
}

}  // namespace tardigrad
