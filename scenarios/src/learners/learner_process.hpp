/// A process that runs a learner in Python: a line asks, a line answers, and values stand in memory that both see.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "scenarios/src/learners/shared_memory.hpp"
#include "scenarios/src/system/child_process.hpp"

namespace tardigrad {

/// Used by one thread at a time; `mutex` is for those that cannot know it.
class LearnerProcess {
 public:
  using IsAbandoned = std::function<bool()>;

  /// Starts `python3 -m tardigrad._learner_worker` on "file.py:Class". `settings` is what the learner is told when it
  /// begins, as JSON. What it prints goes to standard error. Throws std::runtime_error if it cannot be started.
  LearnerProcess(const std::string& learner, const std::string& settings);
  /// Ends the process: at once if it still computes, else it has some seconds to end by itself.
  ~LearnerProcess();
  LearnerProcess(const LearnerProcess&) = delete;
  LearnerProcess& operator=(const LearnerProcess&) = delete;

  /// Sends a line and returns the one that answers it; an empty text if it is abandoned meanwhile. `what`
  /// names the request to the user. Throws std::runtime_error if the process has ended, with one line that says how.
  std::string ask(const std::string& line, const std::string& what, const IsAbandoned& is_abandoned = {});
  /// The answer that comes without a question when the learner has begun.
  std::string first_answer() { return answer("it began", {}); }

  /// Tells the process that nothing more will be asked, so that it ends by itself; several then do so at once.
  void finish() { connection_.close_ours(); }

  SharedMemory& memory() { return memory_; }
  std::mutex& mutex() { return mutex_; }

 private:
  /// Two ends of a connection: this process's, and the one that the other inherits.
  struct Connection {
    Connection();
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void close_ours();
    void close_theirs();

    int ours = -1;
    int theirs = -1;
  };

  void send(const std::string& line, const std::string& what);
  std::string answer(const std::string& what, const IsAbandoned& is_abandoned);
  [[noreturn]] void report_end(const std::string& what);
  /// False if it still runs after so long.
  bool wait_for_end(std::chrono::milliseconds patience);

  std::string learner_;
  SharedMemory memory_;
  Connection connection_;
  std::unique_ptr<ChildProcess> process_;
  std::string received_;
  bool owes_answer_ = false;  ///< to a question that was abandoned
  std::mutex mutex_;
};

}  // namespace tardigrad
