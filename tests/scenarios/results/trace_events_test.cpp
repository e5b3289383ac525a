#include "scenarios/src/results/trace_events.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace tardigrad {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

Hops hops(std::vector<Hop> content) { return std::make_shared<const std::vector<Hop>>(std::move(content)); }

RoundRecord record_of(NodeId node, Round round, Time begin, Time trained, Time end) {
  RoundRecord record;
  record.round = {node, round, begin, trained, end, 0.25, {}};
  return record;
}

/// The events, those that give names left out.
Json events_of(const std::string& text) {
  Json events = Json::array();
  for (const Json& event : Json::parse("[" + text + "]")) {
    if (event["ph"] != "M") events.push_back(event);
  }
  return events;
}

TEST_CASE("a round is training and waiting on its node's thread, in microseconds of whole nanoseconds") {
  TraceEvents events;
  std::string text;
  events.begin({"divshare, seed 7", 4, 1, false}, text);
  RoundRecord record = record_of(2, 5, Time(1'499), Time(1'500'500), milliseconds(1));
  record.round.steps = 3;
  record.round.mixing.mixed = 4;
  record.round.mixing.staleness_sum = 6;
  events.add(record, text);
  const Json expected = Json::array(
      {{{"ph", "X"},
        {"pid", 1},
        {"tid", 7},
        {"ts", 0.001},
        {"dur", 1.5},
        {"cat", "train"},
        {"name", "train"},
        {"args", {{"round", 5}, {"loss", 0.25}}}},
       {{"ph", "X"}, {"pid", 1}, {"tid", 7}, {"ts", 1.501}, {"dur", 998.499}, {"cat", "wait"}, {"name", "wait"}},
       {{"ph", "C"}, {"pid", 1}, {"tid", 7}, {"ts", 1000}, {"name", "node 2 staleness"}, {"args", {{"rounds", 1.5}}}}});
  CHECK(events_of(text) == expected);
  CHECK(text.find("\"ts\":0.001,\"dur\":1.500,") != std::string::npos);
  CHECK(text.find("\"ts\":1000.000,") != std::string::npos);
}

TEST_CASE("runs, nodes and their links are named where they first appear, and no others") {
  TraceEvents events;
  std::string text;
  events.begin({"say \"hi\"", 2, 1, false}, text);
  events.add(record_of(1, 0, Time{}, milliseconds(1), milliseconds(1)), text);
  events.add(record_of(1, 1, milliseconds(1), milliseconds(2), milliseconds(2)), text);
  events.begin({"second", 2, 1, false}, text);
  std::vector<std::string> names;
  for (const Json& event : Json::parse("[" + text + "]")) {
    const std::string kind = event["name"];
    if (kind == "process_name" || kind == "thread_name") names.push_back(event["args"]["name"]);
  }
  CHECK(names == std::vector<std::string>{"say \"hi\"", "node 1", "second"});
}

TEST_CASE("no two threads have the same number, not those of different runs either") {
  TraceEvents events;
  std::string text;
  std::set<std::uint64_t> threads;
  for (const NodeId nodes : {3, 2, 4}) {
    events.begin({"run", nodes, 1, false}, text);
    for (const NodeId node : {NodeId{0}, nodes - 1}) {
      events.add(record_of(node, 0, Time{}, milliseconds(1), milliseconds(1)), text);
    }
  }
  for (const Json& event : events_of(text)) threads.insert(event["tid"].get<std::uint64_t>());
  CHECK(threads == std::set<std::uint64_t>{1, 7, 10, 13, 16, 25});
}

TEST_CASE("what the end of the run interrupts begins and does not end, what has not begun is left out") {
  TraceEvents events;
  std::string text;
  events.begin({"run", 3, 1, false}, text);
  events.add(record_of(0, kUnfinishedRound, milliseconds(1), kNever, kNever), text);
  events.add(record_of(1, kUnfinishedRound, milliseconds(1), milliseconds(2), kNever), text);
  events.add(record_of(2, kUnfinishedRound, kNever, kNever, kNever), text);
  const Json shown = events_of(text);
  REQUIRE(shown.size() == 3);
  CHECK(shown[0]["ph"] == "B");
  CHECK(shown[0]["name"] == "train");
  CHECK(shown[1]["ph"] == "X");
  CHECK(shown[2]["ph"] == "B");
  CHECK(shown[2]["name"] == "wait");
  CHECK(shown[2]["ts"] == 2000);
}

TEST_CASE("a loss that is no number is left out") {
  TraceEvents events;
  std::string text;
  events.begin({"run", 1, 1, false}, text);
  RoundRecord record = record_of(0, 0, Time{}, milliseconds(1), milliseconds(1));
  record.round.training_loss = std::numeric_limits<double>::quiet_NaN();
  events.add(record, text);
  CHECK(events_of(text)[0]["args"] == Json{{"round", 0}});
}

TEST_CASE("a message is sent on one thread and received on another, and a flow of its own leads there") {
  TraceEvents events;
  std::string text;
  std::map<std::string, int> seen;
  for (std::uint64_t run = 0; run < 2; ++run) {
    events.begin({"run", 3, 2, false}, text);
    for (std::uint64_t number = 0; number < 2; ++number) {
      for (const FragmentId fragment : {0U, 1U}) {
        RoundRecord sender = record_of(0, 0, Time{}, milliseconds(1), milliseconds(1));
        sender.uplink.hops =
            hops({{Hop::Place::uplink, Hop::Fate::passed, 2, fragment, 3, 1000, number, Time{}, milliseconds(8)}});
        RoundRecord receiver = record_of(2, 0, Time{}, milliseconds(1), milliseconds(1));
        receiver.downlink.hops = hops({{Hop::Place::downlink, Hop::Fate::passed, 0, fragment, 3, 1000, number,
                                        milliseconds(2), milliseconds(10)}});
        std::string own;
        events.add(sender, own);
        events.add(receiver, own);
        text += own;
        const Json shown = events_of(own.substr(1));
        REQUIRE(shown.size() == 4);
        CHECK(shown[1]["tid"] == 9 * run + 2);
        CHECK(shown[1]["name"] == "to 2");
        CHECK(shown[1]["flow_out"] == true);
        CHECK(shown[1]["args"] == Json{{"fragment", fragment}, {"round", 3}, {"bytes", 1000}});
        CHECK(shown[3]["tid"] == 9 * run + 9);
        CHECK(shown[3]["name"] == "from 0");
        CHECK(shown[3]["flow_in"] == true);
        CHECK(shown[1]["bind_id"] == shown[3]["bind_id"]);
        ++seen[shown[1]["bind_id"]];
      }
    }
  }
  CHECK(seen.size() == 8);
}

TEST_CASE("what does not get through is marked where it ends") {
  TraceEvents events;
  std::string text;
  events.begin({"run", 3, 1, false}, text);
  RoundRecord record = record_of(1, kUnfinishedRound, kNever, kNever, kNever);
  const auto hop = [](Hop::Place place, Hop::Fate fate, int begin, int end) {
    return Hop{place, fate, 2, 0, 3, 1000, 0, milliseconds(begin), milliseconds(end)};
  };
  record.uplink.hops = hops({hop(Hop::Place::uplink, Hop::Fate::cut, 1, 4),
                             hop(Hop::Place::uplink, Hop::Fate::dropped, 4, 4),
                             hop(Hop::Place::uplink, Hop::Fate::lost, 5, 5),
                             {Hop::Place::uplink, Hop::Fate::under_way, 2, 0, 3, 1000, 0, milliseconds(6), kNever}});
  record.downlink.hops = hops({hop(Hop::Place::downlink, Hop::Fate::dropped, 7, 7)});
  events.add(record, text);
  const Json shown = events_of(text);
  REQUIRE(shown.size() == 5);
  CHECK(shown[0]["ph"] == "X");
  CHECK(shown[0]["dur"] == 3000);
  CHECK(shown[0]["args"]["cut"] == true);
  CHECK_FALSE(shown[0].contains("bind_id"));
  for (const auto& [place, name] :
       std::map<int, std::string>{{1, "dropped to 2"}, {2, "lost to 2"}, {4, "dropped from 2"}}) {
    CHECK(shown[place]["ph"] == "i");
    CHECK(shown[place]["s"] == "t");
    CHECK(shown[place]["name"] == name);
  }
  CHECK(shown[3]["ph"] == "B");
  CHECK_FALSE(shown[3].contains("dur"));
}

TEST_CASE("what a node may send at once are asynchronous slices of one name") {
  TraceEvents events;
  std::string text;
  events.begin({"run", 3, 1, true}, text);
  RoundRecord record = record_of(1, kUnfinishedRound, kNever, kNever, kNever);
  record.uplink.hops =
      hops({{Hop::Place::shared_uplink, Hop::Fate::passed, 2, 0, 3, 1000, 0, milliseconds(1), milliseconds(4)},
            {Hop::Place::shared_uplink, Hop::Fate::cut, 0, 0, 3, 1000, 1, milliseconds(2), milliseconds(3)}});
  events.add(record, text);
  const Json shown = events_of(text);
  REQUIRE(shown.size() == 4);
  for (const std::size_t first : {0, 2}) {
    CHECK(shown[first]["ph"] == "b");
    CHECK(shown[first + 1]["ph"] == "e");
    for (const char* member : {"cat", "id", "name", "pid"}) CHECK(shown[first][member] == shown[first + 1][member]);
    CHECK(shown[first]["name"] == "node 1 sends");
  }
  CHECK(shown[0]["id"] != shown[2]["id"]);
  CHECK(shown[0]["args"]["to"] == 2);
  CHECK(shown[2]["args"]["cut"] == true);
  CHECK(shown[3]["ts"] == 3000);
}

}  // namespace
}  // namespace tardigrad
