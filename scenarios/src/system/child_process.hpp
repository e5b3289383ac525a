/// Another program at work beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tardigrad {

/// One program from start to end. It ends no later than this process: it is interrupted (SIGINT) if we are
/// killed, and interrupted and waited for when this object goes. Ctrl-C in the terminal does not reach it.
class ChildProcess {
 public:
  /// Starts `command` (a program's path and its arguments); what it prints goes to the file `log`, which is
  /// replaced. A program that cannot be started ends at once with exit code 127.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Its exit code, or 128 and the number of the signal that ended it; nothing as long as it runs. Does
  /// not wait.
  std::optional<int> exit_code();
  /// Its number, also after its end.
  pid_t process() const { return process_; }
  /// As Ctrl-C does.
  void interrupt();
  /// At once, whatever it does.
  void kill_now();

 private:
  void note_end(int status);

  pid_t process_ = 0;
  std::optional<int> exit_code_;
};

/// The path of the program that this process runs.
std::filesystem::path own_program();

}  // namespace tardigrad
