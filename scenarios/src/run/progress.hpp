/// Shows the progress of a run: a bar on a terminal, an occasional line in a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "netem/base/units.hpp"

namespace tardigrad {

class Progress {
 public:
  /// Writes to `stream`; a bar if that is a terminal.
  explicit Progress(std::FILE* stream);

  /// A run begins; `trains` decides whether steps or events are counted. Other processes may have spent some
  /// wall time on it before.
  void begin(const std::string& title, Time duration, bool trains, double spent_s = 0);
  /// Cheap to call often: looks at the wall clock, writes at most a few times a second.
  void update(Time now, std::uint64_t events, std::uint64_t steps);
  /// Latest means over nodes; the accuracy is negative if there are none.
  void measured(double accuracy, double loss) {
    accuracy_ = accuracy;
    loss_ = loss;
  }
  /// The run is over; `verdict` is one short phrase.
  void end(const std::string& verdict);

  /// Prints one line.
  void warn(const std::string& text);

  /// Wall seconds since `begin`, and those spent before.
  double elapsed() const;

 private:
  using WallClock = std::chrono::steady_clock;

  std::string line(Time now, std::uint64_t events, std::uint64_t steps) const;

  std::FILE* stream_;
  bool terminal_;
  std::string title_;
  Time duration_{};
  bool trains_ = true;
  double accuracy_ = -1;  ///< negative: not known yet
  double loss_ = 0;
  std::uint64_t updates_ = 0;
  WallClock::time_point begin_;
  WallClock::time_point next_update_;
};

}  // namespace tardigrad
