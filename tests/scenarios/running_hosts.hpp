/// Hosts that a test has started itself, for runs and for being killed.
#pragma once

#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad::test {

/// No test waits longer for something that must come.
inline constexpr std::chrono::seconds kPatience{120};

/// True as soon as `condition` is; false if it does not become so in time.
template <class Condition>
bool comes_true(Condition condition, std::chrono::milliseconds most = kPatience) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline std::string text_so_far(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// `tardigrad` with these arguments.
class Program {
 public:
  Program(const std::vector<std::string>& arguments, std::filesystem::path log)
      : log_(std::move(log)), child_(command_of(arguments), log_) {}
  /// Whatever state it is in.
  ~Program() { kill(SIGKILL); }

  void kill(int signal) {
    if (!child_.exit_code()) ::kill(child_.process(), signal);
  }
  pid_t process() const { return child_.process(); }
  std::string log() const { return text_so_far(log_); }
  bool ends() {
    return comes_true([&] { return child_.exit_code().has_value(); });
  }
  bool is_running() { return !child_.exit_code(); }
  /// -1 if it does not end in time.
  int exit_code() { return ends() ? *child_.exit_code() : -1; }

 private:
  static std::vector<std::string> command_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), TARDIGRAD_PROGRAM);
    return arguments;
  }

  std::filesystem::path log_;
  ChildProcess child_;
};

class RunningHosts {
 public:
  RunningHosts(std::size_t count, std::vector<std::string> more) : more_(std::move(more)) {
    setenv(kTokenVariable, "of these tests", 1);
    hosts_.resize(count);
    addresses_.resize(count);
    for (std::size_t host = 0; host < count; ++host) start(host);
  }

  /// Again, if it has been there before.
  void start(std::size_t host) {
    std::vector<std::string> arguments{"host", "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more_.begin(), more_.end());
    hosts_[host].reset();
    hosts_[host] = std::make_unique<Program>(arguments, folder_ / std::to_string(started_++));
    const std::string first = kListeningLine;
    REQUIRE(comes_true([&] {
      const std::string log = hosts_[host]->log();
      return log.rfind(first, 0) == 0 && log.find('\n') != std::string::npos;
    }));
    const std::string log = hosts_[host]->log();
    addresses_[host] = log.substr(first.size(), log.find('\n') - first.size());
  }

  Program& operator[](std::size_t host) { return *hosts_[host]; }
  /// For `--hosts`.
  std::string addresses(const std::vector<std::size_t>& hosts) const {
    std::string text;
    for (const std::size_t host : hosts) text += (text.empty() ? "" : ",") + addresses_[host];
    return text;
  }

 private:
  TemporaryFolder folder_;
  std::vector<std::string> more_;
  std::vector<std::unique_ptr<Program>> hosts_;
  std::vector<std::string> addresses_;
  int started_ = 0;
};

}  // namespace tardigrad::test
