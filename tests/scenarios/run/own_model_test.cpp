#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "actors/message_fields.hpp"
#include "netem/base/random_stream.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/memory_archive.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::check_same_files;
using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;

/// Two classes, told apart by the sign of what the numbers of an input have in common.
void write_tensors(const fs::path& file, std::vector<std::int64_t> sizes, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::test);
  const std::int64_t samples = sizes.front();
  const at::Tensor inputs = at::empty(sizes);
  const at::Tensor labels = at::arange(samples).remainder(2);
  const std::int64_t numbers = inputs.numel() / samples;
  for (std::int64_t i = 0; i < inputs.numel(); ++i) {
    inputs.view(-1)[i] = stream.normal() + (i / numbers % 2 == 0 ? 1 : -1);
  }
  const std::vector<char> bytes = torch::jit::pickle_save(c10::ivalue::Tuple::create(inputs, labels));
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void write_module(const fs::path& file) {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), true);
  module.register_parameter("weight", at::zeros({2, 6}).set_requires_grad(true), false);
  module.register_buffer("mean", at::zeros({6}));
  module.register_buffer("variance", at::ones({6}));
  module.define(R"(
def forward(self, x: Tensor) -> Tensor:
  x = torch.batch_norm(x, None, None, self.mean, self.variance, self.training, 0.1, 1e-5, False)
  return torch.linear(torch.dropout(x, 0.3, self.training), self.weight)
)");
  module.save(file.string());
}

std::string scenario(const std::string& model, const std::string& data) {
  return fmt::format(R"(
[time]
duration = "2s"
[nodes]
count = 5
model = {}
[data]
{}
[training]
batch_size    = 4
local_steps   = 5
learning_rate = 0.05
[compute]
step_time = "10ms"
[[algorithm]]
kind = "divshare"
fragments = 3
recipients = 2
[[algorithm]]
kind = "d-psgd"
[evaluation]
every = "1s"
)",
                     model, data);
}

const std::string kTensors = "set = \"tensors\"\ntrain = \"train.pt\"\ntest = \"test.pt\"";

std::string module_scenario(const std::string& statistics) {
  return scenario(
      fmt::format("{{ torchscript = \"my_model.pt\", loss = \"cross-entropy\", statistics = \"{}\" }}", statistics),
      kTensors);
}

/// The last line's accuracy, that of the averaged model.
double final_accuracy(const fs::path& folder) {
  const std::string text = content_of(folder / "d-psgd/s1/evaluations.csv");
  const std::string line = text.substr(text.rfind('\n', text.size() - 2) + 1);
  std::vector<std::string> cells = {""};
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return std::stod(cells.at(3));
}

struct Played {
  RunOutcome outcome;
  MemorySink rows;
  std::string saved;  ///< where it was stopped

  std::string bytes() {
    RunPosition& position = outcome.position;
    return test::saved(rows.rounds, rows.evaluations, rows.links, position.now, position.events, position.rounds);
  }
};

/// Up to so many events: from the start, or from what another run has left, with a learner of its own.
Played play(const Scenario& scenario, const AlgorithmSection& section, std::uint64_t events,
            const Played* from = nullptr) {
  const LearnerResult learner = prepare_learner(scenario, 1, 2);
  REQUIRE(learner.error == "");
  ComputePool pool(2, prepare_compute_thread);
  Played played;
  if (from) played.rows = from->rows;
  test::MemorySource source(from ? from->saved : "");
  StateArchive archive(source);
  MemorySink at_save;
  Checkpointing checkpointing;
  checkpointing.store = [&](const std::function<void(StateArchive&)>& save) {
    test::MemoryBytes state;
    StateArchive out(state);
    save(out);
    played.saved = std::move(state.bytes);
    at_save = played.rows;
  };
  if (from) checkpointing.saved = &archive;
  played.outcome = run_in_virtual_time(
      make_plan(scenario, section, 1), *learner.learner, pool, played.rows,
      [&](const RunPosition& position) { return position.events < events; }, checkpointing);
  if (!played.outcome.finished) played.rows = std::move(at_save);
  return played;
}

void check_goes_on_as_ever(const std::string& file) {
  const ScenarioResult read = load_scenario(
      file, {"training.momentum=0.9", "training.local_steps=1", "time.duration=100ms", "evaluation.every=50ms"});
  REQUIRE(read.error == "");
  for (const AlgorithmSection& section : read.scenario->algorithms) {
    INFO(section.name);
    Played whole = play(*read.scenario, section, ~std::uint64_t{0});
    for (int eighth : {1, 4, 7}) {
      const Played stopped = play(*read.scenario, section, whole.outcome.position.events * eighth / 8);
      REQUIRE_FALSE(stopped.outcome.finished);
      Played resumed = play(*read.scenario, section, ~std::uint64_t{0}, &stopped);
      CHECK((resumed.bytes() == whole.bytes()));
    }
  }
}

TEST_CASE("a user's module learns a user's tensors, the same bytes on any number of threads, saved or not") {
  for (const char* statistics : {"averaged", "local"}) {
    INFO(statistics);
    const TemporaryFolder folder;
    write_tensors(folder / "train.pt", {60, 6}, 1);
    write_tensors(folder / "test.pt", {40, 6}, 2);
    write_module(folder / "my_model.pt");
    const std::string file = folder.write("own.toml", module_scenario(statistics));
    REQUIRE(tardigrad_command({"run", file, "--threads", "1", "--out", folder / "1"}) == exit_done);
    REQUIRE(tardigrad_command({"run", file, "--threads", "3", "--out", folder / "3"}) == exit_done);
    REQUIRE(tardigrad_command({"run", folder / "1/scenario.toml", "--out", folder / "again"}) == exit_done);
    check_same_files(folder / "1", folder / "3", 6);
    check_same_files(folder / "1", folder / "again", 6);
    CHECK(final_accuracy(folder / "1") > 0.9);
    check_goes_on_as_ever(file);
  }
}

TEST_CASE("texts, ratings and batch normalisation are learned from, the same bytes however they are run") {
  const TemporaryFolder folder;
  write_tensors(folder / "train.pt", {30, 3, 8, 8}, 1);
  write_tensors(folder / "test.pt", {20, 3, 8, 8}, 2);
  folder.write("ratings.csv", test::ratings_csv(20, 60));
  std::string text;
  for (int line = 0; line < 40; ++line) text += fmt::format("{} knots make {} miles.\n", line, 1.15 * line);
  folder.write("knots.txt", text);
  const std::vector<std::pair<std::string, std::string>> all = {
      {"{ kind = \"lstm\", embedding = 3, layers = 2, units = 5 }", "set = \"text\"\nroot = \"knots.txt\""},
      {"{ kind = \"transformer\", layers = 2, heads = 2, width = 6 }",
       "set = \"text\"\nroot = \"knots.txt\"\ncontext = 10"},
      {"\"matrix-factorization\"", "root = \".\""},
      {"{ kind = \"quadratic\", dimension = 5, noise = 1.0 }", "set = \"none\""},
      {"{ kind = \"logistic\", dimension = 3 }", "set = \"none\""},
      {"{ kind = \"resnet-20\", norm = \"batch\", statistics = \"local\" }", kTensors}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [model, data] = all[i];
    INFO(model);
    const std::string file = folder.write(fmt::format("{}.toml", i), scenario(model, data));
    const auto out = [&](const char* threads) { return folder.path() / fmt::format("{}-{}", i, threads); };
    for (const char* threads : {"1", "2"}) {
      REQUIRE(tardigrad_command({"run", file, "--threads", threads, "--out", out(threads).string(), "--set",
                                 "training.local_steps=1", "--set", "time.duration=200ms", "--set",
                                 "evaluation.every=100ms"}) == exit_done);
    }
    check_same_files(out("1"), out("2"), 6);
    check_goes_on_as_ever(file);
  }
}

Json summary_of(const fs::path& results) {
  std::ifstream file(results / "divshare/s1/summary.json");
  return Json::parse(file);
}

std::string first_line_with(const fs::path& file, const std::string& part) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.find(part) != std::string::npos) return line;
  }
  return {};
}

TEST_CASE("texts have a perplexity and bits for each sign, also as a target") {
  const TemporaryFolder folder;
  std::string text;
  for (int line = 0; line < 40; ++line) text += fmt::format("{} knots make {} miles.\n", line, 1.15 * line);
  folder.write("knots.txt", text);
  const std::string file =
      folder.write("text.toml", scenario("{ kind = \"transformer\", layers = 1, heads = 2, width = 8 }",
                                         "set = \"text\"\nroot = \"knots.txt\"\ncontext = 10") +
                                    "target_perplexity = 23\n");
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  const Json summary = summary_of(folder / "out");
  const double loss = summary["final_loss"]["mean"];
  CHECK(summary["final_perplexity"] == doctest::Approx(std::exp(loss)));
  CHECK(summary["final_bits"] == doctest::Approx(std::log2(std::exp(loss))));
  CHECK(summary["target_perplexity"] == 23);
  CHECK(loss < std::log(23));
  CHECK(summary["time_to_target_s"] > 0);
  CHECK(summary.count("final_distance_between_nodes") == 0);
  CHECK_FALSE(first_line_with(folder / "out/report.html", "a perplexity of 23").empty());
  CHECK_FALSE(first_line_with(folder / "out/comparison.csv", fmt::format(",{},", std::exp(loss))).empty());
}

TEST_CASE("nodes that search a known optimum say how far they are from it and from each other") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("quadratic.toml", scenario("{ kind = \"quadratic\", dimension = 5 }", "set = \"none\""));
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  const Json summary = summary_of(folder / "out");
  CHECK(summary["final_loss"]["mean"] < 2);
  const Json& loss = summary["final_loss"];
  const double mean = loss["mean"], std = loss["std"], averaged = loss["averaged_model"];
  CHECK(summary["final_distance_between_nodes"] > 0.01);
  CHECK(summary["final_distance_between_nodes"] ==
        doctest::Approx(std::sqrt(mean * mean + std * std - averaged * averaged)));
  CHECK(summary.count("final_perplexity") == 0);
  const std::string with_bits =
      folder.write("bits.toml", scenario("\"quadratic\"", "set = \"none\"") + "target_bits = 2\n");
  CHECK(tardigrad_command({"run", with_bits, "--out", folder / "bits"}) == exit_wrong_use);
}

TEST_CASE("with a module that does not fit nothing is started") {
  const TemporaryFolder folder;
  write_tensors(folder / "train.pt", {60, 6}, 1);
  write_tensors(folder / "test.pt", {40, 6}, 2);
  const std::string file = folder.write("own.toml", module_scenario("averaged"));
  folder.write("my_model.pt", std::string("PK nonsense"));
  CHECK(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_wrong_use);
  CHECK_FALSE(fs::exists(folder / "out"));
}

}  // namespace
}  // namespace tardigrad
