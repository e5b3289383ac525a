#include "scenarios/src/scenario/sections/section.hpp"

#include <doctest/doctest.h>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"

using namespace tardigrad;

namespace {

enum class Colour { red, green };

struct Inner {
  double share = 0.5;
};

struct Garden {
  std::uint32_t beds = 3;
  bool is_open = true;
  std::string owner = "nobody";
  Time mown = std::chrono::seconds(5);
  std::optional<BitsPerSecond> hose;
  Colour gate = Colour::red;
  Inner pond;
  std::vector<Inner> trees;
};

const Section<Inner>& tree_section() {
  static const Section<Inner> section = {
      "[[garden.trees]]", {Key<Inner>("share", &Inner::share, "of the shade").within(0, 1).required("share = 0.1")}};
  return section;
}

const Section<Garden>& garden() {
  using GardenKey = Key<Garden>;
  static const Section<Garden> section = {
      "[garden]",
      {GardenKey("beds", &Garden::beds, "flower beds").within(1, 9), GardenKey("is_open", &Garden::is_open, "to all"),
       GardenKey("owner", &Garden::owner, "whose it is").one_of({"nobody", "me"}).brief(),
       GardenKey("mown", &Garden::mown, "since then"), GardenKey("hose", &Garden::hose, "flow of water"),
       choice_key<Garden>("gate", &Garden::gate, ValueNames<Colour>{{"red", Colour::red}, {"green", Colour::green}},
                          "its colour"),
       GardenKey("pond", nested(&Garden::pond, &Inner::share), "share of water").above(0, 1),
       tables_key("trees", &Garden::trees, tree_section(), "what grows")},
      [](const TomlSection& table, const Scenario&, Garden& own) {
        if (own.beds > 5 && !own.is_open) table.complain("beds", "expected at most 5 of a closed garden");
      }};
  return section;
}

std::string nowhere(const std::string&) { return {}; }

struct ReadGarden {
  Garden garden;
  std::string mistake;
};

ReadGarden read(const std::string& text) {
  const toml::table table = toml::parse(text, std::string_view("g.toml"));
  Mistakes mistakes(nowhere);
  ReadGarden result;
  garden().read(TomlSection(table, "garden", "g.toml", mistakes), Scenario{}, result.garden);
  if (mistakes.count() > 0) result.mistake = mistakes.lines().front();
  return result;
}

std::string written(const Garden& own) {
  TomlWriter out;
  out.header(garden().place);
  garden().write(own, out);
  return out.finish();
}

}  // namespace

TEST_CASE("a key's entry says how it is read and written, by the type of its member") {
  const ReadGarden result = read(
      "beds = 4\nis_open = false\nowner = \"me\"\nmown = \"2s\"\nhose = \"3Mbps\"\ngate = \"green\"\npond = 0.25\n"
      "[[trees]]\nshare = 0.1\n[[trees]]\nshare = 1\n");
  CHECK(result.mistake == "");
  const std::string text =
      "[garden]\nbeds    = 4\nis_open = false\nowner   = \"me\"\nmown    = \"2s\"\nhose    = \"3Mbps\"\n"
      "gate    = \"green\"\npond    = 0.25\n\n[[garden.trees]]\nshare = 0.1\n\n[[garden.trees]]\nshare = 1\n";
  CHECK(written(result.garden) == text);
}

TEST_CASE("a key that is left out has its usual value, and is written unless that is nothing or the key is brief") {
  const ReadGarden result = read("");
  CHECK(result.mistake == "");
  CHECK(written(result.garden) ==
        "[garden]\nbeds    = 3\nis_open = true\nmown    = \"5s\"\ngate    = \"red\"\npond    = 0.5\n");
}

TEST_CASE("a section complains of other keys, wrong values, missing keys, and in the end of several together") {
  CHECK(read("beds = 10\n").mistake == "g.toml:1:8: garden.beds: expected an integer from 1 to 9, got 10");
  CHECK(read("pond = 0\n").mistake.find("expected a number greater than 0 and at most 1") != std::string::npos);
  CHECK(read("gate = \"blue\"\n").mistake.find("expected red or green") != std::string::npos);
  CHECK(read("bed = 1\n")
            .mistake.find("unknown key 'bed' in [garden]: expected beds, is_open, owner, mown, hose, gate, "
                          "pond or trees; did you mean 'beds'?") != std::string::npos);
  CHECK(read("[[trees]]\n").mistake.find("missing key 'share'") != std::string::npos);
  CHECK(read("beds = 6\nis_open = false\n").mistake.find("at most 5 of a closed garden") != std::string::npos);
}

TEST_CASE("a section says what its keys may be and usually are") {
  const SectionText text = garden().text();
  CHECK(text.place == "[garden]");
  REQUIRE(text.keys.back().sections.size() == 1);
  const SectionText& trees = text.keys.back().sections.front();
  CHECK(trees.place == "[[garden.trees]]");
  const auto said = [&](std::size_t key) { return text.keys[key].usual + ": " + text.keys[key].values.text; };
  CHECK(said(0) == "3: integer, 1 to 9");
  CHECK(said(1) == "true: true or false");
  CHECK(said(2) == "\"nobody\": \"nobody\" or \"me\"");
  CHECK(said(3) == "\"5s\": duration");
  CHECK(said(4) == ": rate");
  CHECK(said(5) == "\"red\": \"red\" or \"green\"");
  CHECK(said(6) == "0.5: number, above 0 to 1");
  CHECK(trees.keys[0].is_required);
  CHECK(trees.keys[0].example == "share = 0.1");
}
