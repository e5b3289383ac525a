/// Runs another program beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tardigrad {

/// One program from start to end. It ends no later than this process: it is interrupted (SIGINT) if this
/// process is killed, and interrupted and waited for when this object is destroyed. Ctrl-C in the terminal does
/// not reach it.
class ChildProcess {
 public:
  /// Starts `command` (a program's path and its arguments); its output goes to the file `log`, which is
  /// replaced. A program that cannot be started ends at once with exit code 127.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log);
  /// The same, but its output goes to standard error, and it inherits these descriptors, whatever they are closed by.
  ChildProcess(const std::vector<std::string>& command, const std::vector<int>& inherited);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The exit code, or 128 and the number of the signal that ended the program; nothing as long as it runs.
  /// Does not wait.
  std::optional<int> exit_code();
  /// "ended with exit code 3", "ended by a signal: Segmentation fault"; empty as long as it runs.
  std::string end_text();
  /// The process id, also after its end.
  pid_t process() const { return process_; }
  /// Interrupts the program as Ctrl-C does.
  void interrupt();
  /// Kills the program at once.
  void kill_now();

 private:
  void start(const std::vector<std::string>& command, const char* log, const std::vector<int>& inherited);
  void note_end(int status);

  pid_t process_ = 0;
  std::optional<int> exit_code_;
  int signal_ = 0;  ///< that ended it; 0: none
};

/// The path of the program that this process runs.
std::filesystem::path own_program();

}  // namespace tardigrad
