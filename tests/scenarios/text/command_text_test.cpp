#include "scenarios/src/text/command_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

std::string text_of(const std::vector<const char*>& words) {
  return command_text(static_cast<int>(words.size()), words.data());
}

std::string tiny_scenario(const test::TemporaryFolder& folder) {
  return folder.write("tiny.toml",
                      "[time]\nduration = \"100ms\"\n[nodes]\ncount = 4\n"
                      "model = { kind = \"null\", parameters = 100 }\n"
                      "[[algorithm]]\nkind = \"d-psgd\"\n");
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
  const std::string scenario = tiny_scenario(folder);
  const std::string out = folder / "out";
  REQUIRE(test::tardigrad_command({"run", scenario, "--out", out}) == exit_done);
  const std::string text = test::content_of(folder / "out/d-psgd/s1/summary.json");
  const auto summary = nlohmann::json::parse(text);
  CHECK(std::regex_match(summary["date"].get<std::string>(),
                         std::regex("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z")));
  CHECK(summary["host"] != "");
  CHECK(summary["command_line"] == "tardigrad run " + scenario + " --out " + out);
  CHECK(summary["versions"]["commit"] != "");
}

TEST_CASE("results do not say the token that the hosts of their run shared" * doctest::test_suite("slow")) {
  const test::TemporaryFolder folder;
  test::RunningHosts hosts(1, {"--token", "s3cret"});
  REQUIRE(test::tardigrad_command({"run", tiny_scenario(folder), "--hosts", hosts.addresses({0}), "--token", "s3cret",
                                   "--out", folder / "out"}) == exit_done);
  const std::string text = test::content_of(folder / "out/d-psgd/s1/summary.json");
  CHECK(text.find("--token ...") != std::string::npos);
  CHECK(text.find("s3cret") == std::string::npos);
}

}  // namespace
}  // namespace tardigrad
