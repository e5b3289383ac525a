#include "scenarios/src/run/module_trial.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "scenarios/src/cli/command_line.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;

/// During its lifetime modules are tried by this program.
class TriedWith {
 public:
  explicit TriedWith(const fs::path& program) { try_modules_with(program); }
  ~TriedWith() { try_modules_with({}); }
};

std::string module_bytes(const std::string& forward) {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), true);
  module.register_parameter("weight", at::linspace(-1, 1, 12).reshape({2, 6}).clone().set_requires_grad(true), false);
  module.define("def forward(self, x: Tensor) -> Tensor:\n" + forward + "  return torch.linear(x, self.weight)\n");
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

std::string error_of(const std::string& bytes, const std::string& name = "my.pt") {
  ModelSpec model{"torchscript"};
  model.file = name;
  model.content = std::make_shared<const std::string>(bytes);
  const ModuleTrial trial = module_trial();
  REQUIRE(trial);
  return trial(model, {{6}, 2, 0});
}

/// A program that does this whatever it is called with.
fs::path program(const TemporaryFolder& folder, const std::string& command) {
  const fs::path file = folder.write("program", "#!/bin/sh\n" + command + "\n");
  fs::permissions(file, fs::perms::owner_all);
  return file;
}

TEST_CASE("a module is opened by the program itself in another process, which says what is wrong with it") {
  const TriedWith with(TARDIGRAD_PROGRAM);
  CHECK(error_of(module_bytes("")) == "");
  CHECK(error_of(module_bytes("  x = x[:, :5]\n")).find("my.pt: mat1 and mat2 shapes cannot be multiplied") == 0);
  CHECK(error_of(module_bytes("  print('exit 0')\n")) == "");
  CHECK(error_of("nonsense", "a b.pt").find("a b.pt: no TorchScript module that can be read: ") == 0);
#ifndef __SANITIZE_THREAD__  // which ends a process that asks for so much
  CHECK(error_of(module_bytes("  y = torch.zeros([1 << 40])\n  x = x + y[0]\n")).find("can't allocate memory") !=
        std::string::npos);
#endif
}

TEST_CASE("whatever becomes of the other process is one line that names the module") {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& command) {
    const TriedWith with(program(folder, command));
    return error_of(command);
  };
  CHECK(said("kill -SEGV $$") == "my.pt: it is damaged or made to do harm: LibTorch dies of it (Segmentation fault)");
  CHECK(said("kill -ABRT $$") == "my.pt: it is damaged or made to do harm: LibTorch dies of it (Aborted)");
  CHECK(said("kill -XCPU $$") ==
        "my.pt: two samples, forwards and back, take more than 60 s of computing: does it ever return?");
  CHECK(said("kill -KILL $$") == "my.pt: it was killed while it was tried, for want of memory most likely");
  CHECK(said("kill -XFSZ $$") == "my.pt: it prints without end");
  CHECK(said("echo noise; echo 'my.pt: a reason'; exit 1") == "my.pt: a reason");
  CHECK(said("echo my.pt: a reason; kill -SEGV $$").find("LibTorch dies of it") != std::string::npos);
  const TriedWith with(folder / "nowhere");
  CHECK(error_of("x") == fmt::format("my.pt: it cannot be tried: {} does not start", (folder / "nowhere").string()));
}

TEST_CASE("who waits for a module is told for what, once" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const TriedWith with(program(folder, "sleep 12"));
  const fs::path said = folder / "said";
  const int before = dup(STDERR_FILENO);
  REQUIRE(std::freopen(said.c_str(), "w", stderr) != nullptr);
  const std::string error = error_of("slow");
  dup2(before, STDERR_FILENO);
  close(before);
  CHECK(error == "");
  CHECK(content_of(said) == "my.pt: still being tried on two samples; it is given up after 60 s of computing\n");
}

TEST_CASE("the bytes that are tried are the ones that the module had when it was read") {
  const TemporaryFolder folder;
  const fs::path seen = folder / "seen";
  const TriedWith with(program(folder, "for last; do :; done; cat \"$last\" > " + seen.string()));
  CHECK(error_of("some bytes\n") == "");
  CHECK(content_of(seen) == "some bytes\n");
}

TEST_CASE("a module that was tried is not tried again as long as nothing changes") {
  const TemporaryFolder folder;
  const fs::path count = folder / "count";
  const TriedWith with(program(folder, "echo >> " + count.string()));
  for (int i = 0; i < 3; ++i) CHECK(error_of("the same") == "");
  CHECK(content_of(count) == "\n");
  CHECK(error_of("another") == "");
  CHECK(content_of(count) == "\n\n");
}

void write_tensors(const fs::path& file, std::int64_t samples) {
  const at::Tensor inputs = at::linspace(-1, 1, samples * 6).reshape({samples, 6}).clone();
  const std::vector<char> bytes =
      torch::jit::pickle_save(c10::ivalue::Tuple::create(inputs, at::arange(samples).remainder(2)));
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

const char* const kScenario = R"(
[time]
duration = "100ms"
[nodes]
count = 2
model = { torchscript = "my.pt" }
[data]
set = "tensors"
train = "train.pt"
test = "test.pt"
[training]
batch_size = 4
local_steps = 2
[compute]
step_time = "10ms"
[[algorithm]]
kind = "d-psgd"
)";

TEST_CASE("a host can refuse modules: the coordinator hears why, and the host lives on") {
  const TemporaryFolder folder;
  write_tensors(folder / "train.pt", 16);
  write_tensors(folder / "test.pt", 8);
  folder.write("my.pt", module_bytes(""));
  folder.write("own.toml", std::string(kScenario));
  std::string plain = kScenario;
  const std::string module = "{ torchscript = \"my.pt\" }";
  plain.replace(plain.find(module), module.size(), "\"logistic-regression\"");
  folder.write("plain.toml", plain);
  test::RunningHosts hosts(1, {"--no-modules"});
  const auto run = [&](const std::string& name) {
    test::Program program({"run", folder / name, "--hosts", hosts.addresses({0}), "--out", folder / (name + "-out")},
                          folder / (name + ".log"));
    const int code = program.exit_code();
    INFO(program.log());
    CHECK((name == "own.toml") ==
          (program.log().find("this host takes no TorchScript modules, which are code (--no-modules)") !=
           std::string::npos));
    return code;
  };
  CHECK(run("own.toml") != exit_done);
  CHECK(run("plain.toml") == exit_done);
}

}  // namespace
}  // namespace tardigrad
