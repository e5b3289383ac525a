#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario_file.hpp"

using namespace tardigrad;

namespace {

/// The model stands in line 5, the data below.
ScenarioResult with(const std::string& model, const std::string& data = "") {
  return parse_scenario("[time]\nduration = \"5s\"\n[nodes]\ncount = 8\nmodel = " + model +
                            "\n[[algorithm]]\nkind = \"divshare\"\nrecipients = 3\n[data]\n" + data,
                        "folder/s.toml");
}

Scenario scenario_of(const std::string& model, const std::string& data = "") {
  ScenarioResult result = with(model, data);
  REQUIRE_MESSAGE(result.scenario, result.error);
  return std::move(*result.scenario);
}

std::string error_of(const std::string& model, const std::string& data = "") {
  const ScenarioResult result = with(model, data);
  CHECK_FALSE(result.scenario);
  CHECK(result.error.find('\n') == std::string::npos);
  return result.error;
}

std::string beside_the_scenario(const std::string& name) {
  return (std::filesystem::current_path() / "folder" / name).string();
}

}  // namespace

TEST_CASE("a model is a name, or a table that says more") {
  CHECK(scenario_of("\"vgg-11\"").nodes.model.groups == 2);
  CHECK(scenario_of("\"mlp\"").nodes.model.hidden == std::vector<std::int64_t>{256, 128});
  CHECK(scenario_of("{ kind = \"mlp\", hidden = [64, 64, 32] }").nodes.model.hidden ==
        std::vector<std::int64_t>{64, 64, 32});
  const ModelSpec grouped = scenario_of("{ kind = \"resnet-20\", groups = 8 }").nodes.model;
  CHECK(grouped.norm == "group");
  CHECK(grouped.groups == 8);
  const ModelSpec batch = scenario_of("{ kind = \"resnet-20\", norm = \"batch\", statistics = \"local\" }").nodes.model;
  CHECK(batch.norm == "batch");
  CHECK(batch.statistics == "local");
  const ModelSpec transformer = scenario_of("{ kind = \"transformer\", width = 64, layers = 2 }").nodes.model;
  CHECK(transformer.width == 64);
  CHECK(transformer.blocks == 2);
  CHECK(transformer.heads == 4);
  CHECK(transformer.tied_embeddings);
  const ModelSpec lstm = scenario_of("{ kind = \"lstm\", units = 100 }").nodes.model;
  CHECK(lstm.units == 100);
  CHECK(lstm.layers == 2);
}

TEST_CASE("files of a model and of data are beside the scenario") {
  const Scenario brought = scenario_of("{ torchscript = \"my_model.pt\", loss = \"cross-entropy\" }",
                                       "set = \"tensors\"\ntrain = \"train.pt\"\ntest = \"../test.pt\"\n");
  CHECK(brought.nodes.model.kind == "torchscript");
  CHECK(brought.nodes.model.file == beside_the_scenario("my_model.pt"));
  CHECK(brought.nodes.model.statistics == "averaged");
  CHECK(brought.data.train == beside_the_scenario("train.pt"));
  CHECK(brought.data.test == (std::filesystem::current_path() / "test.pt").string());
  CHECK(brought.data.root.empty());
  CHECK(scenario_of("\"lenet\"", "set = \"image-folder\"\nroot = \"pictures\"\n").data.root ==
        beside_the_scenario("pictures"));
}

TEST_CASE("a scenario's model and data written as resolved give the same again") {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"\"lenet\"", ""},
      {"\"mlp\"", ""},
      {"{ kind = \"mlp\", hidden = [7] }", ""},
      {"\"resnet-20\"", ""},
      {"{ kind = \"vgg-11\", groups = 32 }", ""},
      {"{ kind = \"vgg-11\", norm = \"batch\", statistics = \"local\" }", ""},
      {"{ torchscript = \"m.pt\", statistics = \"local\" }", "set = \"tensors\"\ntrain = \"a\"\ntest = \"b\"\n"},
      {"\"lstm\"", "set = \"text\"\nroot = \"book.txt\"\n"},
      {"{ kind = \"transformer\", heads = 8, tied_embeddings = false }",
       "set = \"text\"\nroot = \"book.txt\"\ncontext = 64\ntokens = \"bytes\"\n"},
      {"{ kind = \"quadratic\", noise = 0.5 }", "set = \"none\"\n"},
      {"{ kind = \"lstm\", embedding = 3, layers = 1, units = 5 }",
       "set = \"leaf-text\"\nroot = \"data\"\npartition = \"by-user\"\n"},
  };
  for (const auto& [model, data] : all) {
    CAPTURE(model);
    const std::string resolved = to_toml(scenario_of(model, data));
    const ScenarioResult again = parse_scenario(resolved, "elsewhere/again.toml");
    REQUIRE_MESSAGE(again.scenario, again.error);
    CHECK(to_toml(*again.scenario) == resolved);
  }
  CHECK(to_toml(scenario_of("{ kind = \"resnet-20\", norm = \"batch\" }"))
            .find("model = { kind = \"resnet-20\", norm = \"batch\", statistics = \"averaged\" }\n") !=
        std::string::npos);
}

TEST_CASE("impossible models are one clear line") {
  CHECK(error_of("\"lennet\"").find("did you mean 'lenet'?") != std::string::npos);
  CHECK(error_of("{ kind = \"mlp\", hiden = [5] }") ==
        "folder/s.toml:5:25: unknown key 'hiden' of model mlp: expected kind or hidden; did you mean 'hidden'?");
  CHECK(error_of("{ kind = \"mlp\", hidden = [5, 0] }") ==
        "folder/s.toml:5:38: nodes.model.hidden: expected integers from 1 to 100000, got 0");
  CHECK(error_of("{ kind = \"mlp\", hidden = 5 }").find("expected a list of one integer or more, such as [256, 128]") !=
        std::string::npos);
  CHECK(error_of("{ kind = \"resnet-20\", groups = 3 }") ==
        "folder/s.toml:5:40: nodes.model.groups: expected a divisor of 16, its fewest channels, got 3");
  CHECK(error_of("{ kind = \"resnet-20\", groups = 32 }").find("expected an integer from 1 to 16, got 32") !=
        std::string::npos);
  CHECK(error_of("{ kind = \"transformer\", heads = 3 }")
            .find("nodes.model.width: expected a multiple of the 3 heads, got 128") != std::string::npos);
  CHECK(error_of("{ kind = \"logistic\", penalty = 0 }").find("penalty") != std::string::npos);
  CHECK(error_of("{ kind = \"vgg-11\", norm = \"batch\", groups = 2 }")
            .find("groups: expected no such key without norm = \"group\"") != std::string::npos);
  CHECK(error_of("{ kind = \"vgg-11\", statistics = \"local\" }")
            .find("statistics: expected no such key without norm = \"batch\"") != std::string::npos);
  CHECK(error_of("{ kind = \"lenet\", norm = \"batch\" }").find("unknown key 'norm' of model lenet") !=
        std::string::npos);
  CHECK(error_of("\"torchscript\"") ==
        "folder/s.toml:5:9: missing key 'torchscript' in [nodes.model]: expected for example model = { torchscript = "
        "\"my_model.pt\" }");
  CHECK(error_of("{ torchscipt = \"m.pt\", loss = \"cross-entropy\" }").find("did you mean 'torchscript'?") !=
        std::string::npos);
  CHECK(error_of("{ torchscript = \"m.pt\", los = \"mse\" }").find("did you mean 'loss'?") != std::string::npos);
  CHECK(error_of("{ torchscript = \"m.pt\", loss = \"mse\" }").find("expected cross-entropy, got \"mse\"") !=
        std::string::npos);
}

TEST_CASE("data without its files, or with those of another set, are one clear line") {
  CHECK(error_of("\"mlp\"", "set = \"tensors\"\ntrain = \"a.pt\"\n").find("missing key 'test' in [data]") !=
        std::string::npos);
  CHECK(error_of("\"mlp\"", "set = \"tensors\"\nroot = \"a\"\n")
            .find("data.root: expected no such key of set \"tensors\", but train or test") != std::string::npos);
  CHECK(error_of("\"mlp\"", "set = \"cifar10\"\ntrain = \"a\"\n")
            .find("data.train: expected no such key of set \"cifar10\", but root") != std::string::npos);
  CHECK(error_of("\"mlp\"", "set = \"image-folder\"\n").find("missing key 'root' in [data]") != std::string::npos);
  CHECK(error_of("\"lstm\"", "set = \"text\"\n").find("missing key 'root' in [data]") != std::string::npos);
}
