#include "scenarios/src/system/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

namespace {

// A signal's handler runs on any thread, and other threads ask.
std::atomic<bool> noted{false};
std::atomic<const char*> following{""};
/// If the cursor is behind a progress bar, this ends the line.
std::atomic<const char*> line_begin{""};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<const char*>::is_always_lock_free,
              "a handler must not wait for a lock");

/// Async-signal-safe. Write errors are ignored, as nothing can be done about them here.
void say_part(const char* text) {
  const int before = errno;
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) errno = before;
}

void end_at_once(int) {
  say_part(line_begin);
  say_part("tardigrad: stopped at once\n");
  _exit(exit_interrupted);
}

void note(int number) {
  const bool is_first = !noted.exchange(true);
  std::signal(number, end_at_once);
  if (!is_first) return;
  say_part(line_begin);
  say_part("interrupted: ");
  say_part(following);
  say_part(" ... (again: stop at once)\n");
}

}  // namespace

void note_interrupts(const char* what_follows) {
  following = what_follows;
  line_begin = isatty(STDERR_FILENO) != 0 ? "\r\x1b[K" : "";
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

bool interrupted() { return noted; }

ImpatientEnd::ImpatientEnd(std::function<void()> before)
    : thread_([this, before = std::move(before)] {
        constexpr std::chrono::milliseconds look{100};
        constexpr int most_looks = 20;
        for (int looks = 0; looks < most_looks && !over_; looks += interrupted() ? 1 : 0) {
          std::this_thread::sleep_for(look);
        }
        if (over_) return;
        before();
        std::_Exit(exit_interrupted);
      }) {}

ImpatientEnd::~ImpatientEnd() {
  over_ = true;
  thread_.join();
}

}  // namespace tardigrad
