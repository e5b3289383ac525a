#include "scenarios/src/scenario/scenario_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "actors/protocols/registry.hpp"
#include "scenarios/src/scenario/syntax_advice.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/parsed_text.hpp"

using namespace tardigrad;
namespace fs = std::filesystem;
using test::error_of;
using test::parsed;

namespace {

/// Line numbers of the mistakes below count from here.
const char* const kScenario = R"(name = "stragglers"
seed = 1
[time]
duration = "800s"
[nodes]
count = 60
model = "gn-lenet"
[data]
set = "fashion-mnist"
partition = { kind = "shards", per_node = 5 }
[training]
batch_size = 8
local_steps = 128
learning_rate = 0.05
[compute]
step_time = "8ms"
[[compute.stragglers]]
nodes = { count = 3 }
slowdown = 4
[network]
uplink = "60Mbps"
[[network.stragglers]]
nodes = { list = [0, 7] }
factor = 5
[[algorithm]]
kind = "divshare"
recipients = 6
[[algorithm]]
kind = "swift"
topology = "ring"
[evaluation]
every = "20s"
samples = 2000
target = 0.60
)";

const char* const kSmallest = R"([time]
duration = "5s"
[nodes]
count = 8
[[algorithm]]
kind = "divshare"
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), by);
}

std::vector<std::string> algorithm_names() {
  std::vector<std::string> names;
  for (const Algorithm& algorithm : algorithms()) names.push_back(algorithm.name);
  return names;
}

/// A folder of its own, gone with the test.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(fs::temp_directory_path() / ("tardigrad-" + name)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Mistake {
  const char* what;
  std::string by;
  std::string error;
};

void check_mistakes(const std::string& scenario, const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.by);
    CHECK(error_of(replaced(scenario, mistake.what, mistake.by)) == mistake.error);
  }
}

}  // namespace

TEST_CASE("a scenario file says everything that a scenario holds") {
  const Scenario s = parsed(kScenario);
  CHECK(s.name == "stragglers");
  CHECK(s.seeds == std::vector<std::uint64_t>{1});
  CHECK(s.time.duration == std::chrono::seconds(800));
  CHECK(s.nodes.count == 60);
  CHECK(s.data.partition.kind == "shards");
  CHECK(s.data.partition.per_node == 5);
  CHECK(s.training.local_steps == 128);
  CHECK(s.training.learning_rate == 0.05);
  CHECK(s.compute.step_time.expected() == std::chrono::milliseconds(8));
  REQUIRE(s.compute.stragglers.size() == 1);
  CHECK(s.compute.stragglers[0].slowdown == 4);
  CHECK(s.compute.stragglers[0].nodes.count == 3);
  REQUIRE(s.network.stragglers.size() == 1);
  CHECK(s.network.stragglers[0].nodes.list == std::vector<NodeId>{0, 7});
  CHECK(s.network.stragglers[0].factor == 5);
  REQUIRE(s.algorithms.size() == 2);
  CHECK(s.algorithms[0].name == "divshare");
  CHECK(s.algorithms[0].options.integer("fragments") == 10);
  CHECK(s.algorithms[1].topology.kind == "ring");
  CHECK(s.evaluation.every == std::chrono::seconds(20));
  CHECK(s.evaluation.samples == 2000);
  CHECK(s.evaluation.target == Target{Figure::accuracy, 0.6});
  CHECK(s.data_at == "s.toml:8:1");
}

TEST_CASE("what a file leaves out has its usual value") {
  const Scenario s = parsed(kSmallest);
  CHECK(s.name == "s");
  CHECK(s.seeds == std::vector<std::uint64_t>{1});
  CHECK(s.nodes.model.kind == "gn-lenet");
  CHECK(s.data.kind == "fashion-mnist");
  CHECK(s.data.root.empty());
  CHECK(s.data.partition.kind == "iid");
  CHECK(s.training.batch_size == 8);
  CHECK(s.network.access.uplink == BitsPerSecond{60e6});
  CHECK(s.network.latency == std::chrono::milliseconds(2));
  CHECK(s.compute.start_stagger == s.expected_round());
  CHECK(s.algorithms[0].topology.kind == "complete");
  CHECK_FALSE(s.evaluation.every);
}

TEST_CASE("a resolved scenario loads again to the same bytes") {
  const std::string swarm = replaced(kScenario, "seed = 1", "seeds = [3, 1, 2]");
  const std::vector<std::string> scenarios = {
      kScenario,
      kSmallest,
      swarm,
      replaced(kScenario, "\"8ms\"",
               "{ kind = \"lognormal\", mean = \"8.25ms\", sigma = 0.3 }\nstart_stagger = \"0s\""),
      replaced(kScenario, "\"8ms\"", "{ kind = \"uniform\", low = \"7ms\", high = \"8ms\" }"),
      replaced(kScenario, "\"8ms\"", "{ kind = \"exponential\", mean = \"0.7ns\" }"),
      replaced(kScenario, "kind = \"shards\", per_node = 5", "kind = \"dirichlet\", alpha = 0.1"),
      replaced(kScenario, "kind = \"shards\", per_node = 5", "kind = \"dirichlet\", alpha = 0.1, at_least = 3"),
      replaced(kScenario, "kind = \"shards\", per_node = 5", "kind = \"dirichlet-mix\", alpha = 0.01"),
      replaced(kScenario, "factor = 5", "uplink = \"0.3Mbps\"\njitter = \"100kbps\""),
      replaced(kScenario, "count = 3", "fraction = 0.1, pick = \"first\""),
      replaced(kScenario, "{ count = 3 }", "\"all\""),
      replaced(kScenario, "topology = \"ring\"", "topology = { kind = \"random-regular\", degree = 4 }"),
      replaced(kScenario, "kind = \"swift\"\ntopology = \"ring\"",
               "kind = \"d-psgd\"\ntopology = { kind = \"random-regular\", degree = 4, redraw = true }"),
      replaced(kScenario, "kind = \"swift\"\ntopology = \"ring\"",
               "kind = \"relay-sgd\"\ntopology = { kind = \"spanning-tree\", of = \"torus\" }"),
      replaced(kScenario, "kind = \"swift\"\ntopology = \"ring\"",
               "kind = \"relay-sgd\"\nnormalization = \"counts\"\ntopology = { kind = \"spanning-tree\", of = { kind = "
               "\"random-regular\", degree = 4 } }"),
      replaced(kScenario, "kind = \"swift\"\ntopology = \"ring\"", "kind = \"sgp\""),
      replaced(kScenario, "kind = \"swift\"\ntopology = \"ring\"",
               "kind = \"d-psgd\"\ntopology = { kind = \"base-k\", degree = 2 }"),
      replaced(
          kScenario, "kind = \"swift\"\ntopology = \"ring\"",
          "kind = \"d-psgd\"\ntopology = { kind = \"matcha\", of = { kind = \"random-regular\", degree = 4 }, budget = "
          "0.3 }"),
      replaced(kScenario, "target = 0.60", ""),
      replaced(kScenario, "target = 0.60", "target_loss = 0.875"),
      replaced(kScenario, "target = 0.60", "target = 0.6\nbaseline = \"swift\""),
      replaced(kSmallest, "count = 8", "count = 8\nmodel = \"matrix-factorization\"\n[data]\nroot = \"ml\""),
      replaced(kScenario, "recipients = 6", "compression = { kind = \"top-k\", fraction = 0.125 }"),
      replaced(kScenario, "recipients = 6", "compression = { kind = \"quantizer\", bits = 4, bucket = 64 }"),
      replaced(kScenario, "recipients = 6",
               "compression = { kind = \"random-k\", unbiased = true, values = \"quantizer\", bits = 2 }"),
      replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"choco-sgd\"\ncompression = \"sign\""),
      replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"jwins\"\nfractions = [0.05, 0.1, 0.1, 1]"),
      replaced(kScenario, "samples = 2000", "samples = \"all\""),
      replaced(kSmallest, "count = 8", "count = 8\nmodel = { kind = \"null\", parameters = 1000 }"),
      replaced(kScenario, "set = \"fashion-mnist\"", "root = \"a \\\"quoted\\\" \\\\ place\""),
  };
  for (const std::string& text : scenarios) {
    CAPTURE(text);
    const std::string resolved = to_toml(parsed(text));
    CHECK(to_toml(parsed(resolved)) == resolved);
  }
  CHECK(parsed(to_toml(parsed(swarm))).seeds == std::vector<std::uint64_t>{3, 1, 2});
}

TEST_CASE("paths are relative to the scenario file, and right wherever the resolved one lies") {
  const Folder folder("relative-paths");
  folder.write("edges.txt", "0 1\n1 2\n2 3\n3 4\n4 5\n5 6\n6 7\n7 0\n");
  const std::string text = replaced(kSmallest, "kind = \"divshare\"",
                                    "kind = \"swift\"\ntopology = { kind = \"file\", path = \"edges.txt\" }");
  const auto original = load_scenario(folder.write("s.toml", text + "[data]\nroot = \"images\"\n"));
  REQUIRE_MESSAGE(original.scenario, original.error);
  CHECK(original.scenario->data.root == (folder.path() / "images").string());
  fs::create_directories(folder.path() / "results");
  const auto again = load_scenario(folder.write("results/scenario.toml", to_toml(*original.scenario)));
  REQUIRE_MESSAGE(again.scenario, again.error);
  CHECK(to_toml(*again.scenario) == to_toml(*original.scenario));
}

TEST_CASE("an unknown key is answered with the nearest name or with its place") {
  check_mistakes(
      kScenario,
      {{"learning_rate", "learnin_rate",
        "s.toml:14:1: unknown key 'learnin_rate' in [training]: expected batch_size, local_steps, learning_rate, "
        "learning_rate_schedule, optimizer, momentum, nesterov, weight_decay, clip_norm, drop_last or backend; did "
        "you mean 'learning_rate'?"},
       {"[training]", "[trainig]",
        "s.toml:11:2: unknown key 'trainig': expected name, seed, seeds, time, nodes, data, training, compute, "
        "network, energy, servers, churn, algorithm, evaluation or placement; did you mean 'training'?"},
       {"batch_size", "uplink",
        "s.toml:12:1: unknown key 'uplink' in [training]: expected batch_size, local_steps, learning_rate, "
        "learning_rate_schedule, optimizer, momentum, nesterov, weight_decay, clip_norm, drop_last or backend; "
        "'uplink' "
        "has its place in [network], [[network.stragglers]] or [[servers]]"},
       {"batch_size", "seed",
        "s.toml:12:1: unknown key 'seed' in [training]: expected batch_size, local_steps, learning_rate, "
        "learning_rate_schedule, optimizer, momentum, nesterov, weight_decay, clip_norm, drop_last or backend; 'seed' "
        "has "
        "its place in front of the first [section]"},
       {"batch_size", "evaluation",
        "s.toml:12:1: unknown key 'evaluation' in [training]: expected batch_size, local_steps, learning_rate, "
        "learning_rate_schedule, optimizer, momentum, nesterov, weight_decay, clip_norm, drop_last or backend; "
        "'evaluation' has its place in a section of its own"},
       {"per_node", "alpha",
        "s.toml:10:32: unknown key 'alpha' of partition shards: expected kind or per_node; 'alpha' has its place in "
        "partition = { kind = \"dirichlet\" }, partition = { kind = \"dirichlet-mix\" } or algorithm streaming-diloco"},
       {"topology = \"ring\"", "flush = true",
        "s.toml:30:1: unknown key 'flush' of algorithm swift: expected kind, name, topology, compression, "
        "local_steps, training_rounds, communication_set, weights, stored_models or staleness_weight; 'flush' has its "
        "place in algorithm divshare"}});
}

TEST_CASE("what a scenario holds is shown short and printable") {
  const std::string training =
      "' in [training]: expected batch_size, local_steps, learning_rate, learning_rate_schedule, optimizer, momentum, "
      "nesterov, weight_decay, clip_norm, drop_last or backend";
  check_mistakes(kScenario,
                 {{"batch_size", std::string(200'000, 'k'),
                   "s.toml:12:1: unknown key '" + std::string(120, 'k') + "..." + training},
                  {"batch_size", "\"turned\\u202Eback\"", "s.toml:12:1: unknown key 'turned???back" + training},
                  {"\"divshare\"", "\"div\\u2028share\"",
                   "s.toml:26:8: algorithm.0.kind: expected " + listed(algorithm_names()) + ", got \"div???share\""}});
}

TEST_CASE("an unknown name is answered with the nearest one") {
  check_mistakes(
      kScenario,
      {{"\"divshare\"", "\"divshar\"",
        "s.toml:26:8: algorithm.0.kind: expected " + listed(algorithm_names()) +
            ", got \"divshar\"; did you mean 'divshare'?"},
       {"\"gn-lenet\"", "\"gnlenet\"",
        "s.toml:7:9: nodes.model: expected gn-lenet, lenet, logistic-regression, lstm, matrix-factorization, "
        "mlp, resnet-20, vgg-11, transformer, torchscript, python, quadratic, logistic or null, got \"gnlenet\"; did "
        "you mean "
        "'gn-lenet'?"},
       {"\"shards\"", "\"shard\"",
        "s.toml:10:22: data.partition.kind: expected iid, shards, dirichlet, dirichlet-mix or by-user, got \"shard\"; "
        "did you mean 'shards'?"}});
  const std::string algorithm = "s.toml:26:8: algorithm.0.kind: expected " + listed(names_of(algorithms()));
  CHECK(error_of(replaced(kScenario, "\"divshare\"", "\"divshar\"")) ==
        algorithm + ", got \"divshar\"; did you mean 'divshare'?");
  const std::string topology = "s.toml:30:12: algorithm.1.topology: expected " + listed(names_of(topology_kinds()));
  CHECK(error_of(replaced(kScenario, "\"ring\"", "\"rnig\"")) == topology + ", got \"rnig\"; did you mean 'ring'?");
  CHECK(error_of(replaced(kScenario, "\"ring\"", "\"hypercube\"")) == topology + ", got \"hypercube\"");
}

TEST_CASE("all mistakes of a file are said, in its order, and none that follows from another one") {
  const char* const scenario = R"([nodes]
count = 0
model = "gnlenet"
[data]
set = "cifar-10"
tokens = "bytes"
[training]
batch_size = 8.5
lr = 0.1
[[network.stragglers]]
nodes = [70000]
factor = 0.5
[network]
uplink = 60
[[algorithm]]
kind = "divshar"
fragments = 10
[[algorithm]]
name = "of no kind"
[evaluation]
baseline = "divshare"
target = 2
)";
  std::vector<std::string> places;
  for (const std::string& line : parse_scenario(scenario, "s.toml").mistakes) {
    CHECK(line.rfind("s.toml:", 0) == 0);
    places.push_back(line.substr(7, line.find(": exp") - 7));
  }
  CHECK(places.size() == 12);
  const auto has = [&](const std::string& place) {
    CAPTURE(place);
    CHECK(std::count(places.begin(), places.end(), place) == 1);
  };
  for (const char* place : {"2:9: nodes.count", "3:9: nodes.model", "5:7: data.set", "8:14: training.batch_size",
                            "12:10: network.stragglers.0.factor", "14:10: network.uplink", "16:8: algorithm.0.kind",
                            "22:10: evaluation.target"}) {
    has(place);
  }
}

TEST_CASE("what was no TOML is answered with how it is written") {
  CHECK(syntax_advice("target = 65%") == "; a share is a number: 0.65 for 65%");
  CHECK(syntax_advice("target = 0,65  # as we write it") == "; decimals follow a point: 0.65");
  CHECK(syntax_advice("model = logistic-regression") == "; a text needs quotes: \"logistic-regression\"");
  CHECK(syntax_advice("latency = 2.5 ms") == "; a number with a unit needs quotes: \"2.5 ms\"");
  for (const char* line : {"", "[nodes", "name = \"a", "list = [a, b]", "n = 1 = 2", "n = 1.2.3", "= 3"}) {
    CAPTURE(line);
    CHECK(syntax_advice(line).empty());
  }
  CHECK(syntax_advice("key = " + std::string(100000, 'a')).empty());
}

TEST_CASE("a wrong unit, type or number is answered with what was expected") {
  check_mistakes(
      kScenario,
      {{"\"60Mbps\"", "\"60mbps\"",
        "s.toml:21:10: network.uplink: 'mbps' in \"60mbps\" may mean bits or bytes: expected Mbps or Mbit/s for bits a "
        "second, MB/s for bytes"},
       {"\"60Mbps\"", "60", "s.toml:21:10: network.uplink: expected a rate such as \"60Mbps\", got 60"},
       {"\"60Mbps\"", "\"0Mbps\"", "s.toml:21:10: network.uplink: expected a rate of at least 1bps, got \"0Mbps\""},
       {"\"800s\"", "\"800\"",
        "s.toml:4:12: time.duration: expected a duration such as \"2ms\", got \"800\" without a unit"},
       {"\"800s\"", "\"0s\"", "s.toml:4:12: time.duration: expected a duration greater than 0, got \"0s\""},
       {"\"800s\"", "\"-5s\"", "s.toml:4:12: time.duration: expected a duration such as \"2ms\", got \"-5s\""},
       {"\"800s\"", "800s",
        "s.toml:4:15: Error while parsing decimal integer: expected digit, saw 's'; a number with a unit needs quotes: "
        "\"800s\""},
       {"count = 60", "count = 0", "s.toml:6:9: nodes.count: expected an integer from 1 to 1000000, got 0"},
       {"count = 60", "count = 60.0", "s.toml:6:9: nodes.count: expected an integer from 1 to 1000000, got 60.0"},
       {"per_node = 5", "per_node = 0",
        "s.toml:10:43: data.partition.per_node: expected an integer from 1 to 1000000, got 0"},
       {"kind = \"shards\", per_node = 5", "kind = \"dirichlet\", alpha = 0",
        "s.toml:10:43: data.partition.alpha: expected a number from 0.001 to 1000000, got 0"},
       {"local_steps = 128", "local_steps = 0",
        "s.toml:13:15: training.local_steps: expected an integer from 1 to 1000000000, got 0"},
       {"0.05", "nan",
        "s.toml:14:17: training.learning_rate: expected a number greater than 0 and at most 1000000, got nan"},
       {"0.05", "-inf",
        "s.toml:14:17: training.learning_rate: expected a number greater than 0 and at most 1000000, got -inf"},
       {"0.05", "\"0.05\"",
        "s.toml:14:17: training.learning_rate: expected a number greater than 0 and at most 1000000, got \"0.05\""},
       {"slowdown = 4", "slowdown = 0",
        "s.toml:19:12: compute.stragglers.0.slowdown: expected a number from 0.001 to 1000000, got 0"},
       {"factor = 5", "factor = 0.5",
        "s.toml:24:10: network.stragglers.0.factor: expected a number from 1 to 1000000000, got 0.5"},
       {"0.60", "1.5", "s.toml:34:10: evaluation.target: expected a number greater than 0 and at most 1, got 1.5"},
       {"2000", "0", "s.toml:33:11: evaluation.samples: expected an integer from 1 to 1000000000, got 0"},
       {"\"ring\"", "\"file\"",
        "s.toml:30:12: missing key 'path' in [algorithm.1.topology]: expected for example { kind = \"file\", path = "
        "\"edges.txt\" }"},
       {"topology = \"ring\"", "stored_models = 1",
        "s.toml:30:17: algorithm.1.stored_models: expected true or false, got 1"}});
}

TEST_CASE("a target is an accuracy or a loss, never both") {
  CHECK(parsed(replaced(kScenario, "target = 0.60", "target_loss = 1.5")).evaluation.target ==
        Target{Figure::loss, 1.5});
  const std::string of_perplexity = replaced(kScenario, "target = 0.60", "target_perplexity = 7.1");
  CHECK(parsed(of_perplexity).evaluation.target == Target{Figure::loss, 7.1, LossUnit::perplexity});
  CHECK(to_toml(parsed(of_perplexity)).find("\ntarget_perplexity = 7.1\n") != std::string::npos);
  CHECK(parsed(of_perplexity).evaluation.target->is_reached_by(std::log(7.1)));
  CHECK_FALSE(parsed(of_perplexity).evaluation.target->is_reached_by(std::log(7.2)));
  const std::string of_bits = replaced(kScenario, "target = 0.60", "target_bits = 3");
  CHECK(parsed(of_bits).evaluation.target->bound() == doctest::Approx(std::log(8)));
  check_mistakes(
      kScenario,
      {{"target = 0.60", "target = 0.6\ntarget_loss = 1.5",
        "s.toml:35:15: evaluation.target_loss: expected one target only"},
       {"target = 0.60", "target_perplexity = 7\ntarget_bits = 2",
        "s.toml:35:15: evaluation.target_bits: expected one target only"},
       {"target = 0.60", "target_perplexity = 1",
        "s.toml:34:21: evaluation.target_perplexity: expected a number greater than 1 and at most 1000000000, got 1"},
       {"target = 0.60", "target_loss = 0",
        "s.toml:34:15: evaluation.target_loss: expected a number greater than 0 and at most 1000000, got 0"}});
}

TEST_CASE("an algorithm is called otherwise than files of the results") {
  for (const std::string name :
       {"scenario.toml", "curves.csv", "report.html", "checkpoint", "checkpoint.part", "mine.py"}) {
    INFO(name);
    const std::string scenario =
        replaced(kScenario, "kind = \"divshare\"", "kind = \"divshare\"\nname = \"" + name + "\"");
    CHECK(error_of(scenario).find("algorithm.0.name: expected another one than of a file in the results, got \"" +
                                  name + "\"") != std::string::npos);
  }
  const std::string versioned = replaced(kScenario, "kind = \"divshare\"", "kind = \"divshare\"\nname = \"v1.2\"");
  CHECK(parsed(versioned).algorithms.front().name == "v1.2");
}

TEST_CASE("of several targets the last one ranks, and all are written again") {
  const Scenario several = parsed(replaced(kScenario, "target = 0.60", "targets = [0.4, 0.5, 0.6]\nstop = \"target\""));
  CHECK(several.evaluation.target == Target{Figure::accuracy, 0.6});
  CHECK(several.evaluation.earlier_targets == std::vector<Target>{{Figure::accuracy, 0.4}, {Figure::accuracy, 0.5}});
  CHECK(several.evaluation.stops_at_target());
  const std::string text = to_toml(several);
  CHECK(text.find("\ntargets = [0.4, 0.5, 0.6]\n") != std::string::npos);
  CHECK(text.find("\ntarget = ") == std::string::npos);
  CHECK(parsed(text).evaluation.stops_at_target());
  CHECK(parsed(text).evaluation.earlier_targets == several.evaluation.earlier_targets);
  const Scenario of_one = parsed(replaced(kScenario, "target = 0.60", "targets_loss = [1.5]"));
  CHECK(of_one.evaluation.target == Target{Figure::loss, 1.5});
  CHECK(of_one.evaluation.earlier_targets.empty());
  check_mistakes(kScenario, {{"target = 0.60", "targets = [0.6, 0.5]",
                              "s.toml:34:11: evaluation.targets: expected ascending targets: the last one ranks"},
                             {"target = 0.60", "targets = [0.5, 0.5]",
                              "s.toml:34:11: evaluation.targets: expected ascending targets: the last one ranks"},
                             {"target = 0.60", "targets_bits = [2, 3]",
                              "s.toml:34:16: evaluation.targets_bits: expected descending targets: the last one ranks"},
                             {"target = 0.60", "targets = []",
                              "s.toml:34:11: evaluation.targets: expected a list of one number or more, such as [0.1, "
                              "0.5], got an empty list"},
                             {"target = 0.60", "target = 0.6\ntargets = [0.5]",
                              "s.toml:35:11: evaluation.targets: expected one target only, or one list"},
                             {"target = 0.60", "stop = \"target\"",
                              "s.toml:34:8: evaluation.stop: expected a target, at which runs end"},
                             {"target = 0.60", "target = 0.6\nstop = \"goal\"",
                              "s.toml:35:8: evaluation.stop: expected duration or target, got \"goal\""}});
}

TEST_CASE("a baseline is one of the scenario's algorithms, by its name") {
  CHECK(parsed(kScenario).evaluation.baseline.empty());
  CHECK(parsed(replaced(kScenario, "target = 0.60", "baseline = \"swift\"")).evaluation.baseline == "swift");
  CHECK(parsed(replaced(replaced(kScenario, "kind = \"swift\"", "kind = \"swift\"\nname = \"rings\""), "target = 0.60",
                        "baseline = \"rings\""))
            .evaluation.baseline == "rings");
  check_mistakes(
      kScenario,
      {{"target = 0.60", "baseline = \"swfit\"",
        "s.toml:34:12: evaluation.baseline: expected divshare or swift, got \"swfit\"; did you mean "
        "'swift'?"},
       {"target = 0.60", "baseline = 1", "s.toml:34:12: evaluation.baseline: expected divshare or swift, got 1"}});
}

TEST_CASE("matrix factorization has MovieLens, its users in blocks, and all their test ratings") {
  const std::string ratings = replaced(kSmallest, "count = 8", "count = 8\nmodel = \"matrix-factorization\"\n[data]");
  const Scenario s = parsed(ratings);
  CHECK(s.data.kind == "movielens");
  CHECK(s.data.partition.kind == "by-user");
  const auto error = [&](const std::string& text) { return parse_scenario(text, "s.toml").error; };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(error(replaced(ratings, "[data]", "[data]\nset = \"cifar10\"")), "data.set: "));
  CHECK(has(error(replaced(ratings, "[data]", "[data]\npartition = \"iid\"")), "data.partition: "));
  CHECK(has(error(ratings + "[evaluation]\nevery = \"1s\"\nsamples = 100\n"), "evaluation.samples: expected \"all\""));
  CHECK(has(error(replaced(kScenario, "\"fashion-mnist\"", "\"movielens\"")), "data.set: "));
}

TEST_CASE("a codec may stand between an algorithm and the network") {
  CHECK(parsed(kScenario).algorithms[0].compression.kind == "none");
  const auto compression = [](const std::string& text) {
    return parsed(replaced(kScenario, "recipients = 6", "compression = " + text)).algorithms[0].compression;
  };
  CHECK(compression("\"float16\"").kind == "float16");
  const CodecSpec quantizer = compression("{ kind = \"quantizer\", bits = 4 }");
  CHECK(quantizer.kind == "quantizer");
  CHECK(quantizer.bits == 4);
  CHECK(quantizer.bucket == 512);
  CHECK(compression("{ kind = \"random-k\", fraction = 0.25, values = \"float16\" }").values == "float16");
}

TEST_CASE("a codec that an algorithm cannot have is refused") {
  const std::string lossy = "{ kind = \"top-k\", fraction = 0.1 }";
  const auto error = [](const std::string& kind, const std::string& keys) {
    return error_of(replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"" + kind + "\"\n" + keys));
  };
  CHECK(error("swift-push", "compression = { kind = \"top-k\", fraction = 0 }") ==
        "s.toml:27:44: algorithm.0.compression.fraction: expected a number greater than 0 and at most 1, got 0");
  CHECK(error("swift-push", "compression = { kind = \"top-k\", bits = 4 }") ==
        "s.toml:27:40: algorithm.0.compression.bits: expected no such key without values = \"quantizer\"");
  CHECK(error("swift-push", "compression = { kind = \"sign\", bits = 1 }") ==
        "s.toml:27:32: unknown key 'bits' of compression sign: expected kind; 'bits' has its place in compression = { "
        "kind = \"quantizer\" }, compression = { kind = \"top-k\" } or compression = { kind = \"random-k\" }");
  CHECK(error("swift-push", "compression = \"top-n\"") ==
        "s.toml:27:15: algorithm.0.compression: expected none, float16, bfloat16, quantizer, sign, top-k or random-k, "
        "got "
        "\"top-n\"; did you mean 'top-k'?");
  CHECK(error("jwins", "compression = " + lossy) ==
        "s.toml:27:15: algorithm.0.compression: jwins takes none: expected \"none\", or leave it out");
  const std::string dense_only = " takes only codecs that send something of every value, got \"top-k\"";
  CHECK(error("swift", "name = \"s\"\ncompression = " + lossy) ==
        "s.toml:28:15: algorithm.0.compression: swift" + dense_only);
  CHECK(error("d-psgd", "order = \"combine-then-adapt\"\ncompression = " + lossy) ==
        "s.toml:28:15: algorithm.0.compression: d-psgd" + dense_only);
  parsed(replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"d-psgd\"\ncompression = " + lossy));
  parsed(replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"jwins\"\ncompression = \"none\""));
}

TEST_CASE("a list of numbers is answered number by number") {
  const auto error = [](const std::string& fractions) {
    return error_of(replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"jwins\"\nfractions = " + fractions));
  };
  CHECK(error("0.5") ==
        "s.toml:27:13: algorithm.0.fractions: expected a list of one number or more, such as [0.1, 0.5], got 0.5");
  CHECK(error("[]") ==
        "s.toml:27:13: algorithm.0.fractions: expected a list of one number or more, such as [0.1, 0.5], got an empty "
        "list");
  CHECK(error("[0.5, 1.5]") ==
        "s.toml:27:19: algorithm.0.fractions: expected a number from 0.0001 to 1 in the list, got 1.5");
  CHECK(error("[0.5, \"all\"]") ==
        "s.toml:27:19: algorithm.0.fractions: expected a number from 0.0001 to 1 in the list, got \"all\"");
}

TEST_CASE("an algorithm that needs every message never gives up waiting for one") {
  CHECK(error_of(replaced(kScenario, "\"divshare\"\nrecipients = 6", "\"dcd-psgd\"\nwait_timeout = \"5s\"")) ==
        "s.toml:27:1: unknown key 'wait_timeout' of algorithm dcd-psgd: expected kind, name, topology, compression, "
        "local_steps, "
        "training_rounds or consensus_rounds; "
        "'wait_timeout' has its place in algorithms that wait for messages and can go on without them");
  for (const Algorithm& algorithm : algorithms()) {
    if (!algorithm.needs_every_message(AlgorithmOptions(algorithm.options))) continue;
    INFO(algorithm.name);
    const std::string impatient = fmt::format("\"{}\"\nwait_timeout = \"5s\"", algorithm.name);
    const std::string error = error_of(replaced(kScenario, "\"divshare\"\nrecipients = 6", impatient));
    CHECK(error.find("27:1: unknown key 'wait_timeout' of algorithm " + algorithm.name) != std::string::npos);
  }
  CHECK(error_of(replaced(kScenario, "\"divshare\"\nrecipients = 6",
                          "\"choco-sgd\"\n[[churn]]\nnodes = { count = 1 }\n"
                          "leave = \"9s\"")) ==
        "s.toml:26:8: algorithm.0.kind: choco-sgd needs every message to arrive, but [[churn]] may cut off some: "
        "expected a reliable network without churn");
}

TEST_CASE("a missing key or section is answered with what could stand there") {
  check_mistakes(kScenario,
                 {{"duration = \"800s\"", "",
                   "s.toml:3:1: missing key 'duration' in [time]: expected for example duration = \"800s\""},
                  {"every = \"20s\"", "",
                   "s.toml:31:1: missing key 'every' in [evaluation]: expected for example every = \"20s\""},
                  {"factor = 5", "",
                   "s.toml:22:1: missing key 'factor' in [network.stragglers.0]: expected for example factor = 5"},
                  {"kind = \"divshare\"", "",
                   "s.toml:25:1: missing key 'kind' in [algorithm.0]: expected for example kind = \"divshare\""}});
  CHECK(error_of("") == "s.toml:1:1: time: missing, expected a section [time]");
  CHECK(error_of("[time]\nduration = \"5s\"\n[nodes]\ncount = 8\n") ==
        "s.toml:1:1: algorithm: expected at least one [[algorithm]] table");
  CHECK(error_of("[time]\nduration = \"5s\"\n[nodes]\ncount = 8\n[algorithm]\nkind = \"divshare\"\n") ==
        "s.toml:5:1: algorithm: expected [[algorithm]] tables, got a table");
}

TEST_CASE("stragglers are chosen among the nodes in one way") {
  check_mistakes(
      kScenario,
      {{"count = 3", "count = 61",
        "s.toml:18:19: compute.stragglers.0.nodes.count: expected an integer from 0 to 60, got 61"},
       {"[0, 7]", "[0, 60]", "s.toml:23:22: network.stragglers.0.nodes.list: expected integers from 0 to 59, got 60"},
       {"[0, 7]", "[0, -1]", "s.toml:23:22: network.stragglers.0.nodes.list: expected integers from 0 to 59, got -1"},
       {"[0, 7]", "[7, 7]", "s.toml:23:18: network.stragglers.0.nodes.list: expected each integer once, got 7 twice"},
       {"[0, 7]", "[]",
        "s.toml:23:18: network.stragglers.0.nodes.list: expected a list of one integer or more, such as [0, 3], got an "
        "empty list"},
       {"count = 3", "count = 3, fraction = 0.5",
        "s.toml:18:9: compute.stragglers.0.nodes: expected exactly one of count, fraction and list, such as { count = "
        "3 }"},
       {"count = 3", "fraction = 1.5",
        "s.toml:18:22: compute.stragglers.0.nodes.fraction: expected a number from 0 to 1, got 1.5"},
       {"factor = 5", "factor = 5\nuplink = \"3Mbps\"",
        "s.toml:24:10: network.stragglers.0.factor: expected either a factor or rates (uplink, downlink), not both"}});
}

TEST_CASE("seeds are one or several, none twice") {
  CHECK(parsed(replaced(kScenario, "seed = 1", "seed = 0")).seeds == std::vector<std::uint64_t>{0});
  CHECK(parsed(replaced(kScenario, "seed = 1", "seeds = [5]")).seeds == std::vector<std::uint64_t>{5});
  check_mistakes(
      kScenario,
      {{"seed = 1", "seed = 1\nseeds = [1]", "s.toml:3:9: seeds: expected either seed or seeds, not both"},
       {"seed = 1", "seeds = [1, 2, 1]", "s.toml:2:9: seeds: expected each integer once, got 1 twice"},
       {"seed = 1", "seeds = []",
        "s.toml:2:9: seeds: expected a list of one integer or more, such as [0, 3], got an empty list"},
       {"seed = 1", "seeds = [1, -2]", "s.toml:2:13: seeds: expected integers from 0 to 9223372036854775807, got -2"},
       {"seed = 1", "seed = -1", "s.toml:2:8: seed: expected an integer from 0 to 9223372036854775807, got -1"}});
}

TEST_CASE("algorithms have names of their own that can be folders") {
  const std::string two = std::string(kSmallest) + "[[algorithm]]\nkind = \"divshare\"\n";
  CHECK(error_of(two) ==
        "s.toml:8:8: algorithm.1.kind: there are two algorithms called 'divshare': expected a name of its own, such as "
        "name "
        "= \"divshare-2\"");
  CHECK(parsed(two + "name = \"divshare-2\"\n").algorithms[1].name == "divshare-2");
  for (const char* name : {"", "..", "../x", "a/b", "-rf", "a b", "\\u0000"}) {
    CAPTURE(name);
    const std::string error = error_of(two + "name = \"" + name + "\"\n");
    CHECK(error.rfind("s.toml:9:8: algorithm.1.name: expected up to 100 letters, digits and the signs . _ -", 0) == 0);
  }
}

TEST_CASE("a scenario's usual name is a plain one, whatever its file is called") {
  CHECK(parse_scenario(kSmallest, "/some/where/two words.toml").scenario->name == "two-words");
  CHECK(parse_scenario(kSmallest, "...").scenario->name == "scenario");
}

TEST_CASE("a graph that cannot be, or that an algorithm cannot use, is answered where it is named") {
  check_mistakes(kScenario, {{"recipients = 6", "recipients = 60",
                              "s.toml:27:14: algorithm.0.recipients: divshare: recipients = 60 is too many: node 0 has "
                              "59 other nodes to send to"},
                             {"count = 60", "count = 6",
                              "s.toml:23:22: network.stragglers.0.nodes.list: expected integers from 0 to 5, got 7"}});
  check_mistakes(kSmallest, {{"count = 8", "count = 4",
                              "s.toml:5:1: algorithm.0.recipients: divshare: recipients = 6 is too many: node 0 has 3 "
                              "other nodes to send to; that is the default: set recipients yourself"}});
  const std::string odd = replaced(kSmallest, "count = 8", "count = 7");
  check_mistakes(
      odd,
      {{"\"divshare\"", "\"ad-psgd\"",
        "s.toml:6:8: algorithm.0.kind: topology bipartite needs an even number of nodes, not 7"},
       {"\"divshare\"", "\"ad-psgd\"\ntopology = \"ring\"",
        "s.toml:7:12: algorithm.0.topology: ad-psgd: the graph is not bipartite (it has an odd cycle), so it cannot be "
        "split into active and passive nodes; use topology = \"bipartite\", or a ring or torus of even size"},
       {"\"divshare\"", "\"swift\"\ntopology = { kind = \"random-regular\", degree = 3 }",
        "s.toml:7:12: algorithm.0.topology: topology random-regular of 7 nodes needs an even degree, not 3"},
       {"\"divshare\"", "\"swift\"\ntopology = \"torus\"",
        "s.toml:7:12: algorithm.0.topology: topology torus of 7 nodes is impossible, both sides must be 3 or more "
        "(nearest "
        "possible: 9)"},
       {"[[algorithm]]", "[network]\ntopology = \"bipartite\"\n[[algorithm]]",
        "s.toml:6:12: network.topology: topology bipartite needs an even number of nodes, not 7"}});
  CHECK(error_of(replaced(kSmallest, "count = 8", "count = 10000") + "topology = \"bipartite\"\n") ==
        "s.toml:7:12: algorithm.0.topology: topology bipartite of 10000 nodes is too large: expected at most 20000000 "
        "edges");
}

TEST_CASE("a spanning tree is of one undirected, connected graph, which is read like any other") {
  const auto tree_of = [](const std::string& of) {
    return replaced(kSmallest, "\"divshare\"", "\"relay-sgd\"\ntopology = { kind = \"spanning-tree\"" + of + " }");
  };
  const Scenario s = parsed(tree_of(", of = { kind = \"random-regular\", degree = 3 }"));
  CHECK(s.algorithms[0].topology.kind == "spanning-tree");
  CHECK(s.algorithms[0].topology.of->kind == "random-regular");
  CHECK(s.algorithms[0].topology.of->degree == 3);
  const std::string where = "s.toml:7:12: algorithm.0.topology: ";
  CHECK(error_of(tree_of("")) ==
        "s.toml:7:12: missing key 'of' in [algorithm.0.topology]: expected for example { kind = \"spanning-tree\", of "
        "= \"torus\" }");
  CHECK(error_of(tree_of(", of = \"torsu\"")).find("algorithm.0.topology.of: expected complete, ring") !=
        std::string::npos);
  CHECK(error_of(tree_of(", of = { kind = \"ring\", degree = 3 }"))
            .find("unknown key 'degree' of topology ring: expected kind") != std::string::npos);
  CHECK(error_of(tree_of(", of = \"torus\"")).find("topology torus of 8 nodes is impossible") != std::string::npos);
  CHECK(error_of(tree_of(", of = \"directed-ring\"")) ==
        where + "topology spanning-tree needs edges that go both ways, those of directed-ring do not");
  CHECK(error_of(tree_of(", of = { kind = \"random-regular\", degree = 3, redraw = true }")) ==
        where +
            "topology spanning-tree needs a graph that stays the same, but random-regular is another one every round");
}

TEST_CASE("a graph that is directed or changes is refused where an algorithm cannot follow it") {
  const auto with = [](const std::string& kind, const std::string& topology) {
    return replaced(kSmallest, "\"divshare\"", "\"" + kind + "\"\ntopology = " + topology);
  };
  const std::string redrawn = "{ kind = \"random-regular\", degree = 4, redraw = true }";
  const std::string where = "s.toml:7:12: algorithm.0.topology: ";
  CHECK(
      error_of(with("d-psgd", "\"directed-ring\"")) ==
      where +
          "d-psgd: topology directed-ring is directed, but it needs a graph in which who sends to a node hears of it, "
          "too; expected for example \"ring\"");
  CHECK(error_of(with("swift", redrawn)) ==
        where +
            "swift: it needs a graph that stays the same, but random-regular with redraw is another one every round; "
            "expected for example \"ring\"");
  CHECK(error_of(with("gossip", "\"one-peer-exponential\"")) ==
        where +
            "gossip: it needs a graph that stays the same, but one-peer-exponential is another one every round; "
            "expected for example \"complete\"");
  CHECK(error_of(with("relay-sgd", "\"ring\"")).find("relay-sgd: the graph is not a tree") != std::string::npos);
  CHECK(error_of(with("all-reduce", "\"chain\"")).find("all-reduce: chunks go round the ring") != std::string::npos);
  for (const char* kind : {"sgp", "sparse-push", "epidemic"}) {
    const std::string few = std::string(kind) == "epidemic" ? "\nrecipients = 1" : "";
    CHECK(parsed(with(kind, redrawn + few)).algorithms[0].topology.redraw);
    for (const char* directed : {"\"directed-ring\"", "\"directed-exponential\"", "\"one-peer-exponential\""}) {
      CHECK(parsed(with(kind, directed + few)).algorithms.size() == 1);
    }
  }
  CHECK(parsed(with("d-psgd", redrawn)).algorithms[0].topology.degree == 4);
  const std::string drawn = "{ kind = \"matcha\", of = \"ring\" }";
  CHECK(parsed(with("d-psgd", drawn)).algorithms[0].topology.budget == 0.5);
  CHECK(error_of(with("choco-sgd", drawn)).find("it needs a graph that stays the same") != std::string::npos);
  CHECK(error_of(with("d-psgd", "{ kind = \"matcha\", of = \"ring\", budget = 0 }"))
            .find("greater than 0 and at most 1") != std::string::npos);
}

TEST_CASE("a graph drawn from the seed is checked under every seed") {
  // The connected graphs of 6 nodes and degree 3 are two: one is bipartite, the other is not.
  const std::string pairs = replaced(replaced(kSmallest, "count = 8", "count = 6"), "\"divshare\"",
                                     "\"ad-psgd\"\ntopology = { kind = \"random-regular\", degree = 3 }");
  const auto accepts = [&](const std::string& seeds) {
    return parse_scenario("seeds = [" + seeds + "]\n" + pairs, "s.toml").scenario.has_value();
  };
  int good = 0;
  while (!accepts(std::to_string(good))) ++good;
  int bad = 0;
  while (accepts(std::to_string(bad))) ++bad;
  CHECK_FALSE(accepts(std::to_string(good) + ", " + std::to_string(bad)));
  CHECK_FALSE(accepts(std::to_string(bad) + ", " + std::to_string(good)));
}

TEST_CASE("a file's graph must exist, be readable and connected") {
  const Folder folder("file-graphs");
  folder.write("split.txt", "0 1\n2 3\n4 5\n6 7\n");
  folder.write("wrong.txt", "0 1\n2 x\n");
  const auto error = [&](const std::string& path) {
    const std::string text =
        replaced(kSmallest, "\"divshare\"", "\"swift\"\ntopology = { kind = \"file\", path = \"" + path + "\" }");
    return load_scenario(folder.write("s.toml", text)).error;
  };
  const std::string where = (folder.path() / "s.toml").string() + ":7:12: algorithm.0.topology: ";
  CHECK(error("none.txt") ==
        where + (folder.path() / "none.txt").string() + ": cannot be opened: No such file or directory");
  CHECK(error("wrong.txt") ==
        where + (folder.path() / "wrong.txt").string() + ":2: expected two node numbers, got \"2 x\"");
  CHECK(error("split.txt") == where + "swift: the graph is not connected: some nodes would never hear of the others");
  CHECK(error("").find("expected the path of a file or folder, got \"\"") != std::string::npos);
}

TEST_CASE("the null model has neither samples nor evaluations, and its size bounds the fragments") {
  const std::string null = replaced(kSmallest, "count = 8", "count = 8\nmodel = { kind = \"null\", parameters = 9 }");
  CHECK(error_of(null) ==
        "s.toml:6:1: algorithm.0.fragments: expected at most 9, as many as the model has parameters, got 10");
  CHECK(parsed(null + "fragments = 9\n").data.kind == "none");
  CHECK(error_of(null + "fragments = 9\n[data]\nset = \"cifar10\"\n") ==
        "s.toml:10:7: data.set: expected \"none\" for the model null");
  CHECK(error_of(null + "fragments = 9\n[evaluation]\nevery = \"1s\"\n") ==
        "s.toml:9:1: evaluation: expected no [evaluation] for the null model, which learns nothing");
}

TEST_CASE("a learner's fragments are checked once its size is known") {
  const Scenario s = parsed(replaced(kScenario, "recipients = 6", "fragments = 500"));
  CHECK(check_fragments(s, {{{"weights", {500}}}, true}).empty());
  CHECK(check_fragments(s, {{{"weights", {499}}}, true}) ==
        "s.toml:27:13: divshare: fragments: expected at most 499, as many as the model has parameters, got 500");
}

TEST_CASE("a scenario that could never end, or never stop evaluating, is refused") {
  check_mistakes(
      kScenario,
      {{"\"8ms\"", "\"40h\"",
        "s.toml:16:13: compute.step_time: a round of 128 local steps takes too long: expected at most 312h"},
       {"local_steps = 128", "local_steps = 1000000000",
        "s.toml:16:13: compute.step_time: a round of 1000000000 local steps takes too long: expected at most 312h"},
       {"\"20s\"", "\"1ns\"", "s.toml:32:9: evaluation.every: expected at most 1000000 evaluations in 800s"}});
  CHECK(parsed(replaced(kScenario, "\"20s\"", "\"2h\"")).evaluation.every == std::chrono::hours(2));
}

TEST_CASE("what is no scenario file is answered in one line") {
  const Folder folder("no-scenarios");
  const std::string start = ": cannot read the scenario file: ";
  const std::string missing = (folder.path() / "missing.toml").string();
  CHECK(load_scenario(missing).error == missing + start + "No such file or directory");
  CHECK(load_scenario(folder.path().string()).error ==
        folder.path().string() + start + "it is a folder, expected a file");
  const std::string large = folder.write("large.toml", std::string((16 << 20) + 1, '#'));
  CHECK(load_scenario(large).error == large + start + "expected at most 16 MiB");

  CHECK(error_of("name = \"\xff\"\n").rfind("s.toml:1:", 0) == 0);
  CHECK(error_of(std::string("\0\1\2\x7f", 4)).rfind("s.toml:1:", 0) == 0);
  CHECK(error_of("seed = 1\nseed = 2\n") ==
        "s.toml:2:8: Error while parsing key-value pair: cannot redefine existing integer 'seed'");
  CHECK(error_of("seed = 99999999999999999999\n").rfind("s.toml:1:", 0) == 0);
  CHECK(error_of("a = " + std::string(100'000, '[')).rfind("s.toml:1:", 0) == 0);
  std::string endless;
  for (int i = 0; i < 100'000; ++i) endless += "a.";
  CHECK(error_of(endless + "b = 1\n") == "s.toml:1:1: a key of too many parts");
}

TEST_CASE("every scenario that comes with the program loads") {
  for (const auto& entry : fs::directory_iterator(fs::path(TARDIGRAD_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    const auto result = load_scenario(entry.path().string());
    CHECK_MESSAGE(result.scenario, result.error);
  }
}
