#include "scenarios/src/reference/list_report.hpp"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <map>

#include "actors/protocols/registry.hpp"
#include "models/codecs/codec.hpp"
#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "netem/graph/topology.hpp"
#include "scenarios/src/data/dataset_package.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/suggestion.hpp"

using namespace tardigrad;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A scenario whose first mistake is a key of this section that there is not.
std::string with_unknown_key(const std::string& place) {
  std::map<std::string, std::string> sections = {
      {"[time]", "duration = \"5s\"\n"}, {"[nodes]", "count = 8\n"}, {"[[algorithm]]", "kind = \"all-reduce\"\n"}};
  sections[place] += "no_such_key = 1\n";
  std::string text;
  for (const auto& [header, keys] : sections) text += header + "\n" + keys;
  return text;
}

}  // namespace

TEST_CASE("every algorithm is listed with its summary and all its options") {
  const std::string text = list_report("algorithms");
  for (const Algorithm& algorithm : algorithms()) {
    CHECK(contains(text, "\n  " + algorithm.name + "\n    " + algorithm.summary + "\n"));
    for (const OptionSpec& option : algorithm.options) CHECK(contains(text, "    " + option.name + " = "));
  }
  CHECK(contains(text, "fragments = 10         integer, 1 to 1000000"));
  CHECK(contains(text, "weights = \"ccs\"        \"ccs\" or \"metropolis-hastings\""));
  CHECK(contains(text, "flush = true           true or false"));
  CHECK(contains(text, "topology = \"bipartite\""));
  const std::string server = text.substr(text.find("\n  async-local-sgd\n"));
  CHECK(contains(server.substr(0, server.find("\n\n", 1)), "[[servers]]"));
  CHECK_FALSE(contains(server.substr(0, server.find("\n\n", 1)), "topology = "));
  CHECK(contains(text, "who may send to whom; may be directed; may be another graph every round"));
}

TEST_CASE("every section is listed with all keys that its reader takes") {
  const std::string text = list_report("keys");
  std::size_t asked = 0;
  for (const SectionText& section : scenario_sections()) {
    CAPTURE(section.place);
    if (!section.place.empty()) CHECK(contains(text, "\n  " + section.place + "\n"));
    for (const KeyText& key : section.keys) CHECK(contains(text, "\n    " + key.name));
    const bool has_header = !section.place.empty() && section.place.front() == '[' && section.place.back() == ']';
    if (!has_header) continue;
    const auto mistakes = parse_scenario(with_unknown_key(section.place), "s.toml").mistakes;
    const std::string all = fmt::format("{}", fmt::join(mistakes, "\n"));
    CHECK_MESSAGE(contains(all, "expected " + listed(names_of(section.keys))), all);
    ++asked;
  }
  CHECK(asked == 19);
}

TEST_CASE("a key is listed with its usual value or as required, what it may be, and what it means") {
  const std::string text = list_report("keys");
  CHECK(contains(text, "    duration (required)    duration              when the run ends\n"));
  CHECK(contains(text, "    on_host_loss = \"stop\"  \"stop\" or \"continue\"  real clock: "));
  CHECK(contains(text, "    momentum = 0                         number, 0 to 0.99999 "));
  CHECK(contains(text, "    model = \"gn-lenet\"  see models "));
  CHECK(contains(text, "    downlink = the uplink "));
  CHECK(contains(text, "    time (required)         section "));
  CHECK(contains(text, "    train                  file                     of set tensors\n"));
  CHECK(contains(text, "    rate (required)          number, 0 to 1          probability of losing a transmission\n"));
}

TEST_CASE("models, data sets, partitions and topologies are listed with what they need") {
  const std::string models = list_report("models");
  const std::string datasets = list_report("datasets");
  const std::string topologies = list_report("topologies");
  for (const ModelKind& kind : model_kinds()) CHECK(contains(models, "\n  " + kind.name));
  for (const DatasetKind& kind : dataset_kinds()) CHECK(contains(datasets, "\n  " + kind.name));
  for (const PartitionKind& kind : partition_kinds()) CHECK(contains(datasets, "\n  " + kind.name));
  for (const TopologyKind& kind : topology_kinds()) CHECK(contains(topologies, "\n  " + kind.name));
  CHECK(contains(models, "    null         parameters = ...  "));
  CHECK(contains(models, "groups of channels that are normalised together; with norm = \"group\"\n"));
  CHECK(contains(datasets, "per_node = 5"));
  CHECK(contains(datasets,
                 "cifar10        root = ...             file                     where its files are; usually "
                 "data/cifar-10-batches-bin\n"));
  CHECK(contains(datasets, "text           root = ...             file                     where its files are\n"));
  CHECK(contains(topologies, "random-regular  degree = ...    integer, 1 to 1000000  neighbours of each node\n"));
  CHECK(contains(topologies, "random-regular  redraw = false  true or false          another graph every round\n"));
  CHECK(contains(topologies, "spanning-tree   of = ...        any other "));
  CHECK(contains(topologies, "file            path = ...      file "));
  for (const DatasetPackage& package : dataset_packages()) CHECK(contains(list_report("datasets"), package.name));
}

TEST_CASE("codecs are listed with what they need, and where they may stand") {
  const std::string codecs = list_report("codecs");
  for (const CodecKind& kind : codec_kinds()) CHECK(contains(codecs, "\n  " + kind.name));
  CHECK(contains(codecs, "quantizer  bits = 8            integer, 1 to 8"));
  const std::string text = list_report("algorithms");
  CHECK(contains(text, "compression = \"none\""));
  CHECK(contains(text, "see codecs, those of all values"));
  CHECK(contains(text, "compression = { kind = \"top-k\", fraction = 0.1, values = \"float32\" }"));
  CHECK(contains(text, "fractions = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1]"));
}

TEST_CASE("distributions and schedules are listed with their options") {
  const std::string distributions = list_report("distributions");
  CHECK(contains(distributions, "lognormal    sigma = ..."));
  CHECK(contains(distributions, "pareto       shape = ..."));
  CHECK(contains(list_report("schedules"), "cosine    final = 0"));
}

TEST_CASE("the columns of every result file are listed with what they are") {
  const std::string columns = list_report("columns");
  for (const char* file : {"comparison.csv", "curves.csv", "evaluations.csv", "rounds.csv", "links.csv"}) {
    CHECK(contains(columns, "\n  " + std::string(file) + ": a row is "));
  }
  CHECK(contains(columns, "\n    missed "));
  CHECK(contains(columns, "\n    loss_averaged "));
  CHECK(contains(columns, "\n    final_accuracy_averaged_model "));
}

TEST_CASE("the keys of one section are listed by its name, also without its s or what stands before it") {
  CHECK(list_report("keys").find(section_report("network.stragglers")) != std::string::npos);
  const std::string both = section_report("straggler");
  CHECK(contains(both, "  [[network.stragglers]]\n"));
  CHECK(contains(both, "  [[compute.stragglers]]\n"));
  CHECK_FALSE(contains(both, "  [network]\n"));
  CHECK(contains(section_report("network.loss"), "  [network] loss = { }\n"));
  CHECK(contains(section_report("algorithm"), "    wait_timeout"));
  CHECK(section_report("netwrok") == "");
  for (const std::string& name : listed_sections()) CHECK(section_report(name) != "");
}

TEST_CASE("no topic lists all topics, a topic only its own") {
  const std::string all = list_report("");
  for (const std::string& topic : list_topics()) {
    CHECK(contains(all, list_report(topic)));
  }
  CHECK_FALSE(contains(list_report("models"), "divshare"));
}
