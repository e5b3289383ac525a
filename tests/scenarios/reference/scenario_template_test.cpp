#include "scenarios/src/reference/scenario_template.hpp"

#include <doctest/doctest.h>

#include "actors/protocols/registry.hpp"
#include "models/networks/model_kind.hpp"
#include "netem/base/text_parts.hpp"
#include "tests/scenarios/parsed_text.hpp"

using namespace tardigrad;

namespace {

TemplateRequest of_model(const std::string& model) {
  TemplateRequest request;
  request.model = model;
  return request;
}

TemplateRequest of_algorithm(const std::string& algorithm) {
  TemplateRequest request;
  request.algorithms = {algorithm};
  return request;
}

/// The scenario that is written for it.
Scenario written(const TemplateRequest& request) {
  const TemplateResult result = scenario_template(request);
  REQUIRE_MESSAGE(result.error == "", result.error);
  return test::parsed(result.text);
}

}  // namespace

TEST_CASE("a new scenario of every model has it, the usual algorithms, and is without a mistake") {
  for (const ModelKind& model : model_kinds()) {
    CAPTURE(model.name);
    const Scenario scenario = written(of_model(model.name));
    CHECK(scenario.nodes.model.kind == model.name);
    REQUIRE(scenario.algorithms.size() == 2);
    CHECK(scenario.algorithms[1].name == "d-psgd");
    CHECK(scenario.evaluation.every.has_value() == (model.task != Task::nothing));
  }
}

TEST_CASE("a new scenario of every algorithm has its servers, and as many recipients as there may be") {
  for (const Algorithm& algorithm : algorithms()) {
    CAPTURE(algorithm.name);
    const Scenario scenario = written(of_algorithm(algorithm.name));
    REQUIRE(scenario.algorithms.size() == 1);
    CHECK(scenario.algorithms[0].name == algorithm.name);
    CHECK(scenario.servers.size() == algorithm.server_count(scenario.algorithms[0].options));
  }
  TemplateRequest few = of_algorithm("divshare");
  few.nodes = 4;
  CHECK(written(few).algorithms[0].options.integer("recipients") == 3);
}

TEST_CASE("stragglers are the share of nodes that is asked for, and comments are the descriptors' summaries") {
  TemplateRequest request;
  CHECK(written(request).network.stragglers.empty());
  request.stragglers = 0.25;
  request.nodes = 20;
  const Scenario scenario = written(request);
  CHECK(scenario.nodes.count == 20);
  REQUIRE(scenario.network.stragglers.size() == 1);
  CHECK(scenario.network.stragglers[0].nodes.fraction == 0.25);
  const std::string text = scenario_template(request).text;
  CHECK(contains(text, "learning_rate = 0.05  # step size of gradient descent\n"));
  CHECK(contains(text, "# fragments = 10        # K, parts that the model is cut into\n"));
}

TEST_CASE("unknown names are refused with the nearest known one, and what does not go together with a reason") {
  CHECK(contains(scenario_template(of_model("resnet20")).error, "there is no model 'resnet20': expected gn-lenet, "));
  CHECK(contains(scenario_template(of_model("resnet20")).error, "; did you mean 'resnet-20'?"));
  CHECK(contains(scenario_template(of_algorithm("divshar")).error, "; did you mean 'divshare'?"));
  TemplateRequest twice = of_algorithm("divshare");
  twice.algorithms.push_back("divshare");
  CHECK(contains(scenario_template(twice).error, "there are two algorithms called 'divshare'"));
}
