#include <doctest/doctest.h>

#include <filesystem>

#include "scenarios/src/scenario/scenario_file.hpp"

using namespace tardigrad;

namespace {

const char* const kScenario = R"(
[time]
duration = "10s"
[nodes]
count = 8
model = { kind = "null", parameters = 1000 }
[network]
uplink = "60Mbps"
latency = "2ms"
[[network.stragglers]]
nodes = { count = 1 }
factor = 5
[[algorithm]]
kind = "divshare"
recipients = 3
[[algorithm]]
kind = "swift"
)";

ScenarioResult with(const std::vector<std::string>& overrides) {
  return parse_scenario(kScenario, "s.toml", overrides);
}

}  // namespace

TEST_CASE("an override changes one key, with or without quotes around its text") {
  for (const char* text : {"network.uplink=30Mbps", "network.uplink = \"30Mbps\"", " network.uplink =  30Mbps "}) {
    CAPTURE(text);
    const auto result = with({text});
    REQUIRE_MESSAGE(result.scenario, result.error);
    CHECK(result.scenario->network.access.uplink == BitsPerSecond{30e6});
    CHECK(result.scenario->network.access.downlink == BitsPerSecond{30e6});  // it follows the uplink
    CHECK(result.scenario->nodes.count == 8);
  }
}

TEST_CASE("a table of an array is changed by its number") {
  const auto result = with({"algorithm.0.recipients=5", "network.stragglers.0.factor=2.5"});
  REQUIRE_MESSAGE(result.scenario, result.error);
  CHECK(result.scenario->algorithms[0].options.integer("recipients") == 5);
  CHECK(result.scenario->network.stragglers[0].factor == 2.5);
}

TEST_CASE("a table of an array is changed by its name, or by a kind that no other one has") {
  const auto result =
      with({"algorithm.swift.name=waits", "algorithm.divshare.recipients=5", "algorithm.waits.topology=ring"});
  REQUIRE_MESSAGE(result.scenario, result.error);
  CHECK(result.scenario->algorithms[0].options.integer("recipients") == 5);
  CHECK(result.scenario->algorithms[1].name == "waits");
  CHECK(result.scenario->algorithms[1].topology.kind == "ring");

  CHECK(with({"algorithm.swiftt.topology=ring"}).error ==
        "--set algorithm.swiftt.topology=ring: there is no algorithm.swiftt: expected an index from 0 to 2, or the "
        "name or kind of one, after 'algorithm'");
  CHECK(
      with({"algorithm.2.kind=swift", "algorithm.swift.topology=ring"}).error ==
      "--set algorithm.swift.topology=ring: 2 of algorithm are of kind swift: expected an index after 'algorithm', or "
      "the name of one");
  CHECK(with({"network.stragglers.swift.factor=2"}).error ==
        "--set network.stragglers.swift.factor=2: there is no network.stragglers.swift: expected an index from 0 to 1 "
        "after 'network.stragglers'");
}

TEST_CASE("the number after the last appends a table") {
  const auto result = with({"algorithm.2.kind=ad-psgd", "algorithm.2.name=pairs"});
  REQUIRE_MESSAGE(result.scenario, result.error);
  REQUIRE(result.scenario->algorithms.size() == 3);
  CHECK(result.scenario->algorithms[2].name == "pairs");
}

TEST_CASE("an override may add what the file leaves out") {
  const auto result = with({"compute.stragglers.0.nodes.count=2", "compute.stragglers.0.slowdown=4", "seeds=[3, 4]"});
  REQUIRE_MESSAGE(result.scenario, result.error);
  REQUIRE(result.scenario->compute.stragglers.size() == 1);
  CHECK(result.scenario->compute.stragglers[0].slowdown == 4);
  CHECK(result.scenario->seeds == std::vector<std::uint64_t>{3, 4});
}

TEST_CASE("a later override wins") {
  CHECK(with({"time.duration=3s", "time.duration=4s"}).scenario->time.duration == std::chrono::seconds(4));
}

TEST_CASE("seeds of an override replace the seed of the file, and the other way round") {
  const std::string one = std::string("seed = 9\n") + kScenario;
  const std::string several = std::string("seeds = [7, 8]\n") + kScenario;
  CHECK(parse_scenario(one, "s.toml", {"seeds=[1, 2]"}).scenario->seeds == std::vector<std::uint64_t>{1, 2});
  CHECK(parse_scenario(several, "s.toml", {"seed=1"}).scenario->seeds == std::vector<std::uint64_t>{1});
}

TEST_CASE("an option may be given to a kind that the file names by a text") {
  const auto result = with({"network.topology=random-regular", "network.topology.degree=4"});
  REQUIRE_MESSAGE(result.scenario, result.error);
  CHECK(result.scenario->network.topology->degree == 4);
}

TEST_CASE("a module's file takes the place of a model, whatever the file says of it, and the other way round") {
  const char* const data = "data={ set = \"tensors\", train = \"a.pt\", test = \"b.pt\" }";
  for (const char* model : {"logistic-regression", "{ kind = \"resnet-20\" }", "{ torchscript = \"old.pt\" }"}) {
    CAPTURE(model);
    const std::vector<std::string> overrides = {data, std::string("nodes.model=") + model,
                                                "nodes.model.statistics=local", "nodes.model.torchscript=my.pt"};
    const auto result = with(overrides);
    REQUIRE_MESSAGE(result.scenario, result.error);
    CHECK(result.scenario->nodes.model.kind == "torchscript");
    CHECK(result.scenario->nodes.model.file == std::filesystem::absolute("my.pt"));
    CHECK(result.scenario->nodes.model.statistics == "local");
  }
  const auto back = with({data, "nodes.model={ torchscript = \"old.pt\" }", "nodes.model.kind=lenet"});
  REQUIRE_MESSAGE(back.scenario, back.error);
  CHECK(back.scenario->nodes.model.kind == "lenet");
}

TEST_CASE("a wrong override is answered with its own text") {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"network.uplink", "--set network.uplink: expected KEY=VALUE, such as network.uplink=30Mbps"},
      {"", "--set : expected KEY=VALUE, such as network.uplink=30Mbps"},
      {"=3", "--set =3: expected KEY=VALUE, such as network.uplink=30Mbps"},
      {"network.uplnk=30Mbps",
       "--set network.uplnk=30Mbps: unknown key 'uplnk' in [network]: expected emulation, sharing, uplink, downlink, "
       "latency, "
       "loss, matrix, topology, stragglers, changes or traces; did you mean 'uplink'?"},
      {"network.uplink=30", "--set network.uplink=30: network.uplink: expected a rate such as \"60Mbps\", got 30"},
      {"algorithm.5.recipients=3",
       "--set algorithm.5.recipients=3: there is no algorithm.5: expected an index from 0 to 2, or the name or kind of "
       "one, after 'algorithm'"},
      {"algorithm.recipients=3",
       "--set algorithm.recipients=3: there is no algorithm.recipients: expected an index from 0 to 2, or the name or "
       "kind of one, after 'algorithm'"},
      {"algorithm.99999999999999999999.recipients=3",
       "--set algorithm.99999999999999999999.recipients=3: there is no algorithm.99999999999999999999: expected an "
       "index from 0 to 2, or the name or kind of one, after 'algorithm'"},
      {"network.latency.sigma=0.2",
       "--set network.latency.sigma=0.2: network.latency is \"2ms\", which has no 'sigma': expected for example --set "
       "'network.latency={ kind = ..., sigma = ... }'"},
      {"nodes.count.x=3", "--set nodes.count.x=3: nodes.count: expected an integer from 1 to 1000000, got a table"},
      {"compute.stragglers.0.slowdown=3",
       "s.toml:1:1: missing key 'nodes' in [compute.stragglers.0]: expected for example nodes = { count = 3 }"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    CHECK(with({one.text}).error == one.error);
  }
}

TEST_CASE("an override with an endless key is refused") {
  std::string key;
  for (int i = 0; i < 100'000; ++i) key += "a.";
  const auto result = with({key + "b=1"});
  CHECK_FALSE(result.scenario);
  CHECK(result.error.find("a key of too many parts") != std::string::npos);
}
