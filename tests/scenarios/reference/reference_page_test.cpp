#include "scenarios/src/reference/reference_page.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "actors/protocols/registry.hpp"
#include "netem/base/text_parts.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/system/file_text.hpp"
#include "tests/places.hpp"

using namespace tardigrad;

TEST_CASE("scenarios/REFERENCE.md is what descriptors say now") {
  const auto committed = file_text(std::filesystem::path(TARDIGRAD_SOURCE_DIR) / "scenarios/REFERENCE.md", 1 << 24);
  REQUIRE(committed);
  const bool is_fresh = *committed == reference_page();
  CHECK_MESSAGE(is_fresh, "renew it: build-dev/tardigrad reference > scenarios/REFERENCE.md");
}

TEST_CASE("the page has every section, key, algorithm, kind and column") {
  const std::string page = reference_page();
  for (const SectionText& section : scenario_sections()) {
    if (!section.place.empty()) CHECK(contains(page, "### `" + section.place + "`\n"));
    for (const KeyText& key : section.keys) CHECK(contains(page, "\n| `" + key.name + "` | "));
  }
  for (const Algorithm& algorithm : algorithms()) CHECK(contains(page, "### `" + algorithm.name + "`\n"));
  for (const Family& family : families()) {
    for (const KindText& kind : family.kinds) CHECK(contains(page, "`" + kind.name + "`"));
  }
  for (const ColumnTexts& file : result_files()) CHECK(contains(page, "### `" + file.file + "`\n"));
  CHECK(contains(page, "| `busy_s` | s | "));
}

TEST_CASE("every row of a table has as many cells as its title") {
  std::istringstream page(reference_page());
  std::size_t cells = 0;
  std::size_t rows = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.empty() || line.front() != '|') {
      cells = 0;
      continue;
    }
    std::size_t own = 0;
    for (std::size_t i = 0; i < line.size(); ++i) own += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (cells == 0) cells = own;
    CHECK_MESSAGE(own == cells, line);
    ++rows;
  }
  CHECK(rows > 300);
}
