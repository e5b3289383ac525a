/// The program killed at any moment and resumed: as if nothing had happened.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using test::check_same_files;
using test::content_of;
using test::TemporaryFolder;

constexpr int kKilled = 128 + 9;

/// Everything that a network can do to messages, and long enough to be killed on the way.
const char* const kTraffic = R"(
name = "traffic"
seeds = [1, 2]
[time]
duration = "8s"
[nodes]
count = 30
model = { kind = "null", parameters = 20000 }
[training]
local_steps = 4
[compute]
step_time = { kind = "exponential", mean = "10ms" }
[energy]
idle_watts = 1.5
busy_watts = 7
joules_per_byte_sent = 3e-6
[[energy.groups]]
nodes = { count = 4 }
joules_per_byte_received = 1e-6
[network]
sharing = "SHARING"
uplink = "20Mbps"
downlink = "20Mbps"
latency = { kind = "exponential", mean = "3ms", base = "1ms" }
loss = { rate = 0.05, mode = "retransmit", timeout = "20ms", most_transmissions = 3 }
[[network.stragglers]]
nodes = { count = 5 }
factor = 5
mean_on = "1s"
mean_off = "1s"
[[churn]]
nodes = { count = 6 }
mean_away = "1s"
mean_present = "3s"
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 4
[[algorithm]]
kind = "d-psgd"
wait_timeout = "300ms"
[[algorithm]]
kind = "gossip"
compression = { kind = "top-k", fraction = 0.2 }
[[algorithm]]
kind = "async-local-sgd"
wait_timeout = "300ms"
[[servers]]
)";

/// With all that a node keeps for itself while it learns.
const char* const kLearning = R"(
name = "learning"
[time]
duration = "4s"
[nodes]
count = 8
model = "logistic-regression"
[data]
set = "fashion-mnist"
partition = { kind = "shards", per_node = 3 }
[training]
batch_size = 16
local_steps = 12
learning_rate = 0.05
learning_rate_schedule = { kind = "step", every = 5, factor = 0.5 }
momentum = 0.9
weight_decay = 1e-4
[compute]
step_time = "5ms"
[energy]
busy_watts = 7
[network]
uplink = "10Mbps"
downlink = "10Mbps"
[[algorithm]]
kind = "divshare"
fragments = 5
recipients = 3
[[algorithm]]
kind = "ad-psgd"
[[algorithm]]
kind = "choco-sgd"
[[algorithm]]
kind = "async-local-sgd"
[[servers]]
[[algorithm]]
kind = "swift-push"
recipients = 3
compression = "quantizer"
[evaluation]
every = "500ms"
samples = 300
target = 0.5
refine = true
)";

std::string with(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

/// A scenario's file and places for its results.
class Place : public TemporaryFolder {
 public:
  explicit Place(const std::string& scenario) : scenario_(write("scenario.toml", scenario).string()) {}

  ChildProcess start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {TARDIGRAD_PROGRAM, "run", "--threads", "2"});
    return {arguments, *this / "log"};
  }
  ChildProcess start_saved(const std::string& every = "100ms") const {
    return start({scenario_, "--out", out().string(), "--checkpoint-every", every});
  }
  ChildProcess resume() const { return start({"--resume", out().string()}); }
  int run(const std::vector<std::string>& arguments) const {
    ChildProcess program = start(arguments);
    return end_of(program);
  }
  static int end_of(ChildProcess& program) {
    for (;; std::this_thread::sleep_for(milliseconds(5))) {
      if (const auto code = program.exit_code()) return *code;
    }
  }

  const std::string& scenario() const { return scenario_; }
  fs::path out() const { return *this / "out"; }
  fs::path checkpoint() const { return out() / "checkpoint"; }
  /// The output of the last program.
  std::string log() const { return content_of(*this / "log"); }

  void await_checkpoint(ChildProcess& program) const {
    while (!fs::exists(checkpoint()) && !program.exit_code()) std::this_thread::sleep_for(milliseconds(1));
  }

 private:
  std::string scenario_;
};

/// Killed again and again, each time a while after it has got to work; then left alone.
void check_survives_kills(const std::string& scenario, std::uint64_t seed) {
  const Place place(scenario);
  REQUIRE(place.run({place.scenario(), "--out", (place / "whole").string()}) == exit_done);
  RandomStream draw(seed, Purpose::test);
  int kills = 0;
  int code = kKilled;
  for (; code == kKilled; ++kills) {
    ChildProcess program = kills == 0 ? place.start_saved() : place.resume();
    place.await_checkpoint(program);
    // The first time at its first checkpoint: there is nearly all still to do, on the fastest machine.
    if (kills > 0 && kills < 5) std::this_thread::sleep_for(milliseconds(100 + draw.below(400)));
    if (kills < 5) program.kill_now();
    code = Place::end_of(program);
  }
  INFO(place.log());
  REQUIRE(code == exit_done);
  CHECK(kills > 1);
  CHECK_FALSE(fs::exists(place.checkpoint()));
  check_same_files(place / "whole", place.out(), 10);
}

TEST_SUITE_BEGIN("slow");

TEST_CASE("a run that is killed again and again and resumed leaves the files of one that was not") {
  check_survives_kills(with(kTraffic, "SHARING", "serial"), 1);
  check_survives_kills(with(kTraffic, "SHARING", "fair"), 2);
}

TEST_CASE("what nodes have learned, and what they keep of it for themselves, survives kills") {
  check_survives_kills(kLearning, 3);
}

TEST_CASE("Ctrl-C saves the run where it is, however long ago it was saved last") {
  const Place place(with(kTraffic, "SHARING", "serial"));
  REQUIRE(place.run({place.scenario(), "--out", (place / "whole").string()}) == exit_done);
  ChildProcess program = place.start_saved("1h");
  // The second of its eight parts has begun.
  while (!program.exit_code() && !fs::exists(place.out() / "d-psgd/s1/rounds.csv")) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  std::this_thread::sleep_for(milliseconds(50));
  program.interrupt();
  REQUIRE(Place::end_of(program) == exit_interrupted);
  CHECK(place.log().find("to go on: tardigrad run --resume " + place.out().string()) != std::string::npos);
  CHECK(fs::file_size(place.checkpoint()) > 10000);  // there is a state in it
  REQUIRE(place.run({"--resume", place.out().string()}) == exit_done);
  check_same_files(place / "whole", place.out(), 10);
}

TEST_CASE("what cannot be saved or resumed is refused in one line, and nothing is touched") {
  const Place place(with(kTraffic, "SHARING", "serial"));
  const std::string out = place.out().string();
  const auto refuses = [&](const std::vector<std::string>& arguments, const std::string& why) {
    CHECK(place.run(arguments) == exit_wrong_use);
    const std::string log = place.log();
    INFO(log);
    CHECK(log.rfind("tardigrad: ", 0) == 0);
    CHECK(log.find(why) != std::string::npos);
    CHECK(log.find('\n') == log.size() - 1);
  };
  refuses({place.scenario(), "--out", out, "--checkpoint-every", "0s"},
          "--checkpoint-every: expected from 1ns to 312h, got 0s");
  refuses({place.scenario(), "--out", out, "--checkpoint-every", "soon"}, "--checkpoint-every: expected");
  refuses({place.scenario(), "--out", out, "--checkpoint-every", "1s", "--set", "time.clock=\"real\""},
          "only virtual time can be saved");
  refuses({place.scenario(), "--out", out, "--checkpoint-every", "1s", "--local-hosts", "2"}, "excludes");
  refuses({place.scenario(), "--out", out, "--checkpoint-every", "1s", "--trace", "t.json"}, "excludes");
  refuses({}, "expected a scenario file, or --resume");
  CHECK_FALSE(fs::exists(out));

  REQUIRE(place.run({place.scenario(), "--out", out, "--set", "time.duration=1s", "--seeds", "1"}) == exit_done);
  CHECK(place.run({"--resume", out}) == exit_done);
  CHECK(place.log() == out + ": it is complete: there is nothing left to do\n");
  refuses({"--resume", out, "--checkpoint-every", "soon"}, "--checkpoint-every: expected");
  fs::remove(place.out() / "divshare/s1/summary.json");
  refuses({"--resume", out}, "there is none: nothing to go on from");
  refuses({"--resume", out, place.scenario()}, "excludes");
  refuses({"--resume", out, "--seeds", "3"}, "excludes");
  refuses({"--resume", out, "--trace", "t.json"}, "excludes");
  refuses({"--resume", (place / "nowhere").string()}, "nowhere/scenario.toml");

  fs::remove_all(out);
  ChildProcess program = place.start_saved();
  place.await_checkpoint(program);
  program.kill_now();
  Place::end_of(program);
  refuses({place.scenario(), "--out", out}, "go on with it by run --resume");
  const std::string checkpoint = content_of(place.checkpoint());
  place.write("out/checkpoint", checkpoint.substr(0, checkpoint.size() / 2));
  refuses({"--resume", out}, "is cut off");
  place.write("out/checkpoint", checkpoint);
  place.write("out/scenario.toml", with(content_of(place.out() / "scenario.toml"), "\"8s\"", "\"9s\""));
  refuses({"--resume", out}, "belongs to another scenario");
}

TEST_CASE("one command begins a run, goes on with it when it was saved, and leaves it when it is complete") {
  const Place place(with(kTraffic, "SHARING", "serial"));
  const std::string out = place.out().string();
  const fs::path resolved = place.out() / "scenario.toml";
  REQUIRE(place.run({place.scenario(), "--out", (place / "whole").string()}) == exit_done);
  const std::vector<std::string> command{place.scenario(),     "--out", out,
                                         "--checkpoint-every", "100ms", "--resume-if-there"};
  const auto refuses = [&](const std::vector<std::string>& more, const std::string& why) {
    std::vector<std::string> arguments{place.scenario(), "--out", out, "--resume-if-there"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CHECK(place.run(arguments) == exit_wrong_use);
    CHECK_MESSAGE(place.log().find(why) != std::string::npos, place.log());
  };
  ChildProcess first = place.start(command);
  place.await_checkpoint(first);
  first.kill_now();
  REQUIRE(Place::end_of(first) == kKilled);
  const auto begun = fs::last_write_time(resolved);

  refuses({"--set", "time.duration=9s"}, out + ": holds the run of another scenario");
  refuses({"--local-hosts", "2"}, out + ": holds a run that was saved, which goes on in one process only");
  refuses({"--force"}, "excludes");
  REQUIRE_MESSAGE(place.run(command) == exit_done, place.log());
  CHECK(fs::last_write_time(resolved) == begun);
  check_same_files(place / "whole", place.out(), 10);

  CHECK(place.run(command) == exit_done);
  CHECK(place.log() == out + ": it is complete: there is nothing left to do\n");
  refuses({"--set", "time.duration=9s"}, out + ": holds the run of another scenario");

  fs::remove(place.out() / "divshare/s1/summary.json");
  place.write("out/divshare/s1/rounds.csv", std::string("node\n"));
  REQUIRE_MESSAGE(place.run(command) == exit_done, place.log());
  CHECK(fs::last_write_time(resolved) != begun);
  check_same_files(place / "whole", place.out(), 10);
}

TEST_CASE("a run with a target is found again, whether its times were refined or not") {
  const Place place(R"(
[time]
duration = "2s"
[nodes]
count = 4
model = { kind = "quadratic", dimension = 3 }
[training]
local_steps = 2
[compute]
step_time = "20ms"
[[algorithm]]
kind = "d-psgd"
[evaluation]
every = "500ms"
target_loss = 0.5
)");
  const std::vector<std::string> command{place.scenario(), "--out", place.out().string(), "--resume-if-there"};
  REQUIRE_MESSAGE(place.run(command) == exit_done, place.log());
  CHECK(place.run(command) == exit_done);
  CHECK(place.log() == place.out().string() + ": it is complete: there is nothing left to do\n");
}

TEST_CASE("a run whose data have changed since is not gone on with") {
  const Place place(R"(
name = "reading"
[time]
duration = "100s"
[nodes]
count = 4
model = { kind = "transformer", layers = 1, heads = 2, width = 16 }
[data]
set = "text"
root = "book.txt"
context = 8
[compute]
step_time = "10ms"
[network]
uplink = "10Mbps"
[[algorithm]]
kind = "d-psgd"
)");
  std::string book;
  for (int i = 0; i < 500; ++i) book += "a slow animal in moss\n";
  place.write("book.txt", book);
  ChildProcess program = place.start_saved();
  place.await_checkpoint(program);
  program.kill_now();
  REQUIRE(Place::end_of(program) == kKilled);
  book[7] = 'n';
  place.write("book.txt", book);
  CHECK(place.run({"--resume", place.out().string()}) == exit_wrong_use);
  CHECK(place.log() == "tardigrad: " + place.checkpoint().string() +
                           ": belongs to another scenario than scenario.toml beside it, or a file named there has "
                           "changed, or the data\n");
  fs::remove(place / "book.txt");
  CHECK(place.run({"--resume", place.out().string()}) == exit_wrong_use);
  CHECK(place.log().find("there is no file " + (place / "book.txt").string()) != std::string::npos);
}

TEST_CASE("result files that have lost what the checkpoint counts on end the resumed run in one line") {
  // Long enough to be in its first algorithm when it is interrupted.
  const Place place(with(with(kTraffic, "SHARING", "serial"), "\"8s\"", "\"800s\""));
  ChildProcess program = place.start_saved("1h");
  while (!program.exit_code() && !fs::exists(place.out() / "divshare/s1/rounds.csv")) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  program.interrupt();
  REQUIRE(Place::end_of(program) == exit_interrupted);
  place.write("out/divshare/s1/rounds.csv", std::string("node\n"));
  CHECK(place.run({"--resume", place.out().string()}) == exit_failed);
  CHECK(place.log().find("rounds.csv: is shorter than it was when the checkpoint was written") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace tardigrad
