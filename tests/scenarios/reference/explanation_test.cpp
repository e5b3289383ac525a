#include "scenarios/src/reference/explanation.hpp"

#include <doctest/doctest.h>

#include <string>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"

using namespace tardigrad;

namespace {

/// The explanation, which must be one.
std::string text_of(const std::string& word) {
  const Explanation explanation = explain(word);
  CHECK_MESSAGE(explanation.error == "", explanation.error);
  return explanation.text;
}

}  // namespace

TEST_CASE("every key, kind, option and column is explained with what its descriptor says") {
  for (const SectionText& section : scenario_sections()) {
    const std::string path = dotted_name(section.place);
    for (const KeyText& key : section.keys) {
      CAPTURE(key.name);
      CHECK(contains(text_of(path.empty() ? key.name : path + "." + key.name), key.summary));
    }
  }
  for (const Family& family : families()) {
    for (const KindText& kind : family.kinds) {
      CAPTURE(kind.name);
      CHECK(contains(text_of(kind.name), kind.summary));
      for (const KeyText& option : kind.options)
        CHECK(contains(text_of(kind.name + "." + option.name), option.summary));
    }
  }
  for (const ColumnTexts& file : result_files()) {
    CHECK(contains(text_of(file.file), file.summary));
    for (const ColumnText& column : file.columns) {
      CHECK(contains(text_of(file.file + "." + column.name), column.summary));
    }
  }
}

TEST_CASE("a key is explained with values, units, what it is if left out, what goes with it and an example") {
  const std::string uplink = text_of("network.stragglers.uplink");
  CHECK(contains(uplink, "uplink in [[network.stragglers]]\n  rate of the uplink\n"));
  CHECK(contains(uplink, "    may be            rate\n"));
  CHECK(contains(uplink, "    units             bps, kbps, Mbps or Gbps, or with B/s for bytes\n"));
  CHECK(contains(uplink, "    never beside      factor\n"));
  CHECK(contains(uplink, "    example           uplink = \"10Mbps\"\n"));
  CHECK(contains(text_of("network.loss.timeout"), "    only with    mode = \"retransmit\"\n"));
  CHECK(contains(text_of("network.changes.mean_on"), "    only beside   mean_off\n"));
  CHECK(contains(text_of("time.duration"), "an error: it is required"));
  CHECK(contains(text_of("learning_rate"), "    if left out       0.05\n"));
}

TEST_CASE("a word that stands in several places is explained in all of them, and once where they say the same") {
  const std::string uplink = text_of("uplink");
  for (const char* place : {"uplink in [network]\n", "uplink in [[network.stragglers]]\n", "uplink in [[servers]]\n"}) {
    CHECK(contains(uplink, place));
  }
  CHECK(
      contains(text_of("nodes"), "nodes in [[compute.stragglers]], in [[compute.pauses]], in [[network.stragglers]]"));
  CHECK(contains(text_of("busy_s"), "    unit  s\n"));
}

TEST_CASE("an algorithm is explained with its options, a kind with how a scenario names it") {
  const std::string divshare = text_of("algorithm.divshare");
  CHECK(contains(divshare, "    fragments = 10 "));
  CHECK(contains(divshare, "    topology = \"complete\" "));
  CHECK(contains(divshare, "    [[algorithm]]\n    kind = \"divshare\"\n"));
  CHECK(contains(text_of("base-k"), "    topology = { kind = \"base-k\", degree = 1 }\n"));
  CHECK(contains(text_of("random-regular.redraw"), "{ kind = \"random-regular\", degree = 4, redraw = false }"));
  CHECK(contains(text_of("lenet"), "    model = \"lenet\"\n"));
  CHECK(contains(text_of("[[network.stragglers]]"), "    factor "));
}

TEST_CASE("an unknown word gets one line with what may have been meant") {
  const auto error = [](const std::string& word) { return explain(word).error; };
  CHECK(error("uplinc") == "explain: unknown word 'uplinc'; did you mean 'uplink'?");
  CHECK(error("lr") == "explain: unknown word 'lr'; did you mean 'learning_rate' in [training]?");
  CHECK(contains(error("network.lossy"), "unknown word 'network.lossy': network has emulation, sharing, uplink, "));
  CHECK(contains(error("network.lossy"), "stragglers, changes or traces; did you mean 'loss'?"));
  CHECK(error("netwrok.loss") == "explain: unknown word 'netwrok.loss'; did you mean 'network.loss'?");
  CHECK(error("divshare.fragmens") ==
        "explain: unknown word 'divshare.fragmens': divshare has fragments, recipients, flush or staleness_weight; did "
        "you mean 'fragments'?");
  CHECK(error("") != "");
  CHECK(error("wholly unlike\n anything") ==
        "explain: unknown word 'wholly unlike? anything'; `tardigrad list` has all names");
}
