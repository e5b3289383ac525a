/// Ctrl-C, once and twice.
#include "scenarios/src/system/interrupt.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>

#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;

/// The models are tested at once, at time 0; a local round begins later and takes minutes: a program that waits
/// for its end has not ended at once.
const char* const kLongRounds = R"(
[time]
duration = "200h"
[nodes]
count = 2
model = "logistic-regression"
[data]
set = "fashion-mnist"
[training]
batch_size = 64
local_steps = 10000000
[compute]
step_time = "1us"
start_stagger = "1s"
[[algorithm]]
kind = "d-psgd"
[evaluation]
every = "1h"
samples = 100
)";

/// The program at work in `out`, and its output.
class Program {
 public:
  Program(const TemporaryFolder& folder, const std::vector<std::string>& options)
      : log_(folder / "log"), process_(command(folder, options), log_) {}

  template <class Condition>
  bool reaches(const Condition& condition) {
    while (!condition()) {
      if (process_.exit_code()) return condition();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  bool says(const std::string& text) {
    return reaches([&] { return fs::exists(log_) && content_of(log_).find(text) != std::string::npos; });
  }
  int end() {
    while (!process_.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return *process_.exit_code();
  }
  /// True once the program has computed for half a second from now on, however slow the machine is.
  bool computes() {
    const long long begin = ticks();
    return reaches([&] { return ticks() - begin > sysconf(_SC_CLK_TCK) / 2; });
  }
  void interrupt() { process_.interrupt(); }
  void kill() {
    process_.kill_now();
    while (!process_.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::string log() const { return content_of(log_); }

 private:
  static std::vector<std::string> command(const TemporaryFolder& folder, const std::vector<std::string>& options) {
    std::vector<std::string> words = {TARDIGRAD_PROGRAM, "run", folder.write("long.toml", std::string(kLongRounds)),
                                      "--out", folder / "out"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

  /// Ticks of processor time, of all its threads: fields 14 and 15 of proc(5)'s stat; the second field, the
  /// name, may have blanks.
  long long ticks() const {
    const std::string stat = content_of("/proc/" + std::to_string(process_.process()) + "/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    long long user = 0;
    long long system = 0;
    fields >> user >> system;
    return user + system;
  }

  fs::path log_;
  ChildProcess process_;
};

TEST_SUITE_BEGIN("slow");

TEST_CASE("the first Ctrl-C says what it waits for, the second ends the run at once, with files that can be read") {
  const TemporaryFolder folder;
  Program program(folder, {"--checkpoint-every", "1h"});
  const fs::path evaluations = folder / "out/d-psgd/s1/evaluations.csv";
  REQUIRE(program.reaches(
      [&] { return fs::exists(evaluations) && content_of(evaluations).find("averaged") != std::string::npos; }));
  REQUIRE(program.computes());
  const std::string checkpoint = content_of(folder / "out/checkpoint");
  program.interrupt();
  REQUIRE(program.says("interrupted: finishing local rounds, saving ... (again: stop at once)\n"));
  program.interrupt();
  CHECK(program.end() == exit_interrupted);
  CHECK(program.log().find("tardigrad: stopped at once\n") != std::string::npos);
  CHECK(content_of(folder / "out/checkpoint") == checkpoint);
  CHECK(tardigrad_command({"report", folder / "out"}) == exit_done);
}

TEST_CASE("a run that saves nothing does not say that it does, its results are those up to the first Ctrl-C") {
  const TemporaryFolder folder;
  Program program(folder, {"--set", "training.local_steps=1"});
  REQUIRE(program.reaches([&] { return fs::exists(folder / "out/d-psgd/s1/links.csv"); }));
  program.interrupt();
  CHECK(program.end() == exit_interrupted);
  CHECK(program.log().find("interrupted: finishing local rounds ... (again: stop at once)\n") != std::string::npos);
  CHECK(program.log().find("d-psgd seed 1 interrupted at ") != std::string::npos);
  const std::string headline = "Interrupted: d-psgd was not finished. There is no result yet.";
  CHECK(program.log().find("\n" + headline + "\n") != std::string::npos);
  CHECK(content_of(folder / "out/report.html").find("<h1>" + headline + "</h1>") != std::string::npos);
}

TEST_CASE("a run that is killed long before its next evaluation leaves the rounds of all but its last moments") {
  const TemporaryFolder folder;
  Program program(folder, {"--set", "training.local_steps=1"});
  const fs::path rounds = folder / "out/d-psgd/s1/rounds.csv";
  REQUIRE(program.reaches([&] { return fs::exists(rounds) && content_of(rounds).find("\n1,") != std::string::npos; }));
  program.kill();
  CHECK(tardigrad_command({"report", folder / "out"}) == exit_done);
}

TEST_SUITE_END();

}  // namespace
}  // namespace tardigrad
