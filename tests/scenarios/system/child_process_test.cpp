#include "scenarios/src/system/child_process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::content_of;
using test::TemporaryFolder;

namespace {

int exit_code_of(ChildProcess& process) {
  for (;;) {
    if (const auto code = process.exit_code()) return *code;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Waits until the log shows that the process has come so far.
void await_text(const std::filesystem::path& log) {
  while (!std::filesystem::exists(log) || std::filesystem::is_empty(log)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("a process gets its arguments as they are, prints to its log and gives its exit code") {
  const TemporaryFolder folder;
  ChildProcess process({"/bin/sh", "-c", "echo \"$1\"; echo oh >&2; exit 3", "sh", "a b \"c\" $d"}, folder / "log");
  CHECK(exit_code_of(process) == 3);
  CHECK(process.exit_code() == 3);
  CHECK(content_of(folder / "log") == "a b \"c\" $d\noh\n");
}

TEST_CASE("a program that cannot be started ends with 127") {
  const TemporaryFolder folder;
  ChildProcess process({(folder / "missing").string()}, folder / "log");
  CHECK(exit_code_of(process) == 127);
}

TEST_CASE("a process that runs has no exit code, interrupted it ends by that signal") {
  const TemporaryFolder folder;
  ChildProcess process({"/bin/sh", "-c", "echo begun; exec sleep 600"}, folder / "log");
  await_text(folder / "log");
  CHECK_FALSE(process.exit_code());
  process.interrupt();
  CHECK(exit_code_of(process) == 128 + SIGINT);
}

TEST_CASE("an interruption is not lost on a process that is just being started by one that catches interruptions") {
  const TemporaryFolder folder;
  const auto before = std::signal(SIGINT, [](int) {});
  for (int i = 0; i < 200; ++i) {
    ChildProcess process({"/bin/sleep", "3"}, folder / "log");
    process.interrupt();
    REQUIRE(exit_code_of(process) == 128 + SIGINT);
  }
  std::signal(SIGINT, before);
}

TEST_CASE("a process does not outlive the object that stands for it") {
  const TemporaryFolder folder;
  {
    const ChildProcess process(
        {"/bin/sh", "-c", "trap 'echo interrupted; exit' INT; echo begun; while :; do sleep 0.01; done"},
        folder / "log");
    await_text(folder / "log");
  }
  CHECK(content_of(folder / "log") == "begun\ninterrupted\n");
}

TEST_SUITE_END();
