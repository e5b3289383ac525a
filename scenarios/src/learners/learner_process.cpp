#include "scenarios/src/learners/learner_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

/// An answer is a line of numbers, a layout or an error; who sends more is not what it should be.
constexpr std::size_t kLongestAnswer = std::size_t{64} << 20;
/// How often a wait looks up for an end of the run.
constexpr int kLookUpMilliseconds = 50;
/// For a process that nobody asks any more, to do what it does at its end.
constexpr std::chrono::seconds kPatience(3);

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

/// The Python that called the program ("3.11:/usr/bin/python3", as `python3 -m tardigrad` leaves it), else the one with
/// which the package was built, else that of PATH.
std::string python() {
  const std::string chosen = variable("TARDIGRAD_PYTHON");
  const auto colon = chosen.find(':');
  if (colon != std::string::npos) return chosen.substr(colon + 1);
  std::error_code unknown;
  return fs::exists(TARDIGRAD_PYTHON_PROGRAM, unknown) ? TARDIGRAD_PYTHON_PROGRAM : "python3";
}

/// The package is beside the program in a build, and in the same prefix when it is installed; a package that Python
/// finds itself comes first.
std::string package_path() {
  const fs::path folder = own_program().parent_path();
  std::string path = variable("PYTHONPATH");
  for (const fs::path& place : {folder / "python", folder.parent_path() / TARDIGRAD_PACKAGE_DIR}) {
    path += (path.empty() ? "" : ":") + place.string();
  }
  return path;
}

/// Hashes have a fixed seed, so that sets of texts have the same order in every process; and a process computes with
/// one thread, as the program has one process for each of its threads.
std::vector<std::string> command_of(const std::string& learner, const std::string& settings, int socket, int memory) {
  std::vector<std::string> command = {"/usr/bin/env", "PYTHONHASHSEED=0", "PYTHONPATH=" + package_path()};
  for (const char* threads : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}) {
    if (variable(threads).empty()) command.push_back(std::string(threads) + "=1");
  }
  for (const std::string& argument : {python(), std::string("-m"), std::string("tardigrad._learner_worker"),
                                      fmt::format("{}", socket), fmt::format("{}", memory), learner, settings}) {
    command.push_back(argument);
  }
  return command;
}

}  // namespace

LearnerProcess::Connection::Connection() {
  int ends[2] = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error(fmt::format("no connection to a learner's process: {}", std::strerror(errno)));
  }
  ours = ends[0];
  theirs = ends[1];
}

LearnerProcess::Connection::~Connection() {
  close_ours();
  close_theirs();
}

void LearnerProcess::Connection::close_ours() {
  if (ours >= 0) close(ours);
  ours = -1;
}

void LearnerProcess::Connection::close_theirs() {
  if (theirs >= 0) close(theirs);
  theirs = -1;
}

LearnerProcess::LearnerProcess(const std::string& learner, const std::string& settings) : learner_(learner) {
  const std::vector<int> inherited = {connection_.theirs, memory_.descriptor()};
  process_ = std::make_unique<ChildProcess>(command_of(learner, settings, inherited[0], inherited[1]), inherited);
  connection_.close_theirs();
}

LearnerProcess::~LearnerProcess() {
  finish();
  // If it owes an answer, it is computing what nobody wants any more.
  if (!owes_answer_) wait_for_end(kPatience);
  process_->kill_now();
}

bool LearnerProcess::wait_for_end(std::chrono::milliseconds patience) {
  const auto due = std::chrono::steady_clock::now() + patience;
  while (!process_->exit_code()) {
    if (std::chrono::steady_clock::now() > due) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string LearnerProcess::ask(const std::string& line, const std::string& what, const IsAbandoned& is_abandoned) {
  if (owes_answer_ && answer(what, is_abandoned).empty()) return {};
  send(line, what);
  return answer(what, is_abandoned);
}

void LearnerProcess::send(const std::string& line, const std::string& what) {
  const std::string text = line + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(connection_.ours, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) report_end(what);
    sent += static_cast<std::size_t>(count);
  }
  owes_answer_ = true;
}

std::string LearnerProcess::answer(const std::string& what, const IsAbandoned& is_abandoned) {
  while (true) {
    const auto end = received_.find('\n');
    if (end != std::string::npos) {
      const std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      owes_answer_ = false;
      return line;
    }
    pollfd readable = {connection_.ours, POLLIN, 0};
    const int ready = poll(&readable, 1, kLookUpMilliseconds);
    if (is_abandoned && is_abandoned()) return {};
    // A process that it has started may hold its end of the connection open.
    if (ready == 0 && process_->exit_code()) report_end(what);
    if (ready <= 0) continue;
    char part[65536];
    const ssize_t count = recv(connection_.ours, part, sizeof part, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || received_.size() > kLongestAnswer) report_end(what);
    received_.append(part, static_cast<std::size_t>(count));
  }
}

void LearnerProcess::report_end(const std::string& what) {
  // One that has closed its end is about to end.
  const std::string how = wait_for_end(std::chrono::seconds(1)) ? process_->end_text() : "no longer answers";
  throw std::runtime_error(fmt::format("{}: the learner's process {} while {}", learner_, how, what));
}

}  // namespace tardigrad
