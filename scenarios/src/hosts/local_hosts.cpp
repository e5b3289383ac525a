#include "scenarios/src/hosts/local_hosts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "models/printable.hpp"
#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

namespace {
/// Loading LibTorch takes seconds on a busy machine; a host that fails is seen to end, however long this is.
constexpr std::chrono::seconds kStartTime{120};
constexpr std::chrono::seconds kFarewellTime{3};
}  // namespace

std::string random_token() {
  std::random_device device;
  std::string token;
  for (int word = 0; word < 4; ++word) token += fmt::format("{:08x}", device());
  return token;
}

LocalHosts::LocalHosts(unsigned count, unsigned threads, const PeerArguments& peers) {
  if (folder_.path().empty()) {
    error_ = "cannot create a folder for the hosts' logs";
    return;
  }
  // Passed in the environment: every user of the machine can read a command line.
  setenv(kTokenVariable, peers.token.c_str(), 1);
  const std::string own_threads = std::to_string(std::max(1U, threads / count));
  for (unsigned host = 0; host < count; ++host) {
    hosts_.push_back(std::make_unique<ChildProcess>(
        std::vector<std::string>{own_program().string(), "host", "--listen", "127.0.0.1:0", "--threads", own_threads,
                                 "--host-timeout", duration_text(peers.timeout)},
        folder_.path() / std::to_string(host)));
  }
  for (std::size_t host = 0; host < hosts_.size() && error_.empty(); ++host) {
    addresses_.push_back(await_address(host));
    if (addresses_.back().empty()) error_ = fmt::format("local host {} did not start: {}", host + 1, last_words(host));
  }
}

std::string LocalHosts::await_address(std::size_t host) {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  while (std::chrono::steady_clock::now() < deadline && !hosts_[host]->exit_code() && !interrupted()) {
    std::ifstream log(folder_.path() / std::to_string(host));
    for (std::string line; std::getline(log, line);) {
      if (line.rfind(kListeningLine, 0) == 0 && !log.eof()) return line.substr(std::string(kListeningLine).size());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

std::string LocalHosts::last_words(std::size_t host) {
  if (!hosts_[host]->exit_code()) {
    return interrupted() ? "interrupted" : fmt::format("it says nothing for {} s", kStartTime.count());
  }
  std::ifstream log(folder_.path() / std::to_string(host));
  std::string last;
  for (std::string line; std::getline(log, line);) last = line;
  return last.empty() ? fmt::format("it ended with exit code {}", *hosts_[host]->exit_code()) : printable(last);
}

LocalHosts::~LocalHosts() {
  for (const auto& host : hosts_) host->interrupt();
  const auto deadline = std::chrono::steady_clock::now() + kFarewellTime;
  const auto runs = [](const auto& host) { return !host->exit_code(); };
  while (std::any_of(hosts_.begin(), hosts_.end(), runs) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (const auto& host : hosts_) host->kill_now();  // stopped, or stuck
  hosts_.clear();
}

}  // namespace tardigrad
