#include "scenarios/src/text/command_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

std::string text_of(const std::vector<const char*>& words) {
  return command_text(static_cast<int>(words.size()), words.data());
}

TEST_CASE("a command line is kept so that a shell takes it again") {
  CHECK(text_of({"tardigrad", "run", "a.toml", "--set", "name=\"x y\"", "--out", "it's", ""}) ==
        "tardigrad run a.toml --set 'name=\"x y\"' --out 'it'\\''s' ''");
}

TEST_CASE("a token is nobody's business") {
  CHECK(text_of({"tardigrad", "run", "--token", "s3cret", "a.toml"}) == "tardigrad run --token ... a.toml");
  CHECK(text_of({"tardigrad", "run", "--token=s3cret", "a.toml"}) == "tardigrad run --token=... a.toml");
}

TEST_CASE("results say when, where, by what command and from what commit they were made") {
  const test::TemporaryFolder folder;
  const std::string scenario =
      folder.write("tiny.toml", std::string("[time]\nduration = \"100ms\"\n[nodes]\ncount = 4\n"
                                            "model = { kind = \"null\", parameters = 100 }\n"
                                            "[[algorithm]]\nkind = \"d-psgd\"\n"));
  const std::string out = folder / "out";
  REQUIRE(test::tardigrad_command({"run", scenario, "--token", "s3cret", "--out", out}) == exit_done);
  const std::string text = test::content_of(folder / "out/d-psgd/s1/summary.json");
  const auto summary = nlohmann::json::parse(text);
  CHECK(std::regex_match(summary["date"].get<std::string>(),
                         std::regex("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z")));
  CHECK(summary["host"] != "");
  CHECK(summary["command_line"] == "tardigrad run " + scenario + " --token ... --out " + out);
  CHECK(summary["versions"]["commit"] != "");
  CHECK(text.find("s3cret") == std::string::npos);
}

}  // namespace
}  // namespace tardigrad
