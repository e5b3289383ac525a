#include "scenarios/src/run/sweep_plan.hpp"

#include <doctest/doctest.h>

#include <set>

#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::ResultFolder;

namespace {

using Texts = std::vector<std::string>;

std::vector<SweepAxis> axes_of(const Texts& sets) {
  const SweepAxesResult result = parse_sweep_axes(sets);
  REQUIRE_MESSAGE(result.error.empty(), result.error);
  return result.axes;
}

Texts names_of(const Texts& sets) {
  Texts names;
  for (const SweepPoint& point : sweep_points(axes_of(sets))) names.push_back(point.name);
  return names;
}

const char* const kScenario = R"(seeds = [1, 2]
[time]
duration = "5s"
[nodes]
count = 8
model = { kind = "null", parameters = 1000 }
[[algorithm]]
kind = "divshare"
recipients = 3
[[algorithm]]
kind = "swift"
)";

}  // namespace

TEST_CASE("commas separate values, but not inside of brackets, braces and quotes") {
  const auto values = [](const std::string& text) { return axes_of({"key=" + text}).front().values; };
  CHECK(values("1,2 , 3") == Texts{"1", "2", "3"});
  CHECK(values("[1,2],[3]") == Texts{"[1,2]", "[3]"});
  CHECK(values("{ kind = \"step\", every = 5 },constant") == Texts{"{ kind = \"step\", every = 5 }", "constant"});
  CHECK(values("{ a = [1, 2], b = 3 }") == Texts{"{ a = [1, 2], b = 3 }"});
  CHECK(values(R"("a,b",'c,d',"e\",f")") == Texts{"\"a,b\"", "'c,d'", R"("e\",f")"});
  CHECK(values(R"('a\',b)") == Texts{R"('a\')", "b"});
  CHECK(values(R"("]",{ x = "}" },2)") == Texts{"\"]\"", "{ x = \"}\" }", "2"});
}

TEST_CASE("the points are all combinations, the last key's values changing fastest") {
  const auto points = sweep_points(axes_of({"training.learning_rate=0.1,0.2", "network.uplink=30Mbps,60Mbps,90Mbps"}));
  REQUIRE(points.size() == 6);
  CHECK(points[0].name == "learning_rate=0.1,uplink=30Mbps");
  CHECK(points[1].name == "learning_rate=0.1,uplink=60Mbps");
  CHECK(points[5].name == "learning_rate=0.2,uplink=90Mbps");
  CHECK(points[3].overrides == Texts{"training.learning_rate=0.2", "network.uplink=30Mbps"});
  CHECK(points[3].values == Texts{"0.2", "30Mbps"});
}

TEST_CASE("a key of one value is set at every point and stands in no name") {
  const auto points = sweep_points(axes_of({"time.duration=5s", "algorithm.0.recipients=2,4"}));
  REQUIRE(points.size() == 2);
  CHECK(points[1].name == "recipients=4");
  CHECK(points[1].overrides == Texts{"time.duration=5s", "algorithm.0.recipients=4"});
  CHECK(points[1].values == Texts{"4"});
  CHECK(names_of({"time.duration=5s"}) == Texts{"duration=5s"});
}

TEST_CASE("names use as much of a key as tells it from the others") {
  CHECK(names_of({"algorithm.0.recipients=2,4", "algorithm.1.recipients=3,5"}).front() ==
        "0.recipients=2,1.recipients=3");
  CHECK(names_of({"uplink=1,2", "network.uplink=1,2"}).front() == "uplink=1,network.uplink=1");
}

TEST_CASE("names are safe for file systems, whatever the values are") {
  CHECK(names_of({"training.learning_rate_schedule={ kind = \"step\", every = 100 },constant"}) ==
        Texts{"learning_rate_schedule=kind-step-every-100", "learning_rate_schedule=constant"});
  CHECK(names_of({"data.root=/a/../b,/a/.. b"}) == Texts{"root=a-..-b", "root=a-..-b-2"});
  const std::string longest(300, 'x');
  const Texts names = names_of({"name=" + longest + "1," + longest + "2"});
  CHECK(names[0].size() <= 200);
  CHECK(names[1].size() <= 200);
  CHECK(names[0] != names[1]);
  CHECK(names_of({"\"..\"=1,2"}).front() == "point=1");
}

TEST_CASE("a sweep that cannot be meant is refused with one line") {
  const auto error_of = [](const Texts& sets) {
    const SweepAxesResult result = parse_sweep_axes(sets);
    CHECK(result.error.find('\n') == std::string::npos);
    return result.error;
  };
  CHECK(error_of({"network.uplink"}) ==
        "--set network.uplink: expected KEY=VALUE,VALUE, such as network.uplink=30Mbps,60Mbps");
  CHECK(error_of({"a=1,,2"}) == "--set a=1,,2: expected a value beside every comma, such as 30Mbps,60Mbps");
  CHECK(error_of({"a=1, 1"}) == "--set a=1, 1: the value 1 stands there twice");
  CHECK(error_of({"a=1,2", " a =3"}) == "--set  a =3: there are two --set of a");
  CHECK(error_of({"=1,2"}).find("expected KEY=VALUE,VALUE") != std::string::npos);
  std::string many = "a=0";
  for (int i = 1; i < 200; ++i) many += "," + std::to_string(i);
  CHECK(error_of({many, "b" + many}).find("expected at most 10000 combinations") != std::string::npos);
}

TEST_CASE("a point is finished once every run of this very scenario is complete") {
  const Scenario scenario = *parse_scenario(kScenario, "s.toml").scenario;
  const ResultFolder folder;
  const auto state = [&] { return state_of_point(folder.path(), scenario); };
  CHECK(state() == PointState::open);
  const std::string resolved = to_toml(scenario);
  folder.write("scenario.toml", resolved);
  CHECK(state() == PointState::open);
  for (const char* run : {"divshare/s1", "divshare/s2", "swift/s1"}) {
    folder.write(std::string(run) + "/summary.json", "{\"complete\": true}");
  }
  CHECK(state() == PointState::open);
  folder.write("swift/s2/summary.json", "{\"complete\": false}");
  CHECK(state() == PointState::open);
  folder.write("swift/s2/summary.json", "{\"complete\": tr");
  CHECK(state() == PointState::open);
  folder.write("swift/s2/summary.json", "{\"complete\": true}");
  CHECK(state() == PointState::finished);
  folder.write("scenario.toml", resolved.substr(0, 40));
  CHECK(state() == PointState::open);
  folder.write("scenario.toml", resolved + "# a remark changes nothing\n");
  CHECK(state() == PointState::finished);
  Scenario other = scenario;
  other.training.batch_size += 1;
  folder.write("scenario.toml", to_toml(other));
  CHECK(state() == PointState::foreign);
}
