#include <doctest/doctest.h>

#include "scenarios/src/scenario/scenario_file.hpp"

using namespace tardigrad;

namespace {

const char* const kBefore = R"([time]
duration = "5s"
[nodes]
count = 8
[[algorithm]]
kind = "divshare"
recipients = 3
[training]
)";

ScenarioResult with(const std::string& training, const std::vector<std::string>& overrides = {}) {
  return parse_scenario(kBefore + training, "s.toml", overrides);
}

TrainingSpec training_of(const std::string& training, const std::vector<std::string>& overrides = {}) {
  const ScenarioResult result = with(training, overrides);
  REQUIRE_MESSAGE(result.scenario, result.error);
  return result.scenario->training;
}

using Kind = LearningRateSchedule::Kind;

}  // namespace

TEST_CASE("training is plain and its rate constant unless the scenario says otherwise") {
  const TrainingSpec training = training_of("");
  CHECK(training.optimizer.is_plain());
  CHECK_FALSE(training.optimizer.nesterov);
  CHECK_FALSE(training.drop_last);
  CHECK(training.schedule.kind == Kind::constant);
  CHECK(training.schedule.warm_up == 0);
}

TEST_CASE("a scenario says momentum, weight decay and how the learning rate changes") {
  const TrainingSpec step = training_of(
      "momentum = 0.9\nnesterov = true\nweight_decay = 5e-4\n"
      "learning_rate_schedule = { kind = \"step\", every = 100, factor = 0.2, warm_up = 5 }\n");
  CHECK(step.optimizer.momentum == 0.9);
  CHECK(step.optimizer.nesterov);
  CHECK(step.optimizer.weight_decay == 5e-4);
  CHECK(step.schedule.kind == Kind::step);
  CHECK(step.schedule.every == 100);
  CHECK(step.schedule.factor == 0.2);
  CHECK(step.schedule.warm_up == 5);
  const TrainingSpec cosine =
      training_of("learning_rate_schedule = { kind = \"cosine\", rounds = 500, final = 0.001 }\n");
  CHECK(cosine.schedule.kind == Kind::cosine);
  CHECK(cosine.schedule.rounds == 500);
  CHECK(cosine.schedule.final_rate == 0.001);
}

TEST_CASE("a scenario says to which norm gradients are clipped, and is written without it where it does not") {
  const ScenarioResult clipped = with("clip_norm = 0.5\n");
  REQUIRE(clipped.scenario);
  CHECK(clipped.scenario->training.optimizer.clip_norm == 0.5);
  CHECK_FALSE(clipped.scenario->training.optimizer.is_plain());
  CHECK(to_toml(*clipped.scenario).find("clip_norm              = 0.5\n") != std::string::npos);
  CHECK(to_toml(*with("").scenario).find("clip_norm") == std::string::npos);
  CHECK(with("clip_norm = -1\n").error.find("training.clip_norm: expected a number from 0 to 1000000, got -1") !=
        std::string::npos);
}

TEST_CASE("a scenario may say AdamW, which has options of its own and no momentum") {
  const TrainingSpec usual = training_of("optimizer = \"adamw\"\nweight_decay = 0.1\n");
  CHECK(usual.optimizer.kind == OptimizerOptions::Kind::adamw);
  CHECK(usual.optimizer.beta1 == 0.9);
  CHECK(usual.optimizer.beta2 == 0.999);
  CHECK(usual.optimizer.epsilon == 1e-8);
  CHECK(usual.optimizer.weight_decay == 0.1);
  CHECK_FALSE(usual.optimizer.is_plain());
  const TrainingSpec own = training_of("optimizer = { kind = \"adamw\", beta2 = 0.95 }\nclip_norm = 1.0\n");
  CHECK(own.optimizer.beta2 == 0.95);
  CHECK(own.optimizer.clip_norm == 1);
  CHECK(training_of("", {"training.optimizer=adamw"}).optimizer.kind == OptimizerOptions::Kind::adamw);
  const std::string momentum = with("optimizer = \"adamw\"\nmomentum = 0.9\n").error;
  CHECK(momentum.find("training.momentum: belongs to the optimizer sgd") != std::string::npos);
  CHECK(with("optimizer = \"adamw\"\nnesterov = true\n").error.find("training.nesterov") != std::string::npos);
  CHECK(with("optimizer = \"adam\"\n").error.find("adamw") != std::string::npos);
  CHECK(with("optimizer = { kind = \"adamw\", beta1 = 1.0 }\n").error.find("beta1") != std::string::npos);
}

TEST_CASE("algorithms that take gradients from their models' change refuse momentum and AdamW") {
  const auto error = [](const char* kind, const char* training) {
    const std::string text = std::string("[time]\nduration = \"5s\"\n[nodes]\ncount = 8\n[[algorithm]]\nkind = \"") +
                             kind + "\"\n[training]\n" + training;
    return parse_scenario(text, "s.toml", {}).error;
  };
  for (const char* kind : {"k-gt", "qg-dsgdm", "momentum-tracking"}) {
    CAPTURE(kind);
    CHECK(error(kind, "weight_decay = 0.1\nclip_norm = 1.0\n") == "");
    CHECK(error(kind, "momentum = 0.9\n").find("which momentum hides: expected optimizer = \"sgd\" without momentum") !=
          std::string::npos);
    CHECK(error(kind, "optimizer = \"adamw\"\n").find("which adamw hides") != std::string::npos);
  }
  CHECK(error("gt-dsgd", "momentum = 0.9\n") == "");
}

TEST_CASE("a schedule's options can be overridden one by one") {
  const std::string text = "learning_rate_schedule = { kind = \"step\", every = 100 }\n";
  CHECK(training_of(text, {"training.learning_rate_schedule.every=7"}).schedule.every == 7);
  CHECK(training_of("", {"training.learning_rate_schedule.kind=constant", "training.learning_rate_schedule.warm_up=3"})
            .schedule.warm_up == 3);
}

TEST_CASE("a scenario says whether short last batches are left out") {
  CHECK(training_of("drop_last = true\n").drop_last);
  CHECK(to_toml(*with("drop_last = true\n").scenario).find("drop_last              = true\n") != std::string::npos);
}

TEST_CASE("a scenario says what computes its networks") {
  CHECK(training_of("").backend == Backend::kernels);
  CHECK(training_of("backend = \"libtorch\"\n").backend == Backend::libtorch);
  CHECK(to_toml(*with("").scenario).find("backend                = \"kernels\"\n") != std::string::npos);
  CHECK(with("backend = \"cuda\"\n").error.find("training.backend: expected kernels or libtorch, got \"cuda\"") !=
        std::string::npos);
}

TEST_CASE("training options written as resolved give the same options again") {
  for (const char* text :
       {"", "drop_last = true\n", "momentum = 0.9\nnesterov = true\nweight_decay = 5e-4\n",
        "learning_rate_schedule = { kind = \"constant\", warm_up = 4 }\n",
        "learning_rate_schedule = { kind = \"step\", every = 100, factor = 0.1, warm_up = 5 }\n",
        "optimizer = { kind = \"adamw\", beta1 = 0.8, beta2 = 0.95, epsilon = 1e-6 }\nweight_decay = 0.1\n",
        "learning_rate_schedule = { kind = \"constant\", warm_up = 100, unit = \"steps\" }\n",
        "learning_rate_schedule = { kind = \"cosine\", rounds = 500, final = 1e-5 }\n"}) {
    CAPTURE(text);
    const std::string resolved = to_toml(*with(text).scenario);
    const ScenarioResult again = parse_scenario(resolved, "again.toml");
    REQUIRE_MESSAGE(again.scenario, again.error);
    CHECK(to_toml(*again.scenario) == resolved);
  }
  CHECK(to_toml(*with("momentum = 0.9\n").scenario).find("momentum               = 0.9\n") != std::string::npos);
}

TEST_CASE("impossible training options are one clear line") {
  const auto error_of = [](const std::string& training) {
    const ScenarioResult result = with(training);
    CHECK_FALSE(result.scenario);
    return result.error;
  };
  CHECK(error_of("momentum = 1\n") == "s.toml:9:12: training.momentum: expected a number from 0 to 0.99999, got 1");
  CHECK(error_of("drop_last = 1\n").find("training.drop_last: expected true or false, got 1") != std::string::npos);
  CHECK(error_of("nesterov = true\n") == "s.toml:9:12: training.nesterov: expected a momentum above 0 beside it");
  CHECK(error_of("weight_decay = -1\n").find("training.weight_decay: expected a number from 0 to") !=
        std::string::npos);
  CHECK(error_of("learning_rate = 0.1\nlearning_rate_schedule = { kind = \"cosine\", rounds = 5, final = 0.2 }\n")
            .find("training.learning_rate_schedule.final: expected a number from 0 to 0.1, got 0.2") !=
        std::string::npos);
  CHECK(error_of("learning_rate_schedule = \"step\"\n")
            .find("missing key 'every' in [training.learning_rate_schedule]: expected for example every = 100") !=
        std::string::npos);
  CHECK(error_of("learning_rate_schedule = { kind = \"step\", every = 0 }\n").find("every: expected") !=
        std::string::npos);
  CHECK(error_of("learning_rate_schedule = \"linear\"\n").find("expected constant, step or cosine") !=
        std::string::npos);
  CHECK(error_of("learning_rate_schedule = { kind = \"cosine\", rounds = 5, factor = 0.2 }\n")
            .find("unknown key 'factor' of learning_rate_schedule cosine") != std::string::npos);
  CHECK(error_of("momentun = 0.9\n").find("did you mean 'momentum'?") != std::string::npos);
}
