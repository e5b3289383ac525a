#include "scenarios/src/results/run_folder.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "scenarios/src/results/curves.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::content_of;
using test::ResultFolder;

namespace {

EvaluationPoint at(double time_s, double mean, double bytes_sent, double loss = 0) {
  EvaluationPoint point;
  point.time_s = time_s;
  point.accuracy.mean = mean;
  point.loss.mean = loss;
  point.bytes_sent = bytes_sent;
  return point;
}

SeedRun only_run(const ResultFolder& folder) {
  const RunFolderResult read = read_run_folder(folder.path());
  REQUIRE_MESSAGE(read.folder.has_value(), read.error);
  REQUIRE(read.folder->algorithms.size() == 1);
  REQUIRE(read.folder->algorithms[0].seeds.size() == 1);
  return read.folder->algorithms[0].seeds[0];
}

/// The mistake in a whole run in which one file is replaced; without the folder's path.
std::string mistake_with(const std::string& name, const std::string& content) {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  const std::string file = folder.write("divshare/s1/" + name, content).string();
  const RunFolderResult read = read_run_folder(folder.path());
  CHECK_FALSE(read.folder.has_value());
  CHECK(read.error.find('\n') == std::string::npos);
  return read.error.rfind(file, 0) == 0 ? read.error.substr(file.size()) : read.error;
}

}  // namespace

TEST_CASE("time and bytes to accuracy are interpolated linearly between evaluations") {
  const std::vector<EvaluationPoint> curve{at(0, 0.1, 0), at(20, 0.5, 4000), at(40, 0.7, 5000)};
  const auto time = [&](double target) { return target_reached(curve, {Figure::accuracy, target})->time_s; };
  const auto bytes = [&](double target) { return target_reached(curve, {Figure::accuracy, target})->bytes_sent; };
  CHECK(time(0.6) == doctest::Approx(30));
  CHECK(time(0.2) == doctest::Approx(5));
  CHECK(time(0.5) == doctest::Approx(20));
  CHECK(time(0.05) == 0);
  CHECK(bytes(0.6) == doctest::Approx(4500));
  CHECK(bytes(0.2) == doctest::Approx(1000));
  CHECK(bytes(0.5) == doctest::Approx(4000));
  CHECK(bytes(0.05) == 0);
  CHECK_FALSE(target_reached(curve, {Figure::accuracy, 0.71}));
  CHECK_FALSE(target_reached({}, {Figure::accuracy, 0.1}));
}

TEST_CASE("a target loss is reached from above, by a mean that is a number") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const double endless = std::numeric_limits<double>::infinity();
  const auto time = [&](std::vector<double> losses, double target) -> std::optional<double> {
    std::vector<EvaluationPoint> curve;
    for (const double loss : losses) curve.push_back(at(10 * static_cast<double>(curve.size()), 0.5, 0, loss));
    const auto reached = target_reached(curve, {Figure::loss, target});
    return reached ? std::optional<double>(reached->time_s) : std::nullopt;
  };
  CHECK(*time({3, 2, 1}, 1.5) == doctest::Approx(15));
  CHECK(*time({3, 1, 2}, 1) == doctest::Approx(10));
  CHECK(*time({3, 2}, 4) == 0);
  CHECK_FALSE(time({3, 2, 1}, 0.9));
  CHECK(*time({none, endless, 1}, 2) == 20);
  CHECK_FALSE(time({none, endless}, 2));
}

TEST_CASE("a time to accuracy is known to the time between the evaluations around it") {
  const std::vector<EvaluationPoint> curve{at(0, 0.1, 0), at(2.1, 0.3, 0), at(2.3, 0.6, 0)};
  CHECK(target_reached(curve, {Figure::accuracy, 0.5})->within_s == 0.2);  // no tick more
  CHECK(target_reached(curve, {Figure::accuracy, 0.2})->within_s == 2.1);
  CHECK(target_reached(curve, {Figure::accuracy, 0.1})->within_s == 0);
  CHECK(target_reached({at(0.6, 0.1, 0), at(0.7, 0.3, 0)}, {Figure::accuracy, 0.2})->within_s == 0.1);
}

TEST_CASE("time to accuracy is the first crossing, also if the accuracy falls again") {
  const std::vector<EvaluationPoint> curve{at(0, 0.1, 0), at(10, 0.6, 0), at(20, 0.2, 0), at(30, 0.9, 0)};
  CHECK(target_reached(curve, {Figure::accuracy, 0.35})->time_s == doctest::Approx(5));
}

TEST_CASE("bytes to accuracy that a summary does not say follow from the other files") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  CHECK(only_run(folder).summary.bytes_to_target == 225);
}

TEST_CASE("a run's nodes are reduced to mean, spread and extremes at each evaluation") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  const SeedRun run = only_run(folder);
  CHECK_FALSE(run.partial());
  REQUIRE(run.evaluations.size() == 2);
  const EvaluationPoint& last = run.evaluations[1];
  CHECK(last.time_s == 10);
  CHECK(last.accuracy.mean == doctest::Approx(0.6));
  CHECK(last.accuracy.std == doctest::Approx(0.1));
  CHECK(last.accuracy.min == 0.5);
  CHECK(last.accuracy.max == 0.7);
  CHECK(last.accuracy.averaged_model == 0.65);
  CHECK(*run.nodes.at(1).last_accuracy == 0.7);
}

TEST_CASE("bytes sent at an evaluation are those of the rounds that had ended by then") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/evaluations.csv",
               "time_s,node,accuracy,loss\n0,0,0.1,1\n0,averaged,0.1,1\n5,0,0.1,1\n5,averaged,0.1,1\n"
               "9.9,0,0.1,1\n9.9,averaged,0.1,1\n"
               "10,0,0.1,1\n10,averaged,0.1,1\n");
  const SeedRun run = only_run(folder);
  REQUIRE(run.evaluations.size() == 4);
  CHECK(run.evaluations[0].bytes_sent == 0);
  CHECK(run.evaluations[1].bytes_sent == 100);
  CHECK(run.evaluations[2].bytes_sent == 100);
  CHECK(run.evaluations[3].bytes_sent == 300);
}

TEST_CASE("a node's time is split into training and waiting for its round's end") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  const SeedRun run = only_run(folder);
  const NodeActivity& node = run.nodes.at(1);
  CHECK(node.rounds == 1);
  CHECK(node.training_s == 2);
  CHECK(node.waiting_s == 6);
  CHECK(run.nodes.at(0).waiting_s == 1);
  CHECK(run.nodes.at(0).dropped == 1);
}

TEST_CASE("where a node is slow, waiting is kept over time") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  const SeedRun run = only_run(folder);  // of 10 s: node 0 waits from 4 to 5 s, node 1 from 4 to 10 s
  const std::vector<double>& waited = run.nodes.at(1).waited_s;
  REQUIRE(waited.size() == kTimeSlots);
  const double slot_s = 10.0 / kTimeSlots;
  CHECK(waited[8] == 0);
  CHECK(waited[9] == doctest::Approx(10 * slot_s - 4));
  CHECK(waited[10] == doctest::Approx(slot_s));
  CHECK(waited[23] == doctest::Approx(slot_s));
  CHECK(run.nodes.at(0).waited_s[12] == 0);
}

TEST_CASE("distances from stragglers follow from the scenario beside the results, if it can be read") {
  const ResultFolder folder;
  folder.write_run("d-psgd/s1");
  CHECK(only_run(folder).distances.kind == StragglerDistances::Kind::unknown);
  folder.write("scenario.toml",
               "[time]\nduration = \"10s\"\n[nodes]\ncount = 4\n[evaluation]\nevery = \"10s\"\n"
               "[[algorithm]]\nkind = \"d-psgd\"\n");
  const StragglerDistances distances = only_run(folder).distances;
  CHECK(distances.kind == StragglerDistances::Kind::hops);
  CHECK(distances.hops == std::vector<std::optional<std::uint32_t>>{1, 0, 1, 2});
  folder.write("scenario.toml", "[nodes]\ncount = 4\n");
  CHECK(only_run(folder).distances.kind == StragglerDistances::Kind::unknown);
}

TEST_CASE("a node's link use is its access link's, or the mean over its own links where it has none") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/links.csv", std::string(ResultFolder::links_header) +
                                            "uplink-0,0,0,uplink,1000,1,1,0.5,1,0,0\n"
                                            "link-0-1,0,1,link,1000,1,1,4,1,0,0\n"
                                            "link-1-0,1,0,link,1000,1,1,2,1,0,0\n"
                                            "pair-1-2,1,2,pair,1000,1,1,3,1,0,0\n"  // an earlier name
                                            "link-2-1,2,1,link,,1,1,0,1,0,0\n");
  const SeedRun run = only_run(folder);
  CHECK(*run.nodes.at(0).uplink_busy_s == 0.5);
  CHECK(*run.nodes.at(1).uplink_busy_s == 2.5);
  CHECK(*run.nodes.at(1).downlink_busy_s == 4);
  CHECK_FALSE(run.nodes.count(2) == 0);
  CHECK_FALSE(run.nodes.at(2).uplink_busy_s);  // a link without a rate is never busy
}

TEST_CASE("a run that was killed before its summary tells what its other files hold") {
  const ResultFolder folder;
  folder.write("scenario.toml", "name = \"killed\"\n[evaluation]\ntarget = 0.5\n");
  folder.write_run("divshare/s1");
  std::filesystem::remove(folder.path() / "divshare/s1/summary.json");
  const SeedRun run = only_run(folder);
  CHECK(run.gaps == std::vector<std::string>{"no summary.json"});
  CHECK(*run.summary.target == Target{Figure::accuracy, 0.5});
  CHECK(*run.summary.time_to_target_s == doctest::Approx(7.5));
  CHECK(run.summary.final_accuracy->mean == doctest::Approx(0.6));
  CHECK(*run.summary.bytes_sent == 300);
  CHECK(*run.summary.messages_sent == 3);
  CHECK(*run.summary.messages_dropped == 1);
  CHECK(*run.summary.rounds == 2);
  CHECK(*run.summary.mean_staleness == doctest::Approx(1.25));
  CHECK(run.duration_s() == 10);
}

TEST_CASE("an evaluation that had not all nodes when the run stopped does not count") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/evaluations.csv",
               "time_s,node,accuracy,loss\n0,0,0.1,1\n0,1,0.3,1\n0,averaged,0.2,1\n10,0,0.9,1\n10,1,0.");
  const SeedRun run = only_run(folder);
  CHECK(run.evaluations.size() == 1);
  CHECK(run.gaps == std::vector<std::string>{"evaluations.csv is cut off", "the last evaluation has not all nodes"});
}

TEST_CASE("a folder of an earlier tardigrad, whose averaged model was called mean, is read the same") {
  const ResultFolder now;
  now.write_run("divshare/s1");
  const ResultFolder once;
  once.write_run("divshare/s1");
  once.write("divshare/s1/evaluations.csv",
             "time_s,node,round,accuracy,loss\n"
             "0,0,0,0.1,2.3\n0,1,0,0.3,2.3\n0,mean,0,0.25,2.3\n"
             "10,0,5,0.5,1\n10,1,4,0.7,1\n10,mean,4,0.65,1\n");
  const auto rows = [](const ResultFolder& folder) {
    std::vector<std::string> all;
    for_each_curves_row(folder.path(), *read_run_folder(folder.path()).folder, false,
                        [&](const std::string& row) { all.push_back(row); });
    return all;
  };
  CHECK(rows(once) == std::vector<std::string>{"divshare,1,0,0,0,0,0.2,0.1,0.1,0.3,0.25,2.3,0,2.3,2.3,2.3\n",
                                               "divshare,1,10,300,2,0,0.6,0.1,0.5,0.7,0.65,1,0,1,1,1\n"});
  CHECK(rows(once) == rows(now));
  CHECK(only_run(once).evaluations.back().rounds == 2);
  CHECK_FALSE(only_run(once).partial());
}

TEST_CASE("a server is no node of the report, but its bytes count") {
  const ResultFolder folder;
  folder.write_run("async/s1");
  folder.write("scenario.toml", "[nodes]\ncount = 2\n[evaluation]\ntarget = 0.5\n[[servers]]\n");
  folder.write("async/s1/evaluations.csv",
               "time_s,node,round,accuracy,loss\n"
               "0,0,0,0.1,2.3\n0,1,0,0.3,2.3\n0,server,0,0.1,2.3\n0,averaged,0,0.25,2.3\n"
               "10,0,5,0.5,1\n10,1,4,0.7,1\n10,server,9,0.9,1\n10,averaged,4,0.65,1\n");
  const std::string rounds = content_of(folder / "async/s1/rounds.csv");
  folder.write("async/s1/rounds.csv", rounds + "2,0,0,6,0,0,2,1,1,1,500,50,1,2\n");
  const std::string links = content_of(folder / "async/s1/links.csv");
  folder.write("async/s1/links.csv", links + "uplink-2,2,2,uplink,1000,1,100,9.5,1,1,100\n");
  const SeedRun run = only_run(folder);
  CHECK(run.nodes.size() == 2);
  REQUIRE(run.servers.count(2) == 1);
  CHECK(run.servers.at(2).uplink_busy_s == 9.5);
  REQUIRE(run.evaluations.size() == 2);
  CHECK(run.evaluations[1].accuracy.mean == doctest::Approx(0.6));
  CHECK(run.evaluations[1].accuracy.server == doctest::Approx(0.9));
  CHECK(run.evaluations[1].bytes_sent == 800);
  CHECK(run.evaluations[1].rounds == 2);

  std::filesystem::remove(folder / "async/s1/summary.json");
  const SeedRun killed = only_run(folder);
  CHECK(killed.summary.nodes == 2U);
  CHECK(killed.summary.servers == 1U);
  CHECK(killed.summary.rounds == 2U);
  CHECK(killed.summary.bytes_sent == 800U);
  CHECK(killed.summary.time_to_target_s == doctest::Approx(7.5));
  CHECK(killed.summary.time_to_target_server_s == doctest::Approx(5));
}

TEST_CASE("an interrupted run is partial and says why") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/summary.json", R"({"complete": false, "stopped_because": "interrupted", "virtual_s": 4})");
  const SeedRun run = only_run(folder);
  CHECK(run.gaps == std::vector<std::string>{"interrupted"});
  CHECK(run.duration_s() == 4);
}

TEST_CASE("a summary that was still being written is a gap, one that is no JSON a mistake") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/summary.json", "{\n\"complete\": tr");
  CHECK(only_run(folder).gaps == std::vector<std::string>{"summary.json is cut off"});
  CHECK(mistake_with("summary.json", "{\n\"complete\": yes}") == ":2: not JSON");
}

TEST_CASE("missing tables are gaps") {
  const ResultFolder folder;
  folder.write("divshare/s1/summary.json", R"({"complete": true})");
  CHECK(only_run(folder).gaps == std::vector<std::string>{"no evaluations.csv", "no rounds.csv", "no links.csv"});
}

TEST_CASE("a summary's wrong value is named by its key") {
  CHECK(mistake_with("summary.json", "[]") == ": complete: expected true or false");
  CHECK(mistake_with("summary.json", R"({"complete": true, "bytes_sent": -1})") ==
        ": bytes_sent: expected a number, 0 or more");
  CHECK(mistake_with("summary.json", R"({"complete": true, "virtual_s": -0.5})") ==
        ": virtual_s: expected a number, 0 or more");
  CHECK(mistake_with("summary.json", R"({"complete": true, "rounds": 1.5})") ==
        ": rounds: expected a number, 0 or more");
  CHECK(mistake_with("summary.json", R"({"complete": true, "virtual_s": "long"})") ==
        ": virtual_s: expected a number, 0 or more");
  CHECK(mistake_with("summary.json", R"({"complete": true, "virtual_s": 1e999})") == ": a number is out of range");
  CHECK(mistake_with("summary.json", R"({"complete": true, "final_accuracy": 1})") ==
        ": final_accuracy: expected a mean");
  CHECK(mistake_with("summary.json", R"({"complete": true, "target": 60})") ==
        ": target: expected an accuracy from 0 to 1");
  CHECK(mistake_with("summary.json", R"({"complete": true, "stragglers": {"network": [4294967296]}})") ==
        ": stragglers.network: expected a list of nodes");
}

TEST_CASE("a table's wrong value is named by its line and column") {
  CHECK(mistake_with("evaluations.csv", "time_s,node,accuracy,loss\n0,0,1.5,2\n") ==
        ":2: accuracy is \"1.5\", expected a number from 0 to 1");
  CHECK(mistake_with("evaluations.csv", "time_s,node,accuracy,loss\n0,4294967296,0.5,1\n") ==
        ":2: node is \"4294967296\", expected a whole number from 0 to 4294967295");
  CHECK(mistake_with("evaluations.csv", "time_s,node,accuracy,loss\n5,0,0.5,1\n5,averaged,0.5,1\n4,0,0.5,1\n") ==
        ":4: time_s is \"4\", expected a number from 5 to 9000000");
  CHECK(mistake_with("evaluations.csv", "time_s,node,accuracy,loss\n5,0,0.5,1\n6,0,0.5,1\n") ==
        ":3: the evaluation before has no row \"averaged\"");
  CHECK(mistake_with("evaluations.csv", "time_s,node,accuracy,loss\n5,averaged,0.5,1\n") ==
        ":2: an average of no nodes");
  CHECK(mistake_with("rounds.csv", std::string(ResultFolder::rounds_header) + "0,0,3,2,2,1,1,1,1,1,1,1,1,1\n") ==
        ":2: end_s is \"2\", expected a number from 3 to 9000000");
  CHECK(mistake_with("links.csv", std::string(ResultFolder::links_header) + "x,0,0,wire,1,1,1,1,1,1,1\n") ==
        ":2: kind is \"wire\", expected uplink, downlink or link");
}

TEST_CASE("seeds are read in numeric order, and other folders are passed over") {
  const ResultFolder folder;
  for (const char* run : {"divshare/s10", "divshare/s2", "ad-psgd/s1"}) folder.write_run(run);
  folder.write("divshare/sketches/note.txt", "");
  folder.write("divshare/s99999999999999999999/note.txt", "");
  folder.write("plots/a.txt", "");
  const RunFolderResult read = read_run_folder(folder.path());
  REQUIRE(read.folder);
  REQUIRE(read.folder->algorithms.size() == 2);
  CHECK(read.folder->algorithms[0].name == "ad-psgd");
  const auto& seeds = read.folder->algorithms[1].seeds;
  REQUIRE(seeds.size() == 2);
  CHECK(seeds[0].seed == 2);
  CHECK(seeds[1].seed == 10);
}

TEST_CASE("a result folder is named after its scenario, or itself if that cannot be read") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  CHECK(read_run_folder(folder.path()).folder->name == folder.path().filename().string());
  folder.write("scenario.toml", "name = \"stragglers\"\n");
  CHECK(read_run_folder(folder.path()).folder->name == "stragglers");
  folder.write("scenario.toml", "name = ");
  CHECK(read_run_folder(folder.path()).folder->name == folder.path().filename().string());
}

TEST_CASE("a folder without runs is refused in one line") {
  const ResultFolder folder;
  const std::string path = folder.path().string();
  CHECK(read_run_folder(folder.path()).error == path + ": no runs in it, expected " + path + "/ALGORITHM/sSEED/");
  CHECK(read_run_folder(folder.path() / "none").error == path + "/none: no such folder");
}

TEST_CASE("a time to the target is known to the interval between the evaluations around it") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  SeedRun run = only_run(folder);
  CHECK(run.time_resolution_s == 10);
  CHECK(*run.reached_before_s == 10);
  CHECK(*run.bytes_by_then == 300);
  CHECK(run.earliest_s == 0);
  CHECK(run.latest_s == 10);
  folder.write("divshare/s1/evaluations.csv",
               "time_s,node,round,accuracy,loss\n0,0,0,0.1,2.3\n0,mean,0,0.1,2.3\n"
               "5,0,0,0.2,2.3\n5,mean,0,0.2,2.3\n8,0,0,0.6,2.3\n8,mean,0,0.6,2.3\n");
  run = only_run(folder);
  CHECK(run.time_resolution_s == 3);
  CHECK_FALSE(run.reached_before_s);
  CHECK(run.earliest_s == 5);
  CHECK(run.latest_s == 8);
  // The summary of a run that has tested models between evaluations.
  folder.write("divshare/s1/summary.json",
               R"({"complete": true, "time_to_target_s": 3.3, "time_to_target_within_s": 0.5})");
  run = only_run(folder);
  CHECK(run.time_resolution_s == 0.5);
  CHECK_FALSE(run.reached_before_s);
  CHECK(run.earliest_s == doctest::Approx(2.8));
  CHECK(run.latest_s == doctest::Approx(3.8));
}

TEST_CASE("what a scenario names and has not begun is missing") {
  const ResultFolder folder;
  folder.write_run("swift/s1");
  folder.write_run("swift/s2");
  folder.write_run("d-psgd/s1");
  const std::string sections =
      "[[algorithm]]\nname = \"swift\"\n[[algorithm]]\nname = \"d-psgd\"\n[[algorithm]]\nname = \"gossip\"\n";
  const auto missing = [&](const std::string& seeds) {
    folder.write("scenario.toml", seeds + sections);
    std::vector<std::string> found;
    const RunFolderResult read = read_run_folder(folder.path());
    for (const MissingRuns& own : read.folder->missing) {
      for (const std::uint64_t seed : own.seeds) found.push_back(own.name + "/s" + std::to_string(seed));
    }
    return found;
  };
  using Places = std::vector<std::string>;
  CHECK(missing("seeds = [1, 2]\n") == Places{"d-psgd/s2", "gossip/s1", "gossip/s2"});
  CHECK(missing("seed = 1\n") == Places{"gossip/s1"});
  CHECK(missing("").empty());  // whose seeds are not known
}

TEST_CASE("a run that diverged says so by its summary or, where that does not, by its evaluations") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  CHECK_FALSE(only_run(folder).diverged());
  folder.write("divshare/s1/summary.json", R"({"complete": true, "diverged_s": 2.5, "time_to_target_s": 1})");
  CHECK(only_run(folder).summary.diverged_s == 2.5);
  CHECK_FALSE(only_run(folder).time_to_target_s());
  folder.write("divshare/s1/summary.json", R"({"complete": true})");
  folder.write("divshare/s1/evaluations.csv",
               "time_s,node,round,accuracy,loss\n0,0,0,0.1,2.3\n0,mean,0,0.1,2.3\n7,0,0,0.1,nan\n7,mean,0,0.1,2\n");
  CHECK(only_run(folder).summary.diverged_s == 7.0);
}

TEST_CASE("nodes that the machine was too slow for and hosts that were lost are read again") {
  const ResultFolder folder;
  folder.write_run("divshare/s1");
  folder.write("divshare/s1/summary.json",
               R"({"complete": true, "virtual_s": 10, "messages_lost": 4, "messages_to_absent_nodes": 2,
                   "slow_nodes": [{"node": 1, "rounds": 3, "worst_ratio": 2.5}],
                   "lost_hosts": [{"host": 2, "at_s": 4, "nodes": [1], "what": "host 2 is gone"}]})");
  const SeedRun run = only_run(folder);
  REQUIRE(run.summary.slow_nodes.size() == 1);
  CHECK(run.summary.slow_nodes[0].node == 1);
  CHECK(run.summary.slow_nodes[0].worst_ratio == 2.5);
  REQUIRE(run.summary.lost_hosts.size() == 1);
  CHECK(run.summary.lost_hosts[0].nodes == std::vector<NodeId>{1});
  CHECK(run.summary.messages_lost == 4);
  CHECK(run.summary.messages_to_absent_nodes == 2);
  CHECK(run.nodes.at(0).away_s == 0);
  CHECK(run.nodes.at(1).away_s == doctest::Approx(6));
  CHECK(mistake_with("summary.json", R"({"complete": true, "slow_nodes": [{"node": 5000000000}]})") ==
        ": slow_nodes: expected a node");
  CHECK(mistake_with("summary.json", R"({"complete": true, "lost_hosts": 3})") == ": lost_hosts: expected a list");
}

TEST_CASE("what a node's training and waiting took while it was away is neither") {
  const ResultFolder folder;
  folder.write("scenario.toml", R"(name = "race"
[time]
duration = "10s"
clock = "real"
[nodes]
count = 2
model = { kind = "null", parameters = 10 }
[[churn]]
nodes = { list = [1] }
leave = "1s"
return = "5s"
[[algorithm]]
kind = "gossip"
)");
  folder.write_run("gossip/s1");
  const RunFolder read = *read_run_folder(folder.path()).folder;
  CHECK(read.clock == "real");
  const auto& nodes = read.algorithms[0].seeds[0].nodes;
  CHECK(nodes.at(0).training_s == 4);
  CHECK(nodes.at(0).away_s == 0);
  // It trained from 2 to 4 s and waited from 4 to 10 s.
  CHECK(nodes.at(1).away_s == 4);
  CHECK(nodes.at(1).training_s == 0);
  CHECK(nodes.at(1).waiting_s == 5);
}
