#include "scenarios/src/report/comparison.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::diverged_by;
using test::finished_run;
using test::folder_of;
using test::ResultFolder;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

TEST_CASE("comparison.csv has a row per algorithm and seed, as many fields as titles") {
  const ResultFolder folder;
  for (const char* run : {"b/s1", "b/s2", "a/s1"}) folder.write_run(run);
  folder.write("scenario.toml", "name = \"race\"\n");
  const auto lines = lines_of(comparison_csv({*read_run_folder(folder.path()).folder}));
  REQUIRE(lines.size() == 4);
  CHECK(lines[1].rfind("race,a,divshare,1,true,2,0.5,,7.5,10,,225,0.6,0.1,0.5,0.7,0.65,,,,,,,,,10,10,2,,300,", 0) == 0);
  CHECK(lines[3].rfind("race,b,divshare,2,", 0) == 0);
  for (const std::string& line : lines) {
    CHECK(std::count(line.begin(), line.end(), ',') == std::count(lines[0].begin(), lines[0].end(), ','));
  }
}

TEST_CASE("comparison.csv holds no wall-clock figure") {
  const ResultFolder folder;
  folder.write_run("a/s1");
  const std::string csv = comparison_csv({*read_run_folder(folder.path()).folder});
  CHECK(csv.find("wall") == std::string::npos);
  CHECK(csv.find("123.5") == std::string::npos);
  CHECK(csv.find("77777777") == std::string::npos);
}

TEST_CASE("comparison.csv quotes a name with a comma and leaves a target not reached empty") {
  RunFolder folder = folder_of({{"a", {finished_run(3, {}, 0.5)}}});
  folder.name = "slow, \"late\"";
  CHECK(lines_of(comparison_csv({folder}))[1].rfind("\"slow, \"\"late\"\"\",a,,3,true,,0.6,,,,,,0.5,", 0) == 0);
}

TEST_CASE("comparison.csv has a target loss in a column of its own, and the final loss") {
  SeedRun run = finished_run(1, 20.0, 0.5);
  run.summary.target = {Figure::loss, 0.9};
  run.summary.final_loss = FinalFigure{0.875, 0.25, 0.5, 1.25, 0.75};
  const auto lines = lines_of(comparison_csv({folder_of({{"a", {run}}})}));
  CHECK(lines[1].rfind("race,a,,1,true,,,0.9,20,0,,,0.5,0.02,", 0) == 0);
  CHECK(lines[1].find(",0.875,0.25,0.5,1.25,0.75,") != std::string::npos);
  CHECK(std::count(lines[0].begin(), lines[0].end(), ',') == std::count(lines[1].begin(), lines[1].end(), ','));
}

TEST_CASE("the table's columns line up and its rows are in order of finish") {
  const std::string text = comparison_table(
      {folder_of({{"long-name", {finished_run(1, 1234.0, 0.7)}}, {"b", {finished_run(1, 99.5, 0.625)}}})}, false);
  const auto lines = lines_of(text);
  REQUIRE(lines.size() > 5);
  CHECK(lines[0] == "algorithm  time to 60 %  speed-up  final accuracy");
  CHECK(lines[2] == "b                99.5 s    12.40x    62.5 ± 2.0 %");
  CHECK(lines[3] == "long-name       1,234 s     1.00x    70.0 ± 2.0 %");
  CHECK(characters(lines[1]) == characters(lines[2]));
  CHECK(text.find("\033") == std::string::npos);
}

TEST_CASE("in colour the winner is green and who missed the target yellow") {
  const auto lines = lines_of(
      comparison_table({folder_of({{"a", {finished_run(1, 10.0, 0.7)}}, {"b", {finished_run(1, {}, 0.5)}}})}, true));
  CHECK(lines[2].rfind("\033[1;32ma ", 0) == 0);
  CHECK(lines[3].rfind("\033[33mb ", 0) == 0);
}

TEST_CASE("what tells folders apart stands in columns of its own") {
  std::vector<RunFolder> folders{folder_of({{"a", {finished_run(1, 200.0, 0.7)}}}),
                                 folder_of({{"a", {finished_run(1, 100.0, 0.7)}}})};
  folders[0].path = "sweep/uplink=30Mbps";
  folders[1].path = "sweep/uplink=60Mbps";
  const FolderColumns columns{{"network.uplink"}, {{"30Mbps"}, {"60Mbps, or so"}}};
  const auto rows = lines_of(comparison_csv(folders, columns));
  CHECK(rows[0].rfind("network.uplink,scenario,algorithm,", 0) == 0);
  CHECK(rows[1].rfind("30Mbps,uplink=30Mbps,a,", 0) == 0);
  CHECK(rows[2].rfind("\"60Mbps, or so\",uplink=60Mbps,a,", 0) == 0);
  const auto lines = lines_of(comparison_table(folders, false, columns));
  CHECK(lines[0].rfind("algorithm  network.uplink  time to 60 %", 0) == 0);
  CHECK(lines[2].rfind("a           60Mbps, or so         100 s", 0) == 0);
  CHECK(lines[3].rfind("a                  30Mbps         200 s", 0) == 0);
}

TEST_CASE("comparison.csv says who diverged, what was lost and what a speed-up is over, of real time it says so") {
  SeedRun run = finished_run(1, 50.0, 0.7);
  run.summary.messages_lost = 5;
  run.summary.messages_to_absent_nodes = 7;
  run.summary.message_delay_median_s = 0.5;
  run.summary.longest_queue = 9;
  RunFolder folder = folder_of(
      {{"a", {run}}, {"b", {diverged_by(0.25, finished_run(1, 0.0, 0.3))}}, {"c", {finished_run(1, 100.0, 0.7)}}});
  folder.clock = "real";
  folder.baseline = "c";
  const auto lines = lines_of(comparison_csv({folder}));
  const std::string end =
      ",diverged_s,messages_lost,messages_to_absent_nodes,message_delay_median_s,message_delay_p95_s,longest_queue,"
      "speed_up,speed_up_over";
  CHECK(lines[0].substr(lines[0].size() - end.size()) == end);
  CHECK(lines[0].find(",final_time_s,real_s,rounds,") != std::string::npos);
  CHECK(lines[1].substr(lines[1].size() - 16) == ",,5,7,0.5,,9,2,c");
  CHECK(lines[2].rfind("race,b,,1,true,,0.6,,,,,,0.3,", 0) == 0);
  CHECK(lines[2].substr(lines[2].size() - 14) == ",,0.25,,,,,,,c");
  folder.clock = "virtual";
  CHECK(lines_of(comparison_csv({folder}))[0].find(",final_time_s,virtual_s,rounds,") != std::string::npos);
}

TEST_CASE("in colour all that tie are green, and who diverged is yellow") {
  const auto lines = lines_of(comparison_table({folder_of({{"a", {finished_run(1, 10.0, 0.7)}},
                                                           {"b", {finished_run(1, 10.0, 0.7)}},
                                                           {"c", {diverged_by(1, finished_run(1, 0.0, 0.5))}}})},
                                               true));
  CHECK(lines[2].rfind("\033[1;32ma *", 0) == 0);
  CHECK(lines[3].rfind("\033[1;32mb *", 0) == 0);
  CHECK(lines[4].rfind("\033[33mc (diverged)", 0) == 0);
}
