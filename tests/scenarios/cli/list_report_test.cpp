#include "scenarios/src/cli/list_report.hpp"

#include <doctest/doctest.h>

#include "actors/protocols/registry.hpp"
#include "models/learners/learner.hpp"
#include "scenarios/src/data/dataset_package.hpp"

using namespace tardigrad;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

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
  CHECK(contains(text, "who may send to whom; may be directed; may be another graph every round"));
}

TEST_CASE("models, data sets, partitions and topologies are listed with what they need") {
  for (const NamedKind& kind : model_kinds()) CHECK(contains(list_report("models"), kind.name));
  for (const NamedKind& kind : dataset_kinds()) CHECK(contains(list_report("datasets"), kind.name));
  for (const NamedKind& kind : partition_kinds()) CHECK(contains(list_report("datasets"), kind.name));
  for (const TopologyKind& kind : topology_kinds()) CHECK(contains(list_report("topologies"), kind.name));
  CHECK(contains(list_report("models"), "; with parameters\n"));
  CHECK(contains(list_report("datasets"), "; with per_node\n"));
  CHECK(contains(list_report("topologies"), "; with degree, redraw\n"));
  CHECK(contains(list_report("topologies"), "; with of\n"));
  CHECK(contains(list_report("topologies"), "; with path\n"));
  for (const DatasetPackage& package : dataset_packages()) CHECK(contains(list_report("datasets"), package.name));
}

TEST_CASE("codecs are listed with what they need, and where they may stand") {
  const std::string codecs = list_report("codecs");
  for (const CodecKind& kind : codec_kinds()) CHECK(contains(codecs, "\n  " + kind.name));
  CHECK(contains(codecs, "; with bits, bucket\n"));
  const std::string text = list_report("algorithms");
  CHECK(contains(text, "compression = \"none\""));
  CHECK(contains(text, "see codecs, those of all values"));
  CHECK(contains(text, "compression = { kind = \"top-k\", fraction = 0.1, values = \"float32\" }"));
  CHECK(contains(text, "fractions = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 1]"));
}

TEST_CASE("no topic lists all topics, a topic only its own") {
  const std::string all = list_report("");
  for (const char* topic : {"algorithms", "models", "datasets", "topologies", "codecs"}) {
    CHECK(contains(all, list_report(topic)));
  }
  CHECK_FALSE(contains(list_report("models"), "divshare"));
}
