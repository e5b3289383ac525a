#include "scenarios/src/run/module_trial.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "models/printable.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/exit_code.hpp"
#include "scenarios/src/system/file_text.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// The limits of computing time, for some passes of two samples, and of waiting on a busy machine.
constexpr seconds kMostComputing{60};
constexpr seconds kMostWaiting{300};
/// Most modules need less time: a user who waits longer is told for what.
constexpr seconds kQuietWaiting{10};
/// Beyond the program's memory at its start.
constexpr std::uint64_t kMostMemory = std::uint64_t{4} << 30;
constexpr std::uint64_t kMostMemoryPerByte = 16;
constexpr std::uint64_t kMostOutput = std::uint64_t{1} << 20;
constexpr std::size_t kLongestReason = 4096;

std::filesystem::path& trying_program() {
  static std::filesystem::path program;
  return program;
}

/// A file in memory that child processes have, too.
class SharedBytes {
 public:
  SharedBytes() : descriptor_(memfd_create("tardigrad", 0)) {}
  ~SharedBytes() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  SharedBytes(const SharedBytes&) = delete;
  SharedBytes& operator=(const SharedBytes&) = delete;

  bool is_there() const { return descriptor_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }
  bool fill(const std::string& bytes) const {
    for (std::size_t written = 0; written < bytes.size();) {
      const ssize_t count = write(descriptor_, bytes.data() + written, bytes.size() - written);
      if (count <= 0) return false;
      written += static_cast<std::size_t>(count);
    }
    return true;
  }
  std::string last_line() const {
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    const off_t begin = std::max<off_t>(0, size - static_cast<off_t>(kLongestReason));
    std::string text(static_cast<std::size_t>(std::max<off_t>(0, size - begin)), '\0');
    const ssize_t count = pread(descriptor_, text.data(), text.size(), begin);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, count)));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.substr(text.rfind('\n') + 1);
  }

 private:
  int descriptor_;
};

/// Explains the end of the other process.
std::string reason_of_end(int code) {
  const int signal = code - 128;
  if (signal == SIGXCPU) {
    return fmt::format("two samples, forwards and back, take more than {} s of computing: does it ever return?",
                       kMostComputing.count());
  }
  if (signal == SIGKILL) return "it was killed while it was tried, for want of memory most likely";
  if (signal == SIGXFSZ) return "it prints without end";
  if (signal > 0) return fmt::format("it is damaged or made to do harm: LibTorch dies of it ({})", strsignal(signal));
  return fmt::format("it cannot be tried: {} does not start", trying_program().string());
}

std::string tried(const ModelSpec& model, const Problem& problem) {
  const auto named = [&](const std::string& why) { return model.file + ": " + why; };
  const SharedBytes module, output;
  if (!module.is_there() || !output.is_there() || !module.fill(*model.content)) {
    return named("it cannot be tried: there is no memory for its bytes");
  }
  ChildProcess trial(
      {trying_program().string(), "try-module", "--name=" + model.file,
       fmt::format("--input={}", fmt::join(problem.input, ",")), fmt::format("--classes={}", problem.classes),
       fmt::format("--vocabulary={}", problem.vocabulary), "--statistics=" + model.statistics, module.path()},
      output.path());
  const auto start = steady_clock::now();
  const auto deadline = start + kMostWaiting;
  bool is_said = false;
  while (!trial.exit_code()) {
    if (!is_said && steady_clock::now() > start + kQuietWaiting) {
      say(printable(named(fmt::format("still being tried on two samples; it is given up after {} s of computing",
                                      kMostComputing.count()))));
      is_said = true;
    }
    if (interrupted() || steady_clock::now() > deadline) {
      trial.kill_now();
      return named(interrupted() ? "interrupted while it was tried"
                                 : fmt::format("it was tried for {} s without an end", kMostWaiting.count()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const int code = *trial.exit_code();
  if (code == exit_done) return {};
  const std::string reason = code == exit_failed ? output.last_line() : "";
  return reason.empty() ? named(reason_of_end(code)) : reason;
}

/// One module and one problem at a time.
struct Trial {
  ModelSpec model;
  Problem problem;
  std::string result;

  bool is_of(const ModelSpec& other, const Problem& of) const {
    return model.file == other.file && model.statistics == other.statistics && *model.content == *other.content &&
           problem.input == of.input && problem.classes == of.classes && problem.vocabulary == of.vocabulary;
  }
};

/// At the limit of computing time a signal comes first; a little later the process is killed.
void limit(int resource, std::uint64_t most) {
  constexpr std::uint64_t kGrace = 5;
  const rlimit limits{most, most + kGrace};
  setrlimit(static_cast<__rlimit_resource>(resource), &limits);
}

/// Sanitizers reserve terabytes of addresses: a limit would end them at their first step.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMayLimitAddresses = false;
#else
constexpr bool kMayLimitAddresses = true;
#endif

void limit_this_process(const std::string& file) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<std::uint64_t>(kMostComputing.count()));
  limit(RLIMIT_FSIZE, kMostOutput);
  if (!kMayLimitAddresses) return;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const std::uint64_t own = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(file, unknown);
  limit(RLIMIT_AS, own + kMostMemory + (unknown ? 0 : kMostMemoryPerByte * size));
}

}  // namespace

void try_modules_with(std::filesystem::path program) { trying_program() = std::move(program); }

ModuleTrial module_trial() {
  if (trying_program().empty()) return {};
  return [](const ModelSpec& model, const Problem& problem) {
    static std::mutex one_at_a_time;
    static std::optional<Trial> last;
    const std::lock_guard alone(one_at_a_time);
    if (!last || !last->is_of(model, problem)) last = Trial{model, problem, tried(model, problem)};
    return last->result;
  };
}

int try_module_command(const ModuleTrialArguments& arguments) {
  limit_this_process(arguments.file);
  prepare_compute_thread();
  ModelSpec model{"torchscript"};
  model.file = arguments.name;
  model.statistics = arguments.statistics;
  model.content = std::make_shared<const std::string>(file_text(arguments.file, UINTMAX_MAX).value_or(""));
  const std::string error = objection_to_module(model, {arguments.input, arguments.classes, arguments.vocabulary});
  if (error.empty()) return exit_done;
  fmt::print("\n{}\n", error);
  return exit_failed;
}

}  // namespace tardigrad
