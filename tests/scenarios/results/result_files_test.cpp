#include "scenarios/src/results/result_files.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <limits>

#include "scenarios/src/results/result_columns.hpp"
#include "tests/memory_archive.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using std::chrono::seconds;
using test::content_of;
using test::TemporaryFolder;

TEST_CASE("seconds are written exactly, without trailing zeros") {
  CHECK(seconds_text(Time{}) == "0");
  CHECK(seconds_text(seconds(20)) == "20");
  CHECK(seconds_text(std::chrono::milliseconds(1500)) == "1.5");
  CHECK(seconds_text(Time{1}) == "0.000000000001");
}

/// The files of one run, and the curves of all.
struct Written {
  explicit Written(const std::filesystem::path& place, const std::string& run = "run", bool has_servers = false)
      : curves(place / "curves.csv", curve_columns(has_servers).header()),
        files(place / run, {curves, "divshare", 7, {}, has_servers}) {}

  GrowingTable curves;
  ResultFiles files;
};

TEST_CASE("rows are written in the documented columns") {
  const TemporaryFolder folder;
  Written written(folder.path(), "divshare/s1");
  ResultFiles& files = written.files;
  RoundRecord record;
  record.round = {3, 7, seconds(1), seconds(2), seconds(3), 0.25, 20, {4, 6, 3}};
  record.uplink = {3, 7, true, 60, 33, 27, 1000};
  record.downlink = {3, 7, false, 0, 12, 0, 500};
  files.add(record);
  files.add(EvaluationRow{seconds(5), 0, 4, {0.5, 1.25}});
  files.add(EvaluationRow{seconds(5), 1, 5, {0.7, 1.5}});
  files.add(EvaluationRow{seconds(5), kAveragedModel, 4, {0.75, 1}});
  LinkRow link;
  link.kind = LinkRow::Kind::uplink;
  link.from = link.to = 2;
  link.rate = 6e7;
  link.accepted = {9, 297};
  link.passed = {3, 99};
  link.dropped = {2, 66};
  link.lost = {1, 33};
  link.busy = seconds(2);
  link.longest_queue = 5;
  files.add(link);
  LinkRow downlink;
  downlink.kind = LinkRow::Kind::downlink;
  downlink.from = downlink.to = 2;
  for (const int ticks : {50, 60, 70}) downlink.delays.add(Time(ticks));
  files.add(downlink);
  files.commit();
  REQUIRE(files.error() == "");
  CHECK(content_of(folder / "divshare/s1/rounds.csv").find("\n3,7,1,3,2,0.25,60,33,12,27,1000,500,4,1.5,0,3,20\n") !=
        std::string::npos);
  CHECK(content_of(folder / "divshare/s1/evaluations.csv") ==
        "time_s,node,round,accuracy,loss\n5,0,4,0.5,1.25\n5,1,5,0.7,1.5\n5,averaged,4,0.75,1\n");
  CHECK(content_of(folder / "divshare/s1/links.csv")
            .find("\nuplink-2,2,2,uplink,60000000,3,99,2,5,2,66,1,33,9,297,,\n") != std::string::npos);
  CHECK(content_of(folder / "divshare/s1/links.csv")
            .find("\ndownlink-2,2,2,downlink,,0,0,0,0,0,0,0,0,0,0,6e-11,7e-11\n") != std::string::npos);
  CHECK(files.totals().delays.quantile(1) == Time(70));
  CHECK(files.totals().longest_queue == 5);
  CHECK(content_of(folder / "curves.csv") ==
        "algorithm,seed,time_s,bytes,rounds,refined,"
        "accuracy_mean,accuracy_std,accuracy_min,accuracy_max,accuracy_averaged,"
        "loss_mean,loss_std,loss_min,loss_max,loss_averaged\n"
        "divshare,7,5,1000,1,0,0.6,0.1,0.5,0.7,0.75,1.375,0.125,1.25,1.5,1\n");
  REQUIRE(files.evaluated().size() == 1);
  CHECK(files.evaluated()[0].accuracy.mean == doctest::Approx(0.6));
  CHECK(files.evaluated()[0].accuracy.std == doctest::Approx(0.1));
  CHECK(files.evaluated()[0].loss.mean == doctest::Approx(1.375));
  CHECK(files.evaluated()[0].loss.averaged_model == 1);
}

TEST_CASE("a run that was saved goes on with the energy that had been counted") {
  const TemporaryFolder folder;
  GrowingTable curves(folder / "curves.csv", curve_columns().header());
  const CurveOfRun curve{curves, "divshare", 7, {}, false, {}, {PowerDraw{2, 7, 1e-3, 0}}};
  RoundRecord record;
  record.round.trained = seconds(4);
  record.round.end = seconds(6);
  record.uplink.passed_bytes = 5000;
  test::MemoryBytes sink;
  {
    ResultFiles files(folder / "run", curve);
    files.add(record);
    files.add(EvaluationRow{seconds(6), 0, 1, {0.5, 1}});
    files.add(EvaluationRow{seconds(6), kAveragedModel, 1, {0.5, 1}});
    StateArchive archive(sink);
    files.save(archive);
  }
  test::MemorySource source(sink.bytes);
  StateArchive saved(source);
  const ResultFiles files(folder / "run", curve, &saved);
  REQUIRE(files.error() == "");
  CHECK(files.energy().rows({seconds(10)})[0].joules == doctest::Approx(2 * 6 + 7 * 4));
  REQUIRE(files.evaluated().size() == 1);
  CHECK(files.evaluated()[0].round_joules == doctest::Approx((7 - 2) * 4 + 5));
}

TEST_CASE("a server's model has a row and columns of its own and is in no mean, its rounds count as bytes alone") {
  const TemporaryFolder folder;
  Written written(folder.path(), "run", true);
  ResultFiles& files = written.files;
  RoundRecord record;
  record.round = {2, 0, seconds(1), seconds(1), seconds(3), 0, 0, {4, 6, 3}};
  record.uplink = {2, 0, true, 60, 33, 27, 1000};
  files.add_of_server(record);
  files.add(EvaluationRow{seconds(5), 0, 4, {0.5, 1.25}});
  files.add(EvaluationRow{seconds(5), 1, 5, {0.7, 1.5}});
  files.add(EvaluationRow{seconds(5), kServerModel, 9, {0.8, 0.5}});
  files.add(EvaluationRow{seconds(5), kAveragedModel, 4, {0.75, 1}});
  files.add(EvaluationRow{seconds(6), 0, 4, {0.5, 1.25}});
  files.add(EvaluationRow{seconds(6), kAveragedModel, 4, {0.5, 1.25}});
  files.commit();
  REQUIRE(files.error() == "");
  CHECK(content_of(folder / "run/rounds.csv").find("\n2,0,1,3,1,,60,33,") != std::string::npos);
  CHECK(content_of(folder / "run/evaluations.csv").find("\n5,server,9,0.8,0.5\n5,averaged,") != std::string::npos);
  const std::string curves = content_of(folder / "curves.csv");
  CHECK(curves.find(",loss_averaged,accuracy_server,loss_server\n") != std::string::npos);
  CHECK(curves.find("divshare,7,5,1000,0,0,0.6,0.1,0.5,0.7,0.75,1.375,0.125,1.25,1.5,1,0.8,0.5\n") !=
        std::string::npos);
  CHECK(curves.find(",1.25,,\n") != std::string::npos);  // without a server
  CHECK(files.totals().rounds == 0);
  CHECK(files.totals().mixing.mixed == 4);
  REQUIRE(files.evaluated().size() == 2);
  CHECK(files.evaluated()[0].has_server);
  CHECK(files.evaluated()[0].accuracy.server == 0.8);
  CHECK_FALSE(files.evaluated()[1].has_server);
}

TEST_CASE("what is no number is written the same whatever its sign") {
  const TemporaryFolder folder;
  Written written(folder.path());
  ResultFiles& files = written.files;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double loss : {nan, -nan}) files.add(EvaluationRow{seconds(1), 0, 2, {0.1, loss}});
  files.add(EvaluationRow{seconds(1), kAveragedModel, 2, {0.1, -nan}});
  files.commit();
  CHECK(content_of(folder / "run/evaluations.csv") ==
        "time_s,node,round,accuracy,loss\n1,0,2,0.1,nan\n1,0,2,0.1,nan\n1,averaged,2,0.1,nan\n");
}

TEST_CASE("an evaluation counts the bytes of the rounds that had ended by then, whichever came first") {
  const TemporaryFolder folder;
  Written written(folder.path());
  ResultFiles& files = written.files;
  const auto end_round = [&](int end_s, Bytes bytes) {
    RoundRecord record;
    record.round.end = seconds(end_s);
    record.uplink.passed_bytes = bytes;
    files.add(record);
  };
  const auto evaluate = [&](int time_s) {
    files.add(EvaluationRow{seconds(time_s), 0, 0, {}});
    files.add(EvaluationRow{seconds(time_s), kAveragedModel, 0, {}});
  };
  evaluate(0);
  end_round(3, 100);
  end_round(12, 1000);
  end_round(5, 10);
  evaluate(5);
  end_round(5, 1);
  evaluate(10);
  evaluate(15);
  std::vector<double> bytes;
  for (const EvaluationPoint& point : files.evaluated()) bytes.push_back(point.bytes_sent);
  CHECK(bytes == std::vector<double>{0, 111, 111, 1111});
  CHECK(files.evaluated().back().rounds == 4);
}

TEST_CASE("compute utilisation: the share of the rounds' time until local steps ended, without what nodes were away") {
  const TemporaryFolder folder;
  GrowingTable curves(folder / "curves.csv", "");
  const NodeAbsence away({{seconds(2), seconds(4)}});
  ResultFiles files(folder / "run", {curves, "d-psgd", 1, {}, false, {NodeAbsence(), away}});
  CHECK_FALSE(files.totals().compute_utilisation());
  for (const NodeId node : {0U, 1U}) {
    RoundRecord record;
    record.round.node = node;
    record.round.begin = seconds(1);
    record.round.trained = seconds(3);
    record.round.end = seconds(6);
    files.add(record);
    files.add_of_server(record);
  }
  CHECK(files.totals().compute_utilisation() == doctest::Approx((2.0 + 1) / (5 + 3)));
}

TEST_CASE("rows of between come before that of the evaluation after them, with the bytes and rounds of then") {
  const TemporaryFolder folder;
  GrowingTable curves(folder / "curves.csv", "");
  ResultFiles files(folder / "run", {curves, "d-psgd", 1, Target{Figure::accuracy, 0.5}});
  const auto rows_of = [](int time_s, double accuracy) {
    return std::vector<EvaluationRow>{{seconds(time_s), 0, 0, {accuracy, 1}},
                                      {seconds(time_s), kAveragedModel, 0, {accuracy, 1}}};
  };
  const auto evaluate = [&](int time_s, double accuracy) {
    for (const EvaluationRow& row : rows_of(time_s, accuracy)) files.add(row);
    files.commit();
  };
  const auto end_round = [&](int end_s) {
    RoundRecord record;
    record.round.end = seconds(end_s);
    record.uplink.passed_bytes = 100;
    files.add(record);
  };
  evaluate(0, 0.1);
  end_round(10);
  evaluate(10, 0.2);
  CHECK_FALSE(files.looks_between());
  end_round(13);
  end_round(18);
  evaluate(20, 0.6);
  CHECK(files.looks_between());
  end_round(21);
  const std::string until_10 =
      "d-psgd,1,0,0,0,0,0.1,0,0.1,0.1,0.1,1,0,1,1,1\n"
      "d-psgd,1,10,100,1,0,0.2,0,0.2,0.2,0.2,1,0,1,1,1\n";
  const std::string at_20 = "d-psgd,1,20,300,3,0,0.6,0,0.6,0.6,0.6,1,0,1,1,1\n";
  CHECK(content_of(folder / "curves.csv") == until_10);
  std::vector<EvaluationRow> between = rows_of(12, 0.3);
  for (const EvaluationRow& row : rows_of(14, 0.5)) between.push_back(row);
  files.add_between(between);
  CHECK(content_of(folder / "curves.csv") == until_10 + "d-psgd,1,12,100,1,1,0.3,0,0.3,0.3,0.3,1,0,1,1,1\n" +
                                                 "d-psgd,1,14,200,2,1,0.5,0,0.5,0.5,0.5,1,0,1,1,1\n" + at_20);
  const auto reached = target_reached(files.evaluated(), {Figure::accuracy, 0.5});
  CHECK(reached->time_s == 14);
  CHECK(reached->bytes_sent == 200);
  CHECK(reached->within_s == 2);
  evaluate(30, 0.7);
  CHECK(files.evaluated().back().rounds == 4);
}

TEST_CASE("a row that waits for others is written when the run is over") {
  const TemporaryFolder folder;
  GrowingTable curves(folder / "curves.csv", "");
  ResultFiles files(folder / "run", {curves, "d-psgd", 1, Target{Figure::accuracy, 0.5}});
  for (const int time_s : {0, 10}) {
    for (const NodeId node : {NodeId{0}, kAveragedModel}) {
      files.add(EvaluationRow{seconds(time_s), node, 0, {time_s / 10.0, 1}});
    }
  }
  files.finish();
  CHECK(content_of(folder / "curves.csv").find("\nd-psgd,1,10,") != std::string::npos);
}

TEST_CASE("a folder that cannot be written to is one line, not a crash") {
  Written written("/proc/nowhere", "s1");
  ResultFiles& files = written.files;
  CHECK(files.error().find("/proc/nowhere/s1") == 0);
  files.add(RoundRecord{});
  files.commit();
}

TEST_CASE("a run says when a model was first found to have diverged") {
  const TemporaryFolder folder;
  Written written(folder.path());
  ResultFiles& files = written.files;
  files.add(EvaluationRow{seconds(5), 0, 4, {0.5, 1.25}});
  CHECK_FALSE(files.totals().diverged_s);
  files.add(EvaluationRow{seconds(10), 0, 8, {0.1, std::numeric_limits<double>::infinity()}});
  files.add(EvaluationRow{seconds(15), 0, 9, {0, std::numeric_limits<double>::quiet_NaN()}});
  CHECK(files.totals().diverged_s == 10);
}

}  // namespace
}  // namespace tardigrad
