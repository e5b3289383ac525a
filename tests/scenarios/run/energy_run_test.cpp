/// What whole runs leave of the energy of their nodes.
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using namespace test;
namespace fs = std::filesystem;

/// Each round's local step takes a second; two rounds, and then nothing.
const char* const kResting = R"(
name = "resting"
[time]
duration = "10s"
[nodes]
count = 4
model = { kind = "null", parameters = 1000 }
[training]
local_steps = 1
[compute]
step_time = "1s"
start_stagger = "0s"
[network]
uplink = "100Mbps"
[[algorithm]]
kind = "d-psgd"
training_rounds = 2
wait_timeout = "5s"
)";

const char* const kRace = R"(
name = "race"
[time]
duration = "6s"
[nodes]
count = 6
model = { kind = "quadratic", dimension = 20 }
[training]
local_steps = 8
learning_rate = 0.05
[compute]
step_time = "5ms"
[network]
uplink = "10Mbps"
loss = { rate = 0.05, mode = "retransmit", timeout = "20ms" }
[evaluation]
every = "500ms"
target_loss = 1.2
refine = true
[[algorithm]]
kind = "d-psgd"
wait_timeout = "300ms"
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
)";

struct NodeRow {
  double present_s, busy_s, bytes_sent, bytes_received, joules;
};

class Runs : public TemporaryFolder {
 public:
  /// Returns the folder of the results.
  fs::path run(const std::string& name, const std::string& scenario, const std::string& energy,
               std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"run", write(name + ".toml", scenario + energy), "--out", *this / name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(tardigrad_command(arguments) == exit_done);
    return *this / name;
  }
};

nlohmann::json summary_of(const fs::path& run) { return nlohmann::json::parse(content_of(run / "summary.json")); }

std::vector<NodeRow> rows_of(const fs::path& run) {
  std::istringstream lines(content_of(run / "energy.csv"));
  std::string line;
  std::getline(lines, line);
  CHECK(line == "node,present_s,busy_s,bytes_sent,bytes_received,joules");
  std::vector<NodeRow> rows;
  while (std::getline(lines, line)) {
    std::vector<double> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, ',');) fields.push_back(std::stod(field));
    REQUIRE(fields.size() == 6);
    CHECK(fields[0] == doctest::Approx(static_cast<double>(rows.size())));
    rows.push_back({fields[1], fields[2], fields[3], fields[4], fields[5]});
  }
  return rows;
}

}  // namespace

TEST_CASE("the energy of nodes in closed form: two steps of a second in ten, absences, another kind of device") {
  const Runs runs;
  const fs::path run = runs.run("resting", kResting, R"(
[energy]
idle_watts = 2
busy_watts = 7
[[energy.groups]]
nodes = { list = [2] }
idle_watts = 3
[[churn]]
nodes = { list = [3] }
leave = "4s"
return = "9s"
)") / "d-psgd/s1";
  const auto rows = rows_of(run);
  REQUIRE(rows.size() == 4);
  for (const NodeRow& row : rows) CHECK(row.busy_s == doctest::Approx(2));
  CHECK(rows[0].joules == doctest::Approx(2 * 8 + 7 * 2));
  CHECK(rows[1].joules == rows[0].joules);
  CHECK(rows[2].joules == doctest::Approx(3 * 8 + 7 * 2));
  CHECK(rows[3].joules == doctest::Approx(2 * 3 + 7 * 2));
  CHECK(rows[3].present_s == doctest::Approx(5));
  CHECK(summary_of(run)["joules"] == rows[0].joules + rows[1].joules + rows[2].joules + rows[3].joules);
}

TEST_CASE("nodes that have no time for another round idle until the end") {
  const Runs runs;
  const std::string energy = "[energy]\nidle_watts = 2\nbusy_watts = 7\n";
  const fs::path run = runs.run("long", kResting, energy, {"--set", "compute.step_time=80s"});
  for (const NodeRow& row : rows_of(run / "d-psgd/s1")) CHECK(row.joules == doctest::Approx(20));
}

TEST_CASE("joules by byte are the bytes, by time the time: in all and until the target") {
  const Runs runs;
  const fs::path by_byte = runs.run("sent", kRace, "[energy]\njoules_per_byte_sent = 1\n");
  const fs::path received = runs.run("received", kRace, "[energy]\njoules_per_byte_received = 1\n");
  const fs::path by_time = runs.run("time", kRace, "[energy]\nidle_watts = 3\nbusy_watts = 3\n");
  for (const std::string algorithm : {"d-psgd/s1", "divshare/s1"}) {
    const auto sent = summary_of(by_byte / algorithm);
    CHECK(sent["joules"].get<double>() == sent["bytes_sent"].get<double>());
    REQUIRE(sent["bytes_to_target"].is_number());
    CHECK(sent["joules_to_target"].get<double>() ==
          doctest::Approx(sent["bytes_to_target"].get<double>()).epsilon(1e-4));
    CHECK(sent["joules_to_target"] < sent["joules"]);
    const auto taken = summary_of(received / algorithm);
    CHECK(taken["joules"].get<double>() == taken["bytes_delivered"].get<double>());
    const auto whole = summary_of(by_time / algorithm);
    CHECK(whole["joules"].get<double>() == doctest::Approx(3 * 6 * 6));
    CHECK(whole["joules_to_target"].get<double>() == doctest::Approx(3 * 6 * whole["time_to_target_s"].get<double>()));
  }
  CHECK(content_of(by_byte / "comparison.csv").find(",joules,joules_to_target") != std::string::npos);
  CHECK(content_of(by_byte / "report.html").find("energy to ") != std::string::npos);
}

TEST_CASE("without [energy] nothing is counted, and results are what they were") {
  const Runs runs;
  const fs::path plain = runs.run("plain", kRace, "");
  const fs::path counted = runs.run("counted", kRace, "[energy]\nbusy_watts = 3\n");
  CHECK(content_of(plain / "scenario.toml").find("energy") == std::string::npos);
  CHECK(content_of(plain / "comparison.csv").find("joules") == std::string::npos);
  CHECK_FALSE(fs::exists(plain / "d-psgd/s1/energy.csv"));
  CHECK_FALSE(summary_of(plain / "d-psgd/s1").contains("joules"));
  for (const char* file : {"curves.csv", "d-psgd/s1/rounds.csv", "d-psgd/s1/links.csv", "d-psgd/s1/evaluations.csv"}) {
    CHECK((content_of(plain / file) == content_of(counted / file)));
  }
  // A second run in that folder leaves nothing of the first.
  REQUIRE(tardigrad_command({"run", runs.write("again.toml", kRace), "--out", counted, "--force"}) == exit_done);
  CHECK_FALSE(fs::exists(counted / "d-psgd/s1/energy.csv"));
}

TEST_CASE("energies are the same bytes over threads and hosts" * doctest::test_suite("slow")) {
  const Runs runs;
  const std::string energy =
      "[energy]\nidle_watts = 0.3\nbusy_watts = 7.1\njoules_per_byte_sent = 1e-7\n[[energy.groups]]\n"
      "nodes = { count = 2 }\nbusy_watts = 60\n";
  const fs::path one = runs.run("one", kRace, energy, {"--threads", "1"});
  const fs::path four = runs.run("four", kRace, energy, {"--threads", "4"});
  Program over_hosts({"run", runs.write("hosts.toml", kRace + energy), "--out", runs / "hosts", "--local-hosts", "2"},
                     runs / "hosts.log");
  CHECK_MESSAGE(over_hosts.exit_code() == 0, over_hosts.log());
  check_same_files(one, four, 10);
  check_same_files(one, runs / "hosts", 10);
}

}  // namespace tardigrad
