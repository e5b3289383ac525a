/// Tests the program with standard streams that are closed, full, or read by nobody.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/cli/command_line.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::TemporaryFolder;
using test::tiny_scenario;

/// Commands of a shell, in a folder of their own with tiny.toml and the program as `tardigrad`.
class Shell {
 public:
  Shell() {
    folder_.write("tiny.toml", tiny_scenario());
    fs::create_symlink(TARDIGRAD_PROGRAM, folder_ / "tardigrad");
  }

  int run(const std::string& command) const {
    const std::string line = "cd \"" + folder_.path().string() + "\" && { " + command + "; }";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::string text(const std::string& name) const { return content_of(folder_ / name); }
  bool has(const std::string& name) const { return fs::exists(folder_ / name); }
  std::string in(const std::string& name) const { return (folder_ / name).string(); }

 private:
  TemporaryFolder folder_;
};

const std::vector<std::string> kFiles = {"scenario.toml", "comparison.csv", "d-psgd/s1/evaluations.csv",
                                         "d-psgd/s1/rounds.csv", "d-psgd/s1/links.csv"};

TEST_SUITE_BEGIN("slow");

TEST_CASE("no file gets the descriptor of a standard stream that is closed") {
  const Shell shell;
  REQUIRE(shell.run("./tardigrad run tiny.toml --out plain >/dev/null 2>&1") == exit_done);
  int number = 0;
  for (const char* closed : {"<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"}) {
    INFO(closed);
    const std::string quietly = " >/dev/null 2>&1 " + std::string(closed);
    const std::string out = "out" + std::to_string(number++);
    CHECK(shell.run("./tardigrad run tiny.toml --out " + out + quietly) == exit_done);
    for (const std::string& file : kFiles) CHECK(shell.text(out + "/" + file) == shell.text("plain/" + file));
    CHECK(shell.has(out + "/report.html"));
    CHECK(shell.run("./tardigrad list" + quietly) == exit_done);
  }
  const std::string all = " >/dev/null 2>&1 <&- >&- 2>&-";
  for (const char* command : {"report plain", "check tiny.toml", "star", "--help", "--version"}) {
    INFO(command);
    CHECK(shell.run("./tardigrad " + std::string(command) + all) == exit_done);
  }
  CHECK(shell.run("./tardigrad run nothing.toml" + all) == exit_wrong_use);
}

TEST_CASE("nor do files of the programs that sweeps and local hosts start") {
  const Shell shell;
  const std::string closed = " <&- >&- 2>&-";
  REQUIRE(shell.run("./tardigrad run tiny.toml --out plain >/dev/null 2>&1") == exit_done);
  CHECK(shell.run("./tardigrad sweep tiny.toml --set training.local_steps=1 --out swept" + closed) == exit_done);
  CHECK(shell.run("./tardigrad run tiny.toml --local-hosts 2 --out hosted" + closed) == exit_done);
  for (const std::string& file : kFiles) {
    CHECK(shell.text("swept/local_steps=1/" + file) == shell.text("plain/" + file));
    CHECK(shell.text("hosted/" + file) == shell.text("plain/" + file));
  }
}

TEST_CASE("a full disk behind standard output is a failure of every command, and costs no result") {
  const Shell shell;
  REQUIRE(shell.run("./tardigrad run tiny.toml --out plain >/dev/null 2>&1") == exit_done);
  REQUIRE(shell.run("echo 270 > log") == 0);
  for (const char* command :
       {"run tiny.toml --out out", "sweep tiny.toml --set training.local_steps=1 --out swept", "report plain",
        "check tiny.toml", "netcheck tiny.toml", "list", "list codecs", "star", "trace mahimahi log", "help", "--help",
        "run --help", "--version", "run --resume plain", "host --listen 127.0.0.1:0"}) {
    INFO(command);
    CHECK(shell.run("./tardigrad " + std::string(command) + " >/dev/full 2>said") == exit_failed);
    const std::string said = shell.text("said");
    const std::string end = "tardigrad: cannot write to standard output: No space left on device\n";
    CHECK(said.size() >= end.size());
    CHECK(said.find(end) == said.size() - end.size());
  }
  for (const std::string& file : kFiles) {
    CHECK(shell.text("out/" + file) == shell.text("plain/" + file));
    CHECK(shell.text("swept/local_steps=1/" + file) == shell.text("plain/" + file));
  }
  CHECK(shell.has("out/report.html"));
}

TEST_CASE("a reader that has seen enough is no failure, and what is said on standard error holds nobody up") {
  const Shell shell;
  REQUIRE(shell.run("./tardigrad run tiny.toml --out plain >/dev/null 2>&1") == exit_done);
  for (const char* command : {"run tiny.toml --out out --force", "check tiny.toml", "list", "star --nodes 100000"}) {
    INFO(command);
    const std::string code = "; echo $? >code";
    CHECK(shell.run("{ sleep 0.1; ./tardigrad " + std::string(command) + " 2>said" + code + "; } | true") == 0);
    CHECK(shell.text("code") == "0\n");
    CHECK(shell.run("{ sleep 0.1; ./tardigrad " + std::string(command) + " 2>&1" + code + "; } | true") == 0);
    CHECK(shell.text("code") == "0\n");
    CHECK(shell.run("./tardigrad " + std::string(command) + " >/dev/null 2>/dev/full") == exit_done);
  }
  for (const std::string& file : kFiles) CHECK(shell.text("out/" + file) == shell.text("plain/" + file));
}

TEST_SUITE_END();

}  // namespace
}  // namespace tardigrad
