#include "scenarios/src/drawing/cairo_drawing.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Drawing drawing_with(const std::string& text) {
  return {200,
          100,
          text,
          {{Box{10, 10, 100, 50}, {Area{{{0, 0}, {50, 0}, {50, 50}}, Colour{255, 0, 0, 0.5}}}},
           {{}, {Line{{{0, 0}, {50, 50}}, {{}, 1, {4, 2}}}, Text{{10, 90}, text, 8, {}}}}}};
}

}  // namespace

TEST_CASE("the same drawing gives the same bytes, without a date of today") {
  const Drawing drawing = drawing_with("60 % of all");
  for (const auto draw : {svg_of, pdf_of}) {
    const DrawnFile first = draw(drawing);
    REQUIRE(first.error == "");
    CHECK(first.bytes == draw(drawing).bytes);
  }
  // Cairo 1.18 packs it.
  const std::string pdf = pdf_of(drawing).bytes;
  CHECK(contains(pdf, "/CreationDate") == contains(pdf, "20000101000000Z"));
}

TEST_CASE("a picture has the size of its drawing in points, and is whole") {
  const std::string svg = svg_of(drawing_with("a")).bytes;
  CHECK(contains(svg, "width=\"200pt\""));
  CHECK(contains(svg, "</svg>"));
  const std::string pdf = pdf_of(drawing_with("a")).bytes;
  CHECK(pdf.rfind("%PDF-", 0) == 0);
  CHECK(contains(pdf, "%%EOF"));
  CHECK(contains(pdf, "/FontFile"));  // letters are in it
}

TEST_CASE("marks of other languages in a text are letters in a picture") {
  for (const char* text : {"<script>", "&amp;", "\"'", "]]>"}) {
    CAPTURE(text);
    const DrawnFile drawn = svg_of(drawing_with(text));
    CHECK(drawn.error == "");
    CHECK_FALSE(contains(drawn.bytes, "<script"));
    CHECK_FALSE(contains(drawn.bytes, "&"));
    CHECK(pdf_of(drawing_with(text)).error == "");
  }
}

TEST_CASE("what Cairo cannot draw is one line") {
  const DrawnFile drawn = svg_of(drawing_with("\xff"));
  CHECK(contains(drawn.error, "Cairo: "));
  CHECK(drawn.bytes == "");
}

TEST_CASE("widths of texts grow with size and length") {
  const TextWidth width = cairo_text_width();
  CHECK(width("divshare", 8) == doctest::Approx(2 * width("divshare", 4)));
  CHECK(width("divsharedivshare", 8) == doctest::Approx(2 * width("divshare", 8)));
  CHECK(width("", 8) == 0);
}
