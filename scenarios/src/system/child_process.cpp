#include "scenarios/src/system/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace tardigrad {
namespace {

constexpr int kCannotStart = 127;

/// Blocks signals that would interrupt this process, during its lifetime.
class InterruptsHeldBack {
 public:
  InterruptsHeldBack() {
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigaddset(&interrupts, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &interrupts, &before_);
  }
  ~InterruptsHeldBack() { let_through(); }
  InterruptsHeldBack(const InterruptsHeldBack&) = delete;
  InterruptsHeldBack& operator=(const InterruptsHeldBack&) = delete;

  void let_through() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Runs in the new process before it becomes the program; without a log its output goes to standard error. Only calls
/// that are safe after fork().
[[noreturn]] void become(char* const* arguments, const char* log, const std::vector<int>& inherited, pid_t parent,
                         const InterruptsHeldBack& held_back) {
  setpgid(0, 0);
  // If this process was started to ignore the signal, in the background of a script, the child would ignore it
  // for ever. And this process's own handler, which the child has until it becomes the program, would only take
  // a note that is lost then.
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  held_back.let_through();
  // The same signal as `interrupt`: if it is the second one, it ends the child at once.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  const int in = open("/dev/null", O_RDONLY);
  const int out = log == nullptr ? STDERR_FILENO : open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  for (const int descriptor : inherited) fcntl(descriptor, F_SETFD, 0);
  const bool connected = in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
                         dup2(out, STDERR_FILENO) >= 0;
  // The parent may have ended before it could be watched.
  if (connected && getppid() == parent) execv(arguments[0], arguments);
  _exit(kCannotStart);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log) {
  start(command, log.c_str(), {});
}

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::vector<int>& inherited) {
  start(command, nullptr, inherited);
}

void ChildProcess::start(const std::vector<std::string>& command, const char* log, const std::vector<int>& inherited) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  // If this process was started to ignore the signal, the system would not report how the child ended.
  std::signal(SIGCHLD, SIG_DFL);
  const InterruptsHeldBack held_back;
  process_ = fork();
  if (process_ == 0) become(arguments.data(), log, inherited, parent, held_back);
  if (process_ < 0) exit_code_ = kCannotStart;
}

ChildProcess::~ChildProcess() {
  if (exit_code_) return;
  interrupt();
  int status = 0;
  waitpid(process_, &status, 0);
}

std::optional<int> ChildProcess::exit_code() {
  int status = 0;
  if (!exit_code_ && waitpid(process_, &status, WNOHANG) == process_) note_end(status);
  return exit_code_;
}

void ChildProcess::kill_now() {
  if (!exit_code_) kill(process_, SIGKILL);
}

void ChildProcess::interrupt() {
  if (!exit_code_) kill(process_, SIGINT);
}

void ChildProcess::note_end(int status) {
  signal_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  exit_code_ = signal_ > 0 ? 128 + signal_ : WEXITSTATUS(status);
}

std::string ChildProcess::end_text() {
  if (!exit_code()) return {};
  return signal_ > 0 ? fmt::format("ended by a signal: {}", strsignal(signal_))
                     : fmt::format("ended with exit code {}", *exit_code_);
}

std::filesystem::path own_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

}  // namespace tardigrad
