/// Handles Ctrl-C and SIGTERM: the run in progress stops at the next event and keeps its results.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace tardigrad {

/// From now on the first SIGINT or SIGTERM is noted, and standard error reports at once what follows:
/// `what_follows`, a text that lasts as long as the program. The same signal for a second time ends the process
/// on the spot, with the exit code of an interrupted one; files keep their content.
void note_interrupts(const char* what_follows = "ending");
bool interrupted();

/// Ends an interrupted process two seconds later if it is still in the middle of work that checks nothing:
/// reading data, or a long computation. For processes that have nothing to save.
class ImpatientEnd {
 public:
  /// `before` is called then, on a thread of its own.
  explicit ImpatientEnd(std::function<void()> before);
  ~ImpatientEnd();
  ImpatientEnd(const ImpatientEnd&) = delete;
  ImpatientEnd& operator=(const ImpatientEnd&) = delete;

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace tardigrad
