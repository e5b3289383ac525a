#include "scenarios/src/learners/process_learner.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "scenarios/src/learners/shared_memory.hpp"
#include "scenarios/src/scenario/travelling_scenario.hpp"
#include "tests/scenarios/parsed_text.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;

namespace {

/// A program in the place of Python, while it lives.
class PythonIs {
 public:
  explicit PythonIs(const char* program) { setenv("TARDIGRAD_PYTHON", (std::string("3.0:") + program).c_str(), 1); }
  ~PythonIs() { unsetenv("TARDIGRAD_PYTHON"); }
  PythonIs(const PythonIs&) = delete;
  PythonIs& operator=(const PythonIs&) = delete;
};

std::string error_with(const char* program) {
  const PythonIs stand_in(program);
  ModelSpec model;
  model.file = "/nowhere/mine.py:Mine";
  return make_process_learner(model, {}, TrainingSpec{}, 4, 1, 2, false).error;
}

const std::string kScenario = R"([time]
duration = "1s"
[nodes]
count = 4
model = { python = "mine.py:Mine" }
[[algorithm]]
kind = "divshare"
recipients = 2
)";

}  // namespace

TEST_CASE("memory that a learner's process shares grows on either side and keeps what is in it") {
  SharedMemory memory;
  std::memcpy(memory.bytes(5), "abcd", 5);
  REQUIRE(ftruncate(memory.descriptor(), 100'000) == 0);
  REQUIRE(pwrite(memory.descriptor(), "there", 6, 90'000) == 6);
  CHECK(std::string(memory.bytes(100'000)) == "abcd");
  CHECK(std::string(memory.bytes(100'000) + 90'000) == "there");
  CHECK(memory.bytes(10) == memory.bytes(100'000));
  CHECK(ftruncate(memory.descriptor(), 10) != 0);  // who cut it would end the other side
}

TEST_CASE("a learner's process that does not begin is one line") {
  CHECK(error_with("/bin/false") ==
        "/nowhere/mine.py:Mine: the learner's process ended with exit code 1 while it began");
  CHECK(error_with("/bin/true") ==
        "/nowhere/mine.py:Mine: the learner's process ended with exit code 0 while it began");
  CHECK(error_with("/nowhere/python3") ==
        "/nowhere/mine.py:Mine: the learner's process ended with exit code 127 while it began");
}

TEST_CASE("a learner in Python stands in a scenario by its file, relative to it, and its class") {
  const Scenario scenario = test::parsed(kScenario);
  CHECK(scenario.nodes.model.kind == "python");
  CHECK(scenario.nodes.model.file == (std::filesystem::current_path() / "mine.py:Mine").string());
  CHECK(test::parsed(to_toml(scenario)).nodes.model.file == scenario.nodes.model.file);
  // The file is what counts for a checkpoint, and there is none.
  CHECK(pack(scenario).error.find("mine.py: cannot be sent to the hosts") != std::string::npos);
  CHECK(parse_scenario(kScenario, "s.toml", {"nodes.model=logistic-regression"}).scenario->nodes.model.kind ==
        "logistic-regression");
  CHECK(parse_scenario(kScenario, "s.toml", {"nodes.model.python=other.py:Other"}).scenario->nodes.model.file ==
        (std::filesystem::current_path() / "other.py:Other").string());
}

TEST_CASE("a learner's file travels under a name that says what it is, which nothing else has") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("mine.py", "pass").string();
  const Scenario scenario = *parse_scenario(kScenario, "s.toml", {"nodes.model.python=" + path + ":Mine"}).scenario;
  const TravellingScenario packed = pack(scenario).scenario;
  CHECK(packed.files == std::vector<std::string>{"pass"});
  CHECK(packed.code == std::set<std::uint32_t>{0});
  CHECK(travelling_name(packed, 0) == "./file-0.py");
  CHECK(travelling_name({"", {"pass"}, {}}, 0) == "./file-0");
  const test::TemporaryFolder away;
  const ScenarioResult unpacked = unpack(packed, away.path());
  CHECK_MESSAGE(unpacked.scenario, unpacked.error);
  CHECK(unpacked.scenario->nodes.model.file == (away.path() / "file-0.py:Mine").string());
}

TEST_CASE(
    "further keys of a learner's table are its options, whatever they are called, and are written as they stand") {
  const std::string table = "mine.py:Mine\", hidden = 64, rate = 0.5, name = \"a\", wide = true, sizes = [1, 2.5]";
  std::string text = kScenario;
  text.replace(text.find("mine.py:Mine\""), 13, table);
  const Scenario scenario = test::parsed(text);
  const LearnerOptions expected = {{"hidden", std::int64_t{64}},
                                   {"rate", 0.5},
                                   {"name", std::string("a")},
                                   {"wide", true},
                                   {"sizes", std::vector<double>{1, 2.5}}};
  CHECK(scenario.nodes.learner_options == expected);
  CHECK(test::parsed(to_toml(scenario)).nodes.learner_options == expected);
  CHECK(parse_scenario(text, "s.toml", {"nodes.model.hidden=8"}).scenario->nodes.learner_options.at("hidden") ==
        LearnerOption(std::int64_t{8}));
}

TEST_CASE("an option of a learner is a plain value") {
  const auto with = [](const std::string& value) {
    std::string text = kScenario;
    text.replace(text.find("mine.py:Mine\""), 13, "mine.py:Mine\", hidden = " + value);
    return test::error_of(text);
  };
  CHECK(with("{ a = 1 }").find("hidden") != std::string::npos);
  CHECK(with("[\"a\"]").find("hidden") != std::string::npos);
  CHECK(with("inf").find("hidden") != std::string::npos);
}

TEST_CASE("a learner in Python has no data of the program, and tests on what it chooses") {
  CHECK(test::error_of(kScenario + "[data]\nset = \"mnist\"\n").find("data.set: expected \"none\"") !=
        std::string::npos);
  CHECK(test::error_of(kScenario + "[evaluation]\nevery = \"1s\"\nsamples = 10\n").find("samples: expected \"all\"") !=
        std::string::npos);
}
