/// Hosts that the coordinator starts itself, on this machine.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/private_folder.hpp"

namespace tardigrad {

class LocalHosts {
 public:
  /// Starts `count` hosts with the token and timeout of `peers`; `threads` are divided among them.
  LocalHosts(unsigned count, unsigned threads, const PeerArguments& peers);
  /// Ends the hosts.
  ~LocalHosts();
  LocalHosts(const LocalHosts&) = delete;
  LocalHosts& operator=(const LocalHosts&) = delete;

  /// One line if they could not be started.
  const std::string& error() const { return error_; }
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  std::string await_address(std::size_t host);
  /// Why this host is not there.
  std::string last_words(std::size_t host);

  PrivateFolder folder_;
  std::string error_;
  std::vector<std::unique_ptr<ChildProcess>> hosts_;
  std::vector<std::string> addresses_;
};

/// 32 hexadecimal digits that nobody can guess.
std::string random_token();

}  // namespace tardigrad
