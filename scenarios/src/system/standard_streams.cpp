#include "scenarios/src/system/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace tardigrad {
namespace {

/// errno of the first text that could not be printed; 0 without one.
int lost_by = 0;

void note_failure() {
  if (lost_by == 0) lost_by = errno == 0 ? EIO : errno;
}

}  // namespace

bool secure_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // The system returns the lowest free descriptor: this one.
    if (open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY) != stream) return false;
  }
  return true;
}

void print_result(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_failure();
}

void say_on(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

void say(std::string_view line) { say_on(stderr, fmt::format("{}\n", line)); }

void flush_results() {
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) note_failure();
}

std::string standard_output_problem() {
  flush_results();
  if (lost_by == 0 || lost_by == EPIPE) return {};
  return std::string("cannot write to standard output: ") + std::strerror(lost_by);
}

}  // namespace tardigrad
